"""What store credit brings on top of what a refund would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from oms.money import minor_unit
from returns.policies.amounts import NOTHING


@dataclass(frozen=True, slots=True)
class Rated:
    """Goods of that value, for which credit is given at `rate` percent; the bonus stays `months`, None: for good."""

    value: Decimal
    rate: Decimal
    months: int | None = None


def bonus_on(given: Decimal, goods: Sequence[Rated], *, currency: str) -> Decimal:
    """The bonus on what is given for these goods, rounded half to even: each value at its own rate.

    `given` is the part of it that was paid with money: credit that paid for goods comes back as it was, without more.
    """
    value = sum((each.value for each in goods), NOTHING)
    if given <= 0 or value <= 0:
        return NOTHING
    extra = sum((Fraction(each.value) * (Fraction(each.rate) - 100) / 100 for each in goods), Fraction(0))
    unit = minor_unit(currency)
    return max(round(Fraction(given) * extra / Fraction(value) / Fraction(unit)), 0) * unit


def bonus_ends(goods: Sequence[Rated], *, at: datetime) -> datetime | None:
    """When it runs out: of several, the longest; a month that is too short ends on its last day."""
    months = [each.months for each in goods if each.rate > 100]
    if not months or None in months:
        return None
    return add_months(at, max(month for month in months if month is not None))


def add_months(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    for day in (at.day, 30, 29, 28):
        try:
            return at.replace(year=year, month=month + 1, day=min(day, at.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
