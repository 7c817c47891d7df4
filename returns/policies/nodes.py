"""Where a return goes: freight + duty + handling − what it will sell for, and the least of it wins.

All amounts are in the shop's currency. A partner takes what is in its own country, and only where that brings more than
any place of ours would; a store takes what is brought to it, and nothing by parcel. One that is closed is never chosen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

WAREHOUSE, STORE, PARTNER = "WAREHOUSE", "STORE", "PARTNER"
NOTHING = Decimal(0)

WHY_NOT = {
    "closed": "it is closed",
    "not_from_there": "it takes nothing from that country",
    "abroad": "partners take what is in their own country",
    "store": "a store takes what is brought to it",
    "no_store": "it is brought to a store",
    "no_rate": "no carrier brings it there",
    "dearer": "it costs more",
    "no_better": "it brings no more than our own place",
}
"""In words, for those who read why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A node as it bids for one return. `freight` None: no carrier brings it there. `resale`: what the goods will
    bring there; `takes_from`: countries, none: from everywhere.
    """

    code: str
    kind: str
    country: str
    active: bool = True
    takes_from: Sequence[str] = ()
    freight: Decimal | None = NOTHING
    duty: Decimal = NOTHING
    handling: Decimal = NOTHING
    resale: Decimal = NOTHING

    @property
    def cost(self) -> Decimal:
        """Below zero where it brings more than it costs."""
        return (self.freight or NOTHING) + self.duty + self.handling - self.resale


@dataclass(frozen=True, slots=True)
class Bid:
    """`why_not` is empty for the one that is taken."""

    place: Place
    why_not: str = ""

    @property
    def chosen(self) -> bool:
        return not self.why_not


def choose_node(places: Iterable[Place], *, country: str, in_store: bool = False) -> tuple[Bid, ...]:
    """A bid of each, the chosen one first; none is chosen where none can take it.

    `country`: where the goods are. Of equals our own place wins, then the first by code.
    """
    known = sorted(places, key=lambda place: (place.cost, place.kind == PARTNER, place.code))
    hindered = {place.code: _hindrance(place, country, in_store=in_store) for place in known}
    able = [place for place in known if not hindered[place.code]]
    ours = next((place for place in able if place.kind != PARTNER), None)
    best = next((place for place in able if place.kind != PARTNER or ours is None or place.cost < ours.cost), None)

    def explain(place: Place) -> str:
        if place is best:
            return ""
        better = place.kind != PARTNER or ours is None or place.cost < ours.cost
        return hindered[place.code] or ("dearer" if better else "no_better")

    bids = [Bid(place, explain(place)) for place in known]
    return tuple(sorted(bids, key=lambda bid: not bid.chosen))


def _hindrance(place: Place, country: str, *, in_store: bool) -> str:
    if not place.active:
        return "closed"
    if place.takes_from and country not in place.takes_from:
        return "not_from_there"
    if in_store:
        return "" if place.kind == STORE and place.country == country else "no_store"
    if place.kind == STORE:
        return "store"
    if place.kind == PARTNER and place.country != country:
        return "abroad"
    return "no_rate" if place.freight is None else ""


def say_bid(bid: Bid, *, name: str, currency: str) -> str:
    """What it would have cost there, and why it is taken or not."""
    place = bid.place
    costs = {"freight": place.freight, "duty": place.duty, "handling": place.handling}
    sum_of = " + ".join(f"{amount} {what}" for what, amount in costs.items() if amount)
    brings = f" − {place.resale} resale" if place.resale else ""
    reckoned = f"{sum_of or 'nothing'}{brings} = {place.cost} {currency}"
    return f"{name}: {reckoned}; {WHY_NOT[bid.why_not] if bid.why_not else 'it goes there'}."
