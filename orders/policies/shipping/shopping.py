"""Choosing who carries a parcel: the cheapest that keeps the promise. What else there was is kept, and why it was not.

Why not: dearer, late (it would arrive after the promise), slow (express was promised), currency (cannot be compared),
and from elsewhere: too_heavy, no_rate, refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

SATURDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A service and what it asks; no `days`: the carrier does not say. `why_not` is empty for the one that is taken."""

    account: str
    service: str
    name: str
    cost: Decimal | None = None
    currency: str = ""
    days: int | None = None
    express: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """When the parcel leaves, when it should arrive (None: nobody promised), whether express was paid for, and in which
    currency costs are compared.
    """

    leaves: date
    due: date | None = None
    express: bool = False
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """`late`: nobody arrives in time; the fastest was taken."""

    chosen: Option | None
    options: tuple[Option, ...]
    late: bool = False


def choose_option(options: Iterable[Option], promise: Promise) -> Choice:
    """The cheapest that keeps the promise; where nobody does, the fastest. Of equals the faster, then by name.

    An option that comes with a `why_not` is out of the question and is only kept.
    """
    known = sorted(options, key=_rank)
    comparable = _comparable([option for option in known if not option.why_not and option.cost is not None], promise)
    willing = [option for option in comparable if option.express] if promise.express else comparable
    willing = willing or comparable
    timely = [option for option in willing if _arrives_in_time(option, promise)]
    late = bool(willing) and not timely
    chosen = min(willing, key=_speed) if late else (timely[0] if timely else None)

    def explain(option: Option) -> Option:
        if option is chosen or option.why_not:
            return option
        if option not in comparable:
            return replace(option, why_not="currency")
        if option not in willing:
            return replace(option, why_not="slow")
        return replace(option, why_not="dearer" if option in timely or late else "late")

    return Choice(chosen, tuple(explain(option) for option in known), late)


def add_working_days(day: date, days: int) -> date:
    """So many days later, Saturdays and Sundays not counted."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.isoweekday() < SATURDAY
    return day


def arrival_of(option: Option, promise: Promise) -> date | None:
    """The day on which it should arrive."""
    return None if option.days is None else add_working_days(promise.leaves, option.days)


def _arrives_in_time(option: Option, promise: Promise) -> bool:
    """Who does not say when is not trusted with a promise."""
    arrival = arrival_of(option, promise)
    return promise.due is None or (arrival is not None and arrival <= promise.due)


def _comparable(options: Sequence[Option], promise: Promise) -> list[Option]:
    """Those in the shop's currency; where there are none, those in the currency of the first."""
    ours = [option for option in options if option.currency == promise.currency]
    return ours or [option for option in options if option.currency == options[0].currency]


def _rank(option: Option) -> tuple[bool, Decimal, int, str, str]:
    cost = option.cost if option.cost is not None else Decimal(0)
    return option.cost is None, cost, _days(option), option.account, option.service


def _speed(option: Option) -> tuple[int, Decimal]:
    assert option.cost is not None
    return _days(option), option.cost


def _days(option: Option) -> int:
    return option.days if option.days is not None else 999
