"""A customer sends back two lines of three, against bare SQL that places an order.

Each order has been placed through the API, and its lines are marked as sent ten days ago; it is returned from once. The
return is judged by the law of its country, scored, decided on by the usual rules, and approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.bodies import Buyers
from tests.bench.databases import ask
from tests.bench.driving import Answers, Site
from tests.bench.figures import Figure, Findings, Target
from tests.bench.floor.placing import place_orders
from tests.bench.ground import MOST_CLIENTS, Ground

ENOUGH = 500  # returns prepared for each second
BATCH = 500
RATE = Target(0.10, 0.20)

SENT = """
WITH aged AS (
    UPDATE orders_order SET placed_at = placed_at - interval '10 days', fulfillment_status = 'FULFILLED'
    WHERE external_id LIKE 'b%' RETURNING id
)
UPDATE orders_orderline l SET fulfilled_quantity = l.quantity FROM aged WHERE l.order_id = aged.id RETURNING l.id
"""
FRESH = """
SELECT o.number, array_agg(l.id ORDER BY l.position)
FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id GROUP BY o.id ORDER BY o.id
"""


@dataclass(frozen=True)
class Round:
    """The floor's orders a second, and the product's answers."""

    floor: float
    asked: Answers


def measure(ground: Ground) -> Findings:
    product, floor = ground.database("returning"), ground.database("returning_floor")
    buyers = ground.buyers()
    with ground.serve(product) as site:
        wanted = _prepare(ground, site, buyers, product)
        warm_up = [wanted.pop() for _ in range(100)]
        answered = site.send(warm_up, connections=4, seconds=60, expected=(201,)).count
        rounds = [_play(ground, site, wanted, floor) for _ in range(ground.budget.rounds)]

    kept, claimed = ask(
        product,
        "SELECT (SELECT count(*) FROM returns_return WHERE status = 'OPEN'),"
        " (SELECT count(*) FROM orders_orderline WHERE returned_quantity > 0)",
    )[0]
    answered += sum(played.asked.count for played in rounds)
    assert (kept, claimed) == (answered, 2 * answered), f"{answered} returns were answered with 201, {kept} are open."
    return _figures(rounds)


def _prepare(ground: Ground, site: Site, buyers: Buyers, product: str) -> list[bytes]:
    """Of each order that was placed for it, the request that returns from it."""
    orders = 100 + int(ground.budget.rounds * ground.budget.seconds * ENOUGH)
    site.send(buyers.batches(orders // BATCH + 1, size=BATCH), connections=1, seconds=600, expected=(200,))
    ask(product, SENT)
    return [_request(buyers, number, lines) for number, lines in ask(product, FRESH)]


def _request(buyers: Buyers, number: str, lines: Sequence[int]) -> bytes:
    items = [{"line": line, "quantity": 1, "reason": "too-small", "resolution": "REFUND"} for line in lines[:2]]
    return buyers.post("/api/v1/returns", {"order": number, "items": items})


def _play(ground: Ground, site: Site, wanted: list[bytes], url: str) -> Round:
    seconds = ground.budget.seconds
    floor = ground.crew.rate(
        place_orders,
        clients=MOST_CLIENTS,
        url=url,
        seconds=seconds,
        stock=ground.items,
        channel=ground.channels["bench"],
        hot=None,
    )
    taken = [wanted.pop() for _ in range(int(seconds * ENOUGH))]
    return Round(floor, site.send(taken, connections=MOST_CLIENTS, seconds=seconds, expected=(201,)))


def _figures(rounds: Sequence[Round]) -> list[Figure]:
    last = rounds[-1].asked
    web, database = (spent / last.count * 1_000 for spent in (last.web_cpu, last.database_cpu))
    return [
        Figure(
            name=f"`POST /returns`, 2 lines of 3, {MOST_CLIENTS} clients",
            unit="returns/s",
            rounds=[played.asked.rate for played in rounds],
            floor=[played.floor for played in rounds],
            target=RATE,
            note=f"p50 {last.percentile(0.5):.0f} ms, p95 {last.percentile(0.95):.0f} ms; "
            f"CPU of web {web:.2f} ms, of the database {database:.2f} ms",
        )
    ]
