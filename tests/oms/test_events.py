"""What happened is said once, in the transaction in which it happened."""

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.events import StockRanLow
from oms import events
from oms.models import Delivery, EventRecord
from orders.events import OrderHeld, OrderReleased
from tests.make.moments import ADA, NOON
from tests.make.snapshots import nothing_changes
from tests.oms.wirings import rewired

pytestmark = pytest.mark.django_db


def held(number="1001", **facts):
    return OrderHeld(subject=number, by=ADA, at=NOON, facts=facts)


def released(number="1001"):
    return OrderReleased(subject=number, by=ADA, at=NOON)


def sequences(subject):
    return list(EventRecord.objects.about("order", subject).values_list("type", "sequence"))


def test_an_event_is_recorded_with_who_when_and_what():
    events.publish([held(reason="STAFF", until=NOON)])
    row = EventRecord.objects.get()
    assert (row.type, row.subject_kind, row.subject, row.sequence) == ("order.held", "order", "1001", 1)
    assert (row.by, row.at, row.facts) == (ADA, NOON, {"reason": "STAFF", "until": "2026-11-21T12:00:00+00:00"})


def test_each_subject_is_counted_from_one_without_a_gap():
    events.publish([held("1"), held("2"), released("1")])
    events.publish([released("2"), held("1")])
    assert sequences("1") == [("order.held", 1), ("order.released", 2), ("order.held", 3)]
    assert sequences("2") == [("order.held", 1), ("order.released", 2)]


def test_events_stand_in_the_order_in_which_they_were_published():
    told = [held(str(number)) for number in (3, 1, 2)]
    events.publish(told)
    assert list(EventRecord.objects.order_by("id").values_list("subject", flat=True)) == ["3", "1", "2"]


def test_nothing_to_say_says_nothing():
    with nothing_changes():
        events.publish([])


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_announced():
    with nothing_changes(), pytest.raises(events.OutsideTransaction):
        events.publish([held()])


def test_an_event_shares_the_fate_of_its_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.publish([held()])
        raise ZeroDivisionError
    assert not EventRecord.objects.exists()


def test_what_was_said_cannot_be_unsaid():
    events.publish([held()])
    for statement in ("UPDATE oms_eventrecord SET by = 'x'", "DELETE FROM oms_eventrecord"):
        with pytest.raises(Exception, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert EventRecord.objects.get().by == ADA


def test_together_runs_at_once_and_undoes_the_cause_when_it_fails():
    heard = []

    def hear(told):
        heard.extend(event.subject for event in told)
        raise IntegrityError("no")

    wired = rewired(together={OrderHeld: [hear]})
    with wired, nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        events.publish([held("1"), released("1"), held("2")])
    assert heard == ["1", "2"]


def test_afterwards_is_queued_for_each_reaction_and_no_other_event():
    def first(told): ...

    def second(told): ...

    with rewired(afterwards={OrderHeld: [first, second]}):
        events.publish([held(), released()])
    names = sorted(Delivery.objects.values_list("reaction", flat=True))
    assert names == sorted([events.name_of(first), events.name_of(second)])
    assert {row.event.type for row in Delivery.objects.select_related("event")} == {"order.held"}
    assert {row.state for row in Delivery.objects.all()} == {"WAITING"}


def test_whoever_delivers_is_woken_after_the_commit_and_only_when_something_waits(django_capture_on_commit_callbacks):
    woken = []
    with rewired(afterwards={OrderHeld: [test_nothing_to_say_says_nothing]}, wake=lambda: woken.append(1)):
        with django_capture_on_commit_callbacks(execute=True):
            events.publish([released()])
        assert woken == []
        with django_capture_on_commit_callbacks(execute=True):
            events.publish([held()])
            assert woken == []
    assert woken == [1]


def test_a_wake_that_fails_costs_nothing(django_capture_on_commit_callbacks, caplog):
    def wake():
        raise ConnectionError("broker away")

    wired = rewired(afterwards={OrderHeld: [test_nothing_to_say_says_nothing]}, wake=wake)
    with wired, django_capture_on_commit_callbacks(execute=True):
        events.publish([held()])
    assert Delivery.objects.count() == 1
    assert "broker away" in caplog.text


def test_events_of_two_kinds_of_subject_do_not_share_a_count():
    events.publish([held("TEE"), StockRanLow(subject="TEE", by=ADA, at=NOON)])
    assert list(EventRecord.objects.values_list("subject_kind", "sequence").order_by("id")) == [
        ("order", 1),
        ("sku", 1),
    ]


def test_publishing_many_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        events.publish([held(str(number)) for number in range(200)])


@pytest.mark.django_db(transaction=True)
def test_one_commit_wakes_once_however_much_it_leaves_behind():
    wakes = []
    with rewired(afterwards={OrderHeld: [ignore]}, wake=lambda: wakes.append("look now")), transaction.atomic():
        for _ in range(3):
            events.publish([held()])
        with pytest.raises(LookupError), transaction.atomic():
            events.publish([held()])
            raise LookupError
    assert (wakes, Delivery.objects.count()) == (["look now"], 3)


@pytest.mark.django_db(transaction=True)
def test_a_wake_that_was_rolled_back_does_not_stand_for_a_later_one():
    wakes = []
    with rewired(afterwards={OrderHeld: [ignore]}, wake=lambda: wakes.append("look now")), transaction.atomic():
        with pytest.raises(LookupError), transaction.atomic():
            events.publish([held()])
            raise LookupError
        events.publish([held()])
    assert (wakes, Delivery.objects.count()) == (["look now"], 1)


def ignore(told):
    """A reaction that does nothing."""
