"""How fast may somebody ask? The generic cell rate algorithm (GCRA, ITU-T I.371): a token bucket in one number.

A limit of n a minute lets n requests come at once and after that one every 60/n seconds.
"""

from dataclasses import dataclass
from math import ceil

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What was decided about one request. Seconds are of the caller's clock."""

    allowed: bool
    limit: int
    remaining: int
    """Requests that could still come at once."""
    full_at: float
    """When the whole limit will be free again: all that must be remembered."""
    wait: float
    """Seconds until one would be allowed; 0 when it was."""
    reset: float
    """Seconds until `full_at`."""


def judge_pace(*, full_at: float, now: float, per_minute: int) -> Pace:
    """One request more, given what the last judgement remembered (anything in the past: nothing is used up)."""
    gap = MINUTE / per_minute
    starts_at = max(full_at, now)
    next_full_at = starts_at + gap

    over = next_full_at - now - MINUTE
    if over > gap * 1e-6:  # rounding must not cost a request
        return Pace(False, per_minute, 0, full_at, over, full_at - now)
    remaining = int((MINUTE - (next_full_at - now)) / gap + 1e-6)
    return Pace(True, per_minute, remaining, next_full_at, 0.0, next_full_at - now)


def whole_seconds(seconds: float) -> int:
    """For a header: rounded up, and never 0 when there is something to wait for."""
    return ceil(seconds - 1e-6)
