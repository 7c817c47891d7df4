"""The floor of placing one order: the rows the product writes, by one prepared statement in one round trip.

No framework, no key, no validation, no customer, no stored answer. Stock is taken last, in SKU order, so that the
contended row is locked for as short a time as possible; if one SKU is short, the whole statement fails.
"""

import random
from datetime import UTC, datetime
from decimal import Decimal

import psycopg

from tests.bench.floor.clients import Job

PLACE = """
WITH address AS (
    INSERT INTO orders_address (name, line1, city, postal_code, country, company, line2, province, phone)
    VALUES (%(name)s, 'Torstr. 1', 'Berlin', '10119', 'DE', '', '', '', '') RETURNING id
), placed AS (
    INSERT INTO orders_order (
        number, channel_id, external_id, status, financial_status, email, locale, shipping_address_id, country,
        shipping_method, currency, tax_included, item_total, shipping_total, shipping_tax, tax_total, total, paid,
        tags, placed_at)
    SELECT %(number)s, %(channel)s, %(number)s, 'HELD', 'PAID', %(email)s, 'de', address.id, 'DE',
           'standard', 'EUR', true, %(items)s, 4.90, 0.78, %(tax)s, %(total)s, %(total)s, '{}', %(at)s
    FROM address RETURNING id
), lines AS (
    INSERT INTO orders_orderline (
        order_id, position, external_id, kind, variant_id, sku, title, quantity, unit_price, discount, tax)
    SELECT placed.id, line.place, 'l' || line.place, 'PRODUCT', line.variant, line.sku, 'Linen tee', line.quantity,
           line.price, 0, line.tax
    FROM placed, unnest(%(variants)s::bigint[], %(skus)s::text[], %(quantities)s::numeric[], %(prices)s::numeric[],
                        %(taxes)s::numeric[]) WITH ORDINALITY AS line(variant, sku, quantity, price, tax, place)
    RETURNING 1
), payment AS (
    INSERT INTO orders_payment (order_id, gateway, reference, status, amount, currency, captured_at)
    SELECT id, 'sandbox', %(number)s, 'CAPTURED', %(total)s, 'EUR', %(at)s FROM placed RETURNING 1
), hold AS (
    INSERT INTO orders_hold (order_id, reason, rule, until, opened_at, opened_by)
    SELECT id, 'EDIT_WINDOW', 'channel', %(at)s + interval '30 minutes', %(at)s, 'floor' FROM placed RETURNING 1
), event AS (
    INSERT INTO oms_eventrecord (type, subject_kind, subject, sequence, by, at, facts)
    VALUES ('order.placed', 'order', %(number)s, 1, 'floor', %(at)s, %(facts)s::jsonb) RETURNING 1
), reserved AS (
    INSERT INTO inventory_reservation (reference, variant_id, quantity, since)
    SELECT %(number)s, wish.variant, wish.quantity, %(at)s
    FROM unnest(%(variants)s::bigint[], %(quantities)s::numeric[]) AS wish(variant, quantity) RETURNING 1
), written AS (
    SELECT (SELECT count(*) FROM lines) + (SELECT count(*) FROM payment) + (SELECT count(*) FROM hold)
         + (SELECT count(*) FROM event) + (SELECT count(*) FROM reserved) AS rows
), locked AS (
    SELECT stock.variant_id, wish.quantity
    FROM unnest(%(variants)s::bigint[], %(quantities)s::numeric[]) AS wish(variant, quantity)
    JOIN inventory_availability stock ON stock.variant_id = wish.variant
    WHERE (SELECT rows FROM written) > 0
    ORDER BY stock.variant_id FOR NO KEY UPDATE OF stock
), promised AS (
    UPDATE inventory_availability stock SET promised = promised + locked.quantity, updated_at = now()
    FROM locked WHERE stock.variant_id = locked.variant_id AND stock.promised + locked.quantity <= stock.sellable
    RETURNING 1
)
SELECT 1 / (count(*) = cardinality(%(variants)s::bigint[]))::int FROM promised
"""

FACTS = '{"number": "F", "channel": "bench", "total": {"amount": "64.60", "currency": "EUR"}, "lines": 3}'
PRICE = Decimal("19.90")
GENERIC_PLANS = "-c plan_cache_mode=force_generic_plan"  # planned once: a third faster here


def place_orders(job: Job) -> int:
    """Orders placed, each in a transaction of its own. `wanted`: channel, stock [(variant, sku)], hot or None."""
    chance = random.Random(job.name)
    placed = 0
    with psycopg.connect(job.url, autocommit=True, prepare_threshold=0, options=GENERIC_PLANS) as connection:
        baskets = [fill_basket(chance, job.wanted["stock"], job.wanted["hot"]) for _ in range(500)]
        with connection.cursor() as cursor:
            job.wait()
            while job.lasts:
                order = baskets[placed % 500]
                number = f"F{job.name}-{placed}"
                order |= {"number": number, "name": "Ada", "email": f"{number}@example.com", "facts": FACTS}
                cursor.execute(PLACE, order | {"channel": job.wanted["channel"], "at": datetime.now(UTC)})
                placed += 1
    return placed


def fill_basket(chance: random.Random, stock: list[tuple[int, str]], hot: tuple[int, str] | None) -> dict[str, object]:
    """Three different SKUs; the first is the hot one, if there is one."""
    chosen = chance.sample(stock, 3)
    quantities = [chance.randint(1, 2) for _ in chosen]
    if hot:
        chosen[0], quantities[0] = hot, 1
    items = PRICE * sum(quantities)
    return {
        "variants": [variant for variant, _ in chosen],
        "skus": [sku for _, sku in chosen],
        "quantities": [Decimal(quantity) for quantity in quantities],
        "prices": [PRICE] * 3,
        "taxes": [Decimal("3.18") * quantity for quantity in quantities],
        "items": items,
        "tax": Decimal("3.18") * sum(quantities) + Decimal("0.78"),
        "total": items + Decimal("4.90"),
    }
