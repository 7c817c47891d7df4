"""Returns that want a label: what comes back, from which customer, to which warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from oms.sql import fetch_all
from orders.queries.shipping.wanted import (
    Wanted,
    address_warehouse,
    declare_items,
    fill_address,
    list_handling,
    pack_units,
)

# The customer sends from where it was sent to last; the goods are worth for customs what they were sold for.
_READ = """
SELECT asked.rma, o.id, o.number, o.currency, w.id, w.code, w.time_zone,
       w.address::json, w.name, w.country, w.city,
       json_build_object(
           'name', a.name, 'company', a.company, 'line1', a.line1, 'line2', a.line2, 'city', a.city,
           'province', a.province, 'postal_code', a.postal_code, 'country', coalesce(nullif(a.country, ''), o.country),
           'phone', coalesce(nullif(a.phone, ''), o.phone), 'email', o.email
       ),
       (SELECT json_agg(json_build_object(
            'quantity', unit.value, 'title', l.title, 'sku', l.sku,
            'value', ((l.quantity * l.unit_price - l.discount) / greatest(l.quantity, 0.001))::text,
            'grams', v.weight_grams, 'length', v.length_mm, 'width', v.width_mm, 'height', v.height_mm,
            'hs_code', v.hs_code, 'origin', v.origin, 'handling', p.handling
        ) ORDER BY l.position)
        FROM json_each_text(asked.units) AS unit
        JOIN orders_orderline l ON l.id = unit.key::bigint AND l.order_id = o.id
        LEFT JOIN inventory_variant v ON v.id = l.variant_id
        LEFT JOIN inventory_product p ON p.id = v.product_id),
       asked.units,
       (SELECT string_agg(s.tracking_number, ', ' ORDER BY s.id) FROM orders_shipment s
        JOIN orders_fulfillment f ON f.id = s.fulfillment_id
        WHERE f.order_id = o.id AND s.tracking_number <> ''), sent.at
FROM json_to_recordset(%(asked)s::json) AS asked(rma text, "order" text, warehouse bigint, units json)
JOIN orders_order o ON o.number = asked."order"
JOIN inventory_warehouse w ON w.id = asked.warehouse
LEFT JOIN LATERAL (
    SELECT f.address_id, s.shipped_at AS at FROM orders_shipment s JOIN orders_fulfillment f ON f.id = s.fulfillment_id
    WHERE f.order_id = o.id ORDER BY s.id DESC LIMIT 1
) sent ON true
LEFT JOIN orders_address a ON a.id = coalesce(sent.address_id, o.shipping_address_id)
WHERE NOT o.test AND NOT EXISTS (
    SELECT FROM orders_label l WHERE l.rma = asked.rma AND l.state IN ('WANTED', 'BOUGHT')
)
ORDER BY asked.rma
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """Units of an order, by the id of their line, on their way to a warehouse (by id) as return `rma`."""

    rma: str
    order: str
    warehouse: int
    units: Mapping[int, Decimal]


def read_wanted_back(ways: Sequence[WayBack], *, at: datetime) -> list[Wanted]:
    """Those that have no label yet; of test orders nothing is sent."""
    asked = [
        {
            "rma": way.rma,
            "order": way.order,
            "warehouse": way.warehouse,
            "units": {str(line): str(quantity) for line, quantity in way.units.items()},
        }
        for way in ways
    ]
    return [_wanted(row, at) for row in fetch_all(_READ, {"asked": orjson.dumps(asked).decode()})]


def _wanted(row: Sequence[Any], at: datetime) -> Wanted:
    rma, order_id, order, currency, warehouse_id, warehouse, zone, *rest = row
    address, name, country, city, customer, items, units, tracking, sent_at = rest
    items = items or []
    here = address_warehouse(address, name=name, country=country, city=city)
    there = fill_address(customer)
    customs = declare_items(items, currency, there, here)
    if customs:
        customs["exported"] = _say_exported(order, tracking, sent_at)
    return Wanted(
        fulfillment_id=None,
        order_id=order_id,
        number=rma,
        order=order,
        warehouse_id=warehouse_id,
        warehouse=warehouse,
        service_id=None,
        express=False,
        leaves=at.astimezone(ZoneInfo(zone)).date(),
        due=None,
        ship_from=there,
        ship_to=here,
        packed=pack_units(items),
        handling=list_handling(items),
        customs=customs,
        units=units,
    )


def _say_exported(order: str, tracking: str | None, sent_at: datetime | None) -> str:
    """What an officer finds the export by: goods that come back unaltered bear no duty (returned goods relief)."""
    under = f", under {tracking}" if tracking else ""
    return f"Order {order}{f', exported {sent_at.date().isoformat()}' if sent_at else ''}{under}"
