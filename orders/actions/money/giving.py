"""What the customer gets for goods that came back: the order is credited, and money stays here for something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.money import round_amount
from oms.writing import insert_objects
from orders.actions.money.repaying import divide_surplus
from orders.actions.money.settling import settle_financial_status
from orders.models import Order, Payment, Refund

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is owed back, by the payment that it came with. `refund`: what it is called on this order."""

    payment: Payment
    amount: Decimal
    refund: str


def left_to_credit(order: Order) -> Decimal:
    """What of the order can still be given back: what was refunded or cancelled before is not given again."""
    return max(order.total - order.credited, NOTHING)


def credit_goods(order: Order, amount: Decimal, *, at: datetime) -> None:
    """So much is not owed any more, because the goods came back: at most `left_to_credit`. The order must be locked.

    The money itself is sent by `repay_surplus`, or stays here by `give_otherwise`.
    """
    events.require_transaction("Goods that came back")
    order.credited = round_amount(order.credited + amount, order.currency)
    order.touch("credited", at=at)


def debit_goods(order: Order, amount: Decimal, *, at: datetime) -> None:
    """Owed again: the goods that were credited in advance did not come back. The order must be locked."""
    events.require_transaction("Goods that did not come back")
    order.credited = round_amount(order.credited - amount, order.currency)
    order.touch("credited", at=at)


def divide_given(order: Order, amount: Decimal, *, key: str) -> list[Part]:
    """By which payments it came what is owed back: parts that may be given in another way. The order must be locked."""
    shares = divide_surplus(order, amount)
    payments = Payment.objects.in_bulk([share.payment for share in shares])
    return [
        Part(payments[share.payment], round_amount(share.amount, order.currency), f"{key}/{place}" if place else key)
        for place, share in enumerate(shares)
    ]


def give_otherwise(order: Order, parts: Sequence[Part], *, gateway: str, reason: str, at: datetime) -> None:
    """These parts of what is owed back are given as something else than money, by `gateway`. The order must be locked.

    Each is a refund of the payment it came with, so that no gateway sends it back as well.
    """
    insert_objects(
        *(
            Refund(
                order=order,
                payment=part.payment,
                external_id=part.refund,
                gateway=gateway,
                amount=part.amount,
                currency=order.currency,
                reason=reason[:255],
                refunded_at=at,
            )
            for part in parts
        )
    )
    settle_financial_status(order, at=at)
