"""Check digits of barcodes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.policies.gtin import check_digit, is_gtin


@pytest.mark.parametrize("digits", ["4006381333931", "96385074", "036000291452", "10614141000415", "9780201379624"])
def test_known_barcodes_are_right(digits):
    assert is_gtin(digits)


@pytest.mark.parametrize("digits", ["", "4006381333932", "400638133393", "4006381333931 ", "٤006381333931", "1" * 15])
def test_other_digits_are_none(digits):
    assert not is_gtin(digits)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_a_single_wrong_digit_never_passes(digits, place, step):
    right = digits + str(check_digit(digits))
    wrong = right[:place] + str((int(right[place]) + step) % 10) + right[place + 1 :]
    assert is_gtin(right)
    assert not is_gtin(wrong)
