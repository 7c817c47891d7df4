"""Where what was noted of offers differs from what their orders say."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from oms.sql import fetch_all
from upsell.policies.netting import Net
from upsell.queries.sold import read_sold, reckon

AT_ONCE = 1000

_ORDERS = """
SELECT order_id FROM (
    SELECT order_id FROM upsell_exposure WHERE order_id > %(after)s
    UNION SELECT order_id FROM upsell_offer WHERE order_id > %(after)s AND state = 'ACCEPTED'
) AS found ORDER BY order_id LIMIT %(limit)s
"""
_NOTED = """
SELECT 'offer', id, order_id, net_revenue, net_margin, kept_quantity FROM upsell_offer
WHERE order_id = ANY(%(orders)s::bigint[]) AND state = 'ACCEPTED'
UNION ALL
SELECT 'exposure', id, order_id, net_revenue, net_margin, NULL FROM upsell_exposure
WHERE order_id = ANY(%(orders)s::bigint[])
ORDER BY 3, 1, 2
"""


@dataclass(frozen=True, slots=True)
class FigureDrift:
    """`what` is an offer or an exposure; `noted` and `true` are its revenue, margin and (of an offer) kept units."""

    what: str
    id: int
    order: int
    noted: tuple[Decimal | None, ...]
    true: tuple[Decimal | None, ...]


def find_figure_drift() -> Iterator[FigureDrift]:
    """All offers that were taken and all exposures, counted anew a thousand orders at a time."""
    after = 0
    while orders := [order for (order,) in fetch_all(_ORDERS, {"after": after, "limit": AT_ONCE})]:
        counted = reckon(read_sold(orders))
        for what, key, order, *noted in fetch_all(_NOTED, {"orders": orders}):
            net = counted.offers[key] if what == "offer" else counted.orders[order]
            if tuple(noted) != (true := _figures(what, net)):
                yield FigureDrift(what, key, order, tuple(noted), true)
        after = orders[-1]


def _figures(what: str, net: Net) -> tuple[Decimal | None, ...]:
    return net.revenue, net.margin, net.kept if what == "offer" else None
