"""A thousand orders of three lines over twenty warehouses: how fast is the greedy answer, how good the one for all?"""

import math
import random
import time

from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import Demand, Job, Plan, Site, Wave, Way, find_faults
from orders.policies.routing.together import route_together
from tests.bench.figures import Figure, Findings, Target
from tests.bench.ground import Ground

ORDERS, LINES, SITES, ITEMS = 1_000, 3, 20, 400
BOX = 10.0  # seconds


def measure(ground: Ground) -> Findings:
    waves = [make_wave(seed) for seed in range(ground.budget.rounds)]
    greedy = [_time_greedy(wave) for wave in waves]
    pairs = [_route_all(wave) for wave in waves]
    return [
        Figure(
            name=f"routing {ORDERS:,} orders × {LINES} lines × {SITES} warehouses, one after the other",
            unit="orders/s",
            rounds=greedy,
            target=Target(3_000, 6_000),
        ),
        Figure(
            name=f"the same all together within {BOX:.0f} s: dearer than the best it can be by at most",
            unit="%",
            rounds=[100 * (plan.gap or 0.0) for _, plan in pairs],
            target=Target(5, 1, "lower"),
        ),
        Figure(
            name="the same: cheaper than one after the other by",
            unit="%",
            rounds=[100 * (1 - plan.cost / start.cost) for start, plan in pairs],
        ),
    ]


def make_wave(seed: int, *, orders: int = ORDERS) -> Wave:
    """Warehouses and buyers on a map: freight grows with the distance. Stock is for two wants of each unit, and lies
    unevenly, so that near ones run out; each warehouse can do a tenth of all parcels.
    """
    chance = random.Random(seed)
    places = {f"W{number:02}": (chance.random(), chance.random()) for number in range(SITES)}
    jobs = [_make_job(str(number), places, chance) for number in range(orders)]
    stock: dict[tuple[str, str], float] = {}
    for job in jobs:
        for demand in job.demands:
            for site in chance.sample(list(places), 2):
                stock[site, demand.item] = stock.get((site, demand.item), 0.0) + demand.units
    return Wave([Site(code, math.ceil(orders / 10)) for code in places], jobs, stock)


def _make_job(key: str, places: dict[str, tuple[float, float]], chance: random.Random) -> Job:
    here = chance.random(), chance.random()
    demands = [Demand(f"SKU{item:03}", float(chance.randint(1, 2))) for item in chance.sample(range(ITEMS), LINES)]
    ways = {code: Way(round(4.0 + 9.0 * math.dist(here, there), 2), (0.1,) * LINES) for code, there in places.items()}
    return Job(key, tuple(demands), ways)


def _time_greedy(wave: Wave) -> float:
    began = time.perf_counter()
    plan = route_greedily(wave)
    rate = len(wave.jobs) / (time.perf_counter() - began)
    assert not find_faults(wave, plan)
    return rate


def _route_all(wave: Wave) -> tuple[Plan, Plan]:
    start = route_greedily(wave)
    plan = route_together(wave, seconds=BOX, start=start)
    assert plan.gap is not None
    assert not find_faults(wave, plan)
    return start, plan
