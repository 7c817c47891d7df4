"""Refunds that a channel made stand on the order once, and never exceed what was paid."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from orders.actions.intake.refunding import record_refunds
from orders.channels.incoming import IncomingRefund
from orders.models import Order
from tests.make.moments import ADA, NOON
from tests.make.orders import placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes

pytestmark = pytest.mark.django_db


def refund(external_id, amount, **fields):
    return IncomingRefund(external_id=external_id, amount=Decimal(amount), refunded_at=NOON, **fields)


def record(order, *refunds):
    return record_refunds(Order.objects.locked(order.number), refunds, by=ADA, at=NOON)


def test_a_refund_credits_the_order():
    order = placed_order()
    assert record(order, refund("r1", "5.00", reason="late", lines=[{"line": "l1", "quantity": 1}])) == 1
    order.refresh_from_db()
    assert (order.refunded, order.credited, order.financial_status) == (5, 5, "PARTIALLY_REFUNDED")
    assert order.balance.amount == 0
    assert order.refunds.get().lines == [{"line": "l1", "quantity": "1"}]
    assert facts_of("refund.issued") == {"amount": "5.00", "currency": "EUR", "reason": "late", "external_id": "r1"}


def test_all_of_it_back_makes_the_order_refunded():
    order = placed_order()
    record(order, refund("r1", "9.95"), refund("r2", "9.95"))
    order.refresh_from_db()
    assert (order.refunded, order.financial_status) == (order.total, "REFUNDED")
    assert announced(order.number).count("refund.issued") == 2


def test_the_same_refund_again_changes_nothing():
    order = placed_order()
    record(order, refund("r1", "5.00"))
    with nothing_changes():
        assert record(order, refund("r1", "5.00")) == 0


def test_the_same_refund_twice_in_one_message_is_recorded_once():
    order = placed_order()
    assert record(order, refund("r1", "5.00"), refund("r1", "5.00")) == 1
    assert order.refunds.count() == 1


def test_more_than_was_paid_is_refused_and_changes_nothing():
    order = placed_order()
    record(order, refund("r1", "15.00"))
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        record(order, refund("r2", "4.91"))
    assert refusal.value.message == "19.91 EUR would be refunded, but only 19.90 EUR was paid."
    assert [error.code for error in refusal.value.errors] == ["refund_exceeds_payment"]
