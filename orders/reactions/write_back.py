"""What has become of an order is told to the systems that must learn of it. Afterwards: a queue of messages follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from orders.actions.write_back.queueing import queue_write_backs
from orders.actions.write_back.reporting import ParcelNews, queue_parcel_news
from orders.events import (
    OrderCancelled,
    OrderEdited,
    OrderEvent,
    OrderHeld,
    ShipmentDelayed,
    ShipmentDelivered,
    ShipmentFailed,
    ShipmentSent,
)
from orders.models import Shipment, WriteBack

_SAID = ("edit", "operations", "changes", "total")
"""What the other system is told of the edit itself, beside the order as it is now."""


def tell_edits(told: Sequence[OrderEdited]) -> None:
    for event in told:
        queue_write_backs(
            number=event.subject,
            kind=WriteBack.Kind.EDIT,
            edit_id=event.facts.get("edit"),
            changes=[{name: event.facts[name] for name in _SAID if name in event.facts}],
            by=event.by,
            at=event.at,
        )


def tell_cancellations(told: Sequence[OrderCancelled]) -> None:
    for event in told:
        queue_write_backs(number=event.subject, kind=WriteBack.Kind.CANCEL, by=event.by, at=event.at)


def tell_holds(told: Sequence[OrderHeld]) -> None:
    for event in told:
        queue_write_backs(number=event.subject, kind=WriteBack.Kind.HOLD, by=event.by, at=event.at)


def tell_shipments(told: Sequence[ShipmentSent]) -> None:
    """Any number of them at once."""
    news = [_news_of(event, WriteBack.Kind.FULFILLMENT, rest=bool(event.facts.get("rest"))) for event in told]
    queue_parcel_news(news, at=timezone.now())


def tell_deliveries(told: Sequence[ShipmentDelivered]) -> None:
    """Any number of them at once."""
    _tell_whereabouts([(event, Shipment.Status.DELIVERED, event.facts["delivered_at"]) for event in told])


def tell_delays(told: Sequence[ShipmentDelayed]) -> None:
    """Any number of them at once."""
    _tell_whereabouts([(event, Shipment.Status.DELAYED, None) for event in told])


def tell_failures(told: Sequence[ShipmentFailed]) -> None:
    """Any number of them at once."""
    _tell_whereabouts([(event, event.facts["status"], None) for event in told])


def _tell_whereabouts(told: Sequence[tuple[OrderEvent, str, str | None]]) -> None:
    news = []
    for event, status, since in told:
        status_at = datetime.fromisoformat(since) if since else event.at
        news.append(_news_of(event, WriteBack.Kind.TRACKING, status=status, status_at=status_at))
    queue_parcel_news(news, at=timezone.now())


def _news_of(event: OrderEvent, kind: str, **said: Any) -> ParcelNews:
    shipment = event.facts["shipment"]
    return ParcelNews(
        order=event.subject, shipment=shipment, kind=kind, type=event.type, by=event.by, at=event.at, **said
    )
