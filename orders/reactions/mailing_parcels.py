"""Mails about parcels, to customers; and to operations where somebody has to do something."""

from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from oms.actions.alerting import alert_operations
from oms.actions.posting import Envelope
from oms.events import Event
from oms.mailing import Letter
from orders.actions.telling import Note, tell_customer, tell_customers
from orders.events import CancellationAnswered, ShipmentDelayed, ShipmentDelivered, ShipmentFailed, ShipmentSent
from orders.models import Edit, Order, OrderLine, Shipment
from orders.wording.letters.parcels import write_delayed, write_delivered, write_failed, write_not_stopped, write_sent


def mail_sent(told: Sequence[ShipmentSent]) -> None:
    """All that left together: a warehouse's day is written in a few statements."""
    lines = Prefetch("lines", OrderLine.objects.select_related("variant"))
    orders = Order.objects.select_related("channel").prefetch_related(lines)
    found = {order.number: order for order in orders.filter(number__in={event.subject for event in told})}
    notes = [(found[event.subject], _note_sent(event), event.at) for event in told if event.subject in found]
    tell_customers(notes)


def _note_sent(event: ShipmentSent) -> Note:
    write = partial(write_sent, facts=event.facts)
    return Note(key=f"sent.{event.facts['shipment']}", kind="shipped", write=write, news=True)


def mail_delayed(told: Sequence[ShipmentDelayed]) -> None:
    """As long as it is on its way: of what has arrived meanwhile nobody hears that it is late."""
    for event in told:
        shipment = _find_shipment(event)
        if shipment and shipment.status not in Shipment.ENDED:
            order = shipment.fulfillment.order
            write = partial(write_delayed, shipment=shipment, facts=event.facts, at=event.at)
            note = Note(key=f"delayed.{shipment.number}", kind="delayed", write=write, news=True)
            tell_customer(order, note, at=event.at)


def mail_delivered(told: Sequence[ShipmentDelivered]) -> None:
    for event in told:
        shipment = _find_shipment(event)
        if shipment is None:
            continue
        order = shipment.fulfillment.order
        rest = order.fulfillment_status == Order.FulfillmentStatus.PARTIALLY_FULFILLED
        note = Note(
            key=f"delivered.{shipment.number}",
            kind="delivered",
            write=partial(write_delivered, shipment=shipment, rest=rest),
            news=True,
            happened_at=shipment.delivered_at,
        )
        tell_customer(order, note, at=event.at)


def mail_failed(told: Sequence[ShipmentFailed]) -> None:
    """The customer learns what they can do, operations that there is something to do."""
    for event in told:
        shipment = _find_shipment(event)
        if shipment is None or shipment.status == Shipment.Status.DELIVERED:
            continue
        order, status = shipment.fulfillment.order, event.facts.get("status", "")
        write = partial(write_failed, shipment=shipment, facts=event.facts)
        key = f"failed.{shipment.number}.{status}"
        tell_customer(order, Note(key=key, kind="not_delivered", write=write, news=True), at=event.at)
        _alert_operations(order, shipment, event)


def mail_not_stopped(told: Sequence[CancellationAnswered]) -> None:
    """To customers who wanted to cancel; whom staff had asked for themselves, staff tell."""
    for event in told:
        order = Order.objects.select_related("channel").filter(number=event.subject).first()
        if order is None or event.facts.get("accepted") or order.status == Order.Status.CANCELLED:
            continue
        wishes = order.edits.filter(state=Edit.State.COMMITTED, actor=Edit.Actor.CUSTOMER)
        if wishes.filter(operations__contains=[{"op": "cancel_order"}]).exists():
            note = Note(key=f"not_stopped.{order.number}", kind="not_stopped", write=write_not_stopped)
            tell_customer(order, note, at=event.at)


def _alert_operations(order: Order, shipment: Shipment, event: ShipmentFailed) -> None:
    status = Shipment.Status(event.facts["status"]).label if event.facts.get("status") else "failed"
    letter = Letter(
        subject=f"Parcel {shipment.number} of order {order.number}: {status}",
        headline=f"A parcel could not be delivered: {status}",
        paragraphs=[
            f"{shipment.carrier or 'The carrier'} reports: {event.facts.get('description') or 'no reason was given'}.",
            "Look whether the address is right and ask the customer. What comes back can be sent anew or refunded.",
        ],
        figures=[("Order", order.number), ("Tracking number", shipment.tracking_number or "–")],
        deed=(
            "Open the order",
            f"{settings.PUBLIC_URL}{reverse('admin:orders_order_change', args=[order.number])}",
        ),
    )
    if not order.test:
        key = f"failed.{shipment.number}.{event.facts.get('status', '')}.ops"
        about = Envelope(key=key, kind="staff_alert", about_kind="order", about=order.number)
        alert_operations(letter, about, at=event.at)


def _find_shipment(event: Event) -> Shipment | None:
    found = Shipment.objects.select_related("fulfillment__order__channel")
    return found.filter(number=event.facts["shipment"]).first()
