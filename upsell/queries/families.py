"""Orders that belong together: an exchange or a replacement brings goods in the stead of an order's own.

Fragments of WITH RECURSIVE, over the lines that follow others. Few lines follow one: a partial index finds them.
"""

DOWN = """
family AS (
    SELECT asked.id AS root, asked.id FROM unnest(%(orders)s::bigint[]) AS asked(id)
    UNION
    SELECT family.root, later.order_id
    FROM family
    JOIN orders_orderline line ON line.order_id = family.id
    JOIN orders_orderline later ON later.follows_id = line.id
)
"""
"""family (root, id): each of the asked orders with itself and all that followed it."""

UP = """
family AS (
    SELECT asked.id, asked.id AS root FROM asked
    UNION
    SELECT family.id, earlier.order_id
    FROM family
    JOIN orders_orderline line ON line.order_id = family.root AND line.follows_id IS NOT NULL
    JOIN orders_orderline earlier ON earlier.id = line.follows_id
)
"""
"""family (id, root): each order of a table `asked` with itself and all that it followed."""

FOLLOWERS = """
asked AS (
    SELECT DISTINCT line.order_id AS id FROM orders_orderline line WHERE line.follows_id IS NOT NULL
)
"""
"""asked (id): every order that follows another, or has a line that does."""
