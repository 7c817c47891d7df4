"""The released orders that nobody is asked to send yet, or not all of them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.sql import fetch_all
from orders.policies.routing.orders import UnroutedLine, UnroutedOrder

# An order that a warehouse is asked to stop is sent by nobody else meanwhile.
#
# Of each line: what is open, less what a warehouse is asked for already. The value of one unit is after the line's own
# discount; a discount of the whole order is left out, customs estimates are none the worse for it. What is asked is
# summed up once for all, not line by line: a plan made while hardly anything was asked would read all of it each time.
_READ = """
WITH wanted AS MATERIALIZED (
    SELECT o.id, o.number, o.version, o.channel_id, o.country, o.currency, o.shipping_method, o.tags, o.placed_at,
           o.shipping_address_id, o.fulfillment_count + 1, o.ship_after, o.released_at
    FROM orders_order o {which}
), parts AS MATERIALIZED (
    SELECT f.id, f.order_id, f.warehouse_id, f.status, f.request_status FROM orders_fulfillment f
    WHERE f.order_id = ANY(ARRAY(SELECT id FROM wanted))
), asked AS MATERIALIZED (
    SELECT fl.order_line_id, sum(fl.quantity - fl.shipped_quantity - fl.short_quantity) AS units
    FROM orders_fulfillmentline fl
    WHERE fl.fulfillment_id = ANY(ARRAY(
        SELECT id FROM parts WHERE status IN ('OPEN', 'SCHEDULED', 'ON_HOLD', 'IN_PROGRESS')
    ))
    GROUP BY 1
), open AS (
    SELECT l.*, l.quantity - l.cancelled_quantity - l.fulfilled_quantity - coalesce(asked.units, 0) AS units
    FROM orders_orderline l LEFT JOIN asked ON asked.order_line_id = l.id
    WHERE l.order_id = ANY(ARRAY(SELECT id FROM wanted)) AND l.kind IN ('PRODUCT', 'CUSTOM')
), lines AS MATERIALIZED (
    SELECT l.order_id, json_agg(json_build_object(
        'id', l.id, 'position', l.position, 'sku', l.sku, 'variant_id', l.variant_id, 'units', l.units::text,
        'value', round((l.quantity * l.unit_price - l.discount) / greatest(l.quantity, 0.001), 4)::text,
        'grams', v.weight_grams, 'length', v.length_mm, 'width', v.width_mm, 'height', v.height_mm,
        'hs_code', v.hs_code, 'origin', v.origin
    ) ORDER BY l.position) AS lines
    FROM open l LEFT JOIN inventory_variant v ON v.id = l.variant_id
    WHERE l.units > 0 GROUP BY 1
), rejected AS MATERIALIZED (
    SELECT order_id, array_agg(warehouse_id) AS warehouses FROM parts WHERE request_status = 'REJECTED' GROUP BY 1
)
SELECT o.*, coalesce(rejected.warehouses, '{{}}'), lines.lines
FROM wanted o LEFT JOIN lines ON lines.order_id = o.id LEFT JOIN rejected ON rejected.order_id = o.id
ORDER BY o.released_at, o.id
"""
_DUE = _READ.format(
    which="""
    WHERE o.status = 'RELEASED' AND o.routed_at IS NULL AND o.cancellation IS NULL
      AND (o.route_after IS NULL OR o.route_after <= %(at)s)
    ORDER BY o.released_at, o.id LIMIT %(limit)s
"""
)
_THESE = _READ.format(
    which="""
    WHERE o.status = 'RELEASED' AND o.routed_at IS NULL AND o.cancellation IS NULL
      AND o.number = ANY(%(numbers)s::text[])
"""
)
_ONE = _READ.format(which="WHERE o.number = %(number)s")


def read_unrouted(*, at: datetime, limit: int) -> list[UnroutedOrder]:
    """The next orders of a wave, those that were released first ahead."""
    return [_order(row) for row in fetch_all(_DUE, {"at": at, "limit": limit})]


def read_these(numbers: Sequence[str]) -> list[UnroutedOrder]:
    """Those of these orders that need a way, whenever they were to be tried again."""
    return [_order(row) for row in fetch_all(_THESE, {"numbers": list(numbers)})]


def read_one(number: str) -> UnroutedOrder | None:
    """One order, as far as it needs a way."""
    rows = fetch_all(_ONE, {"number": number})
    return _order(rows[0]) if rows else None


def _order(row: Sequence[Any]) -> UnroutedOrder:
    *columns, _, rejected, lines = row
    names = ("id", "number", "version", "channel_id", "country", "currency", "shipping_method", "tags", "placed_at")
    named = dict(zip((*names, "address_id", "next_sequence", "ship_after"), columns, strict=True))
    return UnroutedOrder(**named, rejected=rejected, lines=[_line(each) for each in lines or ()])


def _line(document: dict[str, Any]) -> UnroutedLine:
    measures = document["length"], document["width"], document["height"]
    return UnroutedLine(
        id=document["id"],
        position=document["position"],
        sku=document["sku"],
        variant_id=document["variant_id"],
        units=Decimal(document["units"]),
        value=Decimal(document["value"]),
        grams=document["grams"] or 0,
        measures=measures if all(measures) else None,
        hs_code=document["hs_code"] or "",
        origin=document["origin"] or "",
    )
