"""The money of one order, as it came and went: what settling and paying back must know, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms.sql import fetch_one
from orders.policies.repaying import NOTHING, Repayable, Unlinked, deduct_unlinked


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """`ours`: it came by a checkout of ours, so that our gateway can give it back."""

    id: int
    gateway: str
    status: str
    amount: Decimal
    ours: bool


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """`payment_id` None: a refund that does not say which payment it was of."""

    payment_id: int | None
    gateway: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """Payments and refunds, oldest first. `repaying`: some repayment is still to go out.

    `channel_repays`: the channel the order came by is connected, so that it can be asked to give money back.
    """

    payments: tuple[PaymentFacts, ...]
    refunds: tuple[RefundFacts, ...]
    repaying: bool
    connector: str
    channel_repays: bool

    @property
    def captured(self) -> list[PaymentFacts]:
        return [payment for payment in self.payments if payment.status == "CAPTURED"]

    @property
    def authorized(self) -> Decimal:
        """What a bank has promised, and nobody has taken yet."""
        return sum((each.amount for each in self.payments if each.status == "AUTHORIZED"), Decimal(0))

    @property
    def voided(self) -> bool:
        return any(payment.status == "VOIDED" for payment in self.payments)


_READ = """
SELECT
    (SELECT json_agg(json_build_array(p.id, p.gateway, p.status, p.amount::text,
                                      EXISTS (SELECT FROM orders_checkout WHERE payment_id = p.id)) ORDER BY p.id)
     FROM orders_payment p WHERE p.order_id = o.id),
    (SELECT json_agg(json_build_array(r.payment_id, r.gateway, r.amount::text) ORDER BY r.id)
     FROM orders_refund r WHERE r.order_id = o.id),
    EXISTS (SELECT FROM orders_repayment y
            WHERE y.order_id = o.id AND y.state IN ('WAITING', 'BY_HAND', 'PENDING', 'FAILED')),
    c.connector,
    EXISTS (SELECT FROM orders_writebacktarget t
            WHERE t.channel_id = o.channel_id AND t.active AND t.kind <> 'PARTNER')
FROM orders_order o JOIN oms_channel c ON c.id = o.channel_id
WHERE o.id = %s
"""


def read_money(order_id: int) -> OrderMoney:
    """Under the order's lock nobody else changes it."""
    payments, refunds, repaying, connector, channel_repays = fetch_one(_READ, [order_id])
    return OrderMoney(
        payments=tuple(
            PaymentFacts(key, gateway, status, Decimal(amount), ours)
            for key, gateway, status, amount, ours in payments or ()
        ),
        refunds=tuple(RefundFacts(payment, gateway, Decimal(amount)) for payment, gateway, amount in refunds or ()),
        repaying=repaying,
        connector=connector,
        channel_repays=channel_repays,
    )


def list_repayable(money: OrderMoney, underway: Sequence[tuple[int, Decimal]] = ()) -> list[Repayable]:
    """The captured payments, oldest first, with what is gone of each, or `underway`: a payment's id and the amount."""
    gone = {payment.id: NOTHING for payment in money.captured}
    for payment_id, amount in [*((refund.payment_id, refund.amount) for refund in money.refunds), *underway]:
        if payment_id in gone:
            gone[payment_id] += amount
    known = [Repayable(payment.id, payment.gateway, payment.amount, gone[payment.id]) for payment in money.captured]
    unlinked = [refund for refund in money.refunds if refund.payment_id not in gone]
    return deduct_unlinked(known, [Unlinked(refund.gateway, refund.amount) for refund in unlinked])
