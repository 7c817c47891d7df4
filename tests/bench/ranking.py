"""`python -m tests.bench.ranking`: times offers in a process of its own; told how often, says what it took."""

import tests.bench.django_ready  # isort: skip  # noqa: F401

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from returns.actions.terms.arranging import save_terms
from returns.models import ReturnTerms
from tests.bench.baskets import FIRST
from tests.make.moments import ADA
from upsell.actions.noting_pairs import note_pairs
from upsell.actions.offering import offer_to
from upsell.models import Campaign, Neighbor, Recommender
from upsell.queries.ranked import rank_for_order

NOW = datetime.now(UTC)
SMALL, LARGE = "id <= 9000 AND lines = 3", f"id > {FIRST} AND lines BETWEEN 20 AND 30"
CHOOSE = """
SELECT id FROM (
    SELECT o.id, count(*) AS lines FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
    WHERE NOT o.test AND o.status <> 'CANCELLED' GROUP BY o.id
) AS counted WHERE {which} ORDER BY id LIMIT {most}
"""
OPEN = """
WITH held AS (UPDATE orders_hold SET until = now() + interval '1 day' WHERE reason = 'EDIT_WINDOW' RETURNING order_id)
SELECT o.id FROM orders_order o JOIN held ON held.order_id = o.id WHERE o.status = 'HELD' ORDER BY o.id LIMIT {most}
"""


def main() -> None:
    asked = json.load(sys.stdin)
    campaign = start_campaign()
    write_terms()
    found: dict[str, Any] = {"pairs": Neighbor.objects.count()}
    trained = Recommender.objects.get(state=Recommender.State.ACTIVE)
    found |= {"seconds": trained.seconds, "memory": trained.memory, "lines": trained.lines, "figures": trained.figures}
    for name, which in (("small", SMALL), ("large", LARGE)):
        orders = choose(CHOOSE.format(which=which, most=asked["times"]))
        rank_for_order(orders[0], campaign, at=NOW)
        found[name] = [time_each(orders, lambda order: rank_for_order(order, campaign, at=NOW)) for _ in each(asked)]
        with CaptureQueriesContext(connection) as queries:
            assert rank_for_order(orders[-1], campaign, at=NOW).shown
        found[f"{name}_statements"] = len(queries)
    held = choose(OPEN.format(most=asked["times"]))
    found["offered"] = [time_each(held, offer) for _ in each(asked)]
    found["noted"] = [time_each(choose(CHOOSE.format(which=LARGE, most=20)), note) for _ in each(asked)]
    print(json.dumps(found))


def each(asked: dict[str, int]) -> range:
    return range(asked["rounds"])


def start_campaign() -> Campaign:
    """It demands all that can be demanded."""
    Campaign.objects.create(
        name="Goes well with it",
        active=True,
        placements=["ORDER"],
        salt="bench",
        discount_kind="PERCENTAGE",
        discount=10,
        margin_floor="0.1",
        stock_floor=5,
        holdout_share="0.1",
    )
    return Campaign.objects.get()


def write_terms() -> None:
    """Some goods are a final sale, so that everything is asked after."""
    for place in range(20):
        row = ReturnTerms(
            name=f"Sealed {place}", product_tag=f"sealed-{place}", country="DE", days=0, final_sale="INTIMATE"
        )
        save_terms(terms=row, by=ADA, at=NOW - timedelta(days=30 - place))


def choose(statement: str) -> list[Order]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        ids = [number for (number,) in cursor.fetchall()]
    return list(Order.objects.filter(id__in=ids).select_related("channel").order_by("id"))


def offer(order: Order) -> None:
    offer_to(order=order, placement="ORDER", by="customer", at=NOW)


def note(order: Order) -> None:
    with transaction.atomic():
        note_pairs([order.number], at=order.placed_at)


def time_each(orders: list[Order], work: Callable[[Order], object]) -> dict[str, float]:
    """In ms."""
    took = []
    for order in orders:
        began = time.perf_counter()
        work(order)
        took.append(1000 * (time.perf_counter() - began))
    return {"p95": statistics.quantiles(took, n=20)[-1], "p50": statistics.median(took)}


if __name__ == "__main__":
    main()
