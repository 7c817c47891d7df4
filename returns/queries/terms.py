"""The terms that govern: their editions, and what an order was bought under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from inventory.models import Category
from oms.sql import fetch_all
from orders.models import Order
from orders.queries.windows.facts import climb, read_category_tree
from returns.models import TermsEdition
from returns.policies.terms.rows import ItemFacts, Terms, read_terms


@dataclass(frozen=True, slots=True)
class Edition:
    """All terms as they stood; `id` is None before any were ever kept."""

    id: int | None = None
    digest: str = ""
    terms: tuple[Terms, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderTermsFacts:
    """What an order was bought under, and by what each of its lines is judged."""

    edition: int | None
    digest: str
    terms: tuple[Terms, ...]
    lines: Mapping[int, ItemFacts]


@dataclass(frozen=True, slots=True)
class _Bought:
    """One line with its order. `said`: what was noted of it, as JSON; what follows is how it is filed today."""

    order: int
    country: str
    channel: str
    tier: str
    edition: int | None
    line: int | None
    said: str | None
    category: int | None
    tags: Sequence[str] | None


def read_order_terms(orders: Sequence[Order]) -> dict[int, OrderTermsFacts]:
    """By order id. As noted when the order was placed; where that was not noted, the edition of that moment (the
    oldest, for orders from before it) and goods as they are filed today. At most three statements for any number."""
    rows = [_Bought(*row) for row in fetch_all(_BOUGHT, {"orders": [order.pk for order in orders]})]
    governing = {row.order: row.edition for row in rows}
    tree = read_category_tree() if any(row.said is None and row.category for row in rows) else {}
    lines: dict[int, dict[int, ItemFacts]] = {row.order: {} for row in rows}
    known: dict[tuple[Any, ...], ItemFacts] = {}
    for row in rows:
        if row.line is not None:
            key = (row.order, row.said or (row.category, *(row.tags or ())))
            facts = known[key] = known.get(key) or _item_facts(row, tree)
            lines[row.order][row.line] = facts
    editions = {order: edition_numbered(governing[order]) for order in lines}
    return {
        order: OrderTermsFacts(edition.id, edition.digest, edition.terms, lines[order])
        for order, edition in editions.items()
    }


def edition_at(at: datetime) -> Edition:
    """The edition that a buyer of that moment gets."""
    found = TermsEdition.objects.filter(in_force_from__lte=at).order_by("-in_force_from")
    return edition_numbered(found.values_list("id", flat=True).first())


@lru_cache(maxsize=32)
def edition_numbered(edition_id: int | None) -> Edition:
    """Ready to judge; None is the empty one. Editions never change, so they are kept."""
    if edition_id is None:
        return Edition()
    row = TermsEdition.objects.get(id=edition_id)
    return Edition(row.pk, row.digest, read_terms(row.document["terms"]))


def read_category_paths() -> dict[str, tuple[str, ...]]:
    """Each category's code with its path, from the top down to itself."""
    tree = read_category_tree()
    return {code: path_of(id_, tree) for id_, (code, _) in tree.items()}


def path_of(category_id: int | None, tree: Mapping[int, tuple[str, int | None]]) -> tuple[str, ...]:
    return tuple(reversed(list(climb(category_id, tree))))


def name_categories() -> dict[str, str]:
    """Each category's name by its code."""
    return dict(Category.objects.values_list("code", "name"))


def _item_facts(row: _Bought, tree: Mapping[int, tuple[str, int | None]]) -> ItemFacts:
    """Lines that came by an edit were not noted: they count as they are filed today."""
    if row.said is None:
        path, tags = path_of(row.category, tree), row.tags or ()
    else:
        said = orjson.loads(row.said)
        path, tags = tuple(said["category"]), said["tags"]
    return ItemFacts(path, frozenset(tags), row.channel, row.country, row.tier)


_BOUGHT = """
SELECT o.id, o.country, channel.code, coalesce(noted.facts->>'tier', c.tier, ''), coalesce(
           noted.edition_id,
           (SELECT id FROM returns_termsedition WHERE in_force_from <= o.placed_at ORDER BY in_force_from DESC LIMIT 1),
           (SELECT id FROM returns_termsedition ORDER BY in_force_from LIMIT 1)),
       l.id, (noted.facts->'lines'->(l.id::text))::text, p.category_id, p.tags
FROM orders_order o
JOIN oms_channel channel ON channel.id = o.channel_id
LEFT JOIN orders_customer c ON c.id = o.customer_id
LEFT JOIN returns_orderterms noted ON noted.order_id = o.id
LEFT JOIN orders_orderline l ON l.order_id = o.id
LEFT JOIN inventory_variant v ON v.id = l.variant_id
LEFT JOIN inventory_product p ON p.id = v.product_id
WHERE o.id = ANY(%(orders)s::bigint[])
"""
