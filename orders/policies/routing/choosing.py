"""The routing of a wave: the better of two answers, and how good it is."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import Plan, Wave, find_faults


class Second(Protocol):
    """A solver that makes a plan better: `route_together`. It brings SciPy along, so only who calls it imports it."""

    def __call__(self, wave: Wave, /, *, seconds: float, start: Plan) -> Plan: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan that is carried out, whose it is, and how long each solver took in seconds."""

    plan: Plan
    solver: Literal["greedy", "together"]
    greedy_cost: float
    greedy_seconds: float
    together_seconds: float


def join_choices(choices: Sequence[Choice]) -> Choice | None:
    """Of waves that were planned one after the other, as one; None of none."""
    if len(choices) < 2:
        return choices[0] if choices else None
    plans = [choice.plan for choice in choices]
    bounds = [plan.bound for plan in plans if plan.bound is not None]
    whole = Plan(
        {key: parts for plan in plans for key, parts in plan.routes.items()},
        tuple(key for plan in plans for key in plan.unrouted),
        sum(plan.cost for plan in plans),
        sum(bounds) if len(bounds) == len(plans) else None,
    )
    return Choice(
        whole,
        "together" if any(choice.solver == "together" for choice in choices) else "greedy",
        sum(choice.greedy_cost for choice in choices),
        sum(choice.greedy_seconds for choice in choices),
        sum(choice.together_seconds for choice in choices),
    )


def choose_plan(wave: Wave, *, seconds: float, together: Second | None) -> Choice:
    """The greedy plan, and what the second solver makes of it within its time box; whichever is better.

    Without a second solver (web processes have none) the greedy plan stands, and no bound is known.

    Raises:
        ValueError: a solver's plan cannot be carried out; that is an error of ours.
    """
    began = time.perf_counter()
    greedy = route_greedily(wave)
    halfway = time.perf_counter()
    if faults := find_faults(wave, greedy):
        raise ValueError(" ".join(faults))
    if together is None or not wave.jobs:
        return Choice(greedy, "greedy", greedy.cost, halfway - began, 0.0)

    plan = together(wave, seconds=seconds, start=greedy)
    took = halfway - began, time.perf_counter() - halfway
    if plan.beats(greedy) and not find_faults(wave, plan):
        return Choice(plan, "together", greedy.cost, *took)
    same = len(plan.unrouted) == len(greedy.unrouted)
    bound = plan.bound if same and plan.bound is not None else None
    return Choice(replace(greedy, bound=bound), "greedy", greedy.cost, *took)
