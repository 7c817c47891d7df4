"""Base as money: what it costs of the bonus that was given with it.

The bonus was given for not taking money. Whoever takes money after all gives back the bonus of that share: what is left
of it is canceled, and what was spent already is deducted. Otherwise a customer could spend the bonus, have all of the
base paid out, and would have been given goods for nothing.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from oms.money import round_amount


@dataclass(frozen=True, slots=True)
class LotState:
    """`bonus` is without what ran out. `paid_before`: base that was paid out, `bonus_before`: bonus given up for it."""

    base: Decimal
    bonus: Decimal
    bonus_left: Decimal
    paid_before: Decimal
    bonus_before: Decimal


@dataclass(frozen=True, slots=True)
class PayOut:
    """`base` leaves the lot, `bonus` is canceled, `money` is paid."""

    base: Decimal
    bonus: Decimal
    money: Decimal


def judge_pay_out(lot: LotState, base: Decimal, currency: str) -> PayOut:
    """What paying out so much of the lot's base means; `base` is at most what is left of it."""
    share = lot.bonus * (lot.paid_before + base) / lot.base if lot.base else Decimal(0)
    owed = max(round_amount(share, currency, ROUND_CEILING) - lot.bonus_before, Decimal(0))
    canceled = min(owed, lot.bonus_left)
    deducted = min(owed - canceled, base)
    return PayOut(base=base, bonus=canceled, money=base - deducted)
