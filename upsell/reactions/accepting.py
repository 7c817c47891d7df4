"""Offers follow the edits by which they are taken. Edits that take none cost nothing: their facts say so."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from oms import events
from orders.events import EditEnded, EditRequested, OrderEdited
from orders.models import Order
from upsell.actions.making import describe_offer
from upsell.choices import Placement
from upsell.events import OfferAccepted
from upsell.models import Offer, OfferItem

State = Offer.State


def mark_waiting(asked: Sequence[EditRequested]) -> None:
    """The edit waits for its payment, or for us, and the offer with it."""
    for event in asked:
        if items := _items_of(event):
            _of(items).filter(state=State.OPEN).update(state=State.AWAITING_PAYMENT, edit_id=event.facts["edit"])


def accept_edited(edited: Sequence[OrderEdited]) -> None:
    """It is on the order now."""
    for event in edited:
        if items := _items_of(event):
            _accept(event, items)


def reopen_abandoned(ended: Sequence[EditEnded]) -> None:
    """The edit was given up: its offer can be taken again for as long as the window lives."""
    for event in ended:
        if items := event.facts.get("offers"):
            waiting = _of(items).filter(state=State.AWAITING_PAYMENT, edit_id=event.facts["edit"])
            waiting.update(state=State.OPEN, edit_id=None, accepted_through="")


def _accept(event: OrderEdited, items: Collection[int]) -> None:
    order = Order.objects.get(number=event.subject)
    waived = _waived_shipping(event.facts)
    told = []
    for offer in _of(items).filter(state__in=[State.OPEN, State.AWAITING_PAYMENT]).prefetch_related("items"):
        offer.state, offer.accepted_at, offer.edit_id = State.ACCEPTED, event.at, event.facts["edit"]
        offer.accepted_through = offer.accepted_through or Placement.API
        if offer.frees_shipping:
            offer.waived_shipping = waived
        offer.save(update_fields=["state", "accepted_at", "edit", "accepted_through", "waived_shipping"])
        facts = describe_offer(order, offer, offer.items.all())
        facts |= {"placement": offer.accepted_through, "edit": offer.edit_id}
        told.append(OfferAccepted(subject=str(offer.pk), by=event.by, at=event.at, facts=facts))
    events.publish(told)


def _waived_shipping(facts: events.Facts) -> Decimal | None:
    """What shipping cost before the edit, where it costs less now."""
    change: dict[str, Any] = facts["changes"].get("shipping_total", {})
    return Decimal(change["before"]) if change else None


def _items_of(event: EditRequested | OrderEdited) -> list[int]:
    return [each["offer"] for each in event.facts["operations"] if "offer" in each]


def _of(items: Collection[int]) -> QuerySet[Offer]:
    return Offer.objects.filter(id__in=OfferItem.objects.filter(id__in=items).values("offer"))
