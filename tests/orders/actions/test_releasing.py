"""An order goes exactly when nothing holds it, and goes once."""

import pytest

from oms.models import EventRecord
from orders.absences import OrderNotFound
from orders.actions.holding import hold_order
from orders.actions.releasing import end_edit_window, release_due_orders, release_order
from orders.errors import OrderAlreadyCancelled, OrderAlreadyClosed, OrderStillHeld
from orders.models import Order
from orders.tasks import release_due
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, held_order, incoming, line, open_holds, place, placed_order, released_order
from tests.make.snapshots import announced, nothing_changes
from tests.make.statements import statements_made
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


def sweep(*, at=NOON, limit=500):
    return release_due_orders(by="system", at=at, limit=limit)


def test_releasing_inside_the_edit_window_is_refused_and_changes_nothing():
    order = held_order(until=NOON)
    with nothing_changes(), pytest.raises(OrderStillHeld) as refusal:
        release_order(number=order.number, by=ADA, at=NOON - ONE_MINUTE)
    assert refusal.value.reasons == ["EDIT_WINDOW"]
    assert refusal.value.facts == {"reasons": ["EDIT_WINDOW"]}


def test_an_order_goes_once_its_window_is_over():
    order = held_order(until=NOON)
    released = release_order(number=order.number, by=ADA, at=NOON)
    assert (released.status, released.released_at, open_holds(order)) == ("RELEASED", NOON, [])
    assert announced(order.number) == ["order.placed", "order.released"]


def test_releasing_twice_is_harmless():
    order = released_order()
    with nothing_changes():
        release_order(number=order.number, by=ADA, at=NOON + ONE_HOUR)


def test_ending_the_edit_window_releases_the_order():
    order = held_order(until=NOON)
    at = NOON - ONE_MINUTE
    ended = end_edit_window(number=order.number, by=ADA, at=at)
    assert (ended.status, ended.released_at) == ("RELEASED", at)
    assert announced(order.number) == ["order.placed", "order.window_ended", "order.released"]
    hold = order.holds.get()
    assert (hold.closed_at, hold.closed_by) == (at, ADA)


def test_ending_the_edit_window_twice_is_harmless():
    order = released_order()
    with nothing_changes():
        end_edit_window(number=order.number, by=ADA, at=NOON + ONE_HOUR)


def test_ending_the_edit_window_leaves_other_holds():
    order = placed_order(payment=None)
    assert end_edit_window(number=order.number, by=ADA, at=NOON).status == "HELD"
    assert open_holds(order) == ["PAYMENT"]


@pytest.mark.parametrize("act", [release_order, end_edit_window])
def test_an_order_that_has_ended_is_not_released(act):
    stocked_variant()
    cancelled, closed = placed_order(cancelled_at=NOON.isoformat()), placed_order(fulfilled_at=NOON.isoformat())
    for number, refusal in (
        (cancelled.number, OrderAlreadyCancelled),
        (closed.number, OrderAlreadyClosed),
        ("7", OrderNotFound),
    ):
        with nothing_changes(), pytest.raises(refusal):
            act(number=number, by=ADA, at=NOON)


def test_the_sweep_releases_what_has_run_out_and_nothing_else_holds():
    due, later, unpaid = (
        held_order(until=NOON),
        held_order(until=NOON + ONE_MINUTE),
        held_order(until=NOON, payment=None),
    )
    assert sweep() == 2
    rows = Order.objects.in_bulk([due.pk, later.pk, unpaid.pk])
    assert (rows[due.pk].status, rows[due.pk].released_at, rows[due.pk].version) == ("RELEASED", NOON, 2)
    assert [rows[order.pk].status for order in (later, unpaid)] == ["HELD", "HELD"]
    assert (open_holds(due), open_holds(later), open_holds(unpaid)) == ([], ["EDIT_WINDOW"], ["PAYMENT"])
    assert announced(due.number) == ["order.placed", "order.released"]
    assert announced(unpaid.number) == ["order.placed"]


def test_sweeping_twice_releases_once():
    held_order(until=NOON)
    assert sweep() == 1
    with nothing_changes():
        assert sweep() == 0


def test_an_order_held_by_hand_stays_when_its_window_ends():
    order = held_order(until=NOON)
    hold_order(number=order.number, reason="STAFF", by=ADA, at=NOON - ONE_MINUTE)
    sweep()
    assert (Order.objects.get().status, open_holds(order)) == ("HELD", ["STAFF"])


def test_the_sweep_takes_as_many_as_it_is_told_the_oldest_first():
    late, early = held_order(until=NOON), held_order(until=NOON - ONE_HOUR)
    assert sweep(limit=1) == 1
    assert (open_holds(early), open_holds(late)) == ([], ["EDIT_WINDOW"])


def test_the_task_sweeps_until_nothing_is_due():
    channel(), stocked_variant(on_hand=10)
    place(*(incoming([line()]) for _ in range(5)))
    assert release_due() == 5
    assert EventRecord.objects.filter(type="order.released").count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_sweep_of_fifty_takes_as_many_statements_as_one_of_two():
    channel(), stocked_variant(on_hand=60)

    def statements(count):
        place(*(incoming([line()]) for _ in range(count)))
        with statements_made() as made:
            assert sweep(at=NOON + ONE_HOUR) == count
        return len(made)

    assert statements(2) == statements(50) == 3
