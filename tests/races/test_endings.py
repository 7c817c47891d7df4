"""Cancelling, holding and releasing the same order at once: one story, whoever wins."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier

import pytest

from oms.models import EventRecord
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order
from orders.actions.releasing import end_edit_window, release_due_orders
from orders.errors import OrderAlreadyCancelled
from orders.models import Hold, Order
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, incoming, place
from tests.make.stock import promises, reservations, stocked_variant
from tests.races.together import PATIENCE, errors_of, race_over, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Due:
    """An order whose edit window ends at a moment of its own, so that a sweep then finds it alone."""

    number: str
    at: datetime


def place_due(count):
    channel(minutes=count + 1), stocked_variant(on_hand=count + 1)  # the last unit would end the last one's window
    bought = [NOON - (count - minute) * ONE_MINUTE for minute in range(count)]
    placements = place(*(incoming(placed_at=at.isoformat()) for at in bought), at=NOON)
    ends = [at + (count + 1) * ONE_MINUTE for at in bought]
    return [Due(placement.number, at) for placement, at in zip(placements, ends, strict=True)]


def cancel(due):
    return cancel_order(number=due.number, reason="", by=ADA, at=due.at)


def release(due):
    return end_edit_window(number=due.number, by=ADA, at=due.at)


def hold(due):
    return hold_order(number=due.number, reason="STAFF", by=ADA, at=due.at)


def sweep(due):
    return release_due_orders(by="system", at=due.at)


def statuses():
    return set(Order.objects.values_list("status", flat=True))


def each_story_is_whole():
    """No event is missing, none stands after the end."""
    seen = defaultdict(list)
    for subject, sequence, type_ in EventRecord.objects.order_by("id").values_list("subject", "sequence", "type"):
        seen[subject].append(type_)
        assert sequence == len(seen[subject])
    for types in seen.values():
        story = [type_ for type_ in types if not type_.startswith("repayment.")]  # money goes back afterwards
        assert "order.cancelled" not in story[:-1]
        assert types.count("order.cancelled") <= 1


def test_two_cancellations_at_once_free_the_stock_once_and_are_one_event():
    outcomes = race_over(place_due(50), cancel, cancel)
    assert [error for pair in outcomes for error in errors_of(pair)] == []
    assert (statuses(), promises(), reservations()) == ({"CANCELLED"}, (51, 0), [])
    assert EventRecord.objects.filter(type="order.cancelled").count() == 50
    each_story_is_whole()


def test_cancelling_against_releasing_ends_cancelled_in_one_story():
    outcomes = race_over(place_due(200), cancel, release)
    refusals = [error for pair in outcomes for error in errors_of(pair)]
    assert all(isinstance(refusal, OrderAlreadyCancelled) for refusal in refusals)
    assert (statuses(), promises()) == ({"CANCELLED"}, (201, 0))
    assert EventRecord.objects.filter(type="order.released").count() == 200 - len(refusals)
    assert not Hold.objects.filter(closed_at=None).exists()
    each_story_is_whole()


def test_cancelling_against_the_sweep_never_releases_what_is_cancelled():
    outcomes = race_over(place_due(200), cancel, sweep)
    assert [error for pair in outcomes for error in errors_of(pair)] == []
    assert (statuses(), promises()) == ({"CANCELLED"}, (201, 0))
    each_story_is_whole()


def test_a_hold_against_the_sweep_leaves_the_order_held():
    outcomes = race_over(place_due(200), hold, sweep)
    assert [error for pair in outcomes for error in errors_of(pair)] == []
    assert statuses() == {"HELD"}
    assert Hold.objects.filter(reason="STAFF", closed_at=None).count() == 200
    each_story_is_whole()


def test_ending_the_window_against_the_sweep_releases_once():
    outcomes = race_over(place_due(100), release, sweep)
    assert [error for pair in outcomes for error in errors_of(pair)] == []
    assert statuses() == {"RELEASED"}
    assert EventRecord.objects.filter(type="order.released").count() == 100


def test_four_sweeps_at_once_release_each_order_once():
    due = place_due(200)
    last = due[-1]
    ended = run_together(*[lambda: [release_due_orders(by="system", at=last.at, limit=7) for _ in range(60)]] * 4)
    assert errors_of(ended) == []
    while sweep(last):  # what was skipped because somebody was at it
        pass
    assert statuses() == {"RELEASED"}
    assert EventRecord.objects.filter(type="order.released").count() == 200


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
