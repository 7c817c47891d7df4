"""All orders of a wave at once, as a mixed-integer programme that HiGHS solves.

What is decided: does order o get a parcel from warehouse w (0 or 1), how many units of each line go with it, is w used
at all, does o stay behind. To be least: parcels + units + opened warehouses + a price on each order that stays behind,
dearer than any way of sending it. Given the parcels, the units are a flow in a network: whole numbers come out whole.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from orders.policies.routing.problem import TOLERANCE, Job, Part, Plan, Wave, sum_costs

SMALLEST = 0.001
"""A line's quantity has three decimals at most: what comes out finer is the solver's own rounding."""


def route_together(wave: Wave, *, seconds: float, gap: float = 0.0) -> Plan | None:
    """The best plan that was found within `seconds`, with its bound; None when none was found by then.

    `gap`: a plan that is proven to be so close to the best (a share of its cost) is good enough.
    """
    programme = _Programme()
    columns = _write(programme, wave)
    found = programme.solve(seconds=seconds, gap=gap)
    if found.x is None:
        return None
    routes = _read(wave, columns, found.x)
    unrouted = tuple(job.key for job in wave.jobs if job.key not in routes)
    cost = sum_costs(wave, routes)
    behind = _price_of_staying(wave) * len(unrouted)
    bound = None if found.mip_dual_bound is None else min(float(found.mip_dual_bound) - behind, cost)
    return Plan(routes, unrouted, cost, bound)


@dataclass(slots=True)
class _Programme:
    """Columns and rows as they are written; HiGHS gets them as one sparse matrix."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def column(self, *, cost: float, upper: float, whole: bool) -> int:
        """Something to decide: a number from 0 to `upper`."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def row(self, terms: Mapping[int, float], *, least: float = -math.inf, most: float = math.inf) -> None:
        """least ≤ the sum of the terms ≤ most."""
        self.rows += [len(self.least)] * len(terms)
        self.places += terms.keys()
        self.factors += terms.values()
        self.least.append(least)
        self.most.append(most)

    def solve(self, *, seconds: float, gap: float) -> Any:
        matrix = csr_array((self.factors, (self.rows, self.places)), shape=(len(self.least), len(self.costs)))
        return milp(
            np.array(self.costs),
            integrality=np.array(self.whole),
            bounds=Bounds(0, np.array(self.uppers)),
            constraints=LinearConstraint(matrix, np.array(self.least), np.array(self.most)),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )


@dataclass(slots=True)
class _Columns:
    """Where the decisions stand. A unit's column holds so many units for each 1 that it is: (column, units)."""

    parcels: dict[tuple[int, str], int] = field(default_factory=dict)
    units: dict[tuple[int, str, int], tuple[int, float]] = field(default_factory=dict)
    behind: dict[int, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)


def _write(programme: _Programme, wave: Wave) -> _Columns:
    columns, staying = _Columns(), _price_of_staying(wave)
    sites = {site.code for site in wave.sites}
    for site in wave.sites:
        if site.opening:
            columns.used[site.code] = programme.column(cost=site.opening, upper=1, whole=True)
    for number, job in enumerate(wave.jobs):
        columns.behind[number] = programme.column(cost=staying, upper=1, whole=True)
        for code in sorted(sites & job.ways.keys()):
            _write_way(programme, columns, wave, number, code)
        _write_demands(programme, columns, job, number)
    for (_, code), parcel in columns.parcels.items():
        if code in columns.used:
            programme.row({parcel: 1.0, columns.used[code]: -1.0}, most=0.0)
    _write_limits(programme, columns, wave)
    return columns


