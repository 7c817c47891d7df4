"""Money back, the way it came."""

from orders.actions.money.giving import credit_goods
from orders.actions.money.repaying import repay_surplus
from returns.actions.remedies.case import Case, write_settlement
from returns.choices import Resolution
from returns.models import Settlement


def refund(case: Case) -> Settlement:
    """The goods are credited; what is owed back then goes to the original payments, the newest first."""
    settlement = write_settlement(case, Resolution.REFUND)
    credit_goods(case.order, case.figures.given, at=case.at)
    repay_surplus(case.order, reason=case.reason, by=case.by, at=case.at)
    return settlement
