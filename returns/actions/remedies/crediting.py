"""Store credit: what a refund would have been, and a bonus on top.

What was paid with money stays here and becomes credit, with the bonus. What was paid with credit goes back to the lots
it came from, as it was: no bonus on a bonus, so nobody gains by sending the same goods back again and again.
"""

from orders.actions.money.giving import credit_goods, divide_given, give_otherwise
from orders.actions.money.repaying import repay_by, repay_surplus
from returns.actions.credit.issuing import Gift, issue_credit
from returns.actions.remedies.case import Case, write_settlement
from returns.actions.remedies.refunding import refund
from returns.choices import Resolution
from returns.models import Settlement
from returns.policies.amounts import NOTHING
from returns.policies.bonuses import Rated, bonus_ends, bonus_on

GATEWAY = "store_credit"


def give_credit(case: Case) -> Settlement:
    """Credit in the order's currency; a refund where nobody is known who could have it."""
    order, at = case.order, case.at
    if order.customer is None:
        return refund(case)
    credit_goods(order, case.figures.given, at=at)
    parts = divide_given(order, case.figures.given, key=case.key)
    money = [part for part in parts if part.payment.gateway != GATEWAY]
    base = sum((part.amount for part in money), NOTHING)
    goods = [Rated(item.value, item.credit_rate, item.credit_months) for item in case.items]
    bonus = bonus_on(base, goods, currency=order.currency)

    settlement = write_settlement(case, Resolution.STORE_CREDIT, bonus=bonus)
    give_otherwise(order, money, gateway=GATEWAY, reason=case.reason, at=at)
    if spent := {part.payment.pk for part in parts if part.payment.gateway == GATEWAY}:
        repay_by(order, spent, reason=case.reason, by=case.by, at=at)
    repay_surplus(order, reason=case.reason, by=case.by, at=at)
    if base:
        gift = Gift(
            customer=order.customer,
            currency=order.currency,
            base=base,
            bonus=bonus,
            key=case.key,
            source=f"return:{case.of.number}",
            earned=not case.advanced,
            bonus_expires_at=bonus_ends(goods, at=at),
        )
        issue_credit(gift, by=case.by, at=at)
    return settlement
