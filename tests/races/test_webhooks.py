"""The log leaves nothing out, and each order's messages arrive in their order, however many write and send at once."""

import random
import re
import time
from collections import defaultdict

import pytest
from django.db import transaction

from oms.actions.webhooks import leasing
from oms.actions.webhooks.leasing import FAST
from oms.actions.webhooks.queueing import queue_events
from oms.actions.webhooks.sending import send_webhooks
from oms.events import public_types, publish
from oms.models import EventRecord, WebhookDelivery
from oms.queries.event_log import BEGINNING, read_log
from orders.events import OrderHeld
from tests.fakes.receiver import Receiver
from tests.fakes.serving import Answered, Asked
from tests.make.moments import ADA, NOON
from tests.make.webhooks import Clock, announce_story, endpoint
from tests.races.together import errors_of, run_together

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 6, 40
SENDERS, ORDERS, STORY = 8, 30, 5


@pytest.fixture(autouse=True)
def _calls_this_machine(settings):
    settings.CALL_PRIVATE_ADDRESSES = True


def write(writer):
    """Events whose transactions end long after they took their ids, and in another order."""
    for number in range(EACH):
        with transaction.atomic():
            publish([OrderHeld(subject=f"{writer}-{number}", by=ADA, at=NOON)])
            time.sleep(random.uniform(0, 0.01))


def follow(read):
    """Read on from where one stopped until all is written."""
    seen, place, ends_at = [], None, time.monotonic() + 20
    while len(seen) < WRITERS * EACH and time.monotonic() < ends_at:
        events, place = read(place)
        seen += events
        if not events and finished():
            events, place = read(place)
            return seen + events
    return seen


def finished():
    return EventRecord.objects.count() == WRITERS * EACH


def read_by_turn(place):
    page = read_log(place or BEGINNING, types=public_types(), limit=50)
    return [event.subject for event in page.events], page.place


def read_by_id(place):
    rows = list(EventRecord.objects.filter(id__gt=place or 0).order_by("id").values_list("subject", "id")[:50])
    return [subject for subject, _ in rows], rows[-1][1] if rows else place


def race_to_read(read):
    *_, seen = run_together(*[lambda writer=writer: write(writer) for writer in range(WRITERS)], lambda: follow(read))
    assert not errors_of([seen])
    return seen


def test_whoever_follows_the_log_while_it_is_written_misses_nothing_and_reads_nothing_twice():
    seen = race_to_read(read_by_turn)
    assert len(seen) == len(set(seen)) == WRITERS * EACH


def test_control_whoever_follows_the_ids_misses_events():
    assert len(set(race_to_read(read_by_id))) < WRITERS * EACH


def test_a_transaction_that_goes_on_holds_back_what_is_newer_until_it_ends():
    with transaction.atomic():
        publish([OrderHeld(subject="late", by=ADA, at=NOON)])

        def meanwhile():
            with transaction.atomic():
                publish([OrderHeld(subject="soon", by=ADA, at=NOON)])
            return read_by_turn(None)[0]

        assert run_together(meanwhile) == [[]]
    assert read_by_turn(None)[0] == ["late", "soon"]


def test_events_of_one_order_stand_in_their_order_whatever_their_transactions_numbers():
    """The first transaction waits for the second, so the later event has the lower number."""
    with transaction.atomic():
        publish([OrderHeld(subject="another", by=ADA, at=NOON)])  # takes its number

        def first():
            with transaction.atomic():
                publish([OrderHeld(subject="1001", by=ADA, at=NOON, facts={"reason": "first"})])

        run_together(first)
        publish([OrderHeld(subject="1001", by=ADA, at=NOON, facts={"reason": "second"})])
    read = [event for event in read_log(BEGINNING, types=["order.held"], limit=10).events if event.subject == "1001"]
    assert [event.sequence for event in read] == [1, 2]


class Unhurried(Receiver):
    """Takes its time, now more and now less."""

    def __init__(self):
        super().__init__()
        self.told = defaultdict(list)

    def answer(self, asked: Asked) -> Answered:
        data = asked.json()["data"]
        self.told[data["subject"]].append(data["sequence"])
        return Answered(200, {})

    def _serve(self, handler, asked):
        time.sleep(random.uniform(0, 0.004))
        super()._serve(handler, asked)


def send_stories_from_many_senders():
    """What the receiver was told of each order, in the order in which it arrived."""
    with Unhurried() as receiver:
        endpoint(f"{receiver.url}/hooks")
        for number in range(ORDERS):
            announce_story(str(number), STORY)
        queue_events(at=NOON)
        outcomes = run_together(*[lambda: send_webhooks(FAST, clock=Clock())] * SENDERS)
        assert not errors_of(outcomes)
        return receiver.told


def test_eight_senders_tell_each_order_in_its_order_and_nothing_twice():
    told = send_stories_from_many_senders()
    assert told == {str(number): list(range(1, STORY + 1)) for number in range(ORDERS)}
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"DELIVERED"}


def test_control_without_waiting_for_the_one_before_orders_are_told_in_disorder(monkeypatch):
    unguarded = re.sub(r"AND NOT EXISTS \(.*?\n          \)", "", leasing._LEASE, flags=re.DOTALL)
    assert unguarded != leasing._LEASE
    monkeypatch.setattr(leasing, "_LEASE", unguarded)
    told = send_stories_from_many_senders()
    assert any(story != sorted(story) for story in told.values())


def test_six_queues_filled_at_once_hold_each_event_once():
    made = endpoint("https://partner.example/hooks")
    for number in range(40):
        announce_story(str(number), 1)
    run_together(*[lambda: queue_events(at=NOON)] * 6)
    assert WebhookDelivery.objects.filter(endpoint=made).count() == 40
