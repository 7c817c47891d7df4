"""When a part of an order leaves: by its warehouse's next van, or by the first one of the day that was asked for.

It takes room on the van by which it leaves, and on no other.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from orders.policies.routing.orders import Site
from orders.policies.windows.cut_offs import CutOff, next_cut_off


@dataclass(frozen=True, slots=True)
class Timing:
    """`fulfill_at`: nobody begins it before; None: at once."""

    ship_by: datetime
    fulfill_at: datetime | None = None


def time_part(ship_after: date | None, site: Site, *, at: datetime) -> Timing:
    """The day that was asked for begins where the goods are. One on which nobody works there: the next that is not."""
    if ship_after is None:
        return Timing(site.ship_by)
    zone = site.van.zone if site.van else UTC
    begins = datetime.combine(ship_after, time(), tzinfo=zone).astimezone(UTC)
    if begins <= at:
        return Timing(site.ship_by)
    return Timing(_find_van(site, begins), begins)


def _find_van(site: Site, begins: datetime) -> datetime:
    """One that is full sends to the next, which others have not been asked to fill yet."""
    if site.van is None:
        return max(begins, site.ship_by)
    van = max(next_cut_off([site.van], after=begins) or begins, site.ship_by)
    if site.room(van) == 0:
        return next_cut_off([site.van], after=van) or van
    return van


def say_van(van: CutOff, ship_by: datetime) -> str:
    """Where it leaves: "Mon 14:00"."""
    return f"{ship_by.astimezone(van.zone):%a %H:%M}"
