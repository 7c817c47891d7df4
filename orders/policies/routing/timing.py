"""When a part of an order leaves: by its warehouse's next van, or by the first one of the day that was asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from orders.policies.routing.orders import Site, UnroutedOrder
from orders.policies.windows.cut_offs import next_cut_off


@dataclass(frozen=True, slots=True)
class Timing:
    """`fulfill_at`: nobody begins it before; None: at once."""

    ship_by: datetime
    fulfill_at: datetime | None = None


def time_part(order: UnroutedOrder, site: Site, *, at: datetime) -> Timing:
    """The day that was asked for begins where the goods are. One on which nobody works there: the next that is not."""
    if order.ship_after is None:
        return Timing(site.ship_by)
    zone = site.van.zone if site.van else UTC
    begins = datetime.combine(order.ship_after, time(), tzinfo=zone).astimezone(UTC)
    if begins <= at:
        return Timing(site.ship_by)
    van = next_cut_off([site.van], after=begins) if site.van else None
    return Timing(max(van or begins, site.ship_by), begins)
