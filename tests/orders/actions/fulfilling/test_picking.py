"""Picking, and what is not on the shelf."""

from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.queries.drift import find_drift
from oms.actions.delivering import deliver_deliveries
from oms.models import EventRecord
from orders.actions.fulfilling.picking import pick_units, report_short
from orders.errors import NotThatMany
from orders.models import Fulfillment, Order
from tests.make.fulfillments import accepted, allocated, allocations, fulfillment, parts, route, routed_order, ship
from tests.make.moments import ADA, NOON
from tests.make.orders import line, open_holds, placed_order
from tests.make.stock import count, on_hand, promises, reservations, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def short(asked: Fulfillment, quantity: int) -> Fulfillment:
    return report_short(number=asked.number, units={asked.lines.get().pk: Decimal(quantity)}, by=ADA, at=NOON)


def test_who_picks_accepts_and_the_last_unit_completes_it():
    stocked_variant()
    asked = fulfillment(routed_order(lines=[line(quantity=2)]))
    key = asked.lines.get().pk

    pick_units(number=asked.number, units={key: Decimal(1)}, by=ADA, at=NOON)
    done = pick_units(number=asked.number, units={key: Decimal(2)}, by=ADA, at=NOON)

    assert (done.request_status, done.picked_by, done.picked_at) == ("ACCEPTED", ADA, NOON)
    with pytest.raises(NotThatMany):
        pick_units(number=asked.number, units={key: Decimal(3)}, by=ADA, at=NOON)


def test_what_is_not_on_the_shelf_is_counted_down_and_sent_from_elsewhere():
    stocked_variant(on_hand=2)
    warehouse("RTM", country="NL")
    stocked_variant(place="RTM")
    order = routed_order(lines=[line(quantity=2)])
    asked = fulfillment(order)

    short(asked, 1)
    assert (on_hand(), allocated(), promises()) == (1, 1, (11, 2))
    route()

    assert parts(order) == [("LEJ", "IN_PROGRESS", "ACCEPTED"), ("RTM", "OPEN", "SUBMITTED")]
    assert order.fulfillments.get(sequence=2).lines.get().quantity == 1
    ship(asked.number)
    asked.refresh_from_db()
    assert asked.status == Fulfillment.Status.INCOMPLETE
    ship(order.fulfillments.get(sequence=2).number)
    order.refresh_from_db()
    assert order.status == Order.Status.CLOSED
    assert find_drift() == []


def test_what_is_nowhere_waits_for_stock_while_the_rest_goes_on():
    stocked_variant(on_hand=2)
    order = routed_order(lines=[line(quantity=2)])
    asked = fulfillment(order)

    short(asked, 1)

    order.refresh_from_db()
    assert order.status == Order.Status.HELD
    assert open_holds(order) == ["STOCK_SHORT"]
    assert reservations(order.number)[0][3] == "SHORT"


def test_a_short_pick_takes_the_promise_of_somebody_whose_units_lie_on_no_shelf_yet():
    stocked_variant(on_hand=3)
    asked = accepted(routed_order(lines=[line(quantity=2)]))
    waiting = placed_order(lines=[line()])

    short(asked, 1)

    waiting.refresh_from_db()
    assert "STOCK_SHORT" in open_holds(waiting)
    assert open_holds(asked.order) == []


def test_more_than_is_left_cannot_be_missing():
    asked = accepted()

    with pytest.raises(NotThatMany):
        short(asked, 2)

    assert (on_hand(), allocated()) == (10, 1)
    assert not EventRecord.objects.filter(type="fulfillment.short").exists()


def test_a_count_below_what_is_set_apart_ends_the_newest_allocation_and_it_is_routed_anew():
    stocked_variant(on_hand=2)
    warehouse("RTM", country="NL")
    stocked_variant(place="RTM")
    first, second = routed_order(), routed_order()
    assert allocated() == 2

    count(on_hand=1)
    assert allocations() == [(f"{first.number}-F1", Decimal(1))]
    deliver_deliveries(at=timezone.now())
    route()

    assert parts(second) == [("LEJ", "CANCELLED", "SUBMITTED"), ("RTM", "OPEN", "SUBMITTED")]
    assert parts(first) == [("LEJ", "OPEN", "SUBMITTED")]
    assert find_drift() == []


def test_a_count_below_what_a_warehouse_has_in_its_hands_is_noted_as_short():
    stocked_variant(on_hand=2)
    warehouse("RTM", country="NL")
    stocked_variant(place="RTM")
    order = routed_order(lines=[line(quantity=2)])
    accepted(order)

    count(on_hand=1)
    deliver_deliveries(at=timezone.now())
    deliver_deliveries(at=timezone.now())
    route()

    assert parts(order) == [("LEJ", "IN_PROGRESS", "ACCEPTED"), ("RTM", "OPEN", "SUBMITTED")]
    assert sorted(order.fulfillments.values_list("sequence", "lines__quantity", "lines__short_quantity")) == [
        (1, 2, 1),
        (2, 1, 0),
    ]
    assert find_drift() == []
