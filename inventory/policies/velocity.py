"""How fast a SKU sells, in units a day: an exponentially decayed mean that one sale at a time keeps up to date."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

MEMORY = timedelta(days=14)
"""A sale this long ago weighs 1/e of one today."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Velocity:
    """Units a day, as of `at`."""

    units: float = 0.0
    at: datetime | None = None


def add_sale(velocity: Velocity, *, quantity: float, at: datetime) -> Velocity:
    """The velocity after a sale. Sales may arrive late: an older one counts less, the clock never runs back."""
    gained = quantity / (MEMORY / _DAY)
    if velocity.at is None:
        return Velocity(gained, at)
    if at >= velocity.at:
        return Velocity(decay(velocity, at=at) + gained, at)
    return Velocity(velocity.units + gained * math.exp(-(velocity.at - at) / MEMORY), velocity.at)


def weigh_sale(*, quantity: float, sold_at: datetime, at: datetime) -> float:
    """What a past sale still counts at `at`: adding it now with this weight is adding it then in full."""
    return quantity * math.exp(-max(at - sold_at, timedelta(0)) / MEMORY)


def decay(velocity: Velocity, *, at: datetime) -> float:
    """Units a day as seen at a later moment without any sale since."""
    if velocity.at is None or at <= velocity.at:
        return velocity.units
    return velocity.units * math.exp(-(at - velocity.at) / MEMORY)


def days_of_cover(available: float, units_a_day: float) -> float | None:
    """How long stock lasts at this velocity; None when nothing sells."""
    return available / units_a_day if units_a_day > 0 else None
