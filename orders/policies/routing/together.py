"""All orders of a wave at once: a small wave as one programme, a large one by prices.

Never worse than the plan that it starts from, and with a bound that no plan for as many orders can beat.
"""

import math
import time
from collections import defaultdict
from dataclasses import replace

from orders.policies.routing.bidding import solve_by_prices
from orders.policies.routing.greedy import route_greedily, route_one
from orders.policies.routing.neighborhoods import improve_plan
from orders.policies.routing.problem import TOLERANCE, Left, Plan, Wave, cost_of
from orders.policies.routing.whole import count_columns, find_open, solve_whole

MOST_COLUMNS = 3_000
"""Of a wave that is solved as a whole: larger ones may find nothing in the time."""

SHARE_FOR_FEW, SHARE_FOR_WHOLE = 0.2, 0.85
"""Of the time, and of what is then left. The rest is for pieces."""


def route_together(wave: Wave, *, seconds: float, start: Plan | None = None, whole_up_to: int = MOST_COLUMNS) -> Plan:
    """The best plan that was found within `seconds`, or `start`; by default that is the greedy one.

    `whole_up_to`: with more columns than this the wave counts as large.
    """
    began = time.perf_counter()
    start = start or route_greedily(wave)
    asked = _leave_out(wave, start)
    if not asked.jobs:
        return replace(start, bound=0.0)
    known = replace(start, unrouted=tuple(job.key for job in asked.jobs if job.key not in start.routes))
    if not known.unrouted and start.cost <= (alone := _sum_alone(wave, asked)) + TOLERANCE:
        return replace(start, bound=min(alone, start.cost))

    left = seconds - (time.perf_counter() - began)
    if count_columns(asked) > whole_up_to:
        best = solve_by_prices(asked, known, seconds=left)
    else:
        best = _solve_small(asked, known, seconds=left)
    return replace(best, unrouted=tuple(job.key for job in wave.jobs if job.key not in best.routes))


def _leave_out(wave: Wave, start: Plan) -> Wave:
    """Without the orders that could not go if they were alone, because all warehouses together have too little."""
    there: dict[str, dict[str, float]] = defaultdict(dict)
    for (site, item), units in wave.stock.items():
        there[item][site] = units
    enough = [
        job
        for job in wave.jobs
        if job.key in start.routes
        or all(
            sum(units for site, units in there[demand.item].items() if site in job.ways) >= demand.units - TOLERANCE
            for demand in job.demands
        )
    ]
    return replace(wave, jobs=enough)


def _sum_alone(wave: Wave, asked: Wave) -> float:
    """What all cost, each by its cheapest way as if it were alone; opening apart, for others may share it."""
    left, free = Left.of(wave), {site.code: 0.0 for site in wave.sites}
    routes = [(job, route_one(job, left, free)) for job in asked.jobs]
    return sum(cost_of(job, parts) for job, parts in routes if parts is not None)


def _solve_small(wave: Wave, start: Plan, *, seconds: float) -> Plan:
    """As a whole. Where that takes longer than there is time, three looks at it: a few warehouses, all, pieces."""
    until = time.perf_counter() + seconds
    best, bound = start, -math.inf
    if not start.unrouted and any(site.opening for site in wave.sites):
        best = _solve_few(wave, start, seconds=seconds * SHARE_FOR_FEW)
    found = solve_whole(wave, most_behind=len(start.unrouted), seconds=(until - time.perf_counter()) * SHARE_FOR_WHOLE)
    if found and not best.beats(found):
        best = found
    if found and found.bound is not None and len(found.unrouted) == len(best.unrouted):
        bound = found.bound
    if best.cost - bound > TOLERANCE * max(1.0, best.cost):
        best = improve_plan(wave, best, seconds=until - time.perf_counter())
    return replace(best, bound=min(bound, best.cost) if math.isfinite(bound) else None)


def _solve_few(wave: Wave, start: Plan, *, seconds: float) -> Plan:
    """With the warehouses alone that are used when parcels may be divided."""
    few = find_open(wave, seconds=seconds / 3)
    here = replace(wave, sites=[site for site in wave.sites if site.code in few])
    found = solve_whole(here, most_behind=0, seconds=seconds)
    return found if found and not start.beats(found) else start
