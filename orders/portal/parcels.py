"""Where the parcels of an order are, for its owner: in their words, with the carrier's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext

from orders.models import Fulfillment, Order, Shipment

Status = Shipment.Status
_LOST = (Status.FAILURE, Status.RETURNED)
SEEN = 5
"""So many sightings of a parcel are told."""


@dataclass(frozen=True, slots=True)
class Sighting:
    said: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel. `tone` is for the eye only: the words say it all."""

    said: str
    tone: str
    carrier: str
    tracking_number: str
    tracking_url: str
    goods: Sequence[tuple[str, Decimal]]
    sent_at: datetime
    expected_at: datetime | None
    delivered_at: datetime | None
    late: bool
    lost: bool
    seen: Sequence[Sighting]


@dataclass(frozen=True, slots=True)
class Sending:
    """What is known of an order's way. `packing`: a warehouse has it in its hands; `stopping`: one is asked to stop;
    `leaves_at`: all of it waits for a later van, which is that one.
    """

    parcels: Sequence[Parcel] = ()
    packing: bool = False
    stopping: bool = False
    leaves_at: datetime | None = None

    @property
    def all_arrived(self) -> bool:
        return bool(self.parcels) and all(parcel.delivered_at for parcel in self.parcels)

    @property
    def arrived_at(self) -> datetime | None:
        """When the last of them was there."""
        return max((p.delivered_at for p in self.parcels if p.delivered_at), default=None) if self.all_arrived else None

    @property
    def sent_at(self) -> datetime | None:
        return min((parcel.sent_at for parcel in self.parcels), default=None)


def read_sending(order: Order) -> Sending:
    if not order.fulfillment_count:
        return Sending()
    fulfillments = list(
        order.fulfillments.order_by("sequence").prefetch_related(
            "shipments__lines__fulfillment_line__order_line", "shipments__tracking_events"
        )
    )
    parcels = [shipment for each in fulfillments for shipment in each.shipments.all()]
    asked = Fulfillment.RequestStatus.CANCELLATION_REQUESTED
    return Sending(
        [_describe(shipment) for shipment in sorted(parcels, key=lambda one: one.pk)],
        packing=any(each.is_in_hand for each in fulfillments),
        stopping=any(each.is_in_hand and each.request_status == asked for each in fulfillments),
        leaves_at=_find_van(fulfillments),
    )


def _find_van(fulfillments: Sequence[Fulfillment]) -> datetime | None:
    """When the first of them leaves, if none may be begun yet."""
    live = [each for each in fulfillments if each.status in Fulfillment.LIVE]
    if any(each.status != Fulfillment.Status.SCHEDULED for each in live):
        return None
    return min((each.ship_by for each in live if each.ship_by), default=None)


def _describe(shipment: Shipment) -> Parcel:
    status = Status(shipment.status)
    late = shipment.delivered_at is None and (shipment.delayed_at is not None or status == Status.DELAYED)
    lost = status in _LOST
    events = sorted(shipment.tracking_events.all(), key=lambda event: (event.at, event.pk), reverse=True)
    shown = Status.DELAYED if late and status in (Status.CONFIRMED, Status.IN_TRANSIT) else status
    return Parcel(
        said=say_status(shown),
        tone="stop" if lost else "wait" if late else "good" if shipment.delivered_at else "calm",
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        goods=[
            (line.fulfillment_line.order_line.title or line.fulfillment_line.order_line.sku, line.quantity)
            for line in shipment.lines.all()
        ],
        sent_at=shipment.shipped_at,
        expected_at=None if shipment.delivered_at or lost else shipment.expected_at,
        delivered_at=shipment.delivered_at,
        late=late and not lost,
        lost=lost,
        seen=[Sighting(say_status(Status(event.status)), event.place, event.at) for event in events[:SEEN]],
    )


def say_status(status: Status) -> str:
    return {
        Status.CONFIRMED: gettext("Handed over to the carrier"),
        Status.IN_TRANSIT: gettext("On its way"),
        Status.OUT_FOR_DELIVERY: gettext("Out for delivery"),
        Status.ATTEMPTED_DELIVERY: gettext("The carrier did not meet anybody"),
        Status.READY_FOR_PICKUP: gettext("Ready to be picked up"),
        Status.DELAYED: gettext("Takes longer than planned"),
        Status.DELIVERED: gettext("Delivered"),
        Status.FAILURE: gettext("Could not be delivered"),
        Status.RETURNED: gettext("Is coming back to us"),
    }[status]
