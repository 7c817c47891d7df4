"""When the next van leaves: warehouse cut-offs as moments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)
_LONGEST_WAIT = 60
"""Days: a warehouse that works one day a week, and closes for six weeks in summer, has its next cut-off within them."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """What is released by `time`, local, leaves the same day. Days are ISO: 1 is Monday, 7 Sunday."""

    time: time
    zone: ZoneInfo
    working_days: Collection[int]
    holidays: Collection[date] = ()


def next_cut_off(cut_offs: Iterable[CutOff], *, after: datetime) -> datetime | None:
    """The first cut-off of any of them that is still to come, in UTC; at its own moment one is over already."""
    return min((moment for each in cut_offs if (moment := _next(each, after=after))), default=None)


def _next(cut_off: CutOff, *, after: datetime) -> datetime | None:
    # From the day before: a cut-off in a clock change around midnight falls on the next day.
    first = after.astimezone(cut_off.zone).date() - _ONE_DAY
    for day in (first + _ONE_DAY * place for place in range(_LONGEST_WAIT + 2)):
        works = day.isoweekday() in cut_off.working_days and day not in cut_off.holidays
        if works and (moment := moment_of(cut_off, day)) > after:
            return moment
    return None


def moment_of(cut_off: CutOff, day: date) -> datetime:
    """The cut-off of that day in UTC, as RFC 5545 reads clocks: of a time that comes twice the first, and one that is
    skipped counts with the offset before the change."""
    local = datetime.combine(day, cut_off.time, tzinfo=cut_off.zone)
    return local.astimezone(ZoneInfo("UTC"))
