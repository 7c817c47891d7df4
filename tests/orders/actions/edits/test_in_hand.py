"""Edits of orders that are with a warehouse: before it has accepted, and after."""

from typing import Any

import pytest
from django.utils import timezone

from inventory.queries.drift import find_drift
from oms.models import EventRecord
from orders.actions.edits.editing import ask_to_cancel, edit_order, preview_edit
from orders.errors import OrderAtWarehouse
from orders.models import Edit, Fulfillment, Order
from tests.make.fulfillments import accepted, allocations, fulfillment, parts, route, routed_order, ship
from tests.make.moments import ADA, NOON
from tests.make.orders import BERLIN, line
from tests.make.stock import reservations, stocked_variant, warehouse

pytestmark = pytest.mark.django_db

HAMBURG = BERLIN | {"line1": "Neuer Wall 5", "city": "Hamburg", "postal_code": "20354"}
PARIS = {"name": "Ada", "line1": "5 rue de Rivoli", "city": "Paris", "postal_code": "75001", "country": "FR"}


def edit(order: Order, *operations: dict[str, Any]) -> Edit:
    return edit_order(number=order.number, operations=operations, actor="STAFF", by=ADA, at=NOON)


def fewer(order: Order) -> dict[str, Any]:
    return {"op": "set_quantity", "line": order.lines.get().pk, "quantity": 1}


def test_what_no_warehouse_has_accepted_is_taken_back_edited_and_routed_anew():
    stocked_variant()
    order = routed_order(lines=[line(quantity=2)])

    edit(order, fewer(order))
    assert (parts(order), allocations()) == ([("LEJ", "CANCELLED", "SUBMITTED")], [])
    route()

    assert parts(order)[-1] == ("LEJ", "OPEN", "SUBMITTED")
    assert fulfillment(order).lines.get().quantity == 1
    assert reservations(order.number)[0][2] == 1
    assert find_drift() == []


def test_what_a_warehouse_has_accepted_is_not_edited_and_nothing_changes():
    stocked_variant()
    order = routed_order(lines=[line(quantity=2)])
    accepted(order)

    with pytest.raises(OrderAtWarehouse):
        preview_edit(number=order.number, operations=[fewer(order)], actor="STAFF", by=ADA, at=NOON)
    with pytest.raises(OrderAtWarehouse) as refusal:
        edit(order, fewer(order))

    assert refusal.value.facts["fulfillments"] == [{"number": f"{order.number}-F1", "warehouse": "LEJ"}]
    assert order.lines.get().quantity == 2
    assert not Edit.objects.exists()
    assert not EventRecord.objects.filter(type="order.edited").exists()


def test_who_to_call_can_be_changed_at_any_time():
    order = accepted().order

    edit(order, {"op": "change_contact", "email": "new@example.com"})

    order.refresh_from_db()
    assert order.email == "new@example.com"
    assert parts(order) == [("LEJ", "IN_PROGRESS", "ACCEPTED")]


def test_another_address_in_the_same_country_reaches_the_packer():
    taken = accepted()

    edit(taken.order, {"op": "change_address", "address": HAMBURG})

    taken.refresh_from_db()
    assert taken.address is not None and taken.address.city == "Hamburg"
    assert EventRecord.objects.get(type="fulfillment.readdressed").facts["fulfillment"] == taken.number
    assert taken.hands == 1


@pytest.mark.parametrize(("address", "partner"), [(PARIS, False), (HAMBURG, True)])
def test_another_country_or_a_partners_own_label_needs_the_warehouse_to_stop(address: dict[str, str], partner: bool):
    place = warehouse()
    type(place).objects.update(partner=partner)
    taken = accepted()

    with pytest.raises(OrderAtWarehouse):
        edit(taken.order, {"op": "change_address", "address": address})

    taken.refresh_from_db()
    assert taken.address is not None and taken.address.city == "Berlin"


def test_cancelling_what_a_warehouse_has_accepted_waits_for_its_answer():
    taken = accepted()

    waits = ask_to_cancel(number=taken.order.number, reason="late", actor="STAFF", by=ADA, at=NOON)

    taken.refresh_from_db()
    assert waits
    assert taken.request_status == Fulfillment.RequestStatus.CANCELLATION_REQUESTED
    assert taken.order.status == Order.Status.RELEASED


def test_an_order_of_which_a_part_has_left_keeps_that_part():
    stocked_variant("A", 5)
    warehouse("RTM", country="NL")
    stocked_variant("B", 5, place="RTM")
    order = routed_order(lines=[line("A"), line("B", 2)])
    first = order.fulfillments.get(warehouse__code="LEJ")
    ship(first.number, at=timezone.now())

    edit(order, {"op": "set_quantity", "line": order.lines.get(sku="B").pk, "quantity": 1})
    route()

    first.refresh_from_db()
    assert first.status == Fulfillment.Status.CLOSED
    assert fulfillment(order).lines.get().quantity == 1
    assert find_drift() == []
