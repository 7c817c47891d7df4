"""Something else instead: the value of what came back pays for the order that brings it.

The difference is settled both ways: what the new goods cost less goes back to the original payments, what they cost
more the customer is asked for, and the new order waits until it is paid.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from orders.actions.holding import close_holds
from orders.actions.money.giving import Part, credit_goods, divide_given, give_otherwise
from orders.actions.money.repaying import repay_surplus
from orders.actions.money.settling import settle_order
from orders.actions.releasing import release_if_free
from orders.models import Hold, Order, Payment
from returns.actions.remedies.asking import ask_difference
from returns.actions.remedies.case import Case, write_settlement
from returns.actions.remedies.refunding import refund
from returns.actions.remedies.reordering import place_replacement
from returns.choices import Resolution
from returns.models import ReturnItem, Settlement

EXCHANGE, STORE_CREDIT = "exchange", "store_credit"


def exchange(case: Case) -> Settlement:
    """Pay the new order with what the old goods are worth; refund them where the new order is cancelled by now."""
    first = case.items[0]
    new = Order.objects.locked(first.new_order.number) if first.new_order else None
    if new is None or new.status == Order.Status.CANCELLED:
        return refund(case)
    return _pay_new_order(case, new, Resolution.EXCHANGE)


def replace(case: Case) -> Settlement:
    """Send the same once more, paid with what the first one cost: should it come back, its money does, too."""
    new = place_replacement(case.of, case.items, by=case.by, at=case.at)
    return _pay_new_order(case, new, Resolution.REPLACEMENT)


def _pay_new_order(case: Case, new: Order, remedy: str) -> Settlement:
    settlement = write_settlement(case, remedy, new_order=new)
    old, at = case.order, case.at
    credit_goods(old, case.figures.given, at=at)
    parts = divide_given(old, min(case.figures.given, max(new.balance.amount, Decimal(0))), key=case.key)
    give_otherwise(old, parts, gateway=EXCHANGE, reason=case.reason, at=at)
    _move_payments(new, parts, at=at)
    repay_surplus(old, reason=case.reason, by=case.by, at=at)

    settle_order(new, by=case.by, at=at)
    if new.balance.amount > 0:
        ask_difference(new, new.balance.amount, by=case.by, at=at)
    if not _still_waits(new):
        let_go(new, by=case.by, at=at)
    return settlement


def _move_payments(new: Order, parts: Sequence[Part], *, at: datetime) -> None:
    """Money keeps its name on the way: credit stays credit, and what was an exchange before leads to its first order.

    So whatever becomes of the new order, its money finds back to where it came from, and nothing gains on the way.
    """
    for part in parts:
        kept = part.payment.gateway in (EXCHANGE, STORE_CREDIT)
        named = {
            "gateway": part.payment.gateway if kept else EXCHANGE,
            "reference": part.payment.reference if kept else part.refund,
        }
        standing = new.payments.filter(**named).first()
        if standing:
            standing.amount += part.amount
            standing.save(update_fields=["amount"])
            continue
        status, currency = Payment.Status.CAPTURED, new.currency
        new.payments.create(**named, status=status, amount=part.amount, currency=currency, captured_at=at)


def _still_waits(new: Order) -> bool:
    """True while something for which it is sent may still come back."""
    waiting = ReturnItem.objects.filter(new_order=new, settlement=None)
    return (
        waiting.exclude(acceptance=ReturnItem.Acceptance.REJECTED)
        .exclude(reception=ReturnItem.Reception.CANCELED)
        .exists()
    )


def let_go(new: Order, *, by: str, at: datetime) -> None:
    """Nothing it waited for is open any more: it goes once it is paid. The order must be locked."""
    close_holds(new, reasons=[Hold.Reason.EXCHANGE_AWAITING_RETURN], by=by, at=at)
    release_if_free(new, by=by, at=at)
