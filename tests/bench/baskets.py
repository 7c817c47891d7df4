"""A shop to learn from, in the size of UCI's: 13,000 orders of 320,000 lines, by INSERT … SELECT generate_series.

Seven lines in ten are of the order's own theme of fifty items, the others of whatever sells most; sizes are spread as
wholesale has them: half of the orders hold fewer than seventeen items, some more than a hundred. The seed is given:
every run makes the same baskets.
"""

import psycopg

ORDERS, SIZE, THEMES = 13_000, 24.6, 80
FIRST = 1_000_000
PRODUCTS = """
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM inventory_variant
), shelves AS (
    INSERT INTO inventory_category (code, name)
    SELECT 'shelf-' || n, 'Shelf ' || n FROM generate_series(0, 39) AS n RETURNING id, code
), made AS (
    INSERT INTO inventory_product (title, category_id, handling, tags)
    SELECT 'Item ' || place, shelves.id, '{}', '{}'
    FROM numbered JOIN shelves ON shelves.code = 'shelf-' || place %% 40
    RETURNING id, title
)
UPDATE inventory_variant v
SET product_id = made.id, price = 2 + place %% 40, unit_cost = 1
FROM numbered JOIN made ON made.title = 'Item ' || numbered.place WHERE v.id = numbered.id
"""
BASKETS = """
WITH wanted AS MATERIALIZED (
    SELECT n, least(400, 1 + floor(-ln(1 - random()) * %(size)s))::int AS items,
           now() - interval '300 days' * random() AS placed_at
    FROM generate_series(1, %(orders)s::int) AS n
)
INSERT INTO orders_order (id, number, channel_id, external_id, status, financial_status, customer_id, email, currency,
    country, tax_included, item_total, total, paid, tags, placed_at, recorded_at, updated_at, closed_at)
SELECT %(first)s + n, 'B' || n, (SELECT id FROM oms_channel WHERE code = 'bench'), 'basket-' || n, 'CLOSED', 'PAID',
       buyer.id, buyer.email, 'EUR', 'DE', true, 10 * items, 10 * items, 10 * items, '{}', placed_at, placed_at,
       placed_at, placed_at + interval '2 days'
FROM wanted JOIN orders_customer buyer ON buyer.id = 1 + n %% (SELECT max(id) FROM orders_customer)
"""
LINES = """
WITH chosen AS MATERIALIZED (
    SELECT o.id, place, CASE WHEN random() < 0.7
        THEN (o.id %% %(themes)s) * 50 + floor(50 * power(random(), 2))
        ELSE floor(4000 * power(random(), 2.5)) END::int AS item
    FROM orders_order o CROSS JOIN LATERAL generate_series(1, (o.item_total / 10)::int) AS place
    WHERE o.id > %(first)s
)
INSERT INTO orders_orderline (order_id, position, external_id, variant_id, sku, title, quantity, unit_price)
SELECT chosen.id, place, 'l' || place, v.id, v.sku, 'Item', 1, 10
FROM chosen JOIN (
    SELECT id, sku, row_number() OVER (ORDER BY id) - 1 AS place FROM inventory_variant
) AS v(id, sku, item) USING (item)
"""
STEPS = (PRODUCTS, BASKETS, LINES)


def fill_baskets(url: str) -> int:
    """How many lines there are now."""
    asked = {"orders": ORDERS, "size": SIZE, "themes": THEMES, "first": FIRST}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SELECT setseed(0.6)")
        for step in STEPS:
            connection.execute(step, asked)
        connection.execute("VACUUM ANALYZE")
        row = connection.execute("SELECT count(*) FROM orders_orderline").fetchone()
    assert row is not None
    return int(row[0])
