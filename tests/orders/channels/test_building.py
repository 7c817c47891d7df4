"""Sums that lose no cent."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.money import round_amount
from orders.channels.building import Fields, price_each, settle_tax
from orders.channels.port import CannotTake

CENTS = st.integers(min_value=0, max_value=10**7).map(lambda cents: Decimal(cents) / 100)
UNITS = st.integers(min_value=1, max_value=10**6).map(lambda units: Decimal(units) / 1000)


def line(price: str, tax: str) -> Fields:
    return {"unit_price": Decimal(price), "quantity": Decimal(1), "tax": Decimal(tax)}


@given(CENTS, UNITS)
def test_units_at_their_price_less_the_discount_cost_what_the_line_costs(price: Decimal, quantity: Decimal):
    each, discount = price_each(price, quantity, "EUR")

    assert discount >= 0
    assert round_amount(each * quantity, "EUR") - discount == price


@pytest.mark.parametrize(
    ("price", "quantity", "each"), [("30.00", "3", "10.00"), ("10.00", "3", "3.3334"), ("0.01", "7", "0.0015")]
)
def test_a_unit_price_is_in_cents_where_it_can_be(price: str, quantity: str, each: str):
    assert price_each(Decimal(price), Decimal(quantity), "EUR")[0] == Decimal(each)


@given(st.lists(CENTS, min_size=1, max_size=20), CENTS, CENTS)
def test_taxes_come_to_what_was_charged(taxes: list[Decimal], shipping_tax: Decimal, charged: Decimal):
    lines = [{"unit_price": Decimal(1), "quantity": Decimal(1), "tax": tax} for tax in taxes]
    shipping: dict[str, Any] = {"amount": Decimal(5), "tax": shipping_tax}

    settle_tax(lines, shipping, charged, "EUR")

    assert sum(line["tax"] for line in lines) + shipping["tax"] == charged
    assert all(line["tax"] >= 0 for line in lines)


def test_tax_without_any_place_is_shared_by_price():
    lines = [line("30.00", "0"), line("10.00", "0")]

    settle_tax(lines, {"amount": Decimal(0), "tax": Decimal(0)}, Decimal("4.00"), "EUR")

    assert [each["tax"] for each in lines] == [Decimal("3.00"), Decimal("1.00")]


def test_tax_that_is_not_told_stays_as_it_is():
    lines = [line("30.00", "5.70")]

    settle_tax(lines, {"amount": Decimal(0), "tax": Decimal(0)}, None, "EUR")

    assert lines[0]["tax"] == Decimal("5.70")


@pytest.mark.parametrize(
    ("price", "tax", "charged", "reason"),
    [
        ("1.00", "-0.10", "0.00", "negative_amount"),
        ("-1.00", "0", "0.00", "negative_amount"),
        ("1.00", "0.10", "-0.20", "negative_tax"),
    ],
)
def test_amounts_below_zero_are_refused(price: str, tax: str, charged: str, reason: str):
    with pytest.raises(CannotTake) as refusal:
        settle_tax([line(price, tax)], {"amount": Decimal(0), "tax": Decimal(0)}, Decimal(charged), "EUR")

    assert refusal.value.reason == reason
