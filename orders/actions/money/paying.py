"""Recording money that came in, or went back, elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.errors import FieldError, Invalid
from oms.money import Money, fits_minor_unit, round_amount
from oms.transactions import transactional
from orders.actions.money.repaying import repay_payment, repay_surplus
from orders.actions.money.settling import settle_financial_status, settle_order
from orders.errors import PaymentConflict
from orders.events import PaymentRecorded
from orders.models import Order, Payment

TOO_LATE = "Paid after the order was cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money that somebody says is there. `proven`: its gateway itself said so, not a person, who may have mistyped."""

    amount: Decimal
    currency: str
    gateway: str
    reference: str = ""
    status: str = Payment.Status.CAPTURED
    proven: bool = False


@transactional
def record_payment(*, number: str, receipt: Receipt, by: str, at: datetime) -> Payment:
    """Record a payment; once the order is paid its PAYMENT hold ends, and an edit that waited for it is done.

    The same reference again changes nothing. Money for an order that was cancelled is real, too. What is more than is
    owed goes back: what a gateway told us of by itself (`hearing`), all else by a person, who looks first.

    Raises:
        OrderNotFound.
        Invalid: the amount or currency is not the order's.
        PaymentConflict: the reference stands on record with another amount.
    """
    order = Order.objects.locked(number)
    _refuse_wrong_money(order, receipt)
    known = order.payments.filter(gateway=receipt.gateway, reference=receipt.reference).exclude(reference="").first()
    if known and known.status in (receipt.status, Payment.Status.CAPTURED):  # what was told late takes nothing back
        return _same_or_conflict(known, receipt)
    payment = _write_payment(order, known, receipt, at=at)
    facts = {"amount": str(receipt.amount), "currency": receipt.currency, "gateway": receipt.gateway}
    facts |= {"reference": receipt.reference, "status": receipt.status}
    events.publish([PaymentRecorded(subject=number, by=by, at=at, facts=facts)])

    by_hand = not receipt.proven
    if order.status == Order.Status.CANCELLED:
        settle_financial_status(order, at=at)
        repay_payment(order, payment, reason=TOO_LATE, by_hand=by_hand, by=by, at=at)
    else:
        settle_order(order, by_hand=by_hand, by=by, at=at)
        if by_hand:
            repay_surplus(order, reason="Paid more than is owed", by_hand=True, by=by, at=at)
    return payment


def _refuse_wrong_money(order: Order, receipt: Receipt) -> None:
    if receipt.currency != order.currency:
        detail = f"The order is in {order.currency}, the payment in {receipt.currency}."
        raise Invalid(detail, errors=[FieldError("/amount/currency", "wrong_currency", detail)])
    if receipt.amount <= 0 or not fits_minor_unit(receipt.amount, receipt.currency):
        detail = f"A payment must be above zero and in whole minor units of {receipt.currency}."
        raise Invalid(detail, errors=[FieldError("/amount/amount", "amount_not_possible", detail)])


def _same_or_conflict(known: Payment, receipt: Receipt) -> Payment:
    if known.amount != receipt.amount:
        recorded = Money(known.amount, known.currency)
        raise PaymentConflict(
            f"{receipt.gateway} {receipt.reference} is on record with {recorded}.",
            recorded=str(round_amount(recorded.amount, recorded.currency)),
        )
    return known


def _write_payment(order: Order, known: Payment | None, receipt: Receipt, *, at: datetime) -> Payment:
    captured_at = at if receipt.status == Payment.Status.CAPTURED else None
    if known:
        known.status, known.amount, known.captured_at = receipt.status, receipt.amount, captured_at
        known.save(update_fields=["status", "amount", "captured_at"])
        return known
    return Payment.objects.create(
        order=order,
        gateway=receipt.gateway,
        reference=receipt.reference,
        status=receipt.status,
        amount=receipt.amount,
        currency=receipt.currency,
        captured_at=captured_at,
    )
