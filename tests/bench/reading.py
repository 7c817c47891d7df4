"""Lists and single orders: against SQL at 10,000 orders, and against themselves at a million."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.databases import run_program
from tests.bench.driving import Site
from tests.bench.figures import Figure, Findings, Target
from tests.bench.filling import Filling, fill_orders
from tests.bench.floor.listing import list_orders
from tests.bench.ground import MOST_CLIENTS, Ground

FEW = 10_000
PAGE = 50
STATUS = "CLOSED"  # six of ten filled orders
LIST = f"/api/v1/orders?status={STATUS}"
SAME = Target(0.8, 1.0)


@dataclass(frozen=True)
class Archive:
    """A site whose database holds so many orders."""

    ground: Ground
    site: Site
    orders: int

    def rate(self, targets: Sequence[str]) -> float:
        requests = [self.ground.buyers().get(target) for target in targets]
        seconds = self.ground.budget.seconds
        return self.site.send(requests, connections=MOST_CLIENTS, seconds=seconds, expected=(200,), repeat=True).rate

    def list_rate(self, cursor: str = "") -> float:
        return self.rate([f"{LIST}&cursor={cursor}" if cursor else LIST])

    def numbers(self) -> list[str]:
        """Addresses of a thousand orders, spread evenly."""
        step = self.orders // 1_000
        return [f"/api/v1/orders/{1_000_000 + 1 + place * step}" for place in range(1_000)]


def measure(ground: Ground) -> Findings:
    budget = ground.budget
    few, many = ground.database("few"), ground.database("many")
    variants, channel = list(ground.stock.values()), ground.channels["bench"]
    for url, count in ((few, FEW), (many, budget.many_orders)):
        fill_orders(url, Filling(count, channel, variants))

    with ground.serve(few) as few_site, ground.serve(many) as many_site:
        small, large = Archive(ground, few_site, FEW), Archive(ground, many_site, budget.many_orders)
        return [_against_floor(ground, small, few), *_against_itself(small, large, many)]


def _against_floor(ground: Ground, small: Archive, url: str) -> Figure:
    small.list_rate()
    floors, rates = [], []
    for _ in range(ground.budget.rounds):
        floors.append(
            ground.crew.rate(
                list_orders, clients=MOST_CLIENTS, url=url, seconds=ground.budget.seconds, status=STATUS
            )
        )
        rates.append(small.list_rate())
    return Figure(
        name=f"`GET /orders?status=`, {PAGE} of {FEW:,}", unit="lists/s", rounds=rates, floor=floors,
        target=Target(0.05, 0.10),
    )


def _against_itself(small: Archive, large: Archive, url: str) -> list[Figure]:
    deep = int(large.orders * 0.6 / PAGE * 0.833)  # page 10,000 of a million
    cursor = run_program(["-m", "tests.bench.cursors", STATUS, str(deep * PAGE)], url).strip()
    _check_page(large.site, cursor)
    figures = []
    for name, at_few, at_many in (
        (f"list, page 1 of {large.orders:,} orders", small.list_rate, large.list_rate),
        (f"list, page {deep:,} of {large.orders:,} orders", small.list_rate, lambda: large.list_rate(cursor)),
        (
            f"one order by its number among {large.orders:,}",
            lambda: small.rate(small.numbers()),
            lambda: large.rate(large.numbers()),
        ),
    ):
        at_few(), at_many()
        pairs = [(at_few(), at_many()) for _ in range(small.ground.budget.rounds)]
        figures.append(
            Figure(
                name=name, unit="answers/s", rounds=[many for _, many in pairs], floor=[few for few, _ in pairs],
                target=SAME, note=f"beside it: the same at {FEW:,} orders",
            )
        )
    return figures
