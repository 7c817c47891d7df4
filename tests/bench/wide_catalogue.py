"""A catalogue of 100,000 SKUs more, by INSERT … SELECT generate_series: two a product, three of four have been sold.

Prices end as a shop's do (.90, .95) or on any cent, most of them low; one of ten is sold out. The seed is given: every
run makes the same.
"""

import psycopg

SKUS = 100_000
PRODUCTS = """
INSERT INTO inventory_product (id, title, handling, tags)
SELECT %(skus)s::int + n, 'Wide ' || n, '{}', '{}' FROM generate_series(1, %(skus)s::int / 2) AS n
"""
VARIANTS = """
INSERT INTO inventory_variant (id, product_id, sku, price, currency, options, unit_cost, weight_grams)
SELECT %(skus)s::int + n, %(skus)s::int + (n + 1) / 2, 'WIDE-' || n, price, 'EUR', '{}', round(price / 2, 2), 100
FROM (
    SELECT n, CASE n %% 3 WHEN 0 THEN floor(amount)::numeric + 0.90 WHEN 1 THEN floor(amount)::numeric + 0.95
              ELSE round(amount::numeric, 2) END AS price
    FROM (SELECT n, 1 + 150 * power(random(), 2) AS amount FROM generate_series(1, %(skus)s::int) AS n) AS drawn
) AS priced
"""
STOCK = """
INSERT INTO inventory_availability (variant_id, sellable, velocity, velocity_at)
SELECT %(skus)s::int + n, CASE WHEN n %% 10 = 0 THEN 0 ELSE 50 END,
       CASE WHEN n %% 4 = 0 THEN 0 ELSE exp(4 - 8 * sqrt(random())) END,
       CASE WHEN n %% 4 <> 0 THEN now() - interval '40 days' * random() END
FROM generate_series(1, %(skus)s::int) AS n
"""


def widen_catalogue(url: str) -> None:
    """Into a database whose own catalogue is smaller."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SELECT setseed(0.5)")
        for step in (PRODUCTS, VARIANTS, STOCK):
            connection.execute(step, {"skus": SKUS})
        connection.execute("VACUUM ANALYZE inventory_product, inventory_variant, inventory_availability")
