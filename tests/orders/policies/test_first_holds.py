"""What keeps a new order from going out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from orders.policies.first_holds import NewOrder, judge_first_holds

PAID = NewOrder(
    financial_status="PAID",
    total=Decimal("19.90"),
    stated_total=None,
    currency="EUR",
    needs_address=True,
    address_gaps=(),
    test=False,
)


def reasons(**fields):
    return [hold.reason for hold in judge_first_holds(replace(PAID, **fields))]


def test_nothing_but_its_edit_window_holds_a_clean_order():
    assert reasons() == []


@pytest.mark.parametrize("status", ["PENDING", "PARTIALLY_PAID", "VOIDED"])
def test_an_unpaid_order_waits_for_its_money(status):
    assert reasons(financial_status=status) == ["PAYMENT"]


def test_a_total_that_differs_by_a_cent_is_for_a_person():
    assert reasons(stated_total=Decimal("19.91")) == ["TOTALS_MISMATCH"]
    assert reasons(stated_total=Decimal("19.9000")) == []


def test_an_address_with_gaps_is_for_a_person_unless_nothing_travels():
    assert reasons(address_gaps=["street"]) == ["ADDRESS_CHECK"]
    assert reasons(address_gaps=["street"], needs_address=False) == []


def test_all_that_is_wrong_is_said_at_once():
    fields = {"financial_status": "PENDING", "stated_total": Decimal(1), "address_gaps": ["town"], "test": True}
    assert reasons(**fields) == ["PAYMENT", "TOTALS_MISMATCH", "ADDRESS_CHECK", "STAFF"]
