"""Cancelling, holding and releasing the same order at once: one story, whoever wins."""

from threading import Barrier

import pytest

from oms.models import EventRecord
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order
from orders.actions.releasing import end_edit_window, release_due_orders
from orders.errors import OrderAlreadyCancelled
from orders.models import Hold, Order
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import channel, incoming, open_holds, place
from tests.make.snapshots import announced
from tests.make.stock import promises, reservations, stocked_variant
from tests.races.together import PATIENCE, errors_of, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + ONE_HOUR


@pytest.fixture
def numbers(request):
    channel(), stocked_variant(on_hand=request.param)
    return [placement.number for placement in place(*(incoming() for _ in range(request.param)))]


def cancel(number):
    return cancel_order(number=number, reason="", by=ADA, at=LATER)


def release(number):
    return end_edit_window(number=number, by=ADA, at=LATER)


def sweep():
    return release_due_orders(by="system", at=LATER)


def sequences_have_no_gap():
    rows = EventRecord.objects.values_list("subject_kind", "subject", "sequence").order_by("id")
    expected: dict[tuple[str, str], int] = {}
    for kind, subject, sequence in rows:
        expected[kind, subject] = expected.get((kind, subject), 0) + 1
        assert sequence == expected[kind, subject]


@pytest.mark.parametrize("numbers", [25], indirect=True)
def test_two_cancellations_at_once_free_the_stock_once_and_are_one_event(numbers):
    for number in numbers:
        assert errors_of(run_together(lambda: cancel(number), lambda: cancel(number))) == []
        assert announced(number) == ["order.placed", "order.cancelled"]
    assert (promises(), reservations()) == ((25, 0), [])


@pytest.mark.parametrize("numbers", [100], indirect=True)
def test_cancelling_against_releasing_ends_cancelled_in_one_story(numbers):
    for number in numbers:
        outcomes = run_together(lambda: cancel(number), lambda: release(number))
        assert all(isinstance(error, OrderAlreadyCancelled) for error in errors_of(outcomes))
        assert (Order.objects.get(number=number).status, open_holds(number)) == ("CANCELLED", [])
        assert announced(number) in (
            ["order.placed", "order.cancelled"],
            ["order.placed", "order.hold_lifted", "order.released", "order.cancelled"],
        )
    assert promises() == (100, 0)
    sequences_have_no_gap()


@pytest.mark.parametrize("numbers", [100], indirect=True)
def test_cancelling_against_the_sweep_never_releases_what_is_cancelled(numbers):
    for number in numbers:
        assert errors_of(run_together(lambda: cancel(number), sweep)) == []
        assert (Order.objects.get(number=number).status, announced(number)[-1]) == ("CANCELLED", "order.cancelled")
    assert promises() == (100, 0)
    sequences_have_no_gap()


@pytest.mark.parametrize("numbers", [60], indirect=True)
def test_a_hold_against_the_sweep_leaves_the_order_held(numbers):
    for number in numbers:
        act = lambda: hold_order(number=number, reason="STAFF", by=ADA, at=LATER)  # noqa: E731
        assert errors_of(run_together(act, sweep)) == []
    assert set(Order.objects.values_list("status", flat=True)) == {"HELD"}
    assert Hold.objects.filter(reason="STAFF", closed_at=None).count() == 60
    sequences_have_no_gap()


@pytest.mark.parametrize("numbers", [200], indirect=True)
def test_four_sweeps_at_once_release_each_order_once(numbers):
    ended = run_together(*[lambda: [release_due_orders(by="system", at=LATER, limit=7) for _ in range(60)]] * 4)
    assert errors_of(ended) == []
    while sweep():  # what was skipped because somebody was at it
        pass
    assert set(Order.objects.values_list("status", flat=True)) == {"RELEASED"}
    assert EventRecord.objects.filter(type="order.released").count() == 200
    assert set(Order.objects.values_list("version", flat=True)) == {2}


def test_control_who_reads_the_state_and_writes_it_afterwards_does_it_twice():
    def end():
        ((state,),) = say("SELECT state FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if state == 0:
            say("UPDATE unguarded SET state = 1, freed = freed + 1 WHERE id = 1")

    looked = Barrier(2)
    with unguarded_table(1, state=0, freed=0):
        assert errors_of(run_together(end, end)) == []
        assert say("SELECT freed FROM unguarded") == [(2,)]
