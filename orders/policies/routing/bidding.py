"""A large wave by prices: where more orders want a shelf than it can serve, its units get a price.

Column generation (Dantzig and Wolfe, Operations Research 8 (1960) 101–111). Each order has a few ways; a linear
programme chooses among them and says what a unit of each shelf and a parcel of each warehouse are worth; at those
prices each order names ways that are cheaper for it; and so on, until none has any. Then HiGHS chooses one way of
each.

Whatever the prices are, no plan costs less than all orders at their cheapest priced way, less what the prices would
earn on all that is there (Lagrangian bound): that is the bound, and the best over all rounds holds.
"""

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.menu import Menu, find_ways, share_out, write_menu
from orders.policies.routing.problem import TOLERANCE, Left, Part, Plan, Wave, cost_of, leave_rest, sum_costs
from orders.policies.routing.programme import Array, Programme

FIRST_WAYS, MORE_WAYS = 8, 6
"""Ways of each size that an order names in the first round, and in each later one."""

KEPT_WAYS = 4
"""Ways an order among which the last step chooses: more are slower to search than they save."""

ENOUGH = 0.0005
"""The rounds end when the bound is so close to what the divisible plan costs; the last step when it is to its own."""

SHARE_FOR_ROUNDS = 0.5
"""Of the time."""


Named = tuple[int, tuple[Part, ...]]
"""A way: the order's place in the wave, and its parts."""


@dataclass(slots=True)
class _Market:
    """The ways that were named. `bids`: of each round what every order costs at least, and what the prices earn."""

    wave: Wave
    menu: Menu
    behind: float | None
    ways: dict[Named, float] = field(default_factory=dict)
    bids: list[tuple[Array, float]] = field(default_factory=list)

    def name(self, order: int, parts: Iterable[Part]) -> bool:
        """True when nobody had named it before."""
        way = order, _order_parts(parts)
        if way in self.ways:
            return False
        self.ways[way] = cost_of(self.wave.jobs[order], way[1])
        return True

    def name_all(self, plan: Plan) -> None:
        """So that there is a choice that can be carried out."""
        for order, job in enumerate(self.wave.jobs):
            if job.key in plan.routes:
                self.name(order, plan.routes[job.key])


@dataclass(slots=True)
class _Rows:
    """Where the limits stand in the programme."""

    orders: list[int] = field(default_factory=list)
    shelves: dict[int, int] = field(default_factory=dict)
    sites: dict[int, int] = field(default_factory=dict)


def solve_by_prices(wave: Wave, start: Plan, *, seconds: float) -> Plan:
    """The best plan that was found within `seconds`, or `start`; with a bound in either case.

    `start` routes each order of the wave that can be routed alone, or leaves some behind; then others may.
    """
    began = time.perf_counter()
    market = _open(wave, start)
    reduced = shares = None
    while time.perf_counter() - began < seconds * SHARE_FOR_ROUNDS:
        left = seconds * SHARE_FOR_ROUNDS - (time.perf_counter() - began)
        programme, rows = _write(market, list(market.ways))
        priced = programme.price_rows(seconds=left)
        if priced is None:
            break
        prices, shares = priced
        reduced = _reduce(programme, prices)
        if not _bid(market, rows, prices) or _is_close(market, programme, prices):
            break
    best = start
    if shares is not None and (settled := _settle(market, shares)).beats(best):
        best = settled
        market.name_all(best)
    chosen = _choose(market, best, reduced, seconds=seconds - (time.perf_counter() - began))
    if chosen and chosen.beats(best):
        best = chosen
    bound = _bound(market, behind=len(best.unrouted))
    return Plan(best.routes, best.unrouted, best.cost, None if bound is None else min(bound, best.cost))


def _open(wave: Wave, start: Plan) -> _Market:
    """The ways of the plan that is known, and of each order the cheapest as if it were alone."""
    menu = write_menu(wave)
    market = _Market(wave, menu, None)
    market.name_all(start)
    free = menu.free()
    least, found = find_ways(menu, free, below=np.full(len(wave.jobs), np.inf), most=FIRST_WAYS)
    for (order, _), parts in zip(found, share_out(menu, free, found), strict=True):
        market.name(order, parts)
    market.bids.append((least, 0.0))
    if start.unrouted:
        market.behind = 10 * max(market.ways.values(), default=0.0) + 1.0
    return market


def _write(market: _Market, ways: Sequence[Named]) -> tuple[Programme, _Rows]:
    """The first columns are the ways in their order; each order takes one way; what is there limits them."""
    programme, rows, menu = Programme(), _Rows(), market.menu
    site_of = {code: site for site, code in enumerate(menu.sites)}
    takers: list[dict[int, float]] = [{} for _ in market.wave.jobs]
    shelves: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    loads: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for order, parts in ways:
        way = programme.column(cost=market.ways[order, parts])
        takers[order][way] = 1.0
        for part in parts:
            site = site_of[part.site]
            shelves[int(menu.shelf[order, part.place, site])][way] += part.units
            loads[site][way] = loads[site][way] + part.units if menu.counts_units else 1.0
    for taker in takers:
        stay = {programme.column(cost=market.behind): 1.0} if market.behind else {}
        # An order that nobody can send whole has no way: its row says nothing, and it stays behind.
        limit = 1.0 if taker or stay else 0.0
        rows.orders.append(programme.row({**taker, **stay}, least=limit, most=limit))
    for shelf, terms in sorted(shelves.items()):
        if math.fsum(terms.values()) > (most := market.wave.stock[menu.shelves[shelf]]):
            rows.shelves[shelf] = programme.row(terms, most=most)
    _write_sites(programme, rows, market, loads)
    return programme, rows


