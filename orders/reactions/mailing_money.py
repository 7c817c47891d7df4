"""Mails about the end of an order and about money that goes back: one, where both happen at once."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from oms.events import Event
from orders.actions.telling import Note, tell_customer
from orders.events import OrderCancelled, RefundRecorded
from orders.models import Order, Refund
from orders.payments.registry import added_gateway
from orders.wording.letters.ending import write_cancelled, write_refunded

AT_ONCE = timedelta(minutes=10)
"""Money that goes back so soon after it was asked for was told of by the mail that told of its cause."""


def mail_cancelled(told: Sequence[OrderCancelled]) -> None:
    for event in told:
        order = Order.objects.select_related("channel").filter(number=event.subject).first()
        if order is None:
            continue
        note = Note(
            key=f"cancelled.{order.number}",
            kind="cancelled",
            write=partial(write_cancelled, own=event.by == "customer"),
            news=event.by != "customer",
            by_shop=bool(event.facts.get("by_shop")) or event.by.startswith("channel:"),
        )
        tell_customer(order, note, at=event.at)


def mail_refunded(told: Sequence[RefundRecorded]) -> None:
    for event in told:
        refund = _find_refund(event)
        if refund is None or added_gateway(refund.gateway):  # no money moved: whoever gave it tells of it
            continue
        repayment = getattr(refund, "repayment", None)
        note = Note(
            key=f"refund.{refund.pk}",
            kind="refunded",
            write=partial(write_refunded, refunds=[refund]),
            news=True,
            by_shop=repayment is None,
            happened_at=refund.refunded_at,
            told=repayment is not None and _is_told_by_cause(refund),
        )
        tell_customer(refund.order, note, at=event.at)


def _is_told_by_cause(refund: Refund) -> bool:
    """The mail of the cancellation or of the edit says what goes back; this would say it again."""
    repayment = refund.repayment
    caused = repayment.edit_id is not None or refund.order.status == Order.Status.CANCELLED
    return caused and refund.refunded_at - repayment.asked_at < AT_ONCE


def _find_refund(event: Event) -> Refund | None:
    known = Refund.objects.select_related("order__channel", "repayment").filter(order__number=event.subject)
    if "repayment" in event.facts:
        return known.filter(repayment=event.facts["repayment"]).first()
    return known.filter(external_id=event.facts.get("external_id", "")).order_by("-id").first()
