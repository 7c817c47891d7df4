"""Fulfillments that wait: held by somebody, or for later."""

from datetime import timedelta

import pytest

from inventory.queries.drift import find_drift
from oms.errors import Invalid, Refused
from oms.models import Delivery, EventRecord
from orders.actions.fulfilling.accepting import accept_fulfillments
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.actions.fulfilling.holding_back import hold_fulfillment, release_hold
from orders.actions.fulfilling.picking import pick_units
from orders.actions.fulfilling.scheduling import open_due_fulfillments, open_fulfillment, schedule_fulfillment
from orders.actions.fulfilling.withdrawing import withdraw_fulfillments
from orders.actions.shipping.labelling import want_label
from orders.errors import FulfillmentAccepted, FulfillmentEnded, FulfillmentOnHold, FulfillmentScheduled
from orders.models import Fulfillment, Order
from tests.make.carriers import house, to_send, want
from tests.make.fulfillments import accepted, allocated, fulfillment
from tests.make.moments import ADA, NOON

pytestmark = pytest.mark.django_db

MONDAY = NOON + timedelta(days=14 - NOON.weekday())
WHY = "INCORRECT_ADDRESS"


def hold(number: str, reason: str = WHY, note: str = "") -> Fulfillment:
    return hold_fulfillment(number=number, reason=reason, note=note, by=ADA, at=NOON)


def schedule(number: str, until=MONDAY) -> Fulfillment:
    return schedule_fulfillment(number=number, until=until, by=ADA, at=NOON)


def said(type_: str) -> list[dict]:
    return list(EventRecord.objects.filter(type=type_).order_by("id").values_list("facts", flat=True))


def begin(number: str, *, at=NOON):
    """All that a warehouse could do with it."""
    yield lambda: accept_fulfillments(numbers=[number], by=ADA, at=at)
    yield lambda: pick_units(number=number, units={}, by=ADA, at=at)
    yield lambda: ship_fulfillments([Dispatch(number=number)], by=ADA, at=at)
    yield lambda: want_label(number=number, by=ADA, at=at)


def test_what_is_on_hold_cannot_be_begun_in_any_way():
    asked = fulfillment()
    hold(asked.number, note="Which house?")

    for deed in begin(asked.number):
        with pytest.raises(FulfillmentOnHold) as refusal:
            deed()
        assert refusal.value.facts == {"number": asked.number, "reason": WHY, "note": "Which house?"}

    asked.refresh_from_db()
    assert (asked.status, asked.request_status, asked.held_by, asked.held_at) == ("ON_HOLD", "SUBMITTED", ADA, NOON)
    assert not EventRecord.objects.filter(type__in=["fulfillment.accepted", "fulfillment.shipped"]).exists()
    assert allocated() == asked.lines.get().quantity


def test_holding_again_with_the_same_words_says_nothing_and_with_others_says_so():
    asked = fulfillment()

    hold(asked.number), hold(asked.number), hold(asked.number, "OTHER", "Ask Ada")

    assert [each["reason"] for each in said("fulfillment.held")] == [WHY, "OTHER"]
    asked.refresh_from_db()
    assert (asked.hold_reason, asked.hold_note, asked.hands) == ("OTHER", "Ask Ada", 1)


def test_a_released_hold_lets_the_warehouse_begin():
    asked = fulfillment()
    hold(asked.number)

    release_hold(number=asked.number, by=ADA, at=NOON), release_hold(number=asked.number, by=ADA, at=NOON)

    (taken,) = accept_fulfillments(numbers=[asked.number], by=ADA, at=NOON)
    assert (taken.status, taken.hold_reason, taken.held_at) == ("IN_PROGRESS", "", None)
    assert [each["status"] for each in said("fulfillment.hold_released")] == ["OPEN"]


def test_a_reason_that_shopify_does_not_know_is_refused():
    asked = fulfillment()

    with pytest.raises(Invalid):
        hold(asked.number, "BAD_MOOD")

    asked.refresh_from_db()
    assert (asked.status, said("fulfillment.held")) == ("OPEN", [])


@pytest.mark.parametrize("deed", [hold, schedule])
def test_what_a_warehouse_works_on_is_neither_held_nor_put_off(deed):
    taken = accepted()

    with pytest.raises(FulfillmentAccepted):
        deed(taken.number)

    taken.refresh_from_db()
    assert taken.status == "IN_PROGRESS"
    assert said("fulfillment.held") == said("fulfillment.scheduled") == []


