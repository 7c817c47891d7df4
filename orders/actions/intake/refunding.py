"""Recording refunds that a channel has made itself."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.errors import FieldError, Invalid
from oms.money import Money
from orders.actions.money.repaying import withdraw_unowed
from orders.actions.money.settling import settle_financial_status
from orders.channels.incoming import IncomingRefund
from orders.events import RefundRecorded
from orders.models import Order, Refund


def record_refunds(order: Order, refunds: Sequence[IncomingRefund], *, by: str, at: datetime) -> int:
    """Record those that are not on record yet; how many were new. The order must be locked.

    A refund settles first what is owed back anyway (it may be the echo of our own repayment); only the rest of it is
    credited. What we were to send ourselves is then withdrawn as far as it is not owed any more.

    Raises:
        Invalid: more would be refunded than was paid; nothing was recorded.
    """
    known = set(order.refunds.values_list("external_id", flat=True))
    new = list({refund.external_id: refund for refund in refunds if refund.external_id not in known}.values())
    amount = sum((refund.amount for refund in new), Decimal(0))
    if order.refunded + amount > order.paid:
        asked, paid = Money(order.refunded + amount, order.currency), Money(order.paid, order.currency)
        detail = f"{asked} would be refunded, but only {paid} was paid."
        raise Invalid(detail, errors=[FieldError("/refunds", "refund_exceeds_payment", detail)])
    if not new:
        return 0

    owed_back = max(-order.balance.amount, Decimal(0))
    Refund.objects.bulk_create([_refund(order, refund) for refund in new])
    order.credited = min(order.credited + max(amount - owed_back, Decimal(0)), order.total)
    order.save(update_fields=["credited"])
    settle_financial_status(order, at=at)
    events.publish([_told(order, refund, by=by, at=at) for refund in new])
    withdraw_unowed(order, by=by, at=at)
    return len(new)


def _refund(order: Order, refund: IncomingRefund) -> Refund:
    return Refund(
        order=order,
        external_id=refund.external_id,
        gateway=refund.gateway,
        amount=refund.amount,
        currency=order.currency,
        reason=refund.reason,
        lines=[{"line": line.line, "quantity": str(line.quantity)} for line in refund.lines],
        refunded_at=refund.refunded_at,
    )


def _told(order: Order, refund: IncomingRefund, *, by: str, at: datetime) -> RefundRecorded:
    facts = {
        "amount": str(refund.amount),
        "currency": order.currency,
        "reason": refund.reason,
        "external_id": refund.external_id,
    }
    return RefundRecorded(subject=order.number, by=by, at=at, facts=facts)
