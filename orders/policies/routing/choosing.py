"""The routing of a wave: the better of two answers, and how good it is."""

import time
from dataclasses import dataclass
from typing import Literal

from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import Plan, Wave, find_faults
from orders.policies.routing.together import route_together


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan that is carried out, whose it is, and how long each solver took in seconds."""

    plan: Plan
    solver: Literal["greedy", "together"]
    greedy_cost: float
    greedy_seconds: float
    together_seconds: float


def choose_plan(wave: Wave, *, seconds: float) -> Choice:
    """Both solvers, the second within its time box; the better plan, with the bound that is known of it.

    Raises:
        ValueError: a solver's plan cannot be carried out; that is an error of ours.
    """
    began = time.perf_counter()
    greedy = route_greedily(wave)
    halfway = time.perf_counter()
    together = route_together(wave, seconds=seconds) if wave.jobs else None
    took = halfway - began, time.perf_counter() - halfway
    if together and not find_faults(wave, together) and not greedy.beats(together):
        return Choice(together, "together", greedy.cost, *took)

    if faults := find_faults(wave, greedy):
        raise ValueError(" ".join(faults))
    same = together is not None and len(together.unrouted) == len(greedy.unrouted)
    bound = together.bound if together and same else None
    return Choice(Plan(greedy.routes, greedy.unrouted, greedy.cost, bound), "greedy", greedy.cost, *took)
