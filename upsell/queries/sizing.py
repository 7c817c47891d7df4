"""Candidates that come in sizes, in the size that their customer wears."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.policies.velocity import Velocity, decay
from oms.sql import fetch_all
from orders.models import Order
from upsell.policies.blending import Blend
from upsell.policies.excluding import CandidateFacts
from upsell.policies.sizing import Fit, Kind, Worn, find_size, match_size, sort_fits
from upsell.queries.candidates import ORDERS_LOOKED_AT, Candidate

AT_ONCE = 12
"""Products in sizes that are looked through, those that rank first: more than any page shows."""
LINES_LOOKED_AT = 50
"""Of the order, and of what its customer kept, the newest: what somebody wears is known from a few."""

_SIZES = """
WITH o AS MATERIALIZED (
    SELECT id, customer_id, currency, placed_at FROM orders_order WHERE id = %(order)s
), mine AS MATERIALIZED (
    SELECT id, placed_at, true AS here FROM o
    UNION ALL
    (SELECT h.id, h.placed_at, false FROM orders_order h JOIN o ON h.customer_id = o.customer_id AND h.id <> o.id
     WHERE NOT h.test AND h.status <> 'CANCELLED' ORDER BY h.placed_at DESC LIMIT %(orders_looked_at)s)
), kept AS MATERIALIZED (
    SELECT l.variant_id, mine.here,
           row_number() OVER (ORDER BY mine.here DESC, mine.placed_at DESC, l.position) AS place
    FROM mine
    JOIN orders_orderline l ON l.order_id = mine.id AND l.quantity > l.cancelled_quantity + l.returned_quantity
    WHERE l.variant_id IS NOT NULL
    ORDER BY place LIMIT %(lines_looked_at)s
)
SELECT (
    SELECT json_agg(row_to_json(fit)) FROM (
        SELECT v.product_id, v.id AS variant_id, v.sku, v.options,
               CASE WHEN v.currency = o.currency THEN v.price END::text AS price, v.unit_cost::text AS unit_cost,
               greatest(a.sellable - a.promised - coalesce((
                   SELECT sum(queue.quantity) FROM inventory_reservation queue
                   WHERE queue.variant_id = v.id AND queue.state = 'SHORT'
               ), 0), 0)::text AS left, a.velocity, a.velocity_at, p.category_id, c.parent_id
        FROM o
        JOIN inventory_variant v ON v.product_id = ANY(%(products)s::bigint[]) AND v.active
        JOIN inventory_product p ON p.id = v.product_id AND p.active
        JOIN inventory_availability a ON a.variant_id = v.id AND a.sellable > a.promised
        LEFT JOIN inventory_category c ON c.id = p.category_id
    ) AS fit
), (
    SELECT json_agg(row_to_json(worn)) FROM (
        SELECT v.options, p.category_id, c.parent_id, kept.here
        FROM kept
        JOIN inventory_variant v ON v.id = kept.variant_id
        JOIN inventory_product p ON p.id = v.product_id
        LEFT JOIN inventory_category c ON c.id = p.category_id
        ORDER BY kept.place
    ) AS worn
)
"""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A product's variants that are in stock, by SKU."""

    kind: Kind
    rows: Mapping[str, Mapping[str, Any]]
    fits: Sequence[Fit]


def fit_sizes(order: Order, found: Sequence[tuple[Blend, Candidate]], *, at: datetime) -> list[tuple[Blend, Candidate]]:
    """The same, in their order: of what comes in sizes all that is in stock, the best size first. One statement, none
    where nothing does. What is gone in every size stays as it was found.
    """
    products = list(dict.fromkeys(each.facts.product_id for _, each in found if find_size(each.options)))[:AT_ONCE]
    if not products:
        return list(found)
    asked = {"order": order.pk, "products": products, "orders_looked_at": ORDERS_LOOKED_AT}
    asked["lines_looked_at"] = LINES_LOOKED_AT
    ((fits, worn),) = fetch_all(_SIZES, asked)
    shelves = _gather(fits or (), at=at)
    theirs = [each for row in worn or () if (each := _worn(row)).size]
    return list(_expand(found, shelves, theirs))


def _expand(
    found: Sequence[tuple[Blend, Candidate]], shelves: Mapping[int, _Shelf], worn: Sequence[Worn]
) -> Iterator[tuple[Blend, Candidate]]:
    done = set()
    for blended, each in found:
        shelf = shelves.get(each.facts.product_id)
        if shelf is None:
            yield blended, each
        elif each.facts.product_id not in done:
            done.add(each.facts.product_id)
            for candidate in _list_fits(each, shelf, worn):
                yield blended, candidate


def _list_fits(candidate: Candidate, shelf: _Shelf, worn: Sequence[Worn]) -> Iterator[Candidate]:
    match = match_size(shelf.fits, worn, shelf.kind)
    for fit in sort_fits(shelf.fits, match, like=candidate.options):
        matched = match if match and find_size(fit.options) == match.size.lower() else None
        facts = _facts(candidate.facts, shelf.rows[fit.sku])
        yield replace(candidate, facts=facts, options=fit.options, match=matched)


def _facts(facts: CandidateFacts, row: Mapping[str, Any]) -> CandidateFacts:
    return replace(
        facts,
        variant_id=row["variant_id"],
        sku=row["sku"],
        price=_amount(row["price"]),
        unit_cost=_amount(row["unit_cost"]),
        sold=True,
        left=Decimal(row["left"]),
    )


def _gather(rows: Sequence[Mapping[str, Any]], *, at: datetime) -> dict[int, _Shelf]:
    by_product: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_product.setdefault(row["product_id"], []).append(row)
    return {
        product: _Shelf(_kind(same[0]), {row["sku"]: row for row in same}, [_fit(row, at) for row in same])
        for product, same in by_product.items()
    }


def _fit(row: Mapping[str, Any], at: datetime) -> Fit:
    since = datetime.fromisoformat(row["velocity_at"]) if row["velocity_at"] else None
    return Fit(row["sku"], row["options"], decay(Velocity(row["velocity"] or 0.0, since), at=at))


def _worn(row: Mapping[str, Any]) -> Worn:
    return Worn(find_size(row["options"]), _kind(row), row["here"])


def _kind(row: Mapping[str, Any]) -> Kind:
    return Kind(row["category_id"], row["parent_id"])


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
