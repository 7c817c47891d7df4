"""Route what is released: `python -m tests.bench.one_wave`, told by a line of JSON how many waves of how many orders,
and how long the exact solver may think in a last one. Says orders a second of each wave, and what it travelled for.
"""

import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import tests.bench.django_ready  # noqa: F401

# isort: split
from django.db import connection

from config.freezing import freeze_loaded
from orders.actions.routing.waving import route_wave
from orders.models import RoutingWave
from orders.policies.routing.choosing import Choice, choose_plan
from orders.policies.routing.problem import Wave
from orders.policies.routing.together import route_together


def route(orders: int, *, box: float = 0.0) -> dict[str, Any]:
    statements: list[str] = []

    def note(run: Any, text: str, *rest: Any) -> Any:
        statements.append(text)
        return run(text, *rest)

    def solve(wave: Wave) -> Choice:
        return choose_plan(wave, seconds=box, together=route_together if box else None)

    with connection.execute_wrapper(note):
        began = time.perf_counter()
        wave = route_wave(solve=solve, limit=orders, by="system", at=datetime.now(UTC))
        seconds = time.perf_counter() - began
    assert wave is not None and wave.orders == orders, wave
    return {"rate": orders / seconds, "statements": statements, **_describe(wave)}


def _describe(wave: RoutingWave) -> dict[str, Any]:
    return {
        "solving": float(wave.seconds or 0),
        "gap": None if wave.gap is None else float(wave.gap),
        "saved": 1 - float(wave.cost or 0) / float(wave.greedy_cost or 1),
        "unrouted": wave.unrouted,
        "parts": wave.parts,
    }


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    freeze_loaded()  # as workers do
    route(told["warm"])  # plans are made, modules are loaded
    waves = [route(told["orders"]) for _ in range(told["waves"])]
    exact = route(told["orders"], box=told["box"]) if told["box"] else None
    print(json.dumps({"waves": waves, "exact": exact}))
