"""What is to change once a warehouse has accepted."""

import pytest
from django.utils import timezone

from inventory.queries.drift import find_drift
from oms.actions.delivering import deliver_deliveries
from oms.models import EventRecord
from orders.actions.cancelling import cancel_order
from orders.actions.fulfilling.accepting import accept_fulfillments
from orders.actions.fulfilling.stopping import answer_stop, request_stop
from orders.actions.holding import hold_order, lift_hold
from orders.errors import CancellationNotAsked, FulfillmentNotAccepted
from orders.models import Order
from tests.make.fulfillments import accepted, allocated, allocations, fulfillment, parts, route, routed_order, ship
from tests.make.moments import ADA, NOON
from tests.make.stock import promises, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def cancel(order: Order) -> Order:
    return cancel_order(number=order.number, reason="changed_mind", by=ADA, at=NOON)


def answer(number: str, accepted: bool) -> None:
    answer_stop(number=number, accepted=accepted, by=ADA, at=NOON)


def test_an_order_that_no_warehouse_has_accepted_is_cancelled_at_once():
    order = routed_order()

    assert cancel(order).status == Order.Status.CANCELLED
    assert parts(order) == [("LEJ", "CANCELLED", "SUBMITTED")]
    assert (allocations(), promises()) == ([], (10, 0))
    assert EventRecord.objects.get(type="fulfillment.withdrawn").facts["reason"] == "cancelled"


def test_what_a_warehouse_has_accepted_is_asked_back_and_cancelled_when_it_could_stop():
    order = accepted().order

    assert cancel(order).status == Order.Status.RELEASED
    assert parts(order) == [("LEJ", "IN_PROGRESS", "CANCELLATION_REQUESTED")]
    assert allocated() == 1
    answer(f"{order.number}-F1", True)

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == (Order.Status.CANCELLED, "changed_mind")
    assert order.credited == order.total
    assert (allocations(), promises()) == ([], (10, 0))
    assert find_drift() == []


def test_a_warehouse_that_could_not_stop_ships_and_the_order_is_not_cancelled():
    order = accepted().order
    cancel(order)

    answer(f"{order.number}-F1", False)
    ship(f"{order.number}-F1")

    order.refresh_from_db()
    assert (order.status, order.cancellation) == (Order.Status.CLOSED, None)


def test_shipping_answers_the_request_to_stop_with_no():
    order = accepted().order
    cancel(order)

    ship(f"{order.number}-F1")

    assert parts(order) == [("LEJ", "CLOSED", "CANCELLATION_REJECTED")]


def test_of_two_warehouses_both_must_have_stopped():
    stocked_variant(on_hand=1)
    warehouse("RTM", country="NL")
    stocked_variant(on_hand=1, place="RTM")
    order = routed_order(lines=[{"sku": "TEE-M-BLK", "quantity": 2, "unit_price": "19.90"}])
    first, second = order.fulfillments.order_by("sequence")
    accept_fulfillments(numbers=[first.number, second.number], by=ADA, at=NOON)
    cancel(order)

    answer(first.number, True)
    route()
    order.refresh_from_db()
    assert order.status == Order.Status.RELEASED
    assert order.fulfillments.count() == 2
    answer(second.number, True)
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED


def test_an_answer_that_nobody_asked_for_is_refused():
    taken = accepted()

    with pytest.raises(CancellationNotAsked):
        answer(taken.number, True)

    assert not EventRecord.objects.filter(type="fulfillment.cancellation_answered").exists()


def test_a_request_to_stop_what_was_not_accepted_is_refused():
    with pytest.raises(FulfillmentNotAccepted):
        request_stop(number=fulfillment().number, reason="held", by=ADA, at=NOON)


def test_an_order_that_is_held_again_comes_back_and_goes_out_again_when_the_hold_ends():
    order = routed_order()
    hold = hold_order(number=order.number, reason="STAFF", by=ADA, at=NOON)
    deliver_deliveries(at=timezone.now())
    assert (parts(order), allocations()) == ([("LEJ", "CANCELLED", "SUBMITTED")], [])

    lift_hold(number=order.number, hold_id=hold.pk, by=ADA, at=NOON)
    route()

    assert parts(order)[-1] == ("LEJ", "OPEN", "SUBMITTED")
    assert find_drift() == []


def test_a_hold_does_not_stop_what_is_in_a_warehouses_hands():
    order = accepted().order
    hold_order(number=order.number, reason="STAFF", by=ADA, at=NOON)
    deliver_deliveries(at=timezone.now())

    ship(f"{order.number}-F1")

    order.refresh_from_db()
    assert order.status == Order.Status.CLOSED


def test_a_part_that_was_taken_back_is_not_sent_while_the_other_ones_warehouse_is_asked_to_stop():
    stocked_variant(on_hand=1)
    warehouse("RTM", country="NL")
    stocked_variant(on_hand=1, place="RTM")
    order = routed_order(lines=[{"sku": "TEE-M-BLK", "quantity": 2, "unit_price": "19.90"}])
    working, waiting = order.fulfillments.order_by("sequence")
    accept_fulfillments(numbers=[working.number], by=ADA, at=NOON)
    cancel(order)

    assert route() is None
    answer(working.number, False)
    route()

    waiting.refresh_from_db()
    assert waiting.status == "CANCELLED"
    assert order.fulfillments.get(sequence=3).request_status == "SUBMITTED"
    assert find_drift() == []
