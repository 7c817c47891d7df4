"""Mails to customers whose parcel has left and is to go elsewhere: asked, and how it ended."""

from collections.abc import Sequence
from functools import partial

from oms.events import Event
from orders.actions.telling import Note, tell_customer
from orders.events import ShipmentInterceptAnswered, ShipmentInterceptAsked
from orders.models import Intercept, Shipment
from orders.wording.letters.intercepts import write_intercept_asked, write_intercepted, write_not_intercepted

State, Where = Intercept.State, Shipment.Status


def mail_intercept_asked(told: Sequence[ShipmentInterceptAsked]) -> None:
    """Each address is told once. What has been answered, or has arrived, meanwhile is not said to be asked."""
    for event in told:
        intercept = _find_intercept(event)
        if intercept and intercept.state == State.ASKED and intercept.shipment.status not in Shipment.ENDED:
            note = Note(
                key=f"intercept_asked.{intercept.pk}.{intercept.address_id}",
                kind="intercept_asked",
                write=partial(write_intercept_asked, intercept=intercept),
            )
            tell_customer(intercept.shipment.fulfillment.order, note, at=event.at)


def mail_intercept_answered(told: Sequence[ShipmentInterceptAnswered]) -> None:
    """Who holds the parcel in their hands needs no word of where it goes."""
    for event in told:
        intercept = _find_intercept(event)
        if intercept is None or intercept.shipment.status == Where.DELIVERED:
            continue
        done = intercept.state == State.DONE
        note = Note(
            key=f"intercept_answered.{intercept.pk}",
            kind="intercepted" if done else "not_intercepted",
            write=partial(write_intercepted if done else write_not_intercepted, intercept=intercept),
        )
        tell_customer(intercept.shipment.fulfillment.order, note, at=event.at)


def _find_intercept(event: Event) -> Intercept | None:
    found = Intercept.objects.select_related("address", "shipment__fulfillment__order__channel")
    return found.filter(pk=event.facts["intercept"]).first()
