"""Working days by country: weekends, and the public holidays of the whole country (`holidays.toml`).

Holidays of single regions, and those that are proclaimed from year to year, are not in it: there a window ends a day
earlier than it might, never earlier than its days.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

_DAY = timedelta(days=1)
_WEEKEND = (6, 7)
"""Weekdays from 1, Monday."""


def next_working_day(day: date, country: str = "") -> date:
    """The day itself, or the first one after it on which people work there."""
    while not is_working_day(day, country):
        day += _DAY
    return day


def is_working_day(day: date, country: str = "") -> bool:
    weekend: Sequence[int] = _calendar()["weekends"].get(country, _WEEKEND)
    return day.isoweekday() not in weekend and day not in _holidays(country, day.year)


@cache
def easter(year: int, *, julian: bool = False) -> date:
    """Easter Sunday as the Gregorian calendar dates it: after Meeus, Astronomical Algorithms, chapter 8."""
    return _julian_easter(year) if julian else _gregorian_easter(year)


def _gregorian_easter(year: int) -> date:
    century, rest = divmod(year, 100)
    leap, odd = divmod(century, 4)
    moon = (19 * (year % 19) + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * odd + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _julian_easter(year: int) -> date:
    """That of the Orthodox churches; the Julian calendar is 13 days behind from 1900 to 2099."""
    moon = (19 * (year % 19) + 15) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + sunday + 114, 31)
    return date(year, month, day + 1) + 13 * _DAY


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    row: Mapping[str, Sequence] = _calendar()["holidays"].get(country, {})
    fixed = {date(year, *map(int, each.split("-"))) for each in row.get("fixed", ()) if each != "02-29"}
    moving = {easter(year) + days * _DAY for days in row.get("easter", ())}
    orthodox = {easter(year, julian=True) + days * _DAY for days in row.get("orthodox_easter", ())}
    return frozenset(fixed | moving | orthodox)


@cache
def _calendar() -> Mapping[str, Mapping]:
    return tomllib.loads(Path(__file__).with_name("holidays.toml").read_text(encoding="utf-8"))
