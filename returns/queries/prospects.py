"""What a return brings once all of it is accepted: the sums that were quoted, read back from what was stored."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from returns.choices import Resolution
from returns.models import Return, ReturnItem
from returns.policies.quotes import Promised, Sums, foresee_bonus
from returns.queries.money_parts import STORE_CREDIT, read_in_money


def foresee_sums(return_: Return, items: Sequence[ReturnItem]) -> Sums:
    """Of these items, which are all that were asked for; the return comes with its order."""
    order = return_.order
    sums = Sums(
        value=sum((item.value for item in items), Decimal(0)),
        label_fee=return_.label_fee,
        restocking_fee=return_.restocking_fee,
        shipping_refund=return_.shipping_refund,
    )
    if not any(item.resolution == Resolution.STORE_CREDIT for item in items):
        return sums
    goods = [Promised(item.resolution, item.value, item.credit_rate) for item in items]
    in_money = read_in_money(order, spent_credit=order.payments.filter(gateway=STORE_CREDIT).exists())
    return replace(sums, bonus=foresee_bonus(goods, sums, currency=order.currency, in_money=in_money))
