"""What keeps a new order from going out."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from orders.policies.first_holds import NewOrder, judge_first_holds
from tests.make.moments import NOON, ONE_MINUTE

PAID = NewOrder(
    placed_at=NOON,
    financial_status="PAID",
    total=Decimal("19.90"),
    stated_total=None,
    currency="EUR",
    needs_address=True,
    address_gaps=(),
    edit_window=timedelta(minutes=30),
    edit_rule="Channel web: 30 minutes",
    test=False,
)


def reasons(*, at=NOON + 30 * ONE_MINUTE, **fields):
    return [hold.reason for hold in judge_first_holds(replace(PAID, **fields), at=at)]


def test_a_clean_order_is_held_by_its_edit_window_alone():
    (hold,) = judge_first_holds(PAID, at=NOON)
    assert (hold.reason, hold.until, hold.rule) == ("EDIT_WINDOW", NOON + 30 * ONE_MINUTE, "Channel web: 30 minutes")


def test_the_window_begins_when_the_customer_bought_and_ends_at_its_minute():
    assert reasons(at=NOON + 29 * ONE_MINUTE) == ["EDIT_WINDOW"]
    assert reasons() == []
    assert reasons(at=NOON, edit_window=timedelta(0)) == []


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
    assert reasons(at=NOON, **fields) == ["EDIT_WINDOW", "PAYMENT", "TOTALS_MISMATCH", "ADDRESS_CHECK", "STAFF"]
