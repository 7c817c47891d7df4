"""What it costs to send an order from a warehouse, and why some are out of the question.

A wave wants linear prices: so much for a parcel, and so much for each unit in it. The price of the whole order is met
exactly; what a part of it costs lies between that and the lightest parcel's. The decision that is stored has the real
price of each part.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from orders.policies.routing import problem
from orders.policies.routing.orders import (
    Exclusion,
    Fare,
    PricedPart,
    Rule,
    Site,
    Terrain,
    UnroutedLine,
    UnroutedOrder,
    Weights,
)
from orders.policies.routing.timing import say_van, time_part

NOTHING = Decimal(0)
CENT = Decimal("0.01")
TIE = 0.0001
"""Of two ways that cost the same the one from the warehouse of the better priority: its rank times so much."""
EXPRESS_WORDS = ("express", "overnight", "next day", "next-day", "priority", "加急", "特快")

Units = Mapping[int, Decimal]


class Load(Protocol):
    """Units of one order that travel together, wherever they come from."""

    def fare(self, site: Site) -> Fare | None:
        """The cheapest service that takes them from there, or None."""

    def duty(self, site: Site) -> tuple[Decimal, str]:
        """Duty and import tax as an estimate in the shop's currency, and why."""


class Roads(Protocol):
    """What it costs to get there."""

    def load(self, order: UnroutedOrder, units: Units) -> Load:
        """Of no units: the lightest parcel."""


@lru_cache(maxsize=1_000)
def is_express(shipping_method: str) -> bool:
    """True when the customer was promised more than the usual speed."""
    spoken = shipping_method.casefold()
    return any(word in spoken for word in EXPRESS_WORDS)


@dataclass(slots=True)
class Costing:
    """Prices orders from the sites of one terrain."""

    terrain: Terrain
    roads: Roads
    weights: Weights
    sites: dict[str, Site] = field(init=False)
    """By their codes."""
    _rules: dict[int, list[Rule]] = field(init=False)
    _preferring: dict[int, list[Rule]] = field(init=False)
    _waiting: dict[tuple[int, int], Decimal] = field(init=False)

    def __post_init__(self) -> None:
        self.sites = {site.code: site for site in self.terrain.sites}
        self._rules, self._preferring, self._waiting = defaultdict(list), defaultdict(list), {}
        for rule in self.terrain.rules:
            self._rules[rule.warehouse_id].append(rule)
            if rule.kind == "PREFER":
                self._preferring[rule.warehouse_id].append(rule)

    def rule_out(self, order: UnroutedOrder, site: Site) -> Exclusion | None:
        """Why nothing of the order goes from here; None: something can."""
        rules = self._rules.get(site.id, ())
        if site.id in order.rejected:
            return Exclusion(site.code, "rejected", f"{site.name} would not send it.")
        if any(rule.kind == "FORBID" and rule.fits(order) for rule in rules):
            return Exclusion(site.code, "forbidden", f"A rule forbids {site.name} for this order.")
        reserved = [rule for rule in rules if rule.kind == "RESERVE"]
        if reserved and not any(rule.fits(order) for rule in reserved):
            return Exclusion(site.code, "reserved", f"{site.name} is reserved for other orders.")
        if site.room(ship_by := time_part(order.ship_after, site, at=self.terrain.at).ship_by) == 0:
            until = site.cut_off if ship_by == site.ship_by or not site.van else say_van(site.van, ship_by)
            return Exclusion(site.code, "full", f"{site.name} is full until {until}.")
        return None

    def price(self, order: UnroutedOrder, site: Site, units: Units) -> PricedPart | Exclusion:
        """What these units cost from here, or that no carrier takes them."""
        load = self.roads.load(order, units)
        fare = load.fare(site)
        if fare is None:
            return _no_rate(order, site)
        duty, note = load.duty(site)
        return PricedPart(
            site=site,
            units=units,
            fare=fare,
            duty=duty,
            duty_note=note,
            handling=self.weights.parcel,
            waiting=self._wait(site, fare),
            preference=self._prefer(order, site),
        )

    def weigh(self, order: UnroutedOrder) -> "Whole":
        """What is the same of an order wherever it goes from."""
        units = {line.id: line.units for line in order.lines}
        grams = float(sum(line.grams * line.units for line in order.lines))
        value = float(sum((line.value * line.units for line in order.lines), NOTHING))
        groups = group_lines(order)
        return Whole(
            order=order,
            groups=groups,
            load=self.roads.load(order, units),
            lightest=self.roads.load(order, {}) if grams else None,
            best=self._prefer_most(order) if self._preferring else NOTHING,
            grams=tuple(group.grams / grams if grams else 0.0 for group in groups),
            values=tuple(float(group.value) / value if value else 0.0 for group in groups),
        )

    def way(self, whole: "Whole", site: Site) -> problem.Way | Exclusion:
        """The linear price of the order from here, for a wave. It is asked of each order and warehouse: what only the
        chosen parts have to show is left to `price`.
        """
        fare = whole.load.fare(site)
        if fare is None:
            return _no_rate(whole.order, site)
        lightest = whole.lightest.fare(site) if whole.lightest else None
        freight = float(fare.price)
        fixed = min(float(lightest.price), freight) if lightest else freight
        parcel = fixed + float(self.weights.parcel + self._wait(site, fare)) + TIE * site.priority
        if self._preferring:
            parcel += float(whole.best - self._prefer(whole.order, site))
        duty, by_weight = float(whole.load.duty(site)[0]), freight - fixed
        if not duty:
            return problem.Way(parcel, tuple([by_weight * share for share in whole.grams]))
        shares = zip(whole.grams, whole.values, strict=True)
        return problem.Way(parcel, tuple([by_weight * grams + duty * value for grams, value in shares]))

    def _wait(self, site: Site, fare: Fare) -> Decimal:
        """The price of the days until it is there."""
        asked = site.id, fare.days
        known = self._waiting.get(asked)
        if known is None:
            waits = max((site.ship_by - self.terrain.at).total_seconds(), 0) / 86_400
            days = Decimal(fare.days) + Decimal(waits).quantize(CENT)
            known = self._waiting[asked] = (self.weights.day * days).quantize(CENT)
        return known

    def _prefer(self, order: UnroutedOrder, site: Site) -> Decimal:
        rules = self._preferring.get(site.id)
        return sum((rule.amount for rule in rules if rule.fits(order)), NOTHING) if rules else NOTHING

    def _prefer_most(self, order: UnroutedOrder) -> Decimal:
        """Prices stay above zero: what is not preferred becomes dearer, rather than what is preferred cheaper."""
        return max((self._prefer(order, site) for site in self.terrain.sites), default=NOTHING)


