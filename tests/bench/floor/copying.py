"""The floor of placing many orders: COPY into every table that the product writes, 500 orders a transaction.

The rows are text before the clock starts; only the ids that the database gives out are put in front of them. Then the
stock is promised by one conditional statement, last and in SKU order. Orders that are history (`copy_invoices`) have
no hold and promise nothing.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import psycopg

from tests.bench.floor.clients import Job
from tests.bench.floor.placing import FACTS, PRICE

BATCH = 500
TAKE_IDS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"

ADDRESS = (
    "COPY orders_address (id, name, line1, city, postal_code, country, company, line2, province, phone) FROM STDIN"
)
ORDER = """COPY orders_order (id, shipping_address_id, number, external_id, email, channel_id, item_total, total, paid,
    status, financial_status, country, shipping_method, currency, tax_included, tags, placed_at) FROM STDIN"""
LINE = """COPY orders_orderline (order_id, position, external_id, kind, variant_id, sku, title, quantity, unit_price,
    discount, tax) FROM STDIN"""
PAYMENT = "COPY orders_payment (order_id, reference, amount, gateway, status, currency, captured_at) FROM STDIN"
HOLD = "COPY orders_hold (order_id, reason, rule, until, opened_at, opened_by) FROM STDIN"
EVENT = "COPY oms_eventrecord (subject, type, subject_kind, sequence, by, at, facts) FROM STDIN"
RESERVATION = "COPY inventory_reservation (reference, variant_id, quantity, since) FROM STDIN"

PROMISE = """
WITH locked AS (
    SELECT stock.variant_id, wish.quantity
    FROM unnest(%(variants)s::bigint[], %(quantities)s::numeric[]) AS wish(variant, quantity)
    JOIN inventory_availability stock ON stock.variant_id = wish.variant
    ORDER BY stock.variant_id FOR NO KEY UPDATE OF stock
), promised AS (
    UPDATE inventory_availability stock SET promised = promised + locked.quantity, updated_at = now()
    FROM locked WHERE stock.variant_id = locked.variant_id AND stock.promised + locked.quantity <= stock.sellable
    RETURNING 1
)
SELECT 1 / (count(*) = cardinality(%(variants)s::bigint[]))::int FROM promised
"""

Line = tuple[int, str, int, Decimal]
"""A line of the floor: variant, SKU, quantity, unit price."""


@dataclass(frozen=True)
class Written:
    """An order as text for COPY, all but its ids and its number."""

    total: Decimal
    lines: list[str]
    reservations: list[str]
    wishes: Counter[int]

    @classmethod
    def of(cls, lines: Sequence[Line], at: str) -> "Written":
        wishes: Counter[int] = Counter()
        for variant, _, quantity, _ in lines:
            wishes[variant] += quantity
        return cls(
            total=sum((quantity * price for _, _, quantity, price in lines), Decimal(0)),
            lines=[
                f"{place}\tl{place}\tPRODUCT\t{variant}\t{sku}\tLinen tee\t{quantity}\t{price}\t0\t0\n"
                for place, (variant, sku, quantity, price) in enumerate(lines, 1)
            ],
            reservations=[f"{variant}\t{quantity}\t{at}\n" for variant, quantity in wishes.items()],
            wishes=wishes,
        )


def copy_batches(job: Job) -> int:
    """Orders of three lines written in batches of 500. `wanted`: channel, stock."""
    chance = random.Random(job.name)
    at = datetime.now(UTC).isoformat()
    orders = [
        Written.of([(*item, chance.randint(1, 2), PRICE) for item in chance.sample(job.wanted["stock"], 3)], at)
        for _ in range(4 * BATCH)
    ]
    done = 0
    with psycopg.connect(job.url, prepare_threshold=0) as connection:
        job.wait()
        while job.lasts:
            start = done % len(orders)
            copy_orders(connection, orders[start : start + BATCH], f"C{job.name}-{done}", job.wanted["channel"], at)
            done += BATCH
    return done


def copy_invoices(job: Job) -> int:
    """Lines written: all invoices once, whatever the time. `wanted`: channel, invoices."""
    at = datetime.now(UTC).isoformat()
    orders = [Written.of(lines, at) for lines in job.wanted["invoices"]]
    channel = job.wanted["channel"]
    with psycopg.connect(job.url, prepare_threshold=0) as connection:
        job.wait()
        for start in range(0, len(orders), BATCH):
            batch = orders[start : start + BATCH]
            copy_orders(connection, batch, f"I{job.name}-{start}", channel, at, history=True)
    return sum(len(order.lines) for order in orders)


def copy_orders(
    connection: psycopg.Connection,
    orders: Sequence[Written],
    name: str,
    channel: int,
    at: str,
    *,
    history: bool = False,
) -> None:
    """One transaction; the numbers begin with `name`."""
    status, facts = "CLOSED" if history else "HELD", FACTS.replace("\\", "\\\\")
    with connection.transaction(), connection.cursor() as cursor:
        ids = [row[0] for row in cursor.execute(TAKE_IDS, ("orders_order", len(orders)))]
        places = [row[0] for row in cursor.execute(TAKE_IDS, ("orders_address", len(orders)))]
        numbered = [(id_, f"{name}-{index}", order) for index, (id_, order) in enumerate(zip(ids, orders, strict=True))]

        _copy(cursor, ADDRESS, (f"{id_}\tAda\tTorstr. 1\tBerlin\t10119\tDE\t\t\t\t\n" for id_ in places))
        _copy(
            cursor,
            ORDER,
            (
                f"{id_}\t{place}\t{number}\t{number}\t{number}@example.com\t{channel}\t{order.total}\t{order.total}\t"
                f"{order.total}\t{status}\tPAID\tDE\tstandard\tEUR\tt\t{{}}\t{at}\n"
                for place, (id_, number, order) in zip(places, numbered, strict=True)
            ),
        )
        _copy(cursor, LINE, (f"{id_}\t{line}" for id_, _, order in numbered for line in order.lines))
        paid = (f"{id_}\t{number}\t{order.total}\tsandbox\tCAPTURED\tEUR\t{at}\n" for id_, number, order in numbered)
        _copy(cursor, PAYMENT, paid)
        told = (f"{number}\torder.placed\torder\t1\tfloor\t{at}\t{facts}\n" for _, number, _ in numbered)
        _copy(cursor, EVENT, told)
        if not history:
            _hold_and_promise(cursor, numbered, at)


def _hold_and_promise(cursor: psycopg.Cursor, numbered: Sequence[tuple[int, str, Written]], at: str) -> None:
    _copy(cursor, HOLD, (f"{id_}\tEDIT_WINDOW\tchannel\t{at}\t{at}\tfloor\n" for id_, _, _ in numbered))
    _copy(cursor, RESERVATION, (f"{number}\t{wish}" for _, number, order in numbered for wish in order.reservations))
    wishes: Counter[int] = Counter()
    for _, _, order in numbered:
        wishes.update(order.wishes)
    cursor.execute(PROMISE, {"variants": list(wishes), "quantities": list(wishes.values())})


def _copy(cursor: psycopg.Cursor, statement: str, rows: Iterable[str]) -> None:
    with cursor.copy(statement) as copy:
        copy.write("".join(rows))
