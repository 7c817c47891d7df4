"""Accepting and rejecting."""

import pytest

from inventory.queries.drift import find_drift
from oms.models import EventRecord
from orders.absences import FulfillmentNotFound
from orders.actions.fulfilling.accepting import accept_fulfillments, reject_fulfillment
from orders.actions.holding import hold_order
from orders.errors import FulfillmentAccepted, FulfillmentEnded, OrderStillHeld
from orders.models import Fulfillment
from tests.make.fulfillments import accepted, allocated, allocations, fulfillment, parts, route
from tests.make.moments import ADA, NOON
from tests.make.stock import promises, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def accept(*numbers: str) -> list[Fulfillment]:
    return accept_fulfillments(numbers=numbers, by=ADA, at=NOON)


def test_who_accepts_works_on_it_and_says_so_once():
    asked = fulfillment()

    accept(asked.number)
    (taken,) = accept(asked.number)

    assert (taken.status, taken.request_status, taken.accepted_by) == ("IN_PROGRESS", "ACCEPTED", ADA)
    assert EventRecord.objects.filter(type="fulfillment.accepted").count() == 1


def test_several_are_accepted_together_or_none_of_them():
    first, second = fulfillment(), fulfillment()
    reject_fulfillment(number=second.number, reason="no_capacity", by=ADA, at=NOON)

    with pytest.raises(FulfillmentEnded):
        accept(first.number, second.number)

    first.refresh_from_db()
    assert first.request_status == "SUBMITTED"
    assert not EventRecord.objects.filter(type="fulfillment.accepted").exists()


def test_what_is_not_there_cannot_be_accepted():
    with pytest.raises(FulfillmentNotFound):
        accept("nothing-F1")


def test_an_order_that_was_held_again_is_not_accepted():
    asked = fulfillment()
    hold_order(number=asked.order.number, reason="STAFF", by=ADA, at=NOON)

    with pytest.raises(OrderStillHeld):
        accept(asked.number)

    asked.refresh_from_db()
    assert asked.request_status == "SUBMITTED"


def test_what_is_rejected_goes_to_the_next_warehouse_and_never_back():
    stocked_variant()
    warehouse("RTM", country="NL")
    stocked_variant(place="RTM")
    asked = fulfillment()

    reject_fulfillment(number=asked.number, reason="no_capacity", note="Closed for stocktaking", by=ADA, at=NOON)
    assert allocations() == []
    assert promises()[1] == 1
    route()

    assert parts(asked.order) == [("LEJ", "CANCELLED", "REJECTED"), ("RTM", "OPEN", "SUBMITTED")]
    facts = EventRecord.objects.get(type="fulfillment.rejected").facts
    assert (facts["reason"], facts["note"]) == ("no_capacity", "Closed for stocktaking")
    assert find_drift() == []


def test_what_was_accepted_is_not_rejected_any_more():
    taken = accepted()

    with pytest.raises(FulfillmentAccepted):
        reject_fulfillment(number=taken.number, reason="no_capacity", by=ADA, at=NOON)

    assert allocated() == 1
    assert not EventRecord.objects.filter(type="fulfillment.rejected").exists()
