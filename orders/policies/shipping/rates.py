"""What carriers ask for a parcel, by rate tables: service × where from × where to × weight."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Measures = tuple[int, int, int]
"""Length, width and height in millimetres."""

Place = int | str
"""A warehouse by its id or its code, as the rows have it."""

Band = tuple[int, ...]
"""Weights between which no price changes: parcels of one band cost the same from anywhere to anywhere."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of a carrier. `id` is ours, `account` the carrier account's code, `code` the carrier's own name for it.

    `divisor`: cm³ a kilogram of volumetric weight (None: only actual weight counts); `most_grams`: of actual weight.
    """

    id: int
    account: str
    code: str
    name: str
    express: bool = False
    most_grams: int | None = None
    divisor: int | None = None


@dataclass(frozen=True, slots=True)
class RateRow:
    """A row of a table. No `warehouse`: from any; no `country`: to anywhere. Grams from and to inclusive."""

    service: Offered
    warehouse: Place | None
    country: str
    from_grams: int
    to_grams: int | None
    price: Decimal
    price_per_kg: Decimal | None
    days: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What one service asks. `days` are working days on the way, `grams` what was charged for."""

    service: Offered
    cost: Decimal
    days: int
    grams: int


_Rows = list[RateRow]


class RateTable:
    """Rows made quick to ask. Of one service the most particular row that fits decides: one of the warehouse before one
    of any, then one of the country before one of anywhere, then the one that begins at the greatest weight.
    """

    def __init__(self, rows: Iterable[RateRow]) -> None:
        self._places: dict[tuple[Place | None, str], dict[Offered, _Rows]] = {}
        self._steps: set[int] = set()
        self._divisors: list[int] = []
        self._by_kilogram: int | None = None
        for row in sorted(rows, key=lambda row: (row.service.account, row.service.code, row.from_grams)):
            self._places.setdefault((row.warehouse, row.country), {}).setdefault(row.service, []).append(row)
            self._note_band(row)
        self._breaks = sorted(self._steps)
        self._lanes: dict[tuple[Place, str], list[_Lane]] = {}

    def __bool__(self) -> bool:
        return bool(self._places)

    def prices(self, account: str) -> bool:
        """True when the table has rows of that carrier account."""
        return any(service.account == account for place in self._places.values() for service in place)

    def offers(self, warehouse: Place, country: str, grams: int, measures: Measures | None) -> list[Offer]:
        """One of each service that takes the parcel, the cheapest first."""
        found = [offer for lane in self._lanes_of(warehouse, country) if (offer := lane.quote(grams, measures))]
        return sorted(found, key=_rank)

    def cheapest(
        self, warehouse: Place, country: str, grams: int, measures: Measures | None, express: bool = False
    ) -> Offer | None:
        """The cheapest that takes it, of equals the fastest; `express`: of express services only."""
        best: Offer | None = None
        for lane in self._lanes_of(warehouse, country):
            if express and not lane.service.express:
                continue
            offer = lane.quote(grams, measures)
            if offer is not None and (best is None or _rank(offer) < _rank(best)):
                best = offer
        return best

    def band(self, grams: int, measures: Measures | None) -> Band:
        """Where each weight that some service charges for lies among those at which some row begins or ends."""
        weights = [grams]
        if measures:
            weights += [max(grams, weigh_volume(measures, divisor)) for divisor in self._divisors]
        return tuple(self._place(weight) for weight in weights)

    def _place(self, weight: int) -> int:
        """Where each kilogram costs, the weight itself: it is above every place."""
        if self._by_kilogram is not None and weight > self._by_kilogram:
            return len(self._breaks) + weight
        return bisect_right(self._breaks, weight)

    def _note_band(self, row: RateRow) -> None:
        service = row.service
        self._steps |= {row.from_grams} | {most + 1 for most in (row.to_grams, service.most_grams) if most is not None}
        if service.divisor and service.divisor not in self._divisors:
            self._divisors.append(service.divisor)
        if row.price_per_kg is not None and row.to_grams is not None:
            self._by_kilogram = min(row.to_grams, row.to_grams if self._by_kilogram is None else self._by_kilogram)

    def missing(self, warehouse: Place, country: str, grams: int, measures: Measures | None) -> dict[Offered, str]:
        """Services that do not take the parcel, and why: "too_heavy", or "no_rate" on this way at this weight."""
        services = dict.fromkeys(service for place in self._places.values() for service in place)
        taking = {offer.service for offer in self.offers(warehouse, country, grams, measures)}
        return {each: _why_not(each, grams) for each in services if each not in taking}

    def _lanes_of(self, warehouse: Place, country: str) -> "list[_Lane]":
        lanes = self._lanes.get((warehouse, country))
        if lanes is None:
            places: list[tuple[Place | None, str]] = [
                (warehouse, country),
                (warehouse, ""),
                (None, country),
                (None, ""),
            ]
            found: dict[Offered, list[_Rows]] = {}
            for place in dict.fromkeys(places):
                for service, rows in self._places.get(place, {}).items():
                    found.setdefault(service, []).append(rows)
            lanes = [_Lane(service, groups) for service, groups in found.items()]
            self._lanes[warehouse, country] = lanes
        return lanes


class _Lane:
    """One service between two places: its rows, the most particular group first."""

    __slots__ = ("_groups", "service")

    def __init__(self, service: Offered, groups: Sequence[_Rows]) -> None:
        self.service = service
        self._groups = [([row.from_grams for row in rows], rows) for rows in groups]

    def quote(self, grams: int, measures: Measures | None) -> Offer | None:
        service = self.service
        if service.most_grams is not None and grams > service.most_grams:
            return None
        charged = grams
        if service.divisor and measures:
            charged = max(grams, weigh_volume(measures, service.divisor))
        for begins, rows in self._groups:
            place = bisect_right(begins, charged)
            if place and (cost := price_of(rows[place - 1], charged)) is not None:
                return Offer(service, cost, rows[place - 1].days, charged)
        return None


def price_of(row: RateRow, grams: int) -> Decimal | None:
    """What the row asks for so much; None where it ends below."""
    if row.to_grams is None or grams <= row.to_grams:
        return row.price
    if row.price_per_kg is None:
        return None
    started = -((row.to_grams - grams) // 1000)
    return row.price + started * row.price_per_kg


def weigh_volume(measures: Measures, divisor: int) -> int:
    """Grams of volumetric weight; mm³ by a divisor in cm³ a kilogram is just grams. Each started gram counts."""
    length, width, height = measures
    return -(-length * width * height // divisor)


def _rank(offer: Offer) -> tuple[Decimal, int, str, str]:
    return offer.cost, offer.days, offer.service.account, offer.service.code


def _why_not(service: Offered, grams: int) -> str:
    return "too_heavy" if service.most_grams is not None and grams > service.most_grams else "no_rate"
