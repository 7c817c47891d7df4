"""Matching the payments that a channel tells of with those on record."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from orders.actions.drafting import PAYMENT_STATUS
from orders.channels.incoming import IncomingPayment
from orders.models import Checkout, Order, Payment

CAPTURED = Payment.Status.CAPTURED


def match_payments(order: Order, told: Sequence[IncomingPayment], *, at: datetime) -> None:
    """Bring the order's payments to what the channel says of them. The order must be locked.

    A payment with a reference is the one of that gateway and reference. One without only sums up ("paid in full"): it
    stands for what those with a reference do not cover, whichever of the two was told first. A channel that sums up an
    edited order counts what the customer paid here for the edit as its own; it is not counted twice.
    """
    rows = list(order.payments.order_by("id"))
    here = _paid_here(order)
    unmatched = list(rows)
    for payment in sorted(told, key=lambda each: not each.reference):
        status = PAYMENT_STATUS[payment.status]
        amount = order.total if payment.amount is None else payment.amount
        if not payment.reference and status == CAPTURED:
            amount = max(amount - _covered(rows), Decimal(0))
        row = _take_same(unmatched, payment)
        if row and (row.status, status, row.amount + here) == (CAPTURED, CAPTURED, amount):
            amount = row.amount
        if row is None and (amount or status != CAPTURED):
            row = Payment(order=order, gateway=payment.gateway, reference=payment.reference, currency=order.currency)
            rows.append(row)
        if row and (row.status, row.amount) != (status, amount):
            row.status, row.amount = status, amount
            row.captured_at = (payment.captured_at or at) if status == CAPTURED else None
            row.save()

    if told and all(payment.reference for payment in told):
        _supersede_sums(rows, gateways={payment.gateway for payment in told})


def _paid_here(order: Order) -> Decimal:
    """What customers paid through our own checkouts."""
    paid = order.checkouts.filter(state=Checkout.State.PAID)
    return sum(paid.values_list("amount", flat=True), Decimal(0))


def _take_same(unmatched: list[Payment], payment: IncomingPayment) -> Payment | None:
    """The first row of that gateway and reference that no other payment of the message has matched."""
    for row in unmatched:
        if (row.gateway, row.reference) == (payment.gateway, payment.reference):
            unmatched.remove(row)
            return row
    return None


def _supersede_sums(rows: Sequence[Payment], *, gateways: set[str]) -> None:
    """What had only been summed up is told one by one now."""
    left = _covered(rows)
    for row in rows:
        if row.reference or row.status != CAPTURED or row.gateway not in gateways:
            continue
        covered = min(row.amount, left)
        row.amount, left = row.amount - covered, left - covered
        if not row.amount:
            row.status, row.captured_at = Payment.Status.VOIDED, None
        row.save()


def _covered(rows: Sequence[Payment]) -> Decimal:
    """What was captured under a reference."""
    return sum((row.amount for row in rows if row.reference and row.status == CAPTURED), Decimal(0))
