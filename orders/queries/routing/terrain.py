"""What a wave is routed over: warehouses with their next van, free stock, the operator's rules."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Literal, cast
from zoneinfo import ZoneInfo

from inventory.models import Warehouse
from oms.sql import fetch_all
from orders.models import RoutingRule
from orders.policies.routing.orders import Rule, Site, Terrain, UnroutedOrder
from orders.policies.routing.timing import say_van
from orders.policies.windows.cut_offs import CutOff, next_cut_off

END_OF_DAY = time(23, 59)
"""A warehouse without a cut-off sends on the same day whatever is released on it."""

# Parcels that are still to leave by the same van, or have left by it.
_LOAD = """
SELECT f.warehouse_id, f.ship_by, count(*) FROM orders_fulfillment f
WHERE f.warehouse_id = ANY(%(warehouses)s::bigint[]) AND NOT f.status = 'CANCELLED' AND f.ship_by > %(at)s
GROUP BY 1, 2
"""

_FREE = """
SELECT w.code, l.variant_id, greatest(l.on_hand - l.safety, 0) - l.allocated
FROM inventory_stocklevel l JOIN inventory_warehouse w ON w.id = l.warehouse_id AND w.active
WHERE l.variant_id = ANY(%(variants)s::bigint[]) AND greatest(l.on_hand - l.safety, 0) > l.allocated
"""


def survey(orders: Sequence[UnroutedOrder], *, at: datetime) -> Terrain:
    """The terrain for these orders, in four statements however many they are."""
    variants = sorted({line.variant_id for order in orders for line in order.lines if line.variant_id})
    stock = {(code, str(variant)): float(free) for code, variant, free in fetch_all(_FREE, {"variants": variants})}
    rules = RoutingRule.objects.filter(active=True, warehouse__active=True).order_by("id")
    return Terrain(
        orders=orders,
        sites=_read_sites(at=at),
        stock=stock,
        rules=[_rule(row) for row in rules],
        at=at,
    )


def _read_sites(*, at: datetime) -> list[Site]:
    warehouses = list(Warehouse.objects.filter(active=True))
    rows = fetch_all(_LOAD, {"warehouses": [each.pk for each in warehouses], "at": at})
    load = {(warehouse_id, ship_by): count for warehouse_id, ship_by, count in rows}
    return [_site(warehouse, load, at=at) for warehouse in warehouses]


def _site(warehouse: Warehouse, load: dict[tuple[int, datetime], int], *, at: datetime) -> Site:
    """As it stands for the next van that still has room."""
    cut_off = cut_off_of(warehouse)
    ship_by = next_cut_off([cut_off], after=at) or at
    booked = {van: count for (warehouse_id, van), count in load.items() if warehouse_id == warehouse.pk}
    left = warehouse.daily_capacity
    if left is not None:
        left = max(left - booked.get(ship_by, 0), 0)
        if left == 0:  # full: the next van, which others have not been asked to fill yet
            ship_by = next_cut_off([cut_off], after=ship_by) or ship_by
            left = max((warehouse.daily_capacity or 0) - booked.get(ship_by, 0), 0)
    return Site(
        id=warehouse.pk,
        code=warehouse.code,
        name=warehouse.name,
        country=warehouse.country,
        priority=warehouse.priority,
        ship_by=ship_by,
        cut_off=say_van(cut_off, ship_by),
        left=left,
        partner=warehouse.partner,
        van=cut_off,
        capacity=warehouse.daily_capacity,
        booked=booked,
    )


def cut_off_of(warehouse: Warehouse) -> CutOff:
    return CutOff(
        warehouse.cut_off or END_OF_DAY,
        ZoneInfo(warehouse.time_zone),
        warehouse.working_days or range(1, 8),
        frozenset(warehouse.holidays),
    )


def _rule(row: RoutingRule) -> Rule:
    return Rule(
        kind=cast(Literal["PREFER", "FORBID", "RESERVE"], row.kind),
        warehouse_id=row.warehouse_id,
        channel_id=row.channel_id,
        country=row.country,
        shipping_method=row.shipping_method,
        tag=row.tag,
        amount=row.amount,
    )
