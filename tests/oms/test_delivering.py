"""Deliveries: run once, tried again with growing waits, at last a dead letter that staff can send again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from oms import events
from oms.actions.delivering import (
    AT_ONCE,
    BACKOFF,
    LEASE,
    deliver_deliveries,
    deliver_one,
    lease_deliveries,
    retry_deliveries,
)
from oms.models import Delivery, EventRecord
from orders.events import OrderHeld
from orders.models import Customer
from tests.make.moments import ADA, NOON, ONE_SECOND
from tests.oms.wirings import rewired

pytestmark = pytest.mark.django_db


class Listener:
    """A reaction that writes a row for each event it hears, and fails as long as it is told to."""

    def __init__(self):
        self.__module__, self.__qualname__ = "tests", "listen"
        self.heard, self.calls, self.fails, self.poison = [], [], False, ""

    def __call__(self, told):
        self.calls.append([event.subject for event in told])
        self.heard += [(event.subject, event.by, event.at, event.facts) for event in told]
        Customer.objects.bulk_create([Customer(email=f"{event.subject}@example.com") for event in told])
        if self.fails or self.poison in self.calls[-1]:
            raise RuntimeError("the printer is on fire")


@pytest.fixture
def listener():
    made = Listener()
    with rewired(afterwards={OrderHeld: [made]}):
        yield made


def announce(*numbers):
    """Announced at noon: they are due from then on."""
    events.publish([OrderHeld(subject=number, by=ADA, at=NOON, facts={"reason": "STAFF"}) for number in numbers])
    Delivery.objects.update(run_after=NOON)


def deliver(at, **limits):
    with time_machine.travel(at, tick=False):
        return deliver_deliveries(at=at, **limits)


def test_a_reaction_hears_the_event_as_it_was_announced(listener):
    announce("7")
    assert deliver(NOON) == 1
    assert listener.heard == [("7", ADA, NOON, {"reason": "STAFF"})]
    row = Delivery.objects.get()
    assert (row.state, row.done_at, row.attempts, row.leased_until, row.last_error) == ("DONE", NOON, 1, None, "")


def test_what_was_delivered_is_not_delivered_again(listener):
    announce("7")
    deliver(NOON)
    assert deliver(NOON + timedelta(days=9)) == 0
    assert len(listener.heard) == 1


def test_each_event_is_delivered_by_itself_in_their_order(listener):
    announce(*(str(number) for number in range(120)))
    assert deliver(NOON) == 120
    assert [subject for subject, *_ in listener.heard] == [str(number) for number in range(120)]


@pytest.fixture
def gatherer():
    made = Listener()
    with rewired(afterwards={OrderHeld: [made]}, at_once=[made]):
        yield made


def test_a_reaction_that_hears_all_at_once_is_told_of_everything_that_waits_in_one_go(gatherer):
    announce(*(str(number) for number in range(120)))
    assert deliver(NOON) == 120
    assert gatherer.calls == [[str(number) for number in range(120)]]
    assert set(Delivery.objects.values_list("state", "done_at", "leased_until")) == {("DONE", NOON, None)}


def test_it_is_told_of_so_many_at_most(gatherer):
    announce(*(str(number) for number in range(2 * AT_ONCE + 1)))
    assert deliver(NOON) == 2 * AT_ONCE + 1
    assert [len(call) for call in gatherer.calls] == [AT_ONCE, AT_ONCE, 1]


def test_what_failed_together_is_told_one_by_one_and_only_what_is_wrong_waits(gatherer):
    announce("1", "2", "3")
    gatherer.poison = "3"
    deliver(NOON)
    deliver(NOON + timedelta(minutes=1))
    assert gatherer.calls[:3] == [["1", "2", "3"], ["2"], ["3"]]
    assert sorted(gatherer.calls[3:]) == [["1"], ["3"]]
    waits = Delivery.objects.exclude(state="DONE").get()
    assert (waits.event.subject, waits.state) == ("3", "WAITING")
    assert sorted(Customer.objects.values_list("email", flat=True)) == ["1@example.com", "2@example.com"]


def test_what_failed_together_is_nobodys_any_more_but_who_had_it(gatherer):
    announce("1", "2", "3")
    (first, *_) = lease_deliveries(at=NOON, limit=3)
    gatherer.poison = "3"
    assert deliver_one(first) == []
    assert set(Delivery.objects.values_list("state", "leased_until")) == {("WAITING", None)}


def test_no_more_than_the_limit_is_run(listener):
    announce("1", "2", "3")
    assert deliver(NOON, limit=2) == 2
    assert Delivery.objects.filter(state="WAITING").count() == 1


def test_what_is_due_later_waits(listener):
    announce("7")
    assert deliver(NOON - ONE_SECOND) == 0
    assert listener.heard == []


def test_a_failure_undoes_what_the_reaction_wrote_and_waits(listener):
    announce("7")
    listener.fails = True
    assert deliver(NOON) == 0
    assert not Customer.objects.exists()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.leased_until) == ("WAITING", 1, None)
    assert row.last_error == "RuntimeError: the printer is on fire"
    assert NOON + 4 * ONE_SECOND <= row.run_after <= NOON + 6 * ONE_SECOND


def test_one_that_fails_blocks_nobody(listener):
    announce("1")
    listener.fails = True
    deliver(NOON)
    listener.fails = False
    announce_next = OrderHeld(subject="2", by=ADA, at=NOON)
    events.publish([announce_next])
    Delivery.objects.filter(event__subject="2").update(run_after=NOON)
    assert deliver(NOON) == 1
    assert [subject for subject, *_ in listener.heard] == ["1", "2"]


def test_the_waits_grow_and_the_last_failure_makes_a_dead_letter(listener):
    announce("7")
    listener.fails, at, waits = True, NOON, []
    while (row := Delivery.objects.get()).state == "WAITING":
        at = max(at, row.run_after)
        deliver(at)
        waits.append(Delivery.objects.get().run_after - at)

    assert len(listener.heard) == len(BACKOFF) + 1
    for wait, planned in zip(waits, BACKOFF, strict=False):
        assert planned * 0.8 <= wait <= planned * 1.2
    assert Delivery.objects.get().state == "DEAD"
    assert deliver(at + timedelta(days=30)) == 0


def test_a_dead_letter_can_be_sent_again(listener):
    announce("7")
    Delivery.objects.update(state="DEAD", attempts=9, last_error="x")
    assert retry_deliveries([Delivery.objects.get().pk], at=NOON) == 1
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.run_after) == ("WAITING", 0, NOON)
    assert deliver(NOON) == 1
    assert Delivery.objects.get().state == "DONE"


def test_only_dead_letters_are_sent_again(listener):
    announce("7")
    deliver(NOON)
    assert retry_deliveries([Delivery.objects.get().pk], at=NOON) == 0
    assert Delivery.objects.get().state == "DONE"


def test_what_somebody_works_on_is_left_to_them_until_their_lease_is_over(listener):
    announce("7")
    assert len(lease_deliveries(at=NOON, limit=10)) == 1
    assert deliver(NOON + LEASE) == 0
    assert deliver(NOON + LEASE + ONE_SECOND) == 1
    assert len(listener.heard) == 1


def test_a_worker_that_comes_back_from_the_dead_does_nothing_twice(listener):
    announce("7")
    (late,) = lease_deliveries(at=NOON, limit=10)
    deliver(NOON + LEASE + ONE_SECOND)
    assert deliver_one(late) == []
    assert len(listener.heard) == 1


def test_a_reaction_that_the_code_no_longer_has_is_seen_and_tried_again(listener):
    announce("7")
    with rewired():
        assert deliver(NOON) == 0
    row = Delivery.objects.get()
    assert row.state == "WAITING"
    assert row.last_error.startswith("UnknownReaction: tests.listen is not wired to order.held")


def test_an_event_is_delivered_once_to_each_reaction(listener):
    announce("7")
    event = EventRecord.objects.get()
    with pytest.raises(Exception, match="delivered_once_to_each"):
        Delivery.objects.create(event=event, reaction="tests.listen", run_after=timezone.now())
