"""A plan made better piece by piece: the orders of a few warehouses are set free and routed anew, all others stay.

Large-neighborhood search (P. Shaw, CP 1998, 417–431). Which warehouses is drawn by lot, from a seed that is always the
same.
"""

import random
import time

from orders.policies.routing.problem import TOLERANCE, Left, Plan, Wave, leave_rest, sum_costs
from orders.policies.routing.whole import solve_whole

FEWEST = 3
SHARE = 0.35
"""Of the time that is left: the most that one piece may take."""


def improve_plan(wave: Wave, plan: Plan, *, seconds: float) -> Plan:
    """The plan, or a cheaper one that leaves the same orders behind."""
    until = time.perf_counter() + seconds
    chance = random.Random(len(wave.jobs))  # noqa: S311 no secret hangs on it
    size, fruitless = FEWEST, 0
    while (left := until - time.perf_counter()) > 0:
        used = sorted({part.site for parts in plan.routes.values() for part in parts})
        if size > len(used):
            break
        piece = set_free(wave, plan, set(chance.sample(used, size)))
        found = solve_whole(piece, most_behind=0, seconds=max(left * SHARE, 0.01))
        better = found and not found.unrouted and _put_back(wave, plan, found)
        if better and better.cost < plan.cost - TOLERANCE:
            plan, fruitless = better, 0
        else:
            fruitless += 1
        if fruitless > len(used):
            size, fruitless = size + 1, 0
    return plan


def set_free(wave: Wave, plan: Plan, sites: set[str]) -> Wave:
    """The orders that something goes to from these warehouses, and all that the others leave them."""
    left = Left.of(wave)
    free = []
    for job in wave.jobs:
        parts = plan.routes.get(job.key)
        if parts is None:
            continue
        if any(part.site in sites for part in parts):
            free.append(job)
        else:
            left.take(job, parts)
    return leave_rest(wave, left, free)


def _put_back(wave: Wave, plan: Plan, piece: Plan) -> Plan:
    routes = {**plan.routes, **piece.routes}
    return Plan(routes, plan.unrouted, sum_costs(wave, routes))