def _write_way(programme: _Programme, columns: _Columns, wave: Wave, number: int, code: str) -> None:
    """The parcel of an order from one warehouse, and what can go with it: not more than is wanted, and there."""
    job = wave.jobs[number]
    way = job.ways[code]
    there = [min(demand.units, wave.stock.get((code, demand.item), 0.0)) for demand in job.demands]
    if job.most_parcels == 1:  # all of it goes, or nothing: no units to decide
        if any(demand.units > amount + TOLERANCE for demand, amount in zip(job.demands, there, strict=True)):
            return
        cost = way.parcel + math.fsum(price * amount for price, amount in zip(way.units, there, strict=True))
        parcel = columns.parcels[number, code] = programme.column(cost=cost, upper=1, whole=True)
        columns.units |= {(number, code, place): (parcel, amount) for place, amount in enumerate(there)}
        return
    if not any(amount > TOLERANCE for amount in there):
        return
    parcel = columns.parcels[number, code] = programme.column(cost=way.parcel, upper=1, whole=True)
    for place, amount in enumerate(there):
        if amount > TOLERANCE:
            unit = programme.column(cost=way.units[place], upper=amount, whole=False)
            columns.units[number, code, place] = unit, 1.0
            programme.row({unit: 1.0, parcel: -amount}, most=0.0)


def _write_demands(programme: _Programme, columns: _Columns, job: Job, number: int) -> None:
    """Each line whole, or the order stays behind; in no more parcels than it may have."""
    mine = [columns.parcels[number, code] for code in job.ways if (number, code) in columns.parcels]
    if job.most_parcels == 1:
        programme.row({**dict.fromkeys(mine, 1.0), columns.behind[number]: 1.0}, least=1.0, most=1.0)
        return
    for place, demand in enumerate(job.demands):
        sent = dict(columns.units[number, code, place] for code in job.ways if (number, code, place) in columns.units)
        programme.row({**sent, columns.behind[number]: demand.units}, least=demand.units, most=demand.units)
    if len(mine) > job.most_parcels:
        programme.row(dict.fromkeys(mine, 1.0), most=job.most_parcels)


def _write_limits(programme: _Programme, columns: _Columns, wave: Wave) -> None:
    """No warehouse sends more than it has, or than it can."""
    shelves: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    loads: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (number, code, place), (column, amount) in columns.units.items():
        shelves[code, wave.jobs[number].demands[place].item][column] = amount
        if wave.counts == "units":
            loads[code][column] += amount
    if wave.counts == "parcels":
        for (_, code), parcel in columns.parcels.items():
            loads[code][parcel] = 1.0
    for shelf, terms in shelves.items():
        if math.fsum(programme.uppers[column] * amount for column, amount in terms.items()) > wave.stock[shelf]:
            programme.row(terms, most=wave.stock[shelf])
    for site in wave.sites:
        if site.capacity is not None and site.code in loads:
            # With the opening in it the row says more than the two apart: a warehouse half used is half open.
            used = {columns.used[site.code]: -site.capacity} if site.code in columns.used else {}
            programme.row({**loads[site.code], **used}, most=0.0 if used else site.capacity)


def _price_of_staying(wave: Wave) -> float:
    """More than all the rest of the wave can cost: nobody stays behind to save money, whatever the others then pay."""
    dearest = (
        job.most_parcels * max((way.parcel for way in job.ways.values()), default=0.0)
        + max((price for way in job.ways.values() for price in way.units), default=0.0)
        * math.fsum(demand.units for demand in job.demands)
        for job in wave.jobs
    )
    return 1.0 + math.fsum(dearest) + math.fsum(site.opening for site in wave.sites)


def _read(wave: Wave, columns: _Columns, decided: Sequence[float]) -> dict[str, Sequence[Part]]:
    routes: dict[str, Sequence[Part]] = {}
    sent: dict[int, list[Part]] = defaultdict(list)
    for (number, code, place), (column, units) in columns.units.items():
        amount = round(float(decided[column]) * units / SMALLEST) * SMALLEST
        if amount > TOLERANCE:
            sent[number].append(Part(code, place, round(amount, 3)))
    for number, job in enumerate(wave.jobs):
        if decided[columns.behind[number]] < 0.5:
            routes[job.key] = sent[number]
    return routes
