"""Ten thousand edit windows run out at once: how fast do their orders go, against COPY of as many orders?"""

import json

from tests.bench.databases import run_program
from tests.bench.figures import Figure, Findings, Target
from tests.bench.filling import Filling, fill_orders
from tests.bench.floor.copying import copy_batches
from tests.bench.ground import FEW, Ground

HELD_OF_A_HUNDRED = 15  # of the orders that `filling` makes


def measure(ground: Ground) -> Findings:
    floor, filled = ground.database("releasing_floor"), ground.database("releasing")
    last = ground.budget.windows * 100 // HELD_OF_A_HUNDRED + 100
    fill_orders(filled, Filling(FEW + 1, last, ground.channels["bench"], list(ground.stock.values())))

    floors, rates = [], []
    for place in range(ground.budget.rounds):
        floors.append(_copy(ground, floor))
        product = ground.databases.create(f"releasing_{place}", like=filled)
        told = json.loads(run_program(["-m", "tests.bench.running_out"], product).splitlines()[-1])
        assert told["released"] >= ground.budget.windows, told
        rates.append(told["released"] / told["seconds"])
    figure = Figure(
        name=f"release of {ground.budget.windows:,} windows that ran out",
        unit="orders/s",
        rounds=rates,
        floor=floors,
        target=Target(0.5, 1.0),
        note="one worker, against COPY of one client",
    )
    return [figure]


def _copy(ground: Ground, url: str) -> float:
    return ground.crew.rate(
        copy_batches,
        clients=1,
        url=url,
        seconds=ground.budget.seconds,
        stock=ground.items,
        channel=ground.channels["bench"],
    )
