"""`python -m tests.bench.judging`: times `judge_lines` in a process of its own; told how often, says what it took."""

import tests.bench.django_ready  # isort: skip  # noqa: F401

import json
import statistics
import sys
import time
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Category, Product, Variant
from orders.models import FulfillmentLine, Order, ShipmentLine
from returns.actions.terms.arranging import save_terms
from returns.models import ReturnTerms
from returns.queries.eligibility import judge_lines
from tests.bench.ground import ORDINARY
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, line, placed_order
from tests.make.sent import fulfillment, parcel

DAY = timedelta(days=1)
LINES, ROWS, SHELVES = 50, 500, 24
COUNTRIES = "DE AT CH FR IT ES NL BE PL SE DK FI US CA GB".split()


def main() -> None:
    asked = json.load(sys.stdin)
    shelves = fill_shelves()
    saved = write_terms(shelves, times=asked["rounds"])
    order = deliver_order()
    rounds = [time_rounds(order, times=asked["times"]) for _ in range(asked["rounds"])]
    with CaptureQueriesContext(connection) as queries:
        judge_lines(order, at=NOON + 5 * DAY)
    found = {
        "p95": [1000 * statistics.quantiles(each, n=20)[-1] for each in rounds],
        "p50": 1000 * statistics.median(rounds[-1]),
        "statements": len(queries),
        "saved": saved,
    }
    print(json.dumps(found))


def fill_shelves() -> list[Category]:
    """Categories three deep; every product stands in one of them, and some are on sale."""
    shelves: list[Category] = []
    for place in range(SHELVES):
        parent = shelves[place // 3] if place >= 3 else None
        shelves.append(Category.objects.create(code=f"shelf-{place}", name=f"Shelf {place}", parent=parent))
    for place, sku in enumerate(ORDINARY[:LINES]):
        tags = ["sale"] if place % 5 == 0 else []
        product = Variant.objects.get(sku=sku).product_id
        Product.objects.filter(pk=product).update(category=shelves[place % SHELVES], tags=tags)
    return shelves


def write_terms(shelves: list[Category], *, times: int) -> list[float]:
    """Rows for every shelf, country, tag and tier; then one more is kept by the action, a few times, in ms each."""
    rows = [
        ReturnTerms(
            name=f"Row {place}",
            category=shelves[place % SHELVES] if place % 4 else None,
            country=COUNTRIES[place % len(COUNTRIES)] if place % 3 else "",
            product_tag=f"tag-{place}" if place % 7 == 0 else "",
            customer_tier="gold" if place % 11 == 0 else "",
            days=14 + place % 60,
        )
        for place in range(ROWS - 1)
    ]
    ReturnTerms.objects.bulk_create(rows)
    took = []
    row = ReturnTerms(name="Everything", days=30)
    for days in range(30, 30 + times):
        row.days = days
        began = time.perf_counter()
        save_terms(terms=row, by=ADA, at=NOON - timedelta(days=60 - days))
        took.append(1000 * (time.perf_counter() - began))
    return took


def deliver_order() -> Order:
    """In two parcels, of which the second came a day later."""
    channel()
    order = placed_order([line(sku) for sku in ORDINARY[:LINES]])
    part = fulfillment(order, status="CLOSED")
    lines = list(order.lines.all())
    for place, half in enumerate((lines[::2], lines[1::2])):
        sent = parcel(part, status="DELIVERED", delivered_at=NOON + (place + 1) * DAY)
        for each in half:
            asked = FulfillmentLine.objects.create(fulfillment=part, order_line=each, quantity=1, shipped_quantity=1)
            ShipmentLine.objects.create(shipment=sent, fulfillment_line=asked, quantity=1)
    order.lines.update(fulfilled_quantity=1)
    return order


def time_rounds(order: Order, *, times: int) -> list[float]:
    """Seconds of each asking; none remembers another."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        judged = judge_lines(order, at=NOON + 5 * DAY)
        took.append(time.perf_counter() - began)
        assert len(judged) == LINES and all(each.verdict.eligible for each in judged.values())
    return took


if __name__ == "__main__":
    main()
