"""What is known of whoever asks for a return: two statements at most, for any number of them.

Looked at is a year of the customer's orders and returns; returns that were declined or canceled count for nothing. A
mark that many share is a parcel shop's or a habit of the channel's, and is no evidence against anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from oms.events import as_json
from oms.sql import fetch_all
from returns.policies.abuse import AbuseFacts, Share, peer_share
from returns.policies.marks import mark_address, mark_payment

MOST_SHARERS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One return, or one that may be asked for (`return_id` None: nothing of it is stored yet, but
    perhaps some photos). `person`: who bought, by `PERSON`, where that is known already."""

    order_id: int
    at: datetime
    return_id: int | None = None
    photos: tuple[UUID, ...] = ()
    person: Sequence[Any] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The facts, and the marks by which the next one who asks is compared."""

    facts: AbuseFacts
    address_mark: str = ""
    payment_marks: tuple[str, ...] = ()


def read_abuse_facts(asked: Sequence[Asked]) -> list[Known]:
    """What is known of each, in their order."""
    if not asked:
        return []
    unknown = [each.order_id for each in asked if each.person is None]
    people = dict(fetch_all(_PEOPLE, [unknown])) if unknown else {}
    wanted = [_describe(place, each, each.person or people[each.order_id]) for place, each in enumerate(asked)]
    statement = _HISTORY if len(asked) > 1 else _HISTORY_OF_ONE
    rows = dict(fetch_all(statement, {"asked": as_json(wanted), "sharers": MOST_SHARERS}))
    return [Known(_read(rows[row["place"]]), row["address_mark"], tuple(row["payment_marks"])) for row in wanted]


def _describe(place: int, asked: Asked, person: Sequence[Any]) -> dict[str, Any]:
    customer, tier, (country, postal_code, line1, line2), payments = person
    marks = {mark_payment(gateway=gateway, reference=reference) for gateway, reference in payments}
    return {
        "place": place,
        "customer_id": customer,
        "tier": tier,
        "return_id": asked.return_id,
        "order_id": asked.order_id,
        "photos": [str(key) for key in asked.photos],
        "at": asked.at,
        "address_mark": mark_address(country=country, postal_code=postal_code, line1=line1, line2=line2),
        "payment_marks": sorted(marks - {""}),
    }


def _read(found: dict[str, Any]) -> AbuseFacts:
    return AbuseFacts(
        shares=tuple(map(_read_share, found["shares"])),
        worn_days=tuple(found["worn_days"]),
        empty_boxes=found["empty_boxes"],
        not_received=found["not_received"],
        refuted=found["refuted"],
        same_address=found["same_address"],
        same_payment=found["same_payment"],
        photos_seen=tuple(found["photos_seen"]),
        lately=found["lately"],
    )


def _read_share(row: dict[str, str]) -> Share:
    peers = peer_share(Decimal(row["peers_bought"]), Decimal(row["peers_returned"]))
    return Share(row["category"], Decimal(row["bought"]), Decimal(row["returned"]), peers)


PERSON = """json_build_array(
    o.customer_id, coalesce((SELECT tier FROM orders_customer WHERE id = o.customer_id), ''),
    coalesce(
        (SELECT json_build_array(country, postal_code, line1, line2) FROM orders_address
         WHERE id = o.shipping_address_id), '["", "", "", ""]'::json),
    (SELECT coalesce(json_agg(json_build_array(p.gateway, p.reference)), '[]'::json)
     FROM orders_payment p WHERE p.order_id = o.id AND p.reference <> '')
)"""
"""Who bought the order `o`, as an expression for statements that read it anyway."""
_PEOPLE = f"SELECT o.id, {PERSON} FROM orders_order o WHERE o.id = ANY(%s::bigint[])"  # noqa: S608 - the expression above

_HISTORY = """
WITH asked AS MATERIALIZED (
    SELECT *, at - interval '1 year' AS since FROM json_to_recordset(%(asked)s::json) AS a(
        place int, customer_id bigint, tier text, return_id bigint, order_id bigint, photos uuid[],
        at timestamptz, address_mark text, payment_marks text[])
), earlier AS MATERIALIZED (
    SELECT a.place, r.id, r.kind, r.requested_at, r.requested_at > a.at - interval '30 days' AS lately,
           (SELECT max(s.delivered_at) FROM orders_fulfillment f JOIN orders_shipment s ON s.fulfillment_id = f.id
            WHERE f.order_id = o.id AND s.delivered_at <= r.requested_at) AS delivered_at
    FROM asked a
    JOIN orders_order o ON o.customer_id = a.customer_id
    JOIN returns_return r ON r.order_id = o.id
    WHERE r.requested_at > a.since AND r.requested_at <= a.at AND r.id IS DISTINCT FROM a.return_id
      AND r.status NOT IN ('DECLINED', 'CANCELED')
), seen AS MATERIALIZED (
    SELECT e.place, e.id, e.kind, e.requested_at, e.delivered_at, i.line_id, i.quantity, i.reception, i.acceptance,
           i.grade, i.disposition, i.needs_goods, coalesce(n.merchant_fault, FALSE) AS our_fault,
           coalesce(n.root_cause, '') AS root_cause
    FROM earlier e JOIN returns_returnitem i ON i.of_id = e.id LEFT JOIN returns_returnreason n ON n.id = i.reason_id
), units AS (
    SELECT a.place, p.category_id, a.tier, sum(l.fulfilled_quantity) AS bought,
           sum(coalesce(back.units, 0)) AS returned
    FROM asked a
    JOIN orders_order o ON o.customer_id = a.customer_id AND o.placed_at > a.since AND o.placed_at <= a.at
    JOIN orders_orderline l ON l.order_id = o.id AND l.kind = 'PRODUCT' AND l.fulfilled_quantity > 0
    JOIN inventory_variant v ON v.id = l.variant_id
    JOIN inventory_product p ON p.id = v.product_id
    LEFT JOIN LATERAL (
        SELECT sum(s.quantity) AS units FROM seen s
        WHERE s.place = a.place AND s.line_id = l.id AND s.kind <> 'CLAIM' AND NOT s.our_fault
          AND s.reception NOT IN ('CANCELED', 'LOST')
    ) AS back ON TRUE
    GROUP BY a.place, p.category_id, a.tier
)
SELECT a.place, json_build_object(
    'shares', (
        SELECT coalesce(json_agg(json_build_object(
            'category', coalesce(c.name, ''), 'bought', u.bought::text, 'returned', u.returned::text,
            'peers_bought', coalesce(ps.bought, 0)::text, 'peers_returned', coalesce(ps.returned, 0)::text
        ) ORDER BY u.category_id), '[]'::json)
        FROM units u LEFT JOIN inventory_category c ON c.id = u.category_id
        LEFT JOIN returns_peershare ps ON ps.category_id IS NOT DISTINCT FROM u.category_id AND ps.tier = u.tier
        WHERE u.place = a.place),
    'worn_days', (
        SELECT coalesce(json_agg(worn.days ORDER BY worn.days), '[]'::json) FROM (
            SELECT (min(s.requested_at)::date - min(s.delivered_at)::date) AS days FROM seen s
            WHERE s.place = a.place AND s.grade = 'C' AND NOT s.our_fault AND s.delivered_at IS NOT NULL
            GROUP BY s.id) AS worn),
    'empty_boxes', (
        SELECT count(DISTINCT s.id) FROM seen s
        WHERE s.place = a.place AND s.reception = 'RECEIVED' AND s.disposition = 'MISSING'),
    'not_received', (
        SELECT count(DISTINCT s.id) FROM seen s
        WHERE s.place = a.place AND s.kind = 'CLAIM' AND NOT s.needs_goods AND s.delivered_at IS NOT NULL
          AND s.root_cause <> 'DAMAGED_IN_TRANSIT'),
    'refuted', (
        SELECT count(*) FROM seen s
        WHERE s.place = a.place AND s.reception = 'RECEIVED' AND s.disposition <> 'MISSING'
          AND (s.acceptance = 'REJECTED' OR s.root_cause = 'DAMAGED_IN_TRANSIT' AND s.grade = 'A')),
    'lately', (SELECT count(*) FROM earlier e WHERE e.place = a.place AND e.lately),
    'same_address', coalesce((
        SELECT CASE WHEN count(DISTINCT o.customer_id) > %(sharers)s THEN 0 ELSE count(DISTINCT o.customer_id) END
        FROM returns_abusescore b JOIN returns_return r ON r.id = b.of_id JOIN orders_order o ON o.id = r.order_id
        WHERE a.address_mark <> '' AND b.address_mark = a.address_mark AND b.address_mark <> ''
          AND r.requested_at > a.since AND r.status NOT IN ('DECLINED', 'CANCELED')
          AND o.customer_id IS DISTINCT FROM a.customer_id), 0),
    'same_payment', coalesce((
        SELECT CASE WHEN count(DISTINCT o.customer_id) > %(sharers)s THEN 0 ELSE count(DISTINCT o.customer_id) END
        FROM returns_abusescore b JOIN returns_return r ON r.id = b.of_id JOIN orders_order o ON o.id = r.order_id
        WHERE b.payment_marks && a.payment_marks::varchar[] AND r.requested_at > a.since
          AND r.status NOT IN ('DECLINED', 'CANCELED') AND o.customer_id IS DISTINCT FROM a.customer_id), 0),
    'photos_seen', (
        SELECT coalesce(json_agg(DISTINCT other.number), '[]'::json)
        FROM returns_returnphoto mine
        JOIN returns_returnphoto same ON same.digest = mine.digest
        JOIN returns_return other ON other.id = same.of_id AND other.order_id <> a.order_id
        WHERE mine.of_id = a.return_id OR mine.key = ANY(a.photos))
)
FROM asked a
"""
_OF_ONE = "payment_marks text[])\n)"
_HISTORY_OF_ONE = _HISTORY.replace(_OF_ONE, _OF_ONE.replace("\n", " LIMIT 1\n"))
"""PostgreSQL takes what a JSON document holds for a hundred rows, and would read whole tables for one customer."""