@pytest.mark.parametrize("deed", [hold, schedule])
def test_what_was_taken_back_is_neither_held_nor_put_off(deed):
    asked = fulfillment()
    withdraw_fulfillments(Order.objects.locked(asked.order.number), because="again", by=ADA, at=NOON)

    with pytest.raises(FulfillmentEnded):
        deed(asked.number)

    assert said("fulfillment.held") == said("fulfillment.scheduled") == []


def test_what_is_for_later_waits_and_leaves_by_the_first_van_after_that():
    asked = fulfillment()

    later = schedule(asked.number)

    assert (later.status, later.request_status, later.fulfill_at) == ("SCHEDULED", "UNSUBMITTED", MONDAY)
    assert asked.ship_by < MONDAY < later.ship_by
    for deed in begin(asked.number, at=MONDAY - timedelta(seconds=1)):
        with pytest.raises(FulfillmentScheduled):
            deed()
    assert open_due_fulfillments(at=MONDAY - timedelta(seconds=1), limit=9) == 0
    assert allocated() == asked.lines.get().quantity


def test_what_is_due_opens_itself_once():
    asked = fulfillment()
    schedule(asked.number), schedule(asked.number)

    assert [open_due_fulfillments(at=MONDAY, limit=9) for _ in range(2)] == [1, 0]

    asked.refresh_from_db()
    assert (asked.status, asked.request_status, asked.requested_at) == ("OPEN", "SUBMITTED", MONDAY)
    assert len(said("fulfillment.scheduled")) == len(said("fulfillment.opened")) == 1


def test_what_is_due_can_be_accepted_before_anybody_has_opened_it():
    asked = fulfillment()
    schedule(asked.number)

    (taken,) = accept_fulfillments(numbers=[asked.number], by=ADA, at=MONDAY)

    assert (taken.status, taken.request_status) == ("IN_PROGRESS", "ACCEPTED")
    assert open_due_fulfillments(at=MONDAY, limit=9) == 0
    assert find_drift() == []


def test_somebody_who_does_not_want_to_wait_opens_it():
    asked = fulfillment()
    schedule(asked.number)

    opened = open_fulfillment(number=asked.number, by=ADA, at=NOON)
    open_fulfillment(number=asked.number, by=ADA, at=NOON)

    assert (opened.status, opened.ship_by) == ("OPEN", asked.ship_by)
    assert len(said("fulfillment.opened")) == 1


def test_a_hold_outlasts_the_moment_it_was_put_off_to():
    asked = fulfillment()
    schedule(asked.number), hold(asked.number)

    assert open_due_fulfillments(at=MONDAY, limit=9) == 0
    with pytest.raises(FulfillmentOnHold):
        open_fulfillment(number=asked.number, by=ADA, at=MONDAY)
    with pytest.raises(FulfillmentOnHold):
        schedule(asked.number, MONDAY + timedelta(days=1))

    assert release_hold(number=asked.number, by=ADA, at=MONDAY).status == "OPEN"


def test_a_hold_that_is_released_early_leaves_it_for_later():
    asked = fulfillment()
    schedule(asked.number), hold(asked.number)

    assert release_hold(number=asked.number, by=ADA, at=NOON).status == "SCHEDULED"


def test_a_moment_that_is_over_is_refused():
    asked = fulfillment()

    with pytest.raises(Invalid):
        schedule(asked.number, NOON)

    asked.refresh_from_db()
    assert (asked.status, said("fulfillment.scheduled")) == ("OPEN", [])


def test_a_label_goes_back_while_it_waits_and_another_is_wanted_when_it_opens():
    house()
    asked = to_send()
    want(asked)

    schedule(asked.number)

    assert [label.state for label in asked.labels.all()] == ["WITHDRAWN"]
    with pytest.raises(Refused):
        want_label(number=asked.number, by=ADA, at=NOON)
    open_due_fulfillments(at=MONDAY, limit=9)
    assert Delivery.objects.filter(reaction__endswith="want_labels_of_requested", event__type="fulfillment.opened")


def test_opening_many_takes_as_many_statements_as_opening_one(django_assert_max_num_queries):
    asked = [fulfillment() for _ in range(4)]
    for each in asked:
        schedule(each.number)

    with django_assert_max_num_queries(12):
        assert open_due_fulfillments(at=MONDAY, limit=9) == 4