def _write_sites(programme: Programme, rows: _Rows, market: _Market, loads: dict[int, dict[int, float]]) -> None:
    sites = {site.code: site for site in market.wave.sites}
    for place, terms in sorted(loads.items()):
        site, total = sites[market.menu.sites[place]], math.fsum(terms.values())
        if site.opening:
            most = total if site.capacity is None else min(site.capacity, total)
            programme.row({**terms, programme.column(cost=site.opening): -most}, most=0.0)
        elif site.capacity is not None and total > site.capacity:
            rows.sites[place] = programme.row(terms, most=site.capacity)


def _reduce(programme: Programme, prices: Array) -> Array:
    """How much dearer each column is than what its order pays, all that it takes priced."""
    met = np.array(programme.least) == np.array(programme.most)
    signed = np.where(met, prices, -prices)
    taken = np.zeros(len(programme.costs))
    np.add.at(taken, programme.places, np.array(programme.factors) * signed[programme.rows])
    return np.array(programme.costs) - taken


def _bid(market: _Market, rows: _Rows, prices: Array) -> bool:
    """Each order names what is cheaper for it at these prices; True when one named something new."""
    menu, wave = market.menu, market.wave
    asked = menu.free()
    for shelf, row in rows.shelves.items():
        asked.shelves[shelf] = max(prices[row], 0.0)
    for site, row in rows.sites.items():
        asked.sites[site] = max(prices[row], 0.0)
    capacities = {site.code: site.capacity for site in wave.sites}
    earned = math.fsum(asked.shelves[shelf] * wave.stock[menu.shelves[shelf]] for shelf in rows.shelves)
    earned += math.fsum(asked.sites[site] * (capacities[menu.sites[site]] or 0.0) for site in rows.sites)
    below = np.array([prices[row] for row in rows.orders])
    below[~np.isfinite(market.bids[0][0])] = 0.0
    least, found = find_ways(menu, asked, below=below, most=MORE_WAYS)
    least[~np.isfinite(market.bids[0][0])] = np.inf
    market.bids.append((least, earned))
    named = [market.name(order, parts) for (order, _), parts in zip(found, share_out(menu, asked, found), strict=True)]
    return any(named)


def _is_close(market: _Market, programme: Programme, prices: Array) -> bool:
    most = np.array(programme.most)
    reached = float(np.where(np.array(programme.least) == most, prices, -prices) @ most)
    bound = max(least[np.isfinite(least)].sum() - earned for least, earned in market.bids)
    return bool(reached - bound <= ENOUGH * reached)


def _settle(market: _Market, shares: Array) -> Plan:
    """Who has all of one way keeps it; the others come one after the other and take what is left.

    The prices know no limit of a warehouse that has to be opened: what would not fit there is routed anew.
    """
    wave, left = market.wave, Left.of(market.wave)
    settled: dict[str, Sequence[Part]] = {}
    for (order, parts), share in zip(market.ways, shares.tolist(), strict=False):
        job = wave.jobs[order]
        if share > 1 - TOLERANCE and left.holds(job, parts):
            settled[job.key] = parts
            left.take(job, parts)
    rest = route_greedily(leave_rest(wave, left, [job for job in wave.jobs if job.key not in settled]))
    routes = {**settled, **rest.routes}
    return Plan(routes, rest.unrouted, sum_costs(wave, routes))


def _choose(market: _Market, start: Plan, reduced: Array | None, *, seconds: float) -> Plan | None:
    """One way an order, of those that are least dear at the last prices and those of the start."""
    ways = list(market.ways)
    if reduced is not None:
        ways = _keep(market, start, ways, reduced)
    programme, _ = _write(market, ways)
    found = programme.solve(seconds=seconds, gap=ENOUGH)
    if found.decided is None:
        return None
    taken = [way for way, share in zip(ways, found.decided.tolist(), strict=False) if share > 0.5]
    routes = {market.wave.jobs[order].key: parts for order, parts in sorted(taken, key=lambda way: way[0])}
    unrouted = tuple(job.key for job in market.wave.jobs if job.key not in routes)
    return Plan(routes, unrouted, sum_costs(market.wave, routes))


def _keep(market: _Market, start: Plan, ways: list[Named], reduced: Array) -> list[Named]:
    """The least dear, those that were named after the last prices, and the start's: so there is always a plan."""
    known = min(len(ways), len(reduced))
    most = KEPT_WAYS * len(market.wave.jobs)
    limit = np.partition(reduced[:known], most - 1)[most - 1] if known > most else math.inf
    keys = [job.key for job in market.wave.jobs]
    started = {(order, _order_parts(start.routes[key])) for order, key in enumerate(keys) if key in start.routes}
    return [way for place, way in enumerate(ways) if place >= known or reduced[place] <= limit or way in started]


def _order_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: (part.site, part.place)))


def _bound(market: _Market, *, behind: int) -> float | None:
    """What so many orders staying behind, whichever, the rest costs at least."""
    bounds = []
    for least, earned in market.bids:
        costs = np.sort(least[np.isfinite(least)])
        staying = max(behind - int((~np.isfinite(least)).sum()), 0)
        bounds.append(float(costs[: len(costs) - staying].sum()) - earned)
    return max(bounds)
