"""A small wave as one mixed-integer programme: every way of every order at once.

What is decided: does order o get a parcel from warehouse w (0 or 1), how many units of each line go with it, is w used
at all, does o stay behind. First as few as can be stay behind, then parcels + units + opened warehouses are to cost the
least: two programmes one after the other, because one price that is dearer than any way of sending would drown the
costs in the solver's tolerance. Given the parcels, the units are a flow in a network: whole numbers come out whole.
"""

import math
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from orders.policies.routing.problem import TOLERANCE, Job, Part, Plan, Wave, sum_costs
from orders.policies.routing.programme import Programme

SMALLEST = 0.001
"""A line's quantity has three decimals at most: what comes out finer is the solver's own rounding."""

SHARE_FOR_COUNTING = 0.3
"""Of the time: to find how few can stay behind."""


@dataclass(slots=True)
class _Columns:
    """Where the decisions stand. A unit's column holds so many units for each 1 that it is: (column, units)."""

    parcels: dict[tuple[int, str], int] = field(default_factory=dict)
    units: dict[tuple[int, str, int], tuple[int, float]] = field(default_factory=dict)
    behind: dict[int, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)


def count_columns(wave: Wave) -> int:
    """How large the programme is."""
    return sum(len(job.ways) * (1 if job.most_parcels == 1 else 1 + len(job.demands)) for job in wave.jobs)


def solve_whole(wave: Wave, *, most_behind: int, seconds: float, gap: float = 0.0) -> Plan | None:
    """The best plan that was found within `seconds`, with its bound; None when none was found by then.

    `most_behind`: a plan is known that leaves no more behind; 0 saves the first programme. `gap`: a plan that is proven
    to be so close to the best (a share of its cost) is good enough.
    """
    until = time.perf_counter() + seconds
    programme = Programme()
    columns = _write(programme, wave, stay=most_behind > 0)
    if most_behind:
        most_behind = _count_behind(programme, columns, most_behind, seconds=seconds * SHARE_FOR_COUNTING)
        programme.row(dict.fromkeys(columns.behind.values(), 1.0), most=most_behind)
    found = programme.solve(seconds=until - time.perf_counter(), gap=gap)
    if found.decided is None:
        return None
    routes = _read(wave, columns, found.decided.tolist())
    unrouted = tuple(job.key for job in wave.jobs if job.key not in routes)
    cost = sum_costs(wave, routes)
    return Plan(routes, unrouted, cost, min(found.bound, cost))


def find_open(wave: Wave, *, seconds: float) -> set[str]:
    """The warehouses that are used when parcels may be divided at will: mostly those of the best plan, found sooner."""
    programme = Programme()
    columns = _write(programme, wave, stay=False)
    for parcel in columns.parcels.values():
        programme.whole[parcel] = 0
    found = programme.solve(seconds=seconds)
    if found.decided is None:
        return set()
    return {
        site.code
        for site in wave.sites
        if site.code not in columns.used or float(found.decided[columns.used[site.code]]) > TOLERANCE
    }


def _count_behind(programme: Programme, columns: _Columns, known: int, *, seconds: float) -> int:
    """How few can stay behind, or the fewest that were found in the time."""
    costs = programme.costs
    programme.costs = [0.0] * len(costs)
    for column in columns.behind.values():
        programme.costs[column] = 1.0
    found = programme.solve(seconds=seconds)
    programme.costs = costs
    if found.decided is None:
        return known
    return min(known, round(sum(float(found.decided[column]) for column in columns.behind.values())))


def _write(programme: Programme, wave: Wave, *, stay: bool) -> _Columns:
    columns = _Columns()
    sites = {site.code for site in wave.sites}
    for site in wave.sites:
        if site.opening:
            columns.used[site.code] = programme.column(cost=site.opening)
    for number, job in enumerate(wave.jobs):
        if stay:
            columns.behind[number] = programme.column(cost=0.0)
        for code in sorted(sites & job.ways.keys()):
            _write_way(programme, columns, wave, number, code)
        _write_demands(programme, columns, job, number)
    for (_, code), parcel in columns.parcels.items():
        if code in columns.used:
            programme.row({parcel: 1.0, columns.used[code]: -1.0}, most=0.0)
    _write_limits(programme, columns, wave)
    return columns


