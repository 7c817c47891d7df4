"""A fulfillment as a warehouse sees it, built by PostgreSQL: one statement for one or a page of 250.

`orders/api/fulfillment_shapes.py` describes the same shape for the OpenAPI document; a test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from oms.sql import JsonQuery, fetch_all


@dataclass(frozen=True, slots=True)
class FulfillmentDocument:
    """One fulfillment: JSON text, and what a gate must know of it."""

    number: str
    warehouse: str
    channel: str
    version: int
    json: str


def _list(columns: str, source: str) -> str:
    return f"(SELECT coalesce(json_agg(row_to_json(each)), '[]') FROM (SELECT {columns} FROM {source}) AS each)"


_LINES = _list(
    """l.id, l.order_line_id AS order_line, ol.external_id, ol.sku, ol.title, coalesce(v.barcode, '') AS barcode,
       coalesce(v.options, '{}') AS options, coalesce(p.handling, '{}') AS handling,
       trim_scale(l.quantity) AS quantity, trim_scale(l.picked_quantity) AS picked_quantity,
       trim_scale(l.shipped_quantity) AS shipped_quantity, trim_scale(l.short_quantity) AS short_quantity,
       trim_scale(l.quantity - l.shipped_quantity - l.short_quantity) AS open_quantity,
       v.weight_grams, coalesce(v.hs_code, '') AS hs_code, coalesce(v.origin, '') AS origin""",
    """orders_fulfillmentline l JOIN orders_orderline ol ON ol.id = l.order_line_id
       LEFT JOIN inventory_variant v ON v.id = ol.variant_id LEFT JOIN inventory_product p ON p.id = v.product_id
       WHERE l.fulfillment_id = f.id ORDER BY ol.position""",
)
_PARCEL_LINES = _list(
    "sl.fulfillment_line_id AS line, trim_scale(sl.quantity) AS quantity",
    "orders_shipmentline sl WHERE sl.shipment_id = s.id ORDER BY sl.id",
)
SHIPMENT_COLUMNS = f"""s.number AS id, s.status, s.carrier, s.service, s.tracking_number, s.tracking_url,
    s.weight_grams, s.shipped_at, s.expected_at, s.delivered_at, {_PARCEL_LINES} AS lines"""
_SHIPMENTS = _list(SHIPMENT_COLUMNS, "orders_shipment s WHERE s.fulfillment_id = f.id ORDER BY s.sequence")
_LABEL = """(SELECT json_build_object(
    'state', lb.state, 'carrier', coalesce(ca.name, ''), 'service', lb.service_name,
    'tracking_number', lb.tracking_number, 'tracking_url', lb.tracking_url, 'error', lb.last_error)
    FROM orders_label lb LEFT JOIN orders_carrieraccount ca ON ca.id = lb.account_id
    WHERE lb.fulfillment_id = f.id AND lb.state IN ('WANTED', 'BOUGHT', 'REFUSED') ORDER BY lb.id DESC LIMIT 1)"""
_HOLD = """(SELECT row_to_json(held) FROM (
    SELECT f.hold_reason AS reason, f.hold_note AS reason_notes, f.held_at, f.held_by WHERE f.status = 'ON_HOLD'
) AS held)"""
_ADDRESS = """(SELECT row_to_json(a) FROM (
    SELECT name, company, line1, line2, city, province, postal_code, country, phone
    FROM orders_address WHERE id = f.address_id
) AS a)"""
_READ = f"""
JOIN orders_order o ON o.id = f.order_id
JOIN oms_channel c ON c.id = o.channel_id
JOIN inventory_warehouse w ON w.id = f.warehouse_id
LEFT JOIN orders_carrierservice cs ON cs.id = f.service_id
CROSS JOIN LATERAL (
    SELECT f.number AS id, o.number AS order, c.code AS channel, w.code AS warehouse, f.status, f.request_status,
        f.version, f.made_at, f.requested_at, f.fulfill_at, {_HOLD} AS hold, f.ship_by, f.deliver_by, f.accepted_at,
        f.accepted_by, f.picked_at,
        f.closed_at, f.reason, f.note, f.weight_grams, coalesce(cs.name, '') AS service, o.shipping_method,
        o.email, coalesce(nullif(o.phone, ''), '') AS phone, {_ADDRESS} AS shipping_address,
        {_LINES} AS lines, {_LABEL} AS label, {_SHIPMENTS} AS shipments
) AS document
"""
_SHOWN = "SELECT f.number, w.code, c.code, f.version, row_to_json(document)::text"
_READ_ONE = f"{_SHOWN} FROM orders_fulfillment f {_READ} WHERE f.number = %(number)s"
_QUERY_ONE = f"""
SELECT row_to_json(document)::text AS document, f.version FROM orders_fulfillment f {_READ}
WHERE f.number = %(number)s
"""
_READ_PAGE = f"""
{_SHOWN} FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted(id, place)
JOIN orders_fulfillment f ON f.id = wanted.id {_READ} ORDER BY wanted.place
"""


def read_fulfillment_documents(ids: Sequence[int]) -> list[FulfillmentDocument]:
    """The fulfillments with these ids, in this order."""
    if not ids:
        return []
    return [FulfillmentDocument(*row) for row in fetch_all(_READ_PAGE, {"ids": list(ids)})]


def find_fulfillment_document(number: str) -> FulfillmentDocument | None:
    """The fulfillment with this number, if there is one."""
    rows = fetch_all(_READ_ONE, {"number": number})
    return FulfillmentDocument(*rows[0]) if rows else None


def query_fulfillment_document(number: str) -> JsonQuery:
    """The same, still to be read: whoever stores what is shown lets one statement do both."""
    return JsonQuery(_QUERY_ONE, {"number": number})


_SIGHTINGS = _list(
    "external_id, status, at, place, description, by",
    "orders_trackingevent t WHERE t.shipment_id = s.id ORDER BY t.at, t.id",
)
_SHIPMENT = f"""
SELECT row_to_json(document)::text AS document, 1 AS version
FROM orders_shipment s JOIN orders_fulfillment f ON f.id = s.fulfillment_id
CROSS JOIN LATERAL (
    SELECT f.number AS fulfillment, (SELECT number FROM orders_order WHERE id = f.order_id) AS order,
        {SHIPMENT_COLUMNS},
        {_SIGHTINGS} AS tracking_events
) AS document
WHERE s.number = %(number)s
"""


def query_shipment_document(number: str) -> JsonQuery:
    """A parcel with all that was reported of it."""
    return JsonQuery(_SHIPMENT, {"number": number})
