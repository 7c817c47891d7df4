"""Which warehouse sends what: the question of one wave, and an answer to it. Both solvers share these words.

Costs are floats in one currency: estimates to compare ways by, never amounts that anybody is charged.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Units = float
Stock = Mapping[tuple[str, str], Units]
"""What each warehouse has free of an item, by (warehouse, item)."""

TOLERANCE = 1e-6
"""Less than a thousandth of the smallest quantity that a line can have: two floats so close are the same quantity."""


@dataclass(frozen=True, slots=True)
class Site:
    """A warehouse. `capacity`: what it can still do today, in parcels or units as the wave counts; None: any.

    `opening`: what it costs to use it at all in this wave.
    """

    code: str
    capacity: float | None = None
    opening: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """One order from one warehouse: what its parcel costs, and beside that each unit of each line, by place."""

    parcel: float
    units: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """A line: no two of an order are of one item."""

    item: str
    units: Units


@dataclass(frozen=True, slots=True)
class Job:
    """An order to be routed. Warehouses without a way are out of the question for it; `most_parcels` 1: no split."""

    key: str
    demands: tuple[Demand, ...]
    ways: Mapping[str, Way]
    most_parcels: int = 3


@dataclass(frozen=True, slots=True)
class Wave:
    """Orders that are routed together, first come first. `counts`: what a warehouse's capacity counts."""

    sites: Sequence[Site]
    jobs: Sequence[Job]
    stock: Stock
    counts: Literal["parcels", "units"] = "parcels"


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of the line at `place` from this warehouse."""

    site: str
    place: int
    units: Units


Routes = Mapping[str, Sequence[Part]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of each order by its key; an order that nobody can send whole has none, and is `unrouted`.

    `bound`: no plan that routes as many costs less; None where none is known.
    """

    routes: Routes
    unrouted: tuple[str, ...]
    cost: float
    bound: float | None = None

    @property
    def gap(self) -> float | None:
        """How much dearer than the best it can be, as a share of its cost."""
        if self.bound is None:
            return None
        return max(self.cost - self.bound, 0.0) / self.cost if self.cost > TOLERANCE else 0.0

    def beats(self, other: "Plan") -> bool:
        """True when it routes more orders, or as many for less."""
        return (len(self.unrouted), self.cost + TOLERANCE) < (len(other.unrouted), other.cost)


def cost_of(job: Job, parts: Sequence[Part]) -> float:
    """What these parts cost, opening of warehouses apart."""
    parcels = math.fsum(job.ways[site].parcel for site in {part.site for part in parts})
    return parcels + math.fsum(job.ways[part.site].units[part.place] * part.units for part in parts)


def sum_costs(wave: Wave, routes: Routes) -> float:
    """What the whole plan costs: parcels, units, and each warehouse that it uses."""
    used = {part.site for parts in routes.values() for part in parts}
    opening = math.fsum(site.opening for site in wave.sites if site.code in used)
    return opening + math.fsum(cost_of(job, routes[job.key]) for job in wave.jobs if job.key in routes)


@dataclass(slots=True)
class Left:
    """What is left of stock and capacity while a wave is planned."""

    counts: Literal["parcels", "units"]
    stock: dict[tuple[str, str], Units]
    capacity: dict[str, float]
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, wave: Wave) -> "Left":
        capacity = {site.code: math.inf if site.capacity is None else site.capacity for site in wave.sites}
        return cls(wave.counts, dict(wave.stock), capacity)

    def holds(self, job: Job, parts: Sequence[Part]) -> bool:
        """True when these parts can be taken."""
        wanted: dict[tuple[str, str], Units] = defaultdict(float)
        loads: dict[str, Units] = defaultdict(float)
        for part in parts:
            wanted[part.site, job.demands[part.place].item] += part.units
            loads[part.site] = loads[part.site] + part.units if self.counts == "units" else 1.0
        return all(units <= self.stock.get(shelf, 0.0) + TOLERANCE for shelf, units in wanted.items()) and all(
            load <= self.capacity[site] + TOLERANCE for site, load in loads.items()
        )

    def take(self, job: Job, parts: Sequence[Part]) -> None:
        for part in parts:
            shelf = part.site, job.demands[part.place].item
            self.stock[shelf] = self.stock.get(shelf, 0.0) - part.units
            self.used.add(part.site)
            if self.counts == "units":
                self.capacity[part.site] -= part.units
        if self.counts == "parcels":
            for site in {part.site for part in parts}:
                self.capacity[site] -= 1


def leave_rest(wave: Wave, left: Left, jobs: Sequence[Job]) -> Wave:
    """The wave of these orders alone, with what the others left them; a warehouse that these use is open already."""
    sites = [
        replace(
            site,
            capacity=None if site.capacity is None else max(left.capacity[site.code], 0.0),
            opening=0.0 if site.code in left.used else site.opening,
        )
        for site in wave.sites
    ]
    return Wave(sites, jobs, {shelf: max(units, 0.0) for shelf, units in left.stock.items()}, wave.counts)


def find_faults(wave: Wave, plan: Plan) -> list[str]:
    """What is wrong with a plan, in words; [] when it may be carried out. Nothing is booked that did not pass here."""
    faults, left = [], Left.of(wave)
    known = {job.key for job in wave.jobs}
    if set(plan.routes) | set(plan.unrouted) != known or set(plan.routes) & set(plan.unrouted):
        faults.append("Not every order is either routed or unrouted.")
    for job in wave.jobs:
        parts = plan.routes.get(job.key)
        if parts is None:
            continue
        faults += _faults_of(job, parts)
        if not faults:
            left.take(job, parts)
    faults += [f"{site} sends more {item} than it has." for (site, item), units in left.stock.items() if _below(units)]
    return faults + [f"{site} is beyond its capacity." for site, units in left.capacity.items() if _below(units)]


def _faults_of(job: Job, parts: Sequence[Part]) -> list[str]:
    sites = {part.site for part in parts}
    sent: dict[int, float] = defaultdict(float)
    for part in parts:
        sent[part.place] += part.units
    faults = [f"{job.key} goes from {site}, which is no way of its own." for site in sites if site not in job.ways]
    if len(sites) > job.most_parcels:
        faults.append(f"{job.key} goes in {len(sites)} parcels, at most {job.most_parcels} may be.")
    if any(part.units <= 0 for part in parts):
        faults.append(f"{job.key} has a part of nothing.")
    wanted = {place: demand.units for place, demand in enumerate(job.demands)}
    if sent.keys() != wanted.keys() or any(abs(sent[place] - units) > TOLERANCE for place, units in wanted.items()):
        faults.append(f"The parts of {job.key} do not add up to it.")
    return faults


def _below(units: float) -> bool:
    return units < -TOLERANCE
