"""What an answer to a webhook means, and when to try again (Standard Webhooks 1.0)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

LADDER = [
    *(timedelta(seconds=seconds) for seconds in (5, 300, 1800)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
]
"""Waits after the first attempt, the second, …; after the tenth the message is given up."""
JITTER = 0.1
"""By this share a wait is longer or shorter, so that what failed together does not come back together."""
LONGEST_REST = timedelta(hours=1)
"""A receiver that asks for more is asked again after this: only the message itself waits as long as it said."""
SWITCHED_OFF_AFTER = timedelta(days=5)
GONE = 410
BUSY = (429, 503)

Meaning = Literal["delivered", "postponed", "given_up", "gone"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt went. `status`: none when no answer came; `wait_asked`: seconds, by Retry-After."""

    status: int | None
    error: str = ""
    excerpt: str = ""
    milliseconds: int = 0
    wait_asked: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait`: until the message is tried again; `rest`: until the address is asked anything again."""

    meaning: Meaning
    wait: timedelta = timedelta(0)
    rest: timedelta = timedelta(0)


def judge_outcome(outcome: Outcome, *, attempts: int, dice: float) -> Verdict:
    """`attempts`: how many were made with this one; `dice` is between 0 and 1."""
    status = outcome.status
    if status is not None and 200 <= status < 300:
        return Verdict("delivered")
    if status == GONE:
        return Verdict("gone")

    asked = timedelta(seconds=outcome.wait_asked or 0) if status in BUSY else timedelta(0)
    rest = min(asked, LONGEST_REST)
    if attempts > len(LADDER):
        return Verdict("given_up", rest=rest)
    wait = LADDER[attempts - 1] * (1 - JITTER + 2 * JITTER * dice)
    return Verdict("postponed", wait=max(wait, asked), rest=rest)


def has_failed_for_good(failing_since: datetime | None, *, at: datetime) -> bool:
    """Nothing but failures for so long that nobody can be there any more."""
    return failing_since is not None and at - failing_since >= SWITCHED_OFF_AFTER


def match_types(patterns: Sequence[str], known: Collection[str]) -> list[str]:
    """The types that are meant: by name, by `family.*`, or all of them by `*`."""
    return [type_ for type_ in known if any(_matches(pattern, type_) for pattern in patterns)]


def _matches(pattern: str, type_: str) -> bool:
    return pattern in ("*", type_) or (pattern.endswith(".*") and type_.startswith(pattern[:-1]))
