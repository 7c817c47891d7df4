"""Parcels of an order, made by the product's own actions: released, routed, sent, reported by a carrier."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.actions.releasing import end_edit_window
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.models import Fulfillment, Order, Shipment
from tests.make.fulfillments import fulfillment, route, ship
from tests.make.moments import ADA, NOON, ONE_HOUR

TRACKING = "RR473124829DE"
TRACK_PAGE = f"https://track.example/{TRACKING}"
SENT_AT = NOON + ONE_HOUR


def routed(order: Order, *, deliver_by: datetime | None = None) -> Fulfillment:
    """What a warehouse is asked to send of it, and by when it should be there."""
    if order.status == Order.Status.HELD:
        end_edit_window(number=order.number, by=ADA, at=NOON)
    route()
    Fulfillment.objects.filter(order=order).update(deliver_by=deliver_by)
    return fulfillment(order)


def sent_parcel(
    order: Order, *, deliver_by: datetime | None = None, units: Mapping[str, int] | None = None, **said: Any
) -> Shipment:
    """All of the order, or so many units by SKU, in one parcel that has left."""
    part = routed(order, deliver_by=deliver_by)
    parcel = {"carrier": "House Post", "service": "Parcel", "tracking_number": TRACKING, "tracking_url": TRACK_PAGE}
    lines = part.lines.filter(order_line__sku__in=units or ()).select_related("order_line")
    packed = {line.pk: Decimal((units or {})[line.order_line.sku]) for line in lines}
    return ship(part.number, at=SENT_AT, units=packed or None, **(parcel | said))


def report(parcel: Shipment, status: str, *, at: datetime, heard_at: datetime | None = None, **fields: Any) -> None:
    """The carrier says where it is; we hear of it at once, unless said otherwise."""
    said = Report(shipment=parcel.number, status=status, at=at, **fields)
    record_tracking([said], by="carrier:house", at=heard_at or at)
