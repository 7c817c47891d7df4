"""A return as the API shows it, built by PostgreSQL: one statement for one return or a page of 250.

`returns/api/shapes.py` describes the same shape for the OpenAPI document; a test holds the two together. Who is limited
to warehouses sees the goods and no money: a partner grades shirts, and need not know what they cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from oms.sql import JsonQuery, fetch_all
from orders.queries.order_documents import digits_of


@dataclass(frozen=True, slots=True)
class ReturnDocument:
    """One return: JSON text, and what a gate must know of it. `warehouse` "": it has no place to go yet."""

    number: str
    channel: str
    warehouse: str
    version: int
    json: str


def read_return_documents(ids: Sequence[int], *, whole: bool = True) -> list[ReturnDocument]:
    """The returns with these ids, in this order; not `whole`: without money."""
    if not ids:
        return []
    return [ReturnDocument(*row) for row in fetch_all(_READ_PAGE, {"ids": list(ids), "whole": whole})]


def find_return_documents(numbers: Sequence[str], *, whole: bool = True) -> list[ReturnDocument]:
    """Those with these numbers; a number without a return is left out."""
    if not numbers:
        return []
    return [ReturnDocument(*row) for row in fetch_all(_READ_NUMBERED, {"numbers": list(numbers), "whole": whole})]


def query_return_document(number: str, *, whole: bool = True) -> JsonQuery:
    """One return, still to be read: whoever stores what is shown lets one statement do both."""
    return JsonQuery(_QUERY_ONE, {"number": number, "whole": whole})


def _money(amount: str) -> str:
    return (
        f"CASE WHEN %(whole)s::bool THEN json_build_object("
        f"'amount', round({amount}, digits)::text, 'currency', o.currency) END"
    )


def _list(columns: str, source: str) -> str:
    return f"(SELECT coalesce(json_agg(row_to_json(each)), '[]') FROM (SELECT {columns} FROM {source}) AS each)"


_ITEMS = _list(
    f"""i.id, i.line_id AS line, coalesce(v.sku, l.sku, '') AS sku, coalesce(l.title, '') AS title,
        trim_scale(i.quantity) AS quantity, coalesce(x.code, '') AS reason, i.comment, i.resolution,
        coalesce(w.sku, '') AS exchange_sku, n.number AS exchange_order, i.needs_goods, i.reception, i.acceptance,
        i.grade, i.disposition, i.finding, i.conditions, i.sealed_only, i.unmet,
        {_money("i.value")} AS value, i.received_at, i.inspected_at,
        i.settlement_id AS settlement""",
    """returns_returnitem i LEFT JOIN orders_orderline l ON l.id = i.line_id
       LEFT JOIN inventory_variant v ON v.id = i.variant_id
       LEFT JOIN inventory_variant w ON w.id = i.exchange_variant_id
       LEFT JOIN returns_returnreason x ON x.id = i.reason_id LEFT JOIN orders_order n ON n.id = i.new_order_id
       WHERE i.of_id = r.id ORDER BY i.id""",
)
_PARCELS = _list(
    "p.status, p.carrier, p.tracking_number, p.tracking_url, p.announced_at, p.scanned_at, p.delivered_at",
    "returns_returnparcel p WHERE p.of_id = r.id ORDER BY p.id",
)
_SETTLEMENTS = _list(
    f"""s.id, s.remedy, {_money("s.value")} AS value, {_money("s.shipping")} AS shipping, {_money("s.fees")} AS fees,
        {_money("s.given")} AS given, {_money("s.bonus")} AS bonus, n.number AS order, s.advanced, s.at""",
    """returns_settlement s LEFT JOIN orders_order n ON n.id = s.order_id
       WHERE s.of_id = r.id AND %(whole)s::bool ORDER BY s.id""",
)
_PHOTOS = "ARRAY(SELECT key FROM returns_returnphoto f WHERE f.of_id = r.id ORDER BY f.id)"
_READ = f"""
JOIN orders_order o ON o.id = r.order_id
JOIN oms_channel c ON c.id = o.channel_id
LEFT JOIN returns_returnnode place ON place.id = r.node_id
LEFT JOIN inventory_warehouse h ON h.id = place.warehouse_id
LEFT JOIN returns_returnrule rule ON rule.id = r.rule_id
CROSS JOIN LATERAL (SELECT {digits_of("o.currency")} AS digits OFFSET 0) AS unit
CROSS JOIN LATERAL (
    SELECT r.number AS id, o.number AS order, c.code AS channel, r.kind, r.source, r.status, r.method, h.code AS node,
        json_build_object('verdict', coalesce(r.decision->>'verdict', ''), 'by', coalesce(r.decision->>'by', ''),
                          'because', coalesce(r.decision->'because', '[]'), 'rule', coalesce(rule.name, ''))
        AS decision,
        r.explanation, {_ITEMS} AS items, {_PARCELS} AS parcels, {_SETTLEMENTS} AS settlements,
        {_PHOTOS} AS photos, {_money("r.label_fee")} AS label_fee, {_money("r.restocking_fee")} AS restocking_fee,
        {_money("r.shipping_refund")} AS shipping_refund,
        CASE WHEN %(whole)s::bool THEN r.email ELSE '' END AS email, r.locale, r.note, r.tags,
        r.requested_at, r.requested_by, r.decided_at, r.expires_at, r.withdrawn_at, r.moved_at, r.received_at,
        r.inspected_at, r.ended_at, r.updated_at, r.version
) AS document
"""
OF_ORDER = _list(
    f"""r.number AS id, r.kind, r.status, r.method, r.requested_at, r.ended_at, {
        _list(
            "i.line_id AS line, trim_scale(i.quantity) AS quantity, i.resolution, i.reception, i.acceptance",
            "returns_returnitem i WHERE i.of_id = r.id ORDER BY i.id",
        )
    } AS items""",
    "returns_return r WHERE r.order_id = o.id ORDER BY r.sequence",
)
"""The returns of an order `o`, as the order itself shows them."""
_SHOWN = "SELECT r.number, c.code, coalesce(h.code, ''), r.version, row_to_json(document)::text"
_QUERY_ONE = f"""
SELECT row_to_json(document)::text AS document, r.version FROM returns_return r {_READ} WHERE r.number = %(number)s
"""
_READ_PAGE = f"""
{_SHOWN} FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted(id, place)
JOIN returns_return r ON r.id = wanted.id {_READ} ORDER BY wanted.place
"""
_READ_NUMBERED = f"""
{_SHOWN} FROM unnest(%(numbers)s::text[]) AS wanted(number) JOIN returns_return r ON r.number = wanted.number {_READ}
"""
