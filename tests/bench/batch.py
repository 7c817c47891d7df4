"""Five hundred orders in one request, against COPY."""

import json

from tests.bench.bodies import Buyers
from tests.bench.databases import ask
from tests.bench.figures import Figure, Findings, Target
from tests.bench.floor.copying import BATCH, copy_batches
from tests.bench.ground import FEW, Ground

CLIENTS = (1, 4)
JUDGED = 4
ENOUGH = 4  # batches prepared for each second


def measure(ground: Ground) -> Findings:
    product, floor = ground.database("batch"), ground.database("batch_floor")
    buyers, figures, sent = ground.buyers(), [], 0
    with ground.serve(product) as site:
        sent += site.send(buyers.batches(4), connections=2, seconds=5).count
        for clients in CLIENTS:
            floors, rates = [], []
            for _ in range(ground.budget.rounds):
                floors.append(_copy(ground, floor, clients))
                answers = site.send(_requests(ground, buyers), connections=clients, seconds=ground.budget.seconds)
                rates.append(answers.rate * BATCH)
                sent += answers.count
            figures.append(_figure(clients, rates, floors, answers.percentile(0.5)))

    assert {member["status"] for member in json.loads(answers.last_answer)["results"]} == {"placed"}
    stored = ask(product, "SELECT count(*) FROM orders_order")[0][0] - FEW
    assert stored == sent * BATCH, f"{sent} batches were answered, {stored} orders are in the database."
    return figures


def _copy(ground: Ground, floor: str, clients: int) -> float:
    return ground.crew.rate(
        copy_batches,
        clients=clients,
        url=floor,
        seconds=ground.budget.seconds,
        stock=ground.items,
        channel=ground.channels["bench"],
    )


def _requests(ground: Ground, buyers: Buyers) -> list[bytes]:
    return buyers.batches(max(JUDGED, int(ground.budget.seconds * ENOUGH)))


def _figure(clients: int, rates: list[float], floors: list[float], median: float) -> Figure:
    return Figure(
        name=f"`POST /orders/batch`, {BATCH} orders, {clients} client{'s' if clients > 1 else ''}",
        unit="orders/s",
        rounds=rates,
        floor=floors,
        target=Target(0.30, 0.60) if clients == JUDGED else None,
        note=f"a batch takes {median:.0f} ms",
    )
