"""When a mail about offers goes out: once, in the middle of the window, while there is time to act on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A campaign's wish. `share` of the window is over before its mail goes out; less than `least` left: none goes."""

    share: Decimal
    least: timedelta


Timing = Literal["NOW", "WAIT", "TOO_SHORT"]


def judge_timing(rhythm: Rhythm, *, opened_at: datetime, until: datetime, at: datetime) -> Timing:
    """A mail that would come too late is none that waits: its window is too short, however long it was."""
    if until - at < rhythm.least:
        return "TOO_SHORT"
    return "NOW" if at >= find_moment(rhythm.share, opened_at=opened_at, until=until) else "WAIT"


def find_moment(share: Decimal, *, opened_at: datetime, until: datetime) -> datetime:
    return opened_at + (until - opened_at) * float(share)


def find_earliest(rhythms: Sequence[Rhythm]) -> tuple[Decimal, timedelta]:
    """The smallest share and the longest rest: no order is looked at before one of them is reached."""
    return min(each.share for each in rhythms), max(each.least for each in rhythms)
