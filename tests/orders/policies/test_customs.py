"""Which papers customs want."""

from decimal import Decimal

import pytest

from orders.policies.customs import (
    CN22_GRAMS,
    CN22_VALUES,
    Form,
    choose_form,
    covered_by_ioss,
    list_gaps,
    needs_declaration,
)
from tests.make.labels import declaration, declared


@pytest.mark.parametrize(
    ("origin", "destination", "postal_code", "needed"),
    [
        ("DE", "DE", "10119", False),
        ("DE", "FR", "75001", False),
        ("DE", "CH", "8001", True),
        ("DE", "GB", "SW1A 1AA", True),
        ("GB", "JE", "JE2 3AB", True),
        ("CH", "LI", "9490", False),
        ("US", "US", "10001", False),
        ("CN", "DE", "10119", True),
        ("DE", "ES", "35001", True),
        ("DE", "FR", "97400", True),
        ("DE", "DE", "27498", True),
        ("IT", "IT", "23041", True),
    ],
)
def test_a_declaration_is_needed_where_goods_enter_another_customs_territory(origin, destination, postal_code, needed):
    assert needs_declaration(origin=origin, destination=destination, postal_code=postal_code) is needed


def test_small_mail_has_the_small_form():
    assert choose_form(declaration()) == Form.CN22


@pytest.mark.parametrize(
    "paper",
    [
        declaration(declared(quantity=Decimal(1), unit_value=CN22_VALUES["EUR"] + Decimal("0.01"))),
        declaration(gross_grams=CN22_GRAMS + 1),
        declaration(currency="BRL"),
        declaration(*[declared(unit_value=Decimal(1), grams=10)] * 5),
    ],
    ids=["worth more", "heavier", "a currency whose limit is not known", "more things than rows"],
)
def test_mail_beyond_the_small_form_has_the_large_one(paper):
    assert choose_form(paper) == Form.CN23


def test_the_values_of_a_declaration_are_units_times_unit_value_and_add_up():
    paper = declaration(declared(), declared(quantity=Decimal(3), unit_value=Decimal("0.10")))
    assert [item.value for item in paper.items] == [Decimal("39.80"), Decimal("0.30")]
    assert paper.value == Decimal("40.10")


def test_a_parcel_weighs_no_less_than_its_content():
    assert declaration(gross_grams=1).grams == 400
    assert declaration(gross_grams=900).grams == 900


@pytest.mark.parametrize(
    ("value", "origin", "destination", "covered"),
    [("150", "CN", "DE", True), ("150.01", "CN", "DE", False), ("20", "DE", "FR", False), ("20", "CN", "US", False)],
)
def test_vat_was_paid_at_the_sale_of_small_parcels_into_the_eu(value, origin, destination, covered):
    paper = declaration(declared(quantity=Decimal(1), unit_value=Decimal(value)))
    assert covered_by_ioss(paper, origin=origin, destination=destination) is covered


def test_what_an_officer_would_miss_is_said_in_sentences():
    assert list_gaps(declaration()) == []
    assert list_gaps(declaration(declared(hs_code="", origin="", grams=0))) == [
        "TEE-M-BLK has no HS code.",
        "TEE-M-BLK has no country of origin.",
        "TEE-M-BLK has no weight.",
    ]
