"""Parcels as other systems are told of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson

from oms.sql import fetch_all


@dataclass(frozen=True, slots=True)
class Parcel:
    """`document` is what is said of it, ready for JSON."""

    id: int
    number: str
    document: dict[str, Any]


def read_parcels(numbers: Collection[str]) -> dict[str, Parcel]:
    """The shipments of these numbers, by number, in one statement."""
    rows = fetch_all(_READ, [list(numbers)])
    return {number: Parcel(key, number, orjson.loads(document)) for key, number, document in rows}


_READ = """
SELECT s.id, s.number, jsonb_build_object(
    'number', s.number, 'fulfillment', f.number, 'warehouse', w.code, 'status', s.status,
    'carrier', s.carrier, 'service', s.service,
    'tracking_number', s.tracking_number, 'tracking_url', s.tracking_url,
    'shipped_at', s.shipped_at, 'expected_at', s.expected_at,
    'lines', (
        SELECT jsonb_agg(jsonb_build_object(
            'line', l.id, 'external_id', l.external_id, 'sku', l.sku, 'title', l.title,
            'quantity', trim_scale(p.quantity)
        ) ORDER BY p.id)
        FROM orders_shipmentline p
        JOIN orders_fulfillmentline g ON g.id = p.fulfillment_line_id
        JOIN orders_orderline l ON l.id = g.order_line_id
        WHERE p.shipment_id = s.id
    )
)::text
FROM orders_shipment s
JOIN orders_fulfillment f ON f.id = s.fulfillment_id
JOIN inventory_warehouse w ON w.id = f.warehouse_id
WHERE s.number = ANY(%s)
"""
