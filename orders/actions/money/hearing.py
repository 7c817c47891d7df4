"""Taking in what gateways say: once for each of their messages, in whatever order these come."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from oms import events
from oms.errors import Refused
from oms.money import round_amount
from oms.transactions import transactional
from orders.actions.holding import hold_order
from orders.actions.intake.refunding import record_refunds
from orders.actions.money.charging import tell_end
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.money.reimbursing import record_answer, record_failure
from orders.actions.money.repaying import repay_surplus
from orders.channels.incoming import IncomingRefund
from orders.events import PaymentDisputed
from orders.models import Checkout, GatewayMessage, Hold, Order, Payment, Repayment
from orders.payments.port import GatewayNews, NewsKind, Pending, Refunded

log = logging.getLogger(__name__)

UNKNOWN = "unknown here"
LONGEST_OUTCOME = 255

State = Checkout.State


@transactional
def record_gateway_news(gateway: str, news: GatewayNews, *, at: datetime) -> GatewayMessage:
    """Do what the news asks for, and keep what came of it. The same message again changes nothing.

    Whoever calls has made sure that the gateway itself said so.
    """
    message, new = GatewayMessage.objects.get_or_create(
        gateway=gateway, external_id=news.external_id, defaults={"type": news.type, "received_at": at}
    )
    if new:
        message.outcome = _READERS[news.kind](gateway, news, at)[:LONGEST_OUTCOME]
        message.save(update_fields=["outcome"])
    return message


def _hear_paid(gateway: str, news: GatewayNews, at: datetime) -> str:
    """Money is real, also when the page had been given up: then what it is too much goes back."""
    order, checkout = _lock_checkout(gateway, news)
    if order is None or checkout is None:
        return UNKNOWN
    was, by = checkout.state, f"gateway:{gateway}"
    checkout.state, checkout.closing, checkout.doubtful = State.PAID, False, False
    checkout.closed_at, checkout.leased_until = checkout.closed_at or at, None
    checkout.reference = checkout.reference or news.reference
    checkout.save()
    receipt = Receipt(
        amount=news.amount,
        currency=news.currency,
        gateway=gateway,
        reference=news.payment_reference or news.reference,
        proven=True,
    )
    try:
        with transaction.atomic():  # undone by itself when it is refused: what the gateway said stands all the same
            payment = record_payment(number=order.number, receipt=receipt, by=by, at=at)
    except Refused as refusal:
        log.error("A payment of checkout %s is not on record: %s", checkout.pk, refusal.code)
        return f"paid, but not on record: {refusal.message}"

    Checkout.objects.filter(id=checkout.pk).update(payment=payment)
    order = Order.objects.locked(order.number)
    returned = []
    if order.status != Order.Status.CANCELLED:  # else it went back as it was recorded
        returned = repay_surplus(order, reason="Paid more than is owed", edit=checkout.edit, by=by, at=at)
    late = " late" if was not in (*Checkout.LIVE, State.PAID) else ""
    return f"paid{late}" + (", sent back" if returned else "")


def _hear_expired(gateway: str, news: GatewayNews, at: datetime) -> str:
    return _end_checkout(gateway, news, State.EXPIRED, at)


def _hear_payment_failed(gateway: str, news: GatewayNews, at: datetime) -> str:
    return _end_checkout(gateway, news, State.FAILED, at)


def _end_checkout(gateway: str, news: GatewayNews, state: str, at: datetime) -> str:
    order, checkout = _lock_checkout(gateway, news)
    if order is None or checkout is None:
        return UNKNOWN
    if checkout.state == State.PAID:
        return "paid already"
    checkout.closing = checkout.doubtful = False
    if checkout.state in Checkout.LIVE:
        checkout.state, checkout.closed_at, checkout.last_error = state, at, news.detail
        events.publish([tell_end(checkout, reason=news.detail, by=f"gateway:{gateway}", at=at)])
    checkout.reference = checkout.reference or news.reference
    checkout.save()
    return checkout.state.lower()


def _hear_refund(gateway: str, news: GatewayNews, at: datetime) -> str:
    """Of one of our repayments, or made at the gateway itself by somebody."""
    repayment, by = _find_repayment(gateway, news), f"gateway:{gateway}"
    if repayment is None:
        return _hear_foreign_refund(gateway, news, at)
    if news.kind == NewsKind.REFUND_FAILED:
        if repayment.reference not in ("", news.reference):
            return "of an earlier attempt"
        record_failure(repayment_id=repayment.pk, sentence=news.detail or "The gateway gave up.", by=by, at=at)
        return "failed"
    done = news.kind == NewsKind.REFUND_DONE
    answer = Refunded(news.reference) if done else Pending(news.reference)
    return record_answer(repayment_id=repayment.pk, answer=answer, by=by, at=at).state.lower()


def _hear_foreign_refund(gateway: str, news: GatewayNews, at: datetime) -> str:
    payment = _find_payment(gateway, news)
    if payment is None or news.kind != NewsKind.REFUND_DONE:
        return UNKNOWN
    refund = IncomingRefund(
        external_id=news.reference,
        amount=round_amount(news.amount, news.currency),
        gateway=gateway,
        reason="Given back at the gateway",
        refunded_at=at,
    )
    order = Order.objects.locked(payment.order.number)
    try:
        with transaction.atomic():
            new = record_refunds(order, [refund], by=f"gateway:{gateway}", at=at)
    except Refused as refusal:
        return f"given back elsewhere, but not on record: {refusal.message}"
    return "given back elsewhere" if new else "known"


def _hear_dispute(gateway: str, news: GatewayNews, at: datetime) -> str:
    """Nothing more goes out to somebody whose bank takes the money back, until a person has looked."""
    payment = _find_payment(gateway, news)
    if payment is None:
        return UNKNOWN
    number, by = payment.order.number, f"gateway:{gateway}"
    order = Order.objects.locked(number)
    facts = {"gateway": gateway, "reference": payment.reference, "reason": news.detail}
    facts |= {"amount": str(round_amount(news.amount, order.currency)), "currency": news.currency}
    events.publish([PaymentDisputed(subject=number, by=by, at=at, facts=facts)])
    if order.status in (Order.Status.HELD, Order.Status.RELEASED):
        detail = (
            f"The customer disputes a payment: {news.detail}." if news.detail else "The customer disputes a payment."
        )
        hold_order(number=number, reason=Hold.Reason.FRAUD_REVIEW, detail=detail[:255], by=by, at=at)
    return "disputed"


def _hear_other(gateway: str, news: GatewayNews, at: datetime) -> str:
    return "nothing to do"


def _lock_checkout(gateway: str, news: GatewayNews) -> tuple[Order | None, Checkout | None]:
    """By the name that the gateway gave it, or by ours: the news may come before the answer to our own question."""
    checkouts = Checkout.objects.filter(gateway=gateway)
    named = checkouts.filter(reference=news.reference) if news.reference else checkouts.none()
    known = named.first() or (checkouts.filter(key=news.key).first() if _is_key(news.key) else None)
    if known is None:
        return None, None
    number = Order.objects.values_list("number", flat=True).get(id=known.order_id)
    order = Order.objects.locked(number)
    checkout = Checkout.objects.select_for_update(no_key=True, of=("self",)).get(id=known.pk)
    checkout.order = order
    return order, checkout


def _find_repayment(gateway: str, news: GatewayNews) -> Repayment | None:
    repayments = Repayment.objects.filter(gateway=gateway)
    known = repayments.filter(key=news.key).first() if _is_key(news.key) else None
    return known or repayments.filter(reference=news.reference).exclude(reference="").first()


def _find_payment(gateway: str, news: GatewayNews) -> Payment | None:
    payments = Payment.objects.select_related("order").filter(gateway=gateway, currency=news.currency)
    return payments.filter(reference=news.payment_reference).exclude(reference="").order_by("id").first()


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


_READERS: Mapping[NewsKind, Callable[[str, GatewayNews, datetime], str]] = {
    NewsKind.CHECKOUT_PAID: _hear_paid,
    NewsKind.CHECKOUT_EXPIRED: _hear_expired,
    NewsKind.PAYMENT_FAILED: _hear_payment_failed,
    NewsKind.REFUND_PENDING: _hear_refund,
    NewsKind.REFUND_DONE: _hear_refund,
    NewsKind.REFUND_FAILED: _hear_refund,
    NewsKind.DISPUTE_OPENED: _hear_dispute,
    NewsKind.OTHER: _hear_other,
}
