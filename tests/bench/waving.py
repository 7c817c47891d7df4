"""Released orders become fulfillments: a wave read, priced over rate tables, solved and booked through the database."""

import json
from typing import Any

import psycopg

from tests.bench.databases import run_program
from tests.bench.figures import Figure, Findings, Table, Target
from tests.bench.ground import Ground
from tests.bench.statements import shorten

ORDERS = 1_000
BOX = 10.0  # seconds
NAME = f"a wave of {ORDERS:,} orders × 3 lines × 20 warehouses"


def measure(ground: Ground) -> Findings:
    url = ground.database("waves")
    waves = ground.budget.rounds
    # A few more than are routed: some wait for stock that others were promised.
    prepare_terrain(url, orders=(waves + 2) * ORDERS + ORDERS // 5, homes=6)
    asked = json.dumps({"warm": ORDERS, "orders": ORDERS, "waves": waves, "box": BOX})
    told = json.loads(run_program(["-m", "tests.bench.one_wave"], url, told=asked).splitlines()[-1])
    return _describe(told["waves"], told["exact"])


def prepare_terrain(url: str, *, orders: int, homes: int, window: int = 0) -> None:
    run_program(
        ["-m", "tests.bench.terrain"], url, told=json.dumps({"orders": orders, "homes": homes, "window": window})
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _describe(waves: list[dict[str, Any]], exact: dict[str, Any]) -> list[Figure | Table]:
    last = waves[-1]
    parts = f"{last['parts']:,} parcels, {last['unrouted']} orders without a way"
    return [
        Figure(
            name=f"{NAME}, read, solved greedily and booked",
            unit="orders/s",
            rounds=[wave["rate"] for wave in waves],
            target=Target(500, 1_000),
            note=f"the solver took {1_000 * last['solving']:.0f} ms of it; {parts}",
        ),
        Figure(
            name=f"{NAME}, with the exact solver's box of {BOX:.0f} s",
            unit="orders/s",
            rounds=[exact["rate"]],
            note=f"gap {exact['gap'] or 0:.2%}; {exact['saved']:.1%} cheaper than the greedy plan",
        ),
        Figure(
            name=f"statements for {NAME}",
            unit="",
            rounds=[len(wave["statements"]) for wave in waves],
            target=Target(20, 16, "lower"),
            note="beside BEGIN and COMMIT",
        ),
        Table(
            "What travels for a wave",
            ["", "statement"],
            [[str(place), f"`{shorten(text)}`"] for place, text in enumerate(last["statements"], 1)],
        ),
    ]
