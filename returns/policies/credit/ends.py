"""When the base of credit may end: not before the law of where its owner lives lets it. Unknown law: never."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Law:
    """`since`: credit that was given on this day or later. `years` is 0 where it may never end."""

    country: str
    since: date
    citation: str
    provinces: tuple[str, ...] = ()
    years: int = 0
    end_of_year: bool = False

    def fits(self, country: str, province: str, day: date) -> bool:
        names = {name.casefold() for name in self.provinces}
        return self.country == country and self.since <= day and (not names or province.strip().casefold() in names)


def judge_end(wanted: datetime | None, *, issued_at: datetime, country: str, province: str = "") -> datetime | None:
    """The wanted end, or the first that the law allows; None: it never ends."""
    law = find_law(country, province, issued_at.date())
    if wanted is None or law is None or not law.years:
        return None
    return max(wanted, _first_end(law, issued_at))


def find_law(country: str, province: str, day: date) -> Law | None:
    """The law of the province goes before that of its country, the newer before the older."""
    fitting = [law for law in read_laws() if law.fits(country, province, day)]
    return max(fitting, key=lambda law: (bool(law.provinces), law.since), default=None)


@cache
def read_laws() -> tuple[Law, ...]:
    rows = tomllib.loads((files(__package__) / "ends.toml").read_text("utf-8"))["law"]
    return tuple(
        Law(
            country=row["country"],
            since=row["since"],
            citation=row["citation"],
            provinces=tuple(row.get("provinces", ())),
            years=0 if row.get("never") else row["years"],
            end_of_year=row.get("end_of_year", False),
        )
        for row in rows
    )


def _first_end(law: Law, issued_at: datetime) -> datetime:
    """After the last day on which it must still be good, in every zone on earth: rather a day late than one early."""
    issued = issued_at.astimezone(UTC).date()
    if law.end_of_year:
        last = date(issued.year + law.years, 12, 31)
    elif (issued.month, issued.day) == (2, 29):
        last = date(issued.year + law.years, 3, 1)
    else:
        last = issued.replace(year=issued.year + law.years)
    return datetime.combine(last + timedelta(days=2), time(), UTC)
