"""Parcels leave: stock with them, and the order's own figures."""

from decimal import Decimal

import pytest

from inventory.models import Reservation, StockMovement
from inventory.queries.drift import find_drift
from oms.errors import Invalid
from oms.models import EventRecord
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.errors import FulfillmentEnded, NotThatMany
from orders.models import Fulfillment, Order, Shipment
from tests.make.fulfillments import LATER, accepted, allocations, fulfillment, route, routed_order, ship
from tests.make.moments import ADA
from tests.make.orders import line, released_order
from tests.make.statements import statements_made
from tests.make.stock import SKU, on_hand, promises, reservations, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def test_what_is_shipped_leaves_shelf_allocation_and_promise_and_closes_the_order():
    stocked_variant()
    order = routed_order(lines=[line(quantity=2)])

    shipment = ship(fulfillment(order).number, carrier="DHL", tracking_number="00340434161094022115")

    order.refresh_from_db()
    assert (on_hand(), promises(), reservations(), allocations()) == (8, (8, 0), [], [])
    assert (order.status, order.fulfillment_status, order.closed_at) == ("CLOSED", "FULFILLED", LATER)
    assert order.lines.get().fulfilled_quantity == 2
    assert (shipment.number, shipment.carrier) == (f"{order.number}-F1-P1", "DHL")
    assert allocations("SHIPPED") == [(f"{order.number}-F1", Decimal(2))]
    assert find_drift() == []


def test_its_movements_name_the_fulfillment():
    asked = fulfillment()
    ship(asked.number)

    moved = StockMovement.objects.filter(cause="SHIPMENT", reference=asked.number)
    assert sorted(moved.values_list("bucket", "delta")) == [("allocated", -1), ("on_hand", -1)]


def test_everybody_is_told_what_left_and_whether_more_is_to_come():
    stocked_variant("A", 5)
    warehouse("RTM", country="NL")
    stocked_variant("B", 5, place="RTM")
    order = routed_order(lines=[line("A"), line("B")])
    first, second = order.fulfillments.order_by("sequence")

    ship(first.number, tracking_number="RR123456785CN", tracking_url="https://example.com/t")
    assert not EventRecord.objects.filter(type="order.closed").exists()
    ship(second.number)

    told = [event.facts for event in EventRecord.objects.filter(type="fulfillment.shipped").order_by("id")]
    assert [facts["rest"] for facts in told] == [True, False]
    assert told[0]["tracking_number"] == "RR123456785CN"
    assert told[0]["lines"][0] | {"line": 0} == {"line": 0, "sku": "A", "title": "Linen tee", "quantity": 1}
    assert EventRecord.objects.filter(type="order.closed").count() == 1


def test_a_fulfillment_may_leave_in_two_parcels():
    stocked_variant()
    order = routed_order(lines=[line(quantity=3)])
    asked = fulfillment(order)
    key = asked.lines.get().pk

    ship(asked.number, units={key: Decimal(1)})
    order.refresh_from_db()
    assert (order.status, order.fulfillment_status) == ("RELEASED", "PARTIALLY_FULFILLED")
    assert reservations(order.number) == [(order.number, SKU, Decimal(2), "PROMISED")]
    assert allocations() == [(asked.number, Decimal(2))]

    ship(asked.number)
    order.refresh_from_db()
    assert order.status == Order.Status.CLOSED
    assert list(Shipment.objects.order_by("id").values_list("number", flat=True)) == [
        f"{asked.number}-P1",
        f"{asked.number}-P2",
    ]
    settled = Reservation.objects.filter(state="SETTLED").values_list("quantity", flat=True)
    assert sorted(settled) == [1, 2]
    assert find_drift() == []


def test_shipping_more_than_is_left_is_refused_and_changes_nothing():
    asked = accepted()
    key = asked.lines.get().pk

    with pytest.raises(NotThatMany) as refusal:
        ship(asked.number, units={key: Decimal(2)})

    assert refusal.value.facts["left"] == 1
    assert on_hand() == 10
    assert not Shipment.objects.exists()
    assert not EventRecord.objects.filter(type="fulfillment.shipped").exists()


def test_shipping_twice_is_refused():
    asked = accepted()
    ship(asked.number)

    with pytest.raises(FulfillmentEnded):
        ship(asked.number)

    assert on_hand() == 9
    assert Shipment.objects.count() == 1


@pytest.mark.parametrize("units", [{}, {10**9: Decimal(1)}])
def test_a_parcel_of_nothing_or_of_another_ones_line_is_refused(units: dict[int, Decimal]):
    asked = accepted()

    with pytest.raises(Invalid):
        ship(asked.number, units=units)

    assert not Shipment.objects.exists()


def test_a_batch_takes_as_many_statements_for_two_as_for_twelve():
    stocked_variant(on_hand=100)
    for each in range(14):
        released_order(external_id=f"batch-{each}", lines=[line(quantity=2)])
    route()
    numbers = list(Fulfillment.objects.order_by("id").values_list("number", flat=True))

    with statements_made() as few:
        ship_fulfillments([Dispatch(number=number) for number in numbers[:2]], by=ADA, at=LATER)
    with statements_made() as many:
        ship_fulfillments([Dispatch(number=number) for number in numbers[2:]], by=ADA, at=LATER)

    assert len(few) == len(many)
    assert on_hand() == 72
    assert find_drift() == []
