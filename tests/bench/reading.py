"""Lists and single orders: against SQL at 10,000 orders, and against themselves at a million."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.databases import run_program
from tests.bench.driving import Answers, Site
from tests.bench.figures import Figure, Findings, Target
from tests.bench.filling import Filling, fill_orders
from tests.bench.floor.listing import list_orders
from tests.bench.ground import FEW, MOST_CLIENTS, Ground

PAGE = 50
STATUS = "CLOSED"  # six of ten filled orders
LIST = f"/api/v1/orders?status={STATUS}"
DEEP = 0.5  # page 10,000 of a million orders: the rows before it, as a share of all orders
SAME = Target(0.8, 1.0)


@dataclass(frozen=True)
class Archive:
    """A site whose database holds so many orders."""

    ground: Ground
    site: Site
    orders: int

    def list(self, cursor: str = "") -> Answers:
        return self._ask([f"{LIST}&cursor={cursor}" if cursor else LIST])

    def find(self) -> Answers:
        """A thousand orders by their numbers, spread evenly over all."""
        step = self.orders // 1_000
        return self._ask([f"/api/v1/orders/{1_000_001 + place * step}" for place in range(1_000)])

    def _ask(self, targets: Sequence[str]) -> Answers:
        buyers = self.ground.buyers()
        return self.site.send(
            [buyers.get(target) for target in targets],
            connections=MOST_CLIENTS,
            seconds=self.ground.budget.seconds,
            expected=(200,),
            repeat=True,
        )


def measure(ground: Ground) -> Findings:
    few, many = ground.database("few"), ground.database("many")
    variants, channel = list(ground.stock.values()), ground.channels["bench"]
    fill_orders(many, Filling(FEW + 1, ground.budget.many_orders, channel, variants))

    many_named = f"`GET /orders?status=` of {ground.budget.many_orders:,}"
    deep = round(ground.budget.many_orders * DEEP / PAGE)
    cursor = run_program(["-m", "tests.bench.cursors", STATUS, str((deep - 1) * PAGE)], many).strip()
    with ground.serve(few) as few_site, ground.serve(many) as many_site:
        small, large = Archive(ground, few_site, FEW), Archive(ground, many_site, ground.budget.many_orders)
        return [
            _against_floor(ground, small, few),
            _grown(small, f"{many_named}, page 1", small.list, large.list),
            _grown(small, f"{many_named}, page {deep:,}", small.list, lambda: large.list(cursor)),
            _grown(small, f"`GET /orders/{{number}}` of {large.orders:,}", small.find, large.find),
        ]


def _against_floor(ground: Ground, small: Archive, url: str) -> Figure:
    small.list()
    floors, answers = [], []
    for _ in range(ground.budget.rounds):
        floors.append(
            ground.crew.rate(list_orders, clients=MOST_CLIENTS, url=url, seconds=ground.budget.seconds, status=STATUS)
        )
        answers.append(small.list())
    assert len(json.loads(answers[-1].last_answer)["results"]) == PAGE
    return Figure(
        name=f"`GET /orders?status=`, {PAGE} of {FEW:,}",
        unit="lists/s",
        rounds=[answer.rate for answer in answers],
        floor=floors,
        target=Target(0.05, 0.10),
        note=f"p95 {answers[-1].percentile(0.95):.0f} ms; the whole orders with their lines, against order rows alone",
    )


def _grown(small: Archive, name: str, at_few: Callable[[], Answers], at_many: Callable[[], Answers]) -> Figure:
    """The many against the few: as a floor stands the product's own speed at 10,000 orders."""
    at_few(), at_many()
    pairs = [(at_few(), at_many()) for _ in range(small.ground.budget.rounds)]
    return Figure(
        name=name,
        unit="answers/s",
        rounds=[many.rate for _, many in pairs],
        floor=[few.rate for few, _ in pairs],
        target=SAME,
        note=f"against its own speed at {FEW:,} orders; p95 {pairs[-1][1].percentile(0.95):.0f} ms",
    )
