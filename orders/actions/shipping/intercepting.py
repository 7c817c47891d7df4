"""Intercepts: another address for a parcel that is with its carrier already."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from oms import events
from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from orders.absences import ShipmentNotFound
from orders.errors import InterceptAnswered, InterceptImpossible
from orders.events import ShipmentInterceptAnswered, ShipmentInterceptAsked
from orders.models import Address, Intercept, Order, Shipment
from orders.policies.addresses import check_address

State, Where = Intercept.State, Shipment.Status

ON_THEIR_WAY = (Where.CONFIRMED, Where.IN_TRANSIT, Where.DELAYED)
"""Who is out for delivery, or waits at a counter, has passed the last place at which a carrier turns a parcel round."""


@transactional
def ask_intercept(*, number: str, address: Mapping[str, str], by: str, at: datetime) -> Intercept:
    """Have a parcel (its number) sent elsewhere in its country, if its carrier can. Asking again while nobody has asked
    the carrier names the newer address; the same one twice is harmless.

    Raises:
        ShipmentNotFound.
        InterceptImpossible: says why.
        Invalid: the address is not one of its country.
    """
    shipment = _lock(number)
    country = shipment.fulfillment.order.country
    _refuse_impossible(shipment, to=address.get("country", ""), country=country)
    if errors := check_address(address, pointer="/address"):
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    asked = Intercept.objects.filter(shipment=shipment, state=State.ASKED).select_related("address").first()
    if asked is not None and str(asked.address) == str(Address(**address)):
        return asked

    row = Address.objects.create(**address)
    if asked is None:
        asked = Intercept(shipment=shipment, asked_at=at)
    asked.address, asked.asked_by = row, by
    asked.save()
    events.publish([ShipmentInterceptAsked(subject=_order_of(shipment), by=by, at=at, facts=_facts(asked))])
    return asked


@transactional
def answer_intercept(*, intercept_id: int, done: bool, note: str = "", by: str, at: datetime) -> Intercept:
    """Write down what the carrier said. The same answer twice is harmless.

    Raises:
        ShipmentNotFound: there is no such intercept.
        InterceptAnswered: the other way round.
    """
    number = Intercept.objects.filter(pk=intercept_id).values_list("shipment__number", flat=True).first()
    if number is None:
        raise ShipmentNotFound(str(intercept_id))
    shipment = _lock(number)
    asked = (
        Intercept.objects.select_for_update(no_key=True, of=("self",)).select_related("address").get(pk=intercept_id)
    )
    answer = State.DONE if done else State.REFUSED
    if asked.state == answer:
        return asked
    if asked.state != State.ASKED:
        raise InterceptAnswered(number, asked.state)

    asked.shipment, asked.state, asked.note = shipment, answer, note.strip()[:255]
    asked.answered_at, asked.answered_by = at, by
    asked.save()
    facts = _facts(asked) | {"done": done, "note": asked.note}
    events.publish([ShipmentInterceptAnswered(subject=_order_of(shipment), by=by, at=at, facts=facts)])
    return asked


def _lock(number: str) -> Shipment:
    """The order first, then the parcel."""
    order = Shipment.objects.filter(number=number).values_list("fulfillment__order__number", flat=True).first()
    if order is None:
        raise ShipmentNotFound(number)
    Order.objects.locked(order)
    shipments = Shipment.objects.select_related("fulfillment__order", "fulfillment__warehouse")
    return shipments.select_for_update(of=("self",), no_key=True).get(number=number)


def _refuse_impossible(shipment: Shipment, *, to: str, country: str) -> None:
    if not settings.INTERCEPTS:
        raise InterceptImpossible("switched_off", "A parcel that has left cannot be sent elsewhere.")
    if shipment.status not in ON_THEIR_WAY:
        detail = f"Parcel {shipment.number} is {shipment.get_status_display()}: nobody can turn it round any more."
        raise InterceptImpossible("too_late", detail)
    if to and country and to != country:
        detail = "A parcel that has left can only go elsewhere in its country: its papers name the one it goes to."
        raise InterceptImpossible("another_country", detail)
    if not to:
        detail = "Choose a country from the list."
        raise Invalid(detail, errors=[FieldError("/address/country", "country_unknown", detail)])


def _order_of(shipment: Shipment) -> str:
    return shipment.fulfillment.order.number


def _facts(asked: Intercept) -> dict[str, object]:
    return {
        "shipment": asked.shipment.number,
        "intercept": asked.pk,
        "carrier": asked.shipment.carrier,
        "tracking_number": asked.shipment.tracking_number,
        "address": str(asked.address),
    }
