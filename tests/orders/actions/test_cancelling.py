"""Cancelling an order before it ships: its stock comes free, its money is owed back."""

from decimal import Decimal

import pytest

from orders.absences import OrderNotFound
from orders.actions.cancelling import cancel_order
from orders.errors import OrderAlreadyClosed, OrderPartlyShipped
from orders.models import Order
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import channel, line, open_holds, placed_order, released_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import SKU, promises, reservations, stocked_variant

pytestmark = pytest.mark.django_db


def cancel(order, *, reason="changed her mind", at=NOON + ONE_HOUR):
    return cancel_order(number=order.number, reason=reason, by=ADA, at=at)


def test_cancelling_ends_everything_about_the_order():
    stocked_variant()
    order = placed_order([line(quantity=2)])
    cancelled = cancel(order)
    assert (cancelled.status, cancelled.cancelled_at, cancelled.cancel_reason) == (
        "CANCELLED", NOON + ONE_HOUR, "changed her mind",
    )  # fmt: skip
    assert (cancelled.released_at, cancelled.version) == (None, 2)
    assert [one.open_quantity for one in order.lines.all()] == [0]
    assert (open_holds(order), reservations(), promises()) == ([], [], (10, 0))
    assert announced(order.number) == ["order.placed", "order.cancelled", "repayment.requested"]
    assert facts_of("order.cancelled") == {"reason": "changed her mind", "by_shop": False}


def test_cancelling_twice_is_harmless():
    order = placed_order()
    cancel(order)
    with nothing_changes():
        cancel(order, reason="again")


def test_an_order_on_its_way_to_the_warehouse_can_be_cancelled():
    assert cancel(released_order()).status == "CANCELLED"


def test_what_was_paid_is_owed_back():
    cancelled = cancel(placed_order())
    assert (cancelled.credited, cancelled.paid) == (Decimal("19.90"), Decimal("19.90"))
    assert cancelled.balance.amount == Decimal("-19.90")
    assert cancelled.financial_status == "PAID"


def test_what_was_only_promised_is_voided():
    order = placed_order(payment={"status": "AUTHORIZED", "reference": "a1"})
    cancelled = cancel(order)
    assert (cancelled.financial_status, cancelled.balance.amount) == ("VOIDED", 0)
    assert order.payments.get().status == "VOIDED"


def test_its_stock_goes_to_whoever_waits():
    channel("amazon", already_sold=True)
    stocked_variant(on_hand=2)
    order = placed_order([line(quantity=2)])
    waiting = placed_order([line(quantity=1)], channel="amazon")
    cancel(order)
    assert reservations() == [(waiting.number, SKU, 1, "PROMISED")]
    assert facts_of("stock.promised") == {"references": [waiting.number]}


def test_one_that_waited_for_much_makes_way_for_those_behind_it():
    channel("amazon", already_sold=True)
    stocked_variant(on_hand=2)
    first = placed_order([line(quantity=5)], channel="amazon")
    second = placed_order([line(quantity=3)], channel="amazon", at=NOON + ONE_HOUR)
    stocked_variant("CAP", 0)
    cancel(first)
    assert reservations() == [(second.number, SKU, 3, "SHORT")]
    third = placed_order([line(quantity=2)], channel="amazon", at=NOON + ONE_HOUR)
    cancel(second)
    assert (third.number, SKU, 2, "PROMISED") in reservations()


def test_an_order_that_has_left_cannot_be_cancelled_and_nothing_changes():
    stocked_variant()
    closed = placed_order([line(quantity=2)], fulfilled_at=NOON.isoformat())
    partly = placed_order([line(quantity=2, fulfilled_quantity=1)])
    for order, refusal in ((closed, OrderAlreadyClosed), (partly, OrderPartlyShipped)):
        with nothing_changes(), pytest.raises(refusal):
            cancel(order)


def test_an_order_that_is_not_there_cannot_be_cancelled():
    with nothing_changes(), pytest.raises(OrderNotFound):
        cancel_order(number="7", reason="", by=ADA, at=NOON)
    assert not Order.objects.exists()
