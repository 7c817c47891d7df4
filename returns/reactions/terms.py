"""What returns note when an order is placed: the terms that it was bought under."""

from collections.abc import Sequence

from oms.sql import fetch_all
from orders.events import OrderPlaced

# The edition in force when the customer bought; for orders from before the first one, the first. Categories are
# climbed from those of these goods alone, and no deeper than a ring in the tree would lead.
_NOTE = """
WITH RECURSIVE bought AS (
    SELECT o.id AS order_id, o.placed_at, o.customer_id, l.id AS line_id, p.category_id, p.tags
    FROM orders_order o
    LEFT JOIN orders_orderline l ON l.order_id = o.id AND l.variant_id IS NOT NULL
    LEFT JOIN inventory_variant v ON v.id = l.variant_id
    LEFT JOIN inventory_product p ON p.id = v.product_id
    WHERE o.number = ANY(%(numbers)s::text[]) AND EXISTS (SELECT FROM returns_termsedition)
), climbed AS (
    SELECT c.id AS leaf, c.parent_id, ARRAY[c.code::text] AS path
    FROM inventory_category c WHERE c.id IN (SELECT category_id FROM bought)
    UNION ALL
    SELECT climbed.leaf, c.parent_id, c.code::text || climbed.path
    FROM climbed JOIN inventory_category c ON c.id = climbed.parent_id
    WHERE NOT c.code = ANY(climbed.path)
), paths AS (
    SELECT DISTINCT ON (leaf) leaf, path FROM climbed ORDER BY leaf, cardinality(path) DESC
), sales AS (
    SELECT b.order_id, b.placed_at, coalesce(max(c.tier), '') AS tier, jsonb_object_agg(
        b.line_id, jsonb_build_object('category', coalesce(to_jsonb(paths.path), '[]'), 'tags', b.tags)
    ) FILTER (WHERE b.line_id IS NOT NULL) AS lines
    FROM bought b
    LEFT JOIN orders_customer c ON c.id = b.customer_id
    LEFT JOIN paths ON paths.leaf = b.category_id
    GROUP BY b.order_id, b.placed_at
)
INSERT INTO returns_orderterms (order_id, edition_id, facts)
SELECT order_id, edition_id, jsonb_build_object('tier', tier, 'lines', coalesce(lines, '{}'))
FROM sales CROSS JOIN LATERAL (
    SELECT coalesce(
        (SELECT id FROM returns_termsedition WHERE in_force_from <= placed_at ORDER BY in_force_from DESC LIMIT 1),
        (SELECT id FROM returns_termsedition ORDER BY in_force_from LIMIT 1)
    ) AS edition_id
) AS governing
WHERE edition_id IS NOT NULL
ON CONFLICT (order_id) DO NOTHING
"""


def note_terms(told: Sequence[OrderPlaced]) -> None:
    """Together with the orders: one statement, however many they are. With no edition there is nothing to note."""
    fetch_all(_NOTE, {"numbers": [event.subject for event in told]})
