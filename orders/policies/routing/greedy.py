"""One order after the other, first come first, each by the cheapest way that is left for it.

For one order that is the best there is: every choice of warehouses is weighed, except those that cannot be cheaper.
For many it is fast, and fair, but the first may take what the second needed more.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, combinations
from math import comb

from orders.policies.routing.problem import TOLERANCE, Job, Left, Part, Plan, Wave, sum_costs

MOST_TRIED = 2_000
"""Choices of warehouses weighed for one size of split: all triples of 20 warehouses are 1,140."""


def route_greedily(wave: Wave) -> Plan:
    """Each order by its cheapest way; one that cannot go whole is left out, and takes nothing from the others."""
    left = Left.of(wave)
    opening = {site.code: site.opening for site in wave.sites}
    routes: dict[str, Sequence[Part]] = {}
    for job in wave.jobs:
        parts = route_one(job, left, opening)
        if parts is not None:
            left.take(job, parts)
            routes[job.key] = parts
    unrouted = tuple(job.key for job in wave.jobs if job.key not in routes)
    return Plan(routes, unrouted, sum_costs(wave, routes))


def route_one(job: Job, left: Left, opening: dict[str, float]) -> Sequence[Part] | None:
    """The cheapest way of one order with what is left, of equal ones the first by code; None: it cannot go whole."""
    open_ = [site for site in sorted(job.ways) if left.capacity.get(site, 0.0) > TOLERANCE]
    parcel = {site: job.ways[site].parcel + (0.0 if site in left.used else opening[site]) for site in open_}
    best, cost = None, math.inf
    for site in open_:
        if (price := _price_alone(job, site, left)) is not None and parcel[site] + price < cost - TOLERANCE:
            best, cost = site, parcel[site] + price
    chosen = None
    if best is not None:
        chosen = [Part(best, place, demand.units) for place, demand in enumerate(job.demands)]
    return chosen if job.most_parcels < 2 or len(open_) < 2 else _split(job, left, parcel, chosen, cost)


def _price_alone(job: Job, site: str, left: Left) -> float | None:
    """What the units cost when all go from this warehouse; None when they cannot."""
    price, prices = 0.0, job.ways[site].units
    for place, demand in enumerate(job.demands):
        if left.stock.get((site, demand.item), 0.0) < demand.units - TOLERANCE:
            return None
        price += prices[place] * demand.units
    if left.counts == "units" and left.capacity[site] < sum(demand.units for demand in job.demands) - TOLERANCE:
        return None
    return price


def _split(
    job: Job, left: Left, parcel: dict[str, float], chosen: Sequence[Part] | None, cost: float
) -> Sequence[Part] | None:
    """The cheapest of all choices of two warehouses and more, if it beats what is chosen.

    Where there are too many to try, and none that was tried will do, the order is gathered from one warehouse after the
    other: that finds a way where there is one, though not always the cheapest.
    """
    floor = _least_units(job, parcel)
    cheapest = list(accumulate(sorted(parcel.values())[: job.most_parcels]))
    if floor + min(cheapest[1:]) >= cost - TOLERANCE:
        return chosen
    useful = [site for site in parcel if any(left.stock.get((site, demand.item), 0.0) > 0 for demand in job.demands)]
    useful.sort(key=lambda site: (parcel[site], site))
    for size in range(2, min(job.most_parcels, len(useful)) + 1):
        if cheapest[size - 1] + floor >= cost - TOLERANCE:
            continue
        if comb(len(useful), size) > MOST_TRIED:
            return chosen or _gather(job, left, parcel)
        for sites in combinations(useful, size):
            if sum([parcel[site] for site in sites]) + floor >= cost - TOLERANCE:
                continue
            parts = _share_out(job, sites, left)
            if parts is None:
                continue
            price = sum(parcel[site] for site in {part.site for part in parts})
            price += sum(job.ways[part.site].units[part.place] * part.units for part in parts)
            if price < cost - TOLERANCE:
                chosen, cost = parts, price
    return chosen


def _least_units(job: Job, parcel: dict[str, float]) -> float:
    """The units cost no less than this in any split: of each line the cheapest anywhere."""
    prices = [job.ways[site].units for site in parcel]
    return sum(demand.units * min(price[place] for price in prices) for place, demand in enumerate(job.demands))


def _gather(job: Job, left: Left, parcel: dict[str, float]) -> Sequence[Part] | None:
    """From the warehouse next that sends most cheaply by the unit what is still missing."""
    missing = [demand.units for demand in job.demands]
    parts: list[Part] = []
    waiting = set(parcel)
    while waiting and len(parcel) - len(waiting) < job.most_parcels and max(missing) > TOLERANCE:
        offers = {site: _offer(job, site, missing, left) for site in waiting}
        rated = [
            ((parcel[site] + sum(job.ways[site].units[part.place] * part.units for part in offer)) / sent, site)
            for site, offer in offers.items()
            if (sent := sum(part.units for part in offer)) > TOLERANCE
        ]
        if not rated:
            break
        _, chosen = min(rated)
        waiting.remove(chosen)
        parts += offers[chosen]
        for part in offers[chosen]:
            missing[part.place] -= part.units
    return parts if max(missing) <= TOLERANCE else None


def _offer(job: Job, site: str, missing: Sequence[float], left: Left) -> list[Part]:
    """What a warehouse can send of what is missing."""
    room = left.capacity[site] if left.counts == "units" else float("inf")
    offer = []
    for place, demand in enumerate(job.demands):
        units = min(missing[place], left.stock.get((site, demand.item), 0.0), room)
        if units > TOLERANCE:
            offer.append(Part(site, place, units))
            room -= units
    return offer


def _share_out(job: Job, sites: Iterable[str], left: Left) -> Sequence[Part] | None:
    """Each line from the cheapest of these warehouses that has it, the rest from the next; None when it falls short."""
    room = {site: left.capacity[site] if left.counts == "units" else float("inf") for site in sites}
    parts = []
    for place, demand in enumerate(job.demands):
        wanted = demand.units
        for site in sorted(room, key=lambda site: (job.ways[site].units[place], site)):
            units = min(wanted, left.stock.get((site, demand.item), 0.0), room[site])
            if units > TOLERANCE:
                parts.append(Part(site, place, units))
                room[site] -= units
                wanted -= units
        if wanted > TOLERANCE:
            return None
    return parts