def _write_way(programme: Programme, columns: _Columns, wave: Wave, number: int, code: str) -> None:
    """The parcel of an order from one warehouse, and what can go with it: not more than is wanted, and there."""
    job = wave.jobs[number]
    way = job.ways[code]
    there = [min(demand.units, wave.stock.get((code, demand.item), 0.0)) for demand in job.demands]
    if job.most_parcels == 1:  # all of it goes, or nothing: no units to decide
        if any(demand.units > amount + TOLERANCE for demand, amount in zip(job.demands, there, strict=True)):
            return
        cost = way.parcel + math.fsum(price * amount for price, amount in zip(way.units, there, strict=True))
        parcel = columns.parcels[number, code] = programme.column(cost=cost)
        columns.units |= {(number, code, place): (parcel, amount) for place, amount in enumerate(there)}
        return
    if not any(amount > TOLERANCE for amount in there):
        return
    parcel = columns.parcels[number, code] = programme.column(cost=way.parcel)
    for place, amount in enumerate(there):
        if amount > TOLERANCE:
            unit = programme.column(cost=way.units[place], upper=amount, whole=False)
            columns.units[number, code, place] = unit, 1.0
            programme.row({unit: 1.0, parcel: -amount}, most=0.0)


def _write_demands(programme: Programme, columns: _Columns, job: Job, number: int) -> None:
    """Each line whole, or the order stays behind; in no more parcels than it may have."""
    mine = [columns.parcels[number, code] for code in sorted(job.ways) if (number, code) in columns.parcels]
    behind = columns.behind.get(number)
    if job.most_parcels == 1:
        programme.row(dict.fromkeys(mine if behind is None else [*mine, behind], 1.0), least=1.0, most=1.0)
        return
    for place, demand in enumerate(job.demands):
        places = [(number, code, place) for code in sorted(job.ways)]
        sent = dict(columns.units[each] for each in places if each in columns.units)
        whole = {} if behind is None else {behind: demand.units}
        programme.row({**sent, **whole}, least=demand.units, most=demand.units)
    if len(mine) > job.most_parcels:
        programme.row(dict.fromkeys(mine, 1.0), most=job.most_parcels)


def _write_limits(programme: Programme, columns: _Columns, wave: Wave) -> None:
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
    capacities = {site.code: math.inf if site.capacity is None else site.capacity for site in wave.sites}
    for (code, item), terms in shelves.items():
        most = wave.stock[code, item]
        beyond = math.fsum(programme.uppers[column] * amount for column, amount in terms.items()) > most
        if beyond and not (wave.counts == "units" and capacities[code] <= most):
            programme.row(terms, most=most)
    for site in wave.sites:
        if site.capacity is not None and site.code in loads:
            # With the opening in it the row says more than the two apart: a warehouse half used is half open.
            used = {columns.used[site.code]: -site.capacity} if site.code in columns.used else {}
            programme.row({**loads[site.code], **used}, most=0.0 if used else site.capacity)
    _write_cover(programme, columns, wave)


def _write_cover(programme: Programme, columns: _Columns, wave: Wave) -> None:
    """What is open must hold all that goes. It follows from the other rows, but said aloud it cuts the search short."""
    capacities = {site.code: site.capacity for site in wave.sites}
    if columns.behind or wave.counts != "units" or not columns.used:
        return
    if any(capacities[code] is None for code in capacities):
        return
    wanted = math.fsum(demand.units for job in wave.jobs for demand in job.demands)
    always = math.fsum(units or 0.0 for code, units in capacities.items() if code not in columns.used)
    programme.row({column: capacities[code] or 0.0 for code, column in columns.used.items()}, least=wanted - always)


def _read(wave: Wave, columns: _Columns, decided: Sequence[float]) -> dict[str, Sequence[Part]]:
    routes: dict[str, Sequence[Part]] = {}
    sent: dict[int, list[Part]] = defaultdict(list)
    for (number, code, place), (column, units) in columns.units.items():
        amount = round(float(decided[column]) * units / SMALLEST) * SMALLEST
        if amount > TOLERANCE:
            sent[number].append(Part(code, place, round(amount, 3)))
    for number, job in enumerate(wave.jobs):
        if number not in columns.behind or decided[columns.behind[number]] < 0.5:
            routes[job.key] = sent[number]
    return routes
