"""What offers cost whoever looks at an order: the API's list of them, and the order's page, against SQL that lists."""

import json
from typing import Any

from tests.bench.databases import run_program
from tests.bench.driving import Answers
from tests.bench.figures import Figure, Findings, Target
from tests.bench.floor.listing import list_orders
from tests.bench.ground import FEW, MOST_CLIENTS, SKUS, Ground
from tests.bench.reading import STATUS
from tests.bench.wide_catalogue import SKUS as WIDE
from tests.bench.wide_catalogue import widen_catalogue

ORDERS = 500
RATE = Target(0.03, 0.06)


def measure(ground: Ground) -> Findings:
    """Of orders whose window is open; each is shown three items of a list."""
    url, buyers = ground.database("offering"), ground.buyers()
    with ground.serve(url) as site:
        place = buyers.post("/api/v1/orders/batch", {"orders": [buyers.document() for _ in range(ORDERS)]})
        site.send([place], connections=1, seconds=600, expected=(200,))
        told = _let_in(ground, url, wide=False)
        listed = [buyers.get(f"/api/v1/orders/{number}/offers") for number, _ in told["cookies"]]
        pages = [_page(number, cookie) for number, cookie in told["cookies"]]

        def send(requests: list[bytes]) -> Answers:
            seconds = ground.budget.seconds
            return site.send(requests, connections=MOST_CLIENTS, seconds=seconds, expected=(200,), repeat=True)

        send(listed), send(pages)
        floors, lists, shown = [], [], []
        for _ in range(ground.budget.rounds):
            rate = ground.crew.rate(
                list_orders, clients=MOST_CLIENTS, url=url, seconds=ground.budget.seconds, status=STATUS
            )
            floors.append(rate)
            lists.append(send(listed))
            shown.append(send(pages))
    widen_catalogue(url)
    wide = _let_in(ground, url, wide=True)
    return [
        _rate("`GET /orders/{number}/offers`", "answers/s", lists, floors),
        _rate("the page of an order with three offers", "pages/s", shown, floors),
        *(_time(name, told[key]) for name, key in _TIMED.items()),
        _time(f"the gap to free shipping filled from {WIDE + len(SKUS):,} SKUs, p95", wide["fillers"]),
    ]


def _let_in(ground: Ground, url: str, *, wide: bool) -> dict[str, Any]:
    asked = json.dumps({"orders": ORDERS, "rounds": ground.budget.rounds, "wide": wide})
    told: dict[str, Any] = json.loads(run_program(["-m", "tests.bench.visitors"], url, told=asked).splitlines()[-1])
    return told


_TIMED = {
    "offers of a list made and shown, p95": "listed",
    "the gap to free shipping filled from 4,000 SKUs, p95": "fillers",
}


def _page(number: str, cookie: str) -> bytes:
    return (
        f"GET /orders/{number}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept: text/html\r\n\r\n".encode()
    )


def _rate(name: str, unit: str, rounds: list[Answers], floors: list[float]) -> Figure:
    note = f"p95 {rounds[-1].percentile(0.95):.0f} ms; against SQL that lists 50 of {FEW:,} orders"
    return Figure(name=name, unit=unit, rounds=[each.rate for each in rounds], floor=floors, target=RATE, note=note)


def _time(name: str, rounds: list[dict[str, float]]) -> Figure:
    note = f"in process; p50 {rounds[-1]['p50']:.1f} ms; {rounds[-1]['shown']:.1f} offers an order"
    return Figure(
        name=name, unit="ms", rounds=[each["p95"] for each in rounds], target=Target(10, 5, "lower"), note=note
    )
