"""A wave from orders to decisions: what the solvers are asked, and what their answer means for each order."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from orders.policies.routing.choosing import Choice, join_choices
from orders.policies.routing.costing import Costing, Group, Units, share_units
from orders.policies.routing.orders import Exclusion, PricedPart, UnroutedOrder
from orders.policies.routing.problem import Demand, Job, Wave, Way
from orders.policies.routing.problem import Site as SolverSite
from orders.policies.routing.timing import time_part

ALTERNATIVES = 2
Solve = Callable[[Wave], Choice]
Van = tuple[str, datetime]
"""A warehouse's code, and when it leaves there."""
Vans = tuple[Van, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way of the whole order; `dearer`: by how much, in the shop's currency."""

    parts: Sequence[PricedPart]
    dearer: Decimal

    @property
    def cost(self) -> Decimal:
        return sum((part.cost for part in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of one order. Without parts nobody can send it; `excluded` and `short` say why."""

    order: UnroutedOrder
    parts: Sequence[PricedPart]
    alternatives: Sequence[Alternative] = ()
    excluded: Sequence[Exclusion] = ()
    short: Sequence[str] = ()
    """SKUs of which no warehouse in question has enough, or all of them together have not."""

    @property
    def cost(self) -> Decimal:
        return sum((part.cost for part in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class Routed:
    """A whole wave. `choice` is None when there was nothing to choose."""

    decided: Sequence[Decided]
    choice: Choice | None


@dataclass(slots=True)
class _Asked:
    """An order as the solvers see it."""

    order: UnroutedOrder
    groups: Sequence[Group]
    ways: dict[str, Way] = field(default_factory=dict)
    excluded: list[Exclusion] = field(default_factory=list)


def route_orders(costing: Costing, solve: Solve) -> Routed:
    """A way for each order of the terrain. `solve` chooses the plan for those that take stock."""
    asked = [_ask(costing, order) for order in costing.terrain.orders]
    choice = join_choices(list(_choose(costing, [each for each in asked if each.groups], solve)))
    routes = choice.plan.routes if choice else {}
    decided = []
    for each in asked:
        if not each.groups:
            decided.append(_decide_loose(costing, each))
        elif each.order.number in routes:
            shared = share_units(each.groups, routes[each.order.number])
            decided.append(_decide(costing, each, shared))
        else:
            decided.append(Decided(each.order, (), (), each.excluded, _find_short(costing, each)))
    return Routed(decided, choice)


def _ask(costing: Costing, order: UnroutedOrder) -> _Asked:
    whole = costing.weigh(order)
    asked = _Asked(order, whole.groups)
    for site in costing.terrain.sites:
        found = costing.rule_out(order, site) or costing.way(whole, site)
        if isinstance(found, Exclusion):
            asked.excluded.append(found)
        else:
            asked.ways[site.code] = found
    return asked


def _job(asked: _Asked, most_parcels: int) -> Job:
    demands = tuple(Demand(str(group.variant_id), float(group.units)) for group in asked.groups)
    return Job(asked.order.number, demands, asked.ways, most_parcels)


def _choose(costing: Costing, asked: Sequence[_Asked], solve: Solve) -> Iterator[Choice]:
    """Orders that leave by the same vans are planned together, one such wave after the other: each takes room on its
    own vans alone, and all of them take from the same stock.
    """
    vans = {day: _find_vans(costing, day) for day in {each.order.ship_after for each in asked}}
    waves: dict[Vans, list[Job]] = defaultdict(list)
    for each in asked:
        waves[vans[each.order.ship_after]].append(_job(each, costing.weights.most_parcels))
    stock, loads = dict(costing.terrain.stock), Counter[Van]()
    for leaving, jobs in sorted(waves.items()):
        choice = solve(Wave([_site(costing, van, loads) for van in leaving], jobs, dict(stock)))
        _take(choice, jobs, dict(leaving), stock, loads)
        yield choice


def _find_vans(costing: Costing, day: date | None) -> Vans:
    return tuple((site.code, time_part(day, site, at=costing.terrain.at).ship_by) for site in costing.terrain.sites)


def _site(costing: Costing, van: Van, loads: Mapping[Van, int]) -> SolverSite:
    code, ship_by = van
    room = costing.sites[code].room(ship_by)
    return SolverSite(code, None if room is None else float(max(room - loads[van], 0)))


def _take(
    choice: Choice,
    jobs: Sequence[Job],
    leaving: Mapping[str, datetime],
    stock: dict[tuple[str, str], float],
    loads: Counter[Van],
) -> None:
    for job in jobs:
        parts = choice.plan.routes.get(job.key, ())
        for part in parts:
            stock[part.site, job.demands[part.place].item] -= part.units
        loads.update((code, leaving[code]) for code in {part.site for part in parts})


def _decide(costing: Costing, asked: _Asked, shared: Mapping[str, Units]) -> Decided:
    sites = costing.sites
    whole = _add_loose(asked.order, shared)
    priced = [costing.price(asked.order, sites[code], units) for code, units in sorted(whole.items())]
    parts = [part for part in priced if isinstance(part, PricedPart)]
    if len(parts) < len(priced):  # a rate table with a gap: it takes the whole and not a part of it
        gaps = [part for part in priced if isinstance(part, Exclusion)]
        return Decided(asked.order, (), (), [*asked.excluded, *gaps])
    return Decided(asked.order, parts, _find_alternatives(costing, asked, parts), asked.excluded)


def _decide_loose(costing: Costing, asked: _Asked) -> Decided:
    """Nothing of it takes stock: the cheapest warehouse sends it; an order of no goods at all needs none."""
    if not asked.order.lines:
        return Decided(asked.order, ())
    if not asked.ways:
        return Decided(asked.order, (), (), asked.excluded)
    code = min(asked.ways, key=lambda code: (asked.ways[code].parcel, code))
    return _decide(costing, asked, {code: {line.id: line.units for line in asked.order.lines}})


def _add_loose(order: UnroutedOrder, shared: Mapping[str, Units]) -> dict[str, dict[int, Decimal]]:
    """What has no variant goes with the largest part."""
    whole = {code: dict(units) for code, units in shared.items()}
    largest = max(sorted(whole), key=lambda code: sum(whole[code].values()))
    whole[largest] |= {line.id: line.units for line in order.lines if line.variant_id is None}
    return whole


def _find_alternatives(costing: Costing, asked: _Asked, chosen: Sequence[PricedPart]) -> list[Alternative]:
    """The next best warehouses that had all of it when the wave began, by what they cost and the operator prefers."""
    taken = {part.site.code for part in chosen}
    units = {line.id: line.units for line in asked.order.lines}
    wanted = [(str(group.variant_id), float(group.units)) for group in asked.groups]
    stock = costing.terrain.stock
    rivals: list[PricedPart] = []
    for site in costing.terrain.sites:
        if site.code not in asked.ways or (len(chosen) == 1 and site.code in taken):
            continue
        if all(stock.get((site.code, item), 0.0) >= needed for item, needed in wanted):
            priced = costing.price(asked.order, site, units)
            rivals += [priced] if isinstance(priced, PricedPart) else []
    cost = sum((part.cost - part.preference for part in chosen), Decimal(0))
    rivals.sort(key=lambda part: (part.cost - part.preference, part.site.code))
    return [Alternative([part], part.cost - part.preference - cost) for part in rivals[:ALTERNATIVES]]


def _find_short(costing: Costing, asked: _Asked) -> list[str]:
    """What the warehouses in question do not have enough of, even together."""
    stock = costing.terrain.stock
    return [
        group.lines[0].sku
        for group in asked.groups
        if sum(stock.get((code, str(group.variant_id)), 0.0) for code in asked.ways) < float(group.units)
    ]
