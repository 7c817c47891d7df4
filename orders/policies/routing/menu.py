"""Every way of every order of a large wave, priced at once.

A way is a set of at most three warehouses; each line goes from the one of them that sends it most cheaply, the rest
from the next. All sets of all orders are weighed as arrays: orders × lines × sets × the warehouses of a set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from orders.policies.routing.problem import TOLERANCE, Part, Wave
from orders.policies.routing.programme import Array

MOST_WEIGHED = 3
"""Warehouses of a set: all sets of four of 20 would be 4,845. What larger ones cost at least is known all the same."""

AT_ONCE = 200_000
"""Sets × orders that are weighed in one array."""

Choice = tuple[int, tuple[int, ...]]
"""An order, by its place in the wave, and the set of warehouses by theirs in the menu."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a unit on each shelf costs beside its freight, and a parcel (or unit, as the wave counts) of each site."""

    shelves: Array
    sites: Array


@dataclass(frozen=True, slots=True)
class Menu:
    """A wave as arrays. Axes: o order, l line, s site; a line that an order does not have is of 0 units.

    The last shelf is one that nothing lies on.
    """

    sites: tuple[str, ...]
    shelves: tuple[tuple[str, str], ...]
    counts_units: bool
    parcel: Array  # o s, infinite where there is no way
    unit: Array  # o l s
    there: Array  # o l s, no more than is wanted
    wanted: Array  # o l
    shelf: Array  # o l s
    most: Array  # o

    def free(self) -> Prices:
        return Prices(np.zeros(len(self.shelves) + 1), np.zeros(len(self.sites)))

    def parcels_at(self, prices: Prices) -> Array:
        return self.parcel if self.counts_units else self.parcel + prices.sites

    def units_at(self, prices: Prices) -> Array:
        units = self.unit + prices.shelves[self.shelf]
        return units + prices.sites if self.counts_units else units


def write_menu(wave: Wave) -> Menu:
    sites = tuple(sorted(site.code for site in wave.sites if site.capacity is None or site.capacity > TOLERANCE))
    place_of = {code: place for place, code in enumerate(sites)}
    shelves = tuple(sorted(shelf for shelf, units in wave.stock.items() if units > TOLERANCE and shelf[0] in place_of))
    number_of = {shelf: number for number, shelf in enumerate(shelves)}
    lines = max(len(job.demands) for job in wave.jobs)
    cube = len(wave.jobs), lines, len(sites)
    menu = Menu(
        sites=sites,
        shelves=shelves,
        counts_units=wave.counts == "units",
        parcel=np.full((cube[0], cube[2]), np.inf),
        unit=np.zeros(cube),
        there=np.zeros(cube),
        wanted=np.zeros(cube[:2]),
        shelf=np.full(cube, len(shelves)),
        most=np.array([job.most_parcels for job in wave.jobs]),
    )
    for order, job in enumerate(wave.jobs):
        menu.wanted[order, : len(job.demands)] = [demand.units for demand in job.demands]
        for code, way in job.ways.items():
            if (site := place_of.get(code)) is None:
                continue
            menu.parcel[order, site] = way.parcel
            menu.unit[order, : len(way.units), site] = way.units
            for line, demand in enumerate(job.demands):
                if (shelf := number_of.get((code, demand.item))) is not None:
                    menu.shelf[order, line, site] = shelf
                    menu.there[order, line, site] = min(wave.stock[code, demand.item], demand.units)
    return menu


def find_ways(menu: Menu, prices: Prices, *, below: Array, most: int) -> tuple[Array, list[Choice]]:
    """What each order costs at least at these prices, and its ways that cost less than `below`, `most` of each size.

    What is not below is not looked for: the least is then `below` itself; of the largest sets, which are the most, only
    what may cost less than any smaller one. Capacities count in the prices only.
    """
    parcels, units = menu.parcels_at(prices), menu.units_at(prices)
    cheapest = np.where((menu.there > 0) & np.isfinite(parcels)[:, None, :], units, np.inf).min(axis=2, initial=np.inf)
    lines = np.where(menu.wanted > 0, cheapest, 0.0) * menu.wanted
    floor = np.sort(parcels, axis=1).cumsum(axis=1) + lines.sum(axis=1)[:, None]
    least, found = below.copy(), []
    for size in range(1, min(MOST_WEIGHED, len(menu.sites)) + 1):
        sets = np.array(list(combinations(range(len(menu.sites)), size)))
        limit = below if size < MOST_WEIGHED else np.minimum(below, least)
        orders = np.flatnonzero((floor[:, size - 1] < limit - TOLERANCE) & (menu.most >= size))
        for some in _cut(orders, len(sets)):
            costs = parcels[some][:, sets].sum(axis=2) + _fill(menu, units, some, sets)
            least[some] = np.minimum(least[some], costs.min(axis=1))
            kept = min(most, len(sets))
            best = np.argpartition(costs, kept - 1, axis=1)[:, :kept]
            row, rank = np.nonzero(np.take_along_axis(costs, best, axis=1) < below[some, None] - TOLERANCE)
            chosen = sets[best[row, rank]].tolist()
            found += [(order, tuple(each)) for order, each in zip(some[row].tolist(), chosen, strict=True)]
    if len(menu.sites) > MOST_WEIGHED:
        larger = np.where(menu.most > MOST_WEIGHED, floor[:, MOST_WEIGHED:].min(axis=1), np.inf)
        least = np.minimum(least, larger)
    return least, found


def _cut(orders: Array, sets: int) -> Iterator[Array]:
    step = max(AT_ONCE // sets, 1)
    for start in range(0, len(orders), step):
        yield orders[start : start + step]


def _fill(menu: Menu, units: Array, orders: Array, sets: Array) -> Array:
    """What the units cost from each set, infinite where it has too few of a line."""
    prices, there = units[orders][:, :, sets], menu.there[orders][:, :, sets]
    wanted = menu.wanted[orders][:, :, None]
    short = (there.sum(axis=3) < wanted - TOLERANCE).any(axis=1)
    if sets.shape[1] > 1:
        rank = np.argsort(prices, axis=3, kind="stable")
        prices, there = np.take_along_axis(prices, rank, axis=3), np.take_along_axis(there, rank, axis=3)
    before = there.cumsum(axis=3) - there
    sent = np.clip(wanted[..., None] - before, 0.0, there)
    return np.where(short, np.inf, (sent * prices).sum(axis=(1, 3)))


def share_out(menu: Menu, prices: Prices, choices: list[Choice]) -> list[tuple[Part, ...]]:
    """The parts of each way, as its cost was reckoned."""
    units = menu.units_at(prices)
    return [tuple(_share(menu, units[order], order, sites)) for order, sites in choices]


def _share(menu: Menu, units: Array, order: int, sites: tuple[int, ...]) -> Iterator[Part]:
    for line, wanted in enumerate(menu.wanted[order].tolist()):
        missing = wanted
        for site in sorted(sites, key=lambda site: (units[line, site], site)):
            sent = min(missing, float(menu.there[order, line, site]))
            if sent > TOLERANCE:
                yield Part(menu.sites[site], line, sent)
                missing -= sent
