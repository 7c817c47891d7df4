"""A customer changes an order: three operations, previewed and done, against bare SQL that places an order.

Each order that is edited has been placed through the API; it is edited once. The edit swaps a size, takes a unit off
another line (so that money goes back) and moves the parcel to another address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.bench.bodies import PRICE, TAX, Buyers
from tests.bench.databases import ask
from tests.bench.driving import Answers, Site
from tests.bench.figures import Figure, Findings, Target
from tests.bench.floor.placing import place_orders
from tests.bench.ground import MOST_CLIENTS, SKUS, Ground

ENOUGH = 400  # edits prepared for each second
BATCH = 500
RATE, PATIENCE = Target(0.10, 0.20), Target(3, 2, "lower")
ELSEWHERE = {"name": "Ada Meier", "line1": "Marienplatz 1", "city": "München", "postal_code": "80331", "country": "DE"}

FRESH = """
SELECT o.number, json_agg(json_build_array(l.id, l.sku) ORDER BY l.position)
FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
WHERE o.external_id LIKE 'b%' AND o.status = 'HELD' AND o.version = 1 GROUP BY o.id ORDER BY o.id
"""


@dataclass(frozen=True)
class Round:
    """The floor's orders a second, and the product's answers to buyers and to those who change their minds."""

    floor: float
    placed: Answers
    previewed: Answers
    edited: Answers


def measure(ground: Ground) -> Findings:
    product, floor = ground.database("editing"), ground.database("editing_floor")
    buyers = ground.buyers()
    with ground.serve(product) as site:
        edits = _prepare(ground, site, buyers, product)
        warm_up = [edits.pop()[1] for _ in range(100)]
        answered = site.send(warm_up, connections=4, seconds=60, expected=(201,)).count
        rounds = [_play(ground, site, buyers, edits, floor) for _ in range(ground.budget.rounds)]

    done = ask(product, "SELECT count(*) FROM orders_edit WHERE state = 'COMMITTED'")[0][0]
    answered += sum(played.edited.count for played in rounds)
    assert done == answered, f"{answered} edits were answered with 201, {done} are done."
    return _figures(rounds)


def _prepare(ground: Ground, site: Site, buyers: Buyers, product: str) -> list[tuple[bytes, bytes]]:
    """Of each order that was placed for it, the request that previews its edit and the one that does it."""
    orders = 100 + int(ground.budget.rounds * ground.budget.seconds * ENOUGH)
    batches = [
        buyers.post("/api/v1/orders/batch", {"orders": [_pairs(buyers) for _ in range(BATCH)]})
        for _ in range(orders // BATCH + 1)
    ]
    site.send(batches, connections=1, seconds=600, expected=(200,))
    return [_requests(buyers, number, lines) for number, lines in ask(product, FRESH)]


def _pairs(buyers: Buyers) -> dict[str, Any]:
    """An order of three lines of two pieces each."""
    document = buyers.document()
    lines = [line | {"quantity": 2, "tax": 2 * TAX} for line in document["lines"]]
    return document | {"lines": lines, "total": 6 * PRICE + Decimal("4.90")}


def _requests(buyers: Buyers, number: str, lines: Sequence[tuple[int, str]]) -> tuple[bytes, bytes]:
    (first, sku), (second, _), _ = lines
    place = SKUS.index(sku)
    operations = [
        {"op": "swap_variant", "line": first, "sku": SKUS[place ^ 1]},  # its neighbor: of the same product
        {"op": "set_quantity", "line": second, "quantity": 1},
        {"op": "change_address", "address": ELSEWHERE},
    ]
    path, body = f"/api/v1/orders/{number}/edits", {"operations": operations}
    return buyers.post(f"{path}/preview", body), buyers.post(path, body)


def _play(ground: Ground, site: Site, buyers: Buyers, edits: list[tuple[bytes, bytes]], url: str) -> Round:
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
    placing = buyers.orders(int(seconds * 1_500))
    taken = [edits.pop() for _ in range(int(seconds * ENOUGH))]
    send = {"connections": MOST_CLIENTS, "seconds": seconds}
    return Round(
        floor,
        site.send(placing, expected=(201,), **send),
        site.send([preview for preview, _ in taken], expected=(200,), repeat=True, **send),
        site.send([edit for _, edit in taken], expected=(201,), **send),
    )


def _figures(rounds: Sequence[Round]) -> list[Figure]:
    floors = [played.floor for played in rounds]
    waits = [played.edited.percentile(0.95) / played.placed.percentile(0.95) for played in rounds]
    last = rounds[-1]
    return [
        Figure(
            name=f"`POST …/edits/preview`, 3 operations, {MOST_CLIENTS} clients",
            unit="previews/s",
            rounds=[played.previewed.rate for played in rounds],
            floor=floors,
            target=RATE,
            note=_say(last.previewed),
        ),
        Figure(
            name=f"`POST …/edits`, 3 operations, {MOST_CLIENTS} clients",
            unit="edits/s",
            rounds=[played.edited.rate for played in rounds],
            floor=floors,
            target=RATE,
            note=_say(last.edited),
        ),
        Figure(
            name="p95 of an edit, in p95 of placing an order",
            unit="times",
            rounds=waits,
            target=PATIENCE,
            note=f"{last.edited.percentile(0.95):.0f} ms against {last.placed.percentile(0.95):.0f} ms",
        ),
    ]


def _say(answers: Answers) -> str:
    waits = ", ".join(f"p{share} {answers.percentile(share / 100):.0f} ms" for share in (50, 95, 99))
    web, database = (spent / answers.count * 1_000 for spent in (answers.web_cpu, answers.database_cpu))
    return f"{waits}; CPU of web {web:.2f} ms, of the database {database:.2f} ms"
