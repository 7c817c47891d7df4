"""What returns note when an order is placed: the terms that it was bought under."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from oms.writing import Row
from orders.actions.drafting import Draft
from orders.queries.references import References
from returns.models import OrderTerms

# The edition in force when the customer bought; for orders from before the first one, the first. Categories are
# climbed from those of these goods alone, and no deeper than a ring in the tree would lead.
GOVERNING = """
SELECT CASE WHEN EXISTS (SELECT FROM returns_termsedition) THEN json_build_object(
    'editions', (
        SELECT json_agg(coalesce(
            (SELECT id FROM returns_termsedition WHERE in_force_from <= moment ORDER BY in_force_from DESC LIMIT 1),
            (SELECT id FROM returns_termsedition ORDER BY in_force_from LIMIT 1)
        ) ORDER BY place) FROM unnest(%(moments)s::timestamptz[]) WITH ORDINALITY AS bought(moment, place)),
    'paths', (
        WITH RECURSIVE climbed AS (
            SELECT c.id AS leaf, c.parent_id, ARRAY[c.code::text] AS path
            FROM inventory_category c WHERE c.id IN (
                SELECT p.category_id FROM inventory_variant v JOIN inventory_product p ON p.id = v.product_id
                WHERE v.sku = ANY(%(skus)s::text[]))
            UNION ALL
            SELECT climbed.leaf, c.parent_id, c.code::text || climbed.path
            FROM climbed JOIN inventory_category c ON c.id = climbed.parent_id
            WHERE NOT c.code = ANY(climbed.path)
        )
        SELECT json_object_agg(leaf, path) FROM (
            SELECT DISTINCT ON (leaf) leaf, path FROM climbed ORDER BY leaf, cardinality(path) DESC
        ) AS paths)
) END
"""


def note_terms(drafts: Sequence[Draft], references: References) -> Mapping[type[Model], Sequence[Row]]:
    """A row an order, written with it. With no edition there is nothing to note."""
    governing = references.asked["terms"]
    if governing is None:
        return {}
    editions = dict(zip(references.moments, governing["editions"] or (), strict=True))
    paths = governing["paths"] or {}
    return {
        OrderTerms: [
            {
                "order_id": draft.order["id"],
                "edition_id": editions[draft.incoming.placed_at],
                "facts": _describe(draft, references, paths),
            }
            for draft in drafts
        ]
    }


def _describe(draft: Draft, references: References, paths: Mapping[str, list[str]]) -> Row:
    customer = draft.incoming.customer
    _, tier = references.customers.get(customer.email, (0, "")) if customer else (0, "")
    lines: dict[str, Any] = {}
    for row in draft.lines:
        if row["variant_id"] is not None:
            variant = references.variants[row["sku"]]
            lines[str(row["id"])] = {"category": paths.get(str(variant.category_id), []), "tags": variant.tags}
    return {"tier": tier, "lines": lines}
