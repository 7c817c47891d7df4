"""The released orders that nobody is asked to send yet, or not all of them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.sql import fetch_all
from orders.policies.routing.orders import UnroutedLine, UnroutedOrder

# Of each line: what is open, less what a warehouse is asked for already. The value of one unit is after the line's own
# discount; a discount of the whole order is left out, customs estimates are none the worse for it.
_LINES = """
SELECT json_agg(json_build_object(
    'id', l.id, 'position', l.position, 'sku', l.sku, 'variant_id', l.variant_id, 'units', (l.open - l.asked)::text,
    'value', round((l.quantity * l.unit_price - l.discount) / greatest(l.quantity, 0.001), 4)::text,
    'grams', v.weight_grams, 'length', v.length_mm, 'width', v.width_mm, 'height', v.height_mm,
    'hs_code', v.hs_code, 'origin', v.origin
) ORDER BY l.position)
FROM (
    SELECT each.*, each.quantity - each.cancelled_quantity - each.fulfilled_quantity AS open,
           coalesce((
               SELECT sum(fl.quantity - fl.shipped_quantity - fl.short_quantity)
               FROM orders_fulfillmentline fl JOIN orders_fulfillment f ON f.id = fl.fulfillment_id
               WHERE fl.order_line_id = each.id AND f.status IN ('OPEN', 'SCHEDULED', 'ON_HOLD', 'IN_PROGRESS')
           ), 0) AS asked
    FROM orders_orderline each WHERE each.order_id = o.id AND each.kind IN ('PRODUCT', 'CUSTOM')
) l LEFT JOIN inventory_variant v ON v.id = l.variant_id
WHERE l.open > l.asked
"""
_READ = f"""
SELECT o.id, o.number, o.version, o.channel_id, o.country, o.currency, o.shipping_method, o.tags, o.placed_at,
       o.shipping_address_id,
       o.fulfillment_count + 1,
       ARRAY(SELECT f.warehouse_id FROM orders_fulfillment f
             WHERE f.order_id = o.id AND f.request_status = 'REJECTED'),
       ({_LINES})
FROM orders_order o
"""  # noqa: S608 - our own text
_DUE = f"""{_READ}
WHERE o.status = 'RELEASED' AND o.routed_at IS NULL AND (o.route_after IS NULL OR o.route_after <= %(at)s)
ORDER BY o.released_at, o.id LIMIT %(limit)s
"""
_THESE = f"""{_READ}
WHERE o.status = 'RELEASED' AND o.routed_at IS NULL AND o.number = ANY(%(numbers)s::text[])
ORDER BY o.released_at, o.id
"""
_ONE = f"{_READ} WHERE o.number = %(number)s"


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
    *columns, lines = row
    names = ("id", "number", "version", "channel_id", "country", "currency", "shipping_method", "tags", "placed_at")
    rest = ("address_id", "next_sequence", "rejected")
    named = dict(zip((*names, *rest), columns, strict=True))
    return UnroutedOrder(**named, lines=[_line(each) for each in lines or ()])


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
