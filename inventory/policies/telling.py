"""How soon a channel is told that a SKU's stock has changed: what sells fast could be sold twice meanwhile."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """SKUs that sell at least so many units a day, and how long their changes may be gathered."""

    from_units_a_day: float
    wait: timedelta


AT_ONCE = timedelta(0)
PACES = (
    Pace(5.0, AT_ONCE),
    Pace(1.0, timedelta(minutes=1)),
    Pace(0.2, timedelta(minutes=5)),
    Pace(0.0, timedelta(minutes=15)),
)
"""From fast to slow. What ran low or out, and what is there again, is told at once whatever its pace."""


def wait_for(units_a_day: float, *, urgent: bool) -> timedelta:
    """How long this change may wait for others of the same SKU."""
    if urgent:
        return AT_ONCE
    return next(pace.wait for pace in PACES if units_a_day >= pace.from_units_a_day)
