"""Parcels that are under way and in trouble."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from oms.exceptions import ExceptionType, Trouble
from orders.events import (
    ShipmentDelayed,
    ShipmentDelivered,
    ShipmentFailed,
    ShipmentInterceptAnswered,
    ShipmentInterceptAsked,
)
from orders.models import Intercept, Shipment

Status = Shipment.Status

_FAILED = (Status.FAILURE, Status.RETURNED)
_TROUBLED = Q(status__in=[Status.DELAYED, *_FAILED]) | Q(delayed_at__isnull=False, delivered_at=None)
"""In the words of the index `shipment_in_trouble`."""


def find_delayed(at: datetime) -> QuerySet[Shipment]:
    """Late, and still under way."""
    return _named(Shipment.objects.filter(_TROUBLED).exclude(status__in=_FAILED))


def _describe_delayed(shipment: Shipment) -> Trouble:
    expected = f", expected {shipment.expected_at:%Y-%m-%d}" if shipment.expected_at else ""
    cause = f"{shipment.carrier or 'The carrier'} is late with {shipment.tracking_number or shipment.number}{expected}."
    return _about(shipment, cause, shipment.delayed_at or shipment.last_event_at or shipment.shipped_at)


def find_failed(at: datetime) -> QuerySet[Shipment]:
    """It could not be delivered, or comes back."""
    return _named(Shipment.objects.filter(_TROUBLED).filter(status__in=_FAILED))


def _describe_failed(shipment: Shipment) -> Trouble:
    back = shipment.status == Status.RETURNED
    said = "comes back" if back else "could not be delivered"
    cause = f"{shipment.tracking_number or shipment.number} {said}. Ask the customer whether to send it once more."
    return _about(shipment, cause, shipment.last_event_at or shipment.shipped_at)


def find_intercepts(at: datetime) -> QuerySet[Intercept]:
    """Somebody has to ask the carrier, and write down what it says; what has arrived is nobody's task any more."""
    asked = Intercept.objects.filter(state=Intercept.State.ASKED).exclude(shipment__status__in=Shipment.ENDED)
    return asked.select_related("shipment__fulfillment__order", "address")


def _describe_intercept(asked: Intercept) -> Trouble:
    carrier, number = asked.shipment.carrier or "the carrier", asked.shipment.tracking_number or asked.shipment.number
    cause = f"Ask {carrier} to send {number} to another address: {asked.address}"
    return _about(asked.shipment, cause, asked.asked_at, intercept=asked.pk)


def _named(found: QuerySet[Shipment]) -> QuerySet[Shipment]:
    return found.filter(fulfillment__order__test=False).select_related("fulfillment__order")


def _about(shipment: Shipment, cause: str, since: datetime, **more: Any) -> Trouble:
    facts = {"shipment": shipment.number, "status": shipment.status, "tracking_number": shipment.tracking_number}
    return Trouble("order", shipment.fulfillment.order.number, cause, since, facts | more)


PARCELS = (
    ExceptionType(
        code="delayed",
        title="Parcel delayed",
        hours=8,
        find=find_delayed,
        describe=_describe_delayed,
        heard=(ShipmentDelayed,),
        dismissible=True,
    ),
    ExceptionType(
        code="undelivered",
        title="Parcel not delivered",
        hours=8,
        find=find_failed,
        describe=_describe_failed,
        heard=(ShipmentFailed,),
        dismissible=True,
    ),
    ExceptionType(
        code="intercept",
        title="Parcel to another address",
        hours=1,
        find=find_intercepts,
        describe=_describe_intercept,
        heard=(ShipmentInterceptAsked, ShipmentInterceptAnswered, ShipmentDelivered),
    ),
)
