"""Fulfillments, labels and parcels as rows, for what only looks at them."""

from datetime import datetime
from typing import Any

from orders.models import Fulfillment, Label, Order, Shipment
from tests.make.moments import ADA, NOON
from tests.make.stock import warehouse

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus


def fulfillment(order: Order, *, place: str = "LEJ", at: datetime = NOON, **fields: Any) -> Fulfillment:
    """Asked of a warehouse, and not accepted yet unless said otherwise."""
    sequence = order.fulfillments.count() + 1
    defaults = {"number": f"{order.number}-F{sequence}", "request_status": Request.SUBMITTED, "made_at": at}
    if fields.get("request_status") in Fulfillment.IN_HAND:
        defaults["accepted_at"] = at
    if fields.get("status") in (Status.CLOSED, Status.CANCELLED, Status.INCOMPLETE):
        defaults["closed_at"] = at
    made = defaults | fields
    return Fulfillment.objects.create(order=order, warehouse=warehouse(place), sequence=sequence, **made)


def label(part: Fulfillment, *, at: datetime = NOON, **fields: Any) -> Label:
    return Label.objects.create(fulfillment=part, **({"run_after": at, "wanted_at": at, "wanted_by": ADA} | fields))


def parcel(part: Fulfillment, *, at: datetime = NOON, **fields: Any) -> Shipment:
    """One that has left."""
    sequence = part.shipments.count() + 1
    defaults = {"number": f"{part.number}-P{sequence}", "shipped_at": at, "by": ADA, "carrier": "House"}
    return Shipment.objects.create(fulfillment=part, sequence=sequence, **(defaults | fields))
