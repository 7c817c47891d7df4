"""Orders are kept back for a reason, and go when the last one is gone."""

import pytest

from orders.absences import HoldNotFound, OrderNotFound
from orders.actions.holding import hold_order, lift_hold
from orders.errors import HoldNotLiftable, OrderAlreadyCancelled, OrderAlreadyClosed
from orders.models import Hold
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import held_order, line, open_holds, placed_order, released_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db

BEN = "staff:ben"


def hold(order, reason="STAFF", *, detail="Customer called.", at=NOON):
    return hold_order(number=order.number, reason=reason, detail=detail, by=BEN, at=at)


def lift(order, reason, *, at=NOON):
    standing = order.holds.get(reason=reason, closed_at=None)
    return lift_hold(number=order.number, hold_id=standing.pk, by=BEN, at=at)


def test_a_hold_says_why_and_who():
    order = placed_order()
    made = hold(order)
    assert (made.reason, made.detail, made.opened_by, made.opened_at) == ("STAFF", "Customer called.", BEN, NOON)
    assert open_holds(order) == ["EDIT_WINDOW", "STAFF"]
    order.refresh_from_db()
    assert (order.status, order.version) == ("HELD", 2)
    assert facts_of("order.held", order.number) == {"reason": "STAFF", "detail": "Customer called."}


def test_holding_twice_for_one_reason_is_harmless():
    order = placed_order()
    first = hold(order)
    with nothing_changes():
        assert hold(order, detail="Again.") == first


def test_a_released_order_is_held_again_before_a_warehouse_has_it():
    order = released_order()
    hold(order, at=NOON + ONE_HOUR)
    order.refresh_from_db()
    assert (order.status, order.released_at) == ("HELD", None)
    assert announced(order.number)[-2:] == ["order.released", "order.held"]


def test_an_order_that_has_ended_cannot_be_held():
    stocked_variant()
    cancelled = placed_order(cancelled_at=NOON.isoformat())
    closed = placed_order(fulfilled_at=NOON.isoformat())
    for order, refusal in ((cancelled, OrderAlreadyCancelled), (closed, OrderAlreadyClosed)):
        with nothing_changes(), pytest.raises(refusal):
            hold(order)


def test_an_order_that_is_not_there_cannot_be_held():
    with nothing_changes(), pytest.raises(OrderNotFound):
        hold_order(number="7", reason="STAFF", by=ADA, at=NOON)


def test_lifting_the_last_hold_releases_the_order():
    order = released_order()
    hold(order)
    lifted = lift(order, "STAFF", at=NOON + ONE_MINUTE)
    assert (lifted.status, lifted.released_at, open_holds(order)) == ("RELEASED", NOON + ONE_MINUTE, [])
    assert announced(order.number)[-2:] == ["order.hold_lifted", "order.released"]
    assert facts_of("order.hold_lifted") == {"reason": "STAFF"}
    closed = order.holds.get(reason="STAFF")
    assert (closed.closed_at, closed.closed_by) == (NOON + ONE_MINUTE, BEN)


def test_lifting_one_of_two_holds_keeps_the_order_back():
    order = released_order()
    hold(order), hold(order, "FRAUD_REVIEW")
    assert lift(order, "STAFF").status == "HELD"
    assert open_holds(order) == ["FRAUD_REVIEW"]
    assert announced(order.number)[-1] == "order.hold_lifted"


def test_a_hold_is_lifted_once():
    order = placed_order()
    standing = hold(order)
    lift(order, "STAFF")
    with nothing_changes(), pytest.raises(HoldNotFound):
        lift_hold(number=order.number, hold_id=standing.pk, by=BEN, at=NOON)


def test_the_hold_of_another_order_is_not_found():
    one, other = placed_order(), placed_order()
    standing = hold(one)
    with nothing_changes(), pytest.raises(HoldNotFound):
        lift_hold(number=other.number, hold_id=standing.pk, by=BEN, at=NOON)


def test_an_edit_window_that_has_run_out_does_not_keep_an_order_back():
    order = held_order(until=NOON)
    hold(order, at=NOON - ONE_MINUTE)
    assert lift(order, "STAFF", at=NOON).status == "RELEASED"
    assert open_holds(order) == []


def test_what_ends_with_its_cause_is_not_lifted_by_hand():
    stocked_variant(on_hand=0)
    order = placed_order([line()], already_sold=True)
    for reason in ("EDIT_WINDOW", "STOCK_SHORT"):
        with nothing_changes(), pytest.raises(HoldNotLiftable) as refusal:
            lift(order, reason)
        assert refusal.value.facts == {"reason": reason}


def test_a_test_order_never_goes_out():
    order = placed_order(test=True)
    with nothing_changes(), pytest.raises(HoldNotLiftable):
        lift(order, "STAFF")


@pytest.mark.parametrize("reason", ["PAYMENT", "FRAUD_REVIEW", "ADDRESS_CHECK", "TOTALS_MISMATCH"])
def test_people_may_lift_what_people_can_judge(reason):
    order = released_order()
    Hold.objects.create(order=order, reason=reason, opened_at=NOON, opened_by=ADA)
    type(order).objects.update(status="HELD", released_at=None)
    assert lift(order, reason).status == "RELEASED"
