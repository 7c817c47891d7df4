"""Parcels as warehouses and carriers make them, for tests of what is told of them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.models import Warehouse
from oms import events
from oms.events import Event
from orders.events import ShipmentSent
from orders.models import Fulfillment, FulfillmentLine, Order, Shipment, ShipmentLine
from tests.make.moments import NOON

TRACKING = "RR473124829DE"
TRACK_PAGE = f"https://track.example/{TRACKING}"


def sent_parcel(order: Order, *, at: datetime = NOON, rest: bool = False, **fields: Any) -> Shipment:
    """All of the order in one parcel that has left, and everybody who cares has been told."""
    number = f"{order.number}-F{order.fulfillments.count() + 1}"
    fulfillment = Fulfillment.objects.create(
        number=number,
        order=order,
        warehouse=Warehouse.objects.earliest("id"),
        sequence=order.fulfillments.count() + 1,
        status="CLOSED",
        request_status="ACCEPTED",
        made_at=at,
        accepted_at=at,
        closed_at=at,
    )
    parcel = {"carrier": "House Post", "service": "Parcel", "tracking_number": TRACKING, "tracking_url": TRACK_PAGE}
    shipment = Shipment.objects.create(
        number=f"{number}-1",
        fulfillment=fulfillment,
        sequence=1,
        by="staff:ada",
        **({"shipped_at": at} | parcel | fields),
    )
    told = [_pack(shipment, line) for line in order.lines.filter(quantity__gt=0)]
    facts = {"fulfillment": number, "warehouse": fulfillment.warehouse.code, "shipment": shipment.number}
    facts |= {"expected_at": fields.get("expected_at"), "lines": told, "rest": rest}
    facts |= {name: getattr(shipment, name) for name in parcel}
    announce(ShipmentSent(subject=order.number, by="staff:ada", at=at, facts=facts))
    return shipment


def _pack(shipment: Shipment, line: Any) -> dict[str, Any]:
    part = FulfillmentLine.objects.create(
        fulfillment=shipment.fulfillment,
        order_line=line,
        quantity=line.quantity,
        picked_quantity=line.quantity,
        shipped_quantity=line.quantity,
    )
    ShipmentLine.objects.create(shipment=shipment, fulfillment_line=part, quantity=line.quantity)
    return {"line": line.pk, "sku": line.sku, "title": line.title, "quantity": str(line.quantity)}


def tell(kind: type[Event], shipment: Shipment, *, at: datetime = NOON, **facts: Any) -> None:
    """Something became of the parcel."""
    order = shipment.fulfillment.order.number
    announce(kind(subject=order, by="system", at=at, facts={"shipment": shipment.number} | facts))


def announce(event: Event) -> None:
    with transaction.atomic():
        events.publish([event])
