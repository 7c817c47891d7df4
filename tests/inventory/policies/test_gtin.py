"""Barcodes tell a typing error by their last digit."""

import pytest

from inventory.policies.gtin import check_digit, is_gtin


@pytest.mark.parametrize("digits", ["96385074", "036000291452", "4006381333931", "00012345600012", "10012345600019"])
def test_a_good_barcode_of_each_length(digits):
    assert is_gtin(digits)
    assert digits[-1] == str(check_digit(digits[:-1]))


@pytest.mark.parametrize(
    "digits", ["", "4006381333932", "4006381339331", "123", "400638133393X", "４００６３８１３３３９３１"]
)
def test_what_is_no_barcode(digits):
    assert not is_gtin(digits)
