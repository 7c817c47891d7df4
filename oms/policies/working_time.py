"""Deadlines in working hours: what comes in on Friday evening is not late on Saturday."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)
_EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When somebody is at the desk, by the clock of `zone`. Days are ISO: 1 is Monday, 7 Sunday; none means all."""

    opens: time
    closes: time
    zone: ZoneInfo
    days: Collection[int]

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("The desk must open before it closes.")


def add_working_hours(working: WorkingTime, *, after: datetime, hours: float) -> datetime:
    """The moment, in UTC, at which so many hours have been worked since `after`."""
    left, day = timedelta(hours=hours), after.astimezone(working.zone).date()
    while True:
        if day.isoweekday() in (working.days or _EVERY_DAY):
            begins = max(after, _moment(working, day, working.opens))
            room = _moment(working, day, working.closes) - begins
            if room >= left and room > timedelta(0):
                return (begins + left).astimezone(UTC)
            left -= max(room, timedelta(0))
        day += _ONE_DAY


def _moment(working: WorkingTime, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=working.zone).astimezone(UTC)