def _no_rate(order: UnroutedOrder, site: Site) -> Exclusion:
    return Exclusion(site.code, "no_rate", f"No carrier takes it from {site.name} to {order.country or '?'}.")


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of an order that are of one variant: the solvers see them as one. `value` is one unit's mean."""

    variant_id: int
    units: Decimal
    grams: int
    value: Decimal
    lines: Sequence[UnroutedLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An order of a wave. `lightest`: the lightest parcel, where the weight counts; `best`: what the warehouse is
    preferred by that is preferred most; `grams` and `values`: one unit's share of all of it, by group.
    """

    order: UnroutedOrder
    groups: Sequence[Group]
    load: Load
    lightest: Load | None
    best: Decimal
    grams: tuple[float, ...]
    values: tuple[float, ...]


def group_lines(order: UnroutedOrder) -> list[Group]:
    """What takes stock, a variant each; what has no variant goes along with it."""
    lines: dict[int, list[UnroutedLine]] = defaultdict(list)
    for line in order.lines:
        if line.variant_id is not None:
            lines[line.variant_id].append(line)
    return [_group(variant_id, same) for variant_id, same in lines.items()]


def _group(variant_id: int, lines: Sequence[UnroutedLine]) -> Group:
    units = sum((line.units for line in lines), NOTHING)
    value = sum((line.units * line.value for line in lines), NOTHING) / units
    return Group(variant_id, units, lines[0].grams, value, lines)


def share_units(groups: Sequence[Group], parts: Sequence[problem.Part]) -> dict[str, dict[int, Decimal]]:
    """A solver's parts as units of lines, by warehouse code: of one variant the lines are filled in their order."""
    left = {line.id: line.units for group in groups for line in group.lines}
    shared: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for part in parts:
        units = Decimal(str(round(part.units, 3)))
        for line in groups[part.place].lines:
            taken = min(units, left[line.id])
            if taken > 0:
                shared[part.site][line.id] = taken
                left[line.id] -= taken
                units -= taken
    return dict(shared)
