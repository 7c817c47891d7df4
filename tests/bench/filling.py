"""Many orders, quickly: the product's own tables filled by INSERT … SELECT generate_series.

The secondary indexes are built afterwards, from their own definitions, as `pg_restore` does. Of a hundred orders 60 are
closed, 20 released, 15 held and 5 cancelled, each with its address, payment, event and one to three lines; who waits
for goods has them promised, and what was asked in the last 24 hours has its stored answer.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import psycopg
from psycopg import sql

AT_ONCE = 10_000
"""Orders. A trigger notes their tags, in a subtransaction of its own, and at the end of each PostgreSQL looks through
all that the statement has still to check: a million orders at once would take hours."""
APART = "43 seconds"  # from one order to the next; the first is the newest, the millionth is 500 days old


@dataclass(frozen=True)
class Filling:
    """Orders of one channel by their ids, `first` to `last`; `variants` are the ids that the lines name in turn."""

    first: int
    last: int
    channel: int
    variants: list[int]

    @property
    def parameters(self) -> dict[str, object]:
        return {**asdict(self), "apart": APART}

    @property
    def parts(self) -> Iterator[dict[str, object]]:
        """The same for one part of the orders after the other."""
        for first in range(self.first, self.last + 1, AT_ONCE):
            yield {**self.parameters, "first": first, "last": min(first + AT_ONCE - 1, self.last)}


CUSTOMERS = """
INSERT INTO orders_customer (id, email, name, locale)
SELECT n, 'buyer' || n || '@example.com', 'Buyer ' || n, 'de'
FROM generate_series(%(first)s::int / 5 + 1, %(last)s::int / 5 + 1) AS n
ON CONFLICT DO NOTHING
"""
ADDRESSES = """
INSERT INTO orders_address (id, name, line1, city, postal_code, country)
SELECT n, 'Buyer ' || n, 'Torstr. ' || n %% 200, 'Berlin', lpad((n %% 99999)::text, 5, '0'), 'DE'
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
ORDERS = """
INSERT INTO orders_order (
    id, number, channel_id, external_id, external_number, status, financial_status, fulfillment_status, customer_id,
    email, locale, shipping_address_id, country, shipping_method, currency, tax_included, item_total, shipping_total,
    shipping_tax, tax_total, total, paid, tags, placed_at, recorded_at, updated_at, released_at, cancelled_at,
    closed_at)
SELECT n, (1000000 + n)::text, %(channel)s, 'fill-' || n, '#' || n, status, 'PAID',
       CASE status WHEN 'CLOSED' THEN 'FULFILLED' ELSE 'UNFULFILLED' END, n / 5 + 1,
       'buyer' || n / 5 + 1 || '@example.com', 'de', n, (ARRAY['DE', 'FR', 'ES', 'IT'])[1 + n %% 4],
       'standard', 'EUR', true, items, 4.90, 0.78, 0.78, items + 4.90, items + 4.90,
       CASE WHEN n %% 10 = 0 THEN ARRAY['gift'] ELSE '{}' END, placed_at, placed_at, placed_at + interval '1 hour',
       CASE WHEN status IN ('RELEASED', 'CLOSED') THEN placed_at + interval '30 minutes' END,
       CASE status WHEN 'CANCELLED' THEN placed_at + interval '10 minutes' END,
       CASE status WHEN 'CLOSED' THEN placed_at + interval '2 days' END
FROM (
    SELECT n, 19.90 * (1 + n %% 3) AS items, now() - n * %(apart)s::interval AS placed_at,
           CASE WHEN n %% 20 < 12 THEN 'CLOSED' WHEN n %% 20 < 16 THEN 'RELEASED' WHEN n %% 20 < 19 THEN 'HELD'
                ELSE 'CANCELLED' END AS status
    FROM generate_series(%(first)s::int, %(last)s::int) AS n
) AS wanted
"""
LINES = """
INSERT INTO orders_orderline (order_id, position, external_id, variant_id, sku, title, quantity, unit_price, tax)
SELECT n, place, 'l' || place, variant.id, variant.sku, 'Linen tee', 1, 19.90, 3.18
FROM generate_series(%(first)s::int, %(last)s::int) AS n
CROSS JOIN LATERAL generate_series(1, 1 + n %% 3) AS place
JOIN inventory_variant variant
  ON variant.id = (%(variants)s::bigint[])[1 + (n * 7 + place * 13) %% cardinality(%(variants)s::bigint[])]
"""
PAYMENTS = """
INSERT INTO orders_payment (order_id, gateway, reference, status, amount, currency, captured_at)
SELECT id, 'sandbox', 'ch_fill_' || id, 'CAPTURED', total, 'EUR', placed_at
FROM orders_order WHERE id BETWEEN %(first)s::int AND %(last)s::int
"""
HOLDS = """
INSERT INTO orders_hold (order_id, reason, rule, until, opened_at, opened_by)
SELECT id, 'EDIT_WINDOW', 'channel', now() + interval '1 day', placed_at, 'channel:bench'
FROM orders_order WHERE id BETWEEN %(first)s::int AND %(last)s::int AND status = 'HELD'
"""
EVENTS = """
INSERT INTO oms_eventrecord (type, subject_kind, subject, sequence, by, at, facts)
SELECT 'order.placed', 'order', number, 1, 'channel:bench', placed_at, '{"channel": "bench", "lines": 2}'
FROM orders_order WHERE id BETWEEN %(first)s::int AND %(last)s::int
"""
# Without these two the planner, told by VACUUM ANALYZE that the tables are empty, would read them from end to end for
# as long as a connection lives; a shop that has 10,000 orders knows better.
PROMISES = """
WITH reserved AS (
    INSERT INTO inventory_reservation (reference, variant_id, quantity, since)
    SELECT o.number, line.variant_id, sum(line.quantity), o.placed_at
    FROM orders_order o JOIN orders_orderline line ON line.order_id = o.id
    WHERE o.id BETWEEN %(first)s::int AND %(last)s::int AND o.status IN ('HELD', 'RELEASED')
    GROUP BY o.number, line.variant_id, o.placed_at
    RETURNING variant_id, quantity
)
UPDATE inventory_availability stock SET promised = promised + wanted.quantity
FROM (SELECT variant_id, sum(quantity) AS quantity FROM reserved GROUP BY variant_id) AS wanted
WHERE stock.variant_id = wanted.variant_id
"""
ANSWERS = """
INSERT INTO oms_storedanswer (
    api_key_id, idempotency_key, fingerprint, status, body, content_type, location, version, created_at)
SELECT key.id, 'fill-' || o.id, sha256(o.number::bytea), 201, convert_to(row_to_json(o)::text, 'UTF8'),
       'application/json', '/api/v1/orders/' || o.number, 1, o.placed_at
FROM orders_order o CROSS JOIN (SELECT id FROM oms_apikey ORDER BY id LIMIT 1) AS key
WHERE o.id BETWEEN %(first)s::int AND %(last)s::int AND o.placed_at > now() - interval '1 day'
"""
STEPS = (CUSTOMERS, ADDRESSES, ORDERS, LINES, PAYMENTS, HOLDS, EVENTS, PROMISES, ANSWERS)
TABLES = (
    "orders_order",
    "orders_orderline",
    "orders_payment",
    "orders_hold",
    "oms_eventrecord",
    "inventory_reservation",
)
WITH_GIVEN_IDS = ("orders_customer", "orders_address", "orders_order")

SECONDARY = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
  AND NOT indisunique
"""

# Like autovacuum, which looks at no table before something was written to it. Of one that is known to be empty the
# planner thinks that reading it from end to end costs nothing, and keeps that plan while the table grows.
FILLED = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""


def fill_orders(url: str, filling: Filling) -> None:
    """Into a database that has a catalogue, and no order with such a number."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '256MB'")
        indexes = connection.execute(SECONDARY, [list(TABLES)]).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
        for step in STEPS:
            for part in filling.parts if step == ORDERS else [filling.parameters]:
                connection.execute(step, part)
        for _, definition in indexes:
            connection.execute(definition)
        for table in WITH_GIVEN_IDS:
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        filled = ", ".join(name for (name,) in connection.execute(FILLED).fetchall())
        connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.SQL(filled)))
