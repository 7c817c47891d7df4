"""When a window ends: after whole days, in the customer's zone, and never on a day on which nobody works.

Counted as Regulation (EEC, Euratom) No 1182/71, article 3, counts: the day of delivery is not one of the days (1), and
a period whose last day is a public holiday, a Saturday or a Sunday ends with the next working day (4).
"""

from datetime import datetime, timedelta, tzinfo

from returns.policies.terms.rows import Terms
from returns.policies.terms.working_days import next_working_day

_DAY = timedelta(days=1)


def close_of(
    terms: Terms, *, delivered_at: datetime | None, shipped_at: datetime | None, zone: tzinfo, country: str = ""
) -> datetime | None:
    """The first moment at which it is too late; None while nothing was delivered or shipped, or nothing comes back."""
    begins = presume_delivery(terms, delivered_at=delivered_at, shipped_at=shipped_at)
    if begins is None or not terms.takes_back:
        return None
    return end_of_days(begins, terms.days, zone=zone, country=country)


def presume_delivery(terms: Terms, *, delivered_at: datetime | None, shipped_at: datetime | None) -> datetime | None:
    """When it came: as reported, else so many days after it was sent; None when it was not sent."""
    if delivered_at is not None:
        return delivered_at
    return None if shipped_at is None else shipped_at + terms.fallback_days * _DAY


def end_of_years(begins: datetime, years: int, *, zone: tzinfo, country: str = "") -> datetime:
    """The midnight that ends the same day so many years later; of 29 February the 28th, where there is no other
    (Regulation (EEC, Euratom) No 1182/71, article 3(2)(c))."""
    day = begins.astimezone(zone).date()
    try:
        last = day.replace(year=day.year + years)
    except ValueError:
        last = day.replace(year=day.year + years, day=28)
    after = next_working_day(last, country) + _DAY
    return datetime(after.year, after.month, after.day, tzinfo=zone)


def end_of_days(begins: datetime, days: int, *, zone: tzinfo, country: str = "") -> datetime:
    """The midnight that ends the last of so many days after the one of `begins`, in that zone."""
    last = next_working_day(begins.astimezone(zone).date() + days * _DAY, country)
    after = last + _DAY
    return datetime(after.year, after.month, after.day, tzinfo=zone)
