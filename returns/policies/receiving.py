"""What came out of a parcel, laid beside what was announced. Too little, too much and the wrong thing are normal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Awaited:
    """An item of the return; `here`: it was received before."""

    item: int
    sku: str
    quantity: Decimal
    here: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """What somebody counted. `item` None: it was told by its SKU alone."""

    item: int | None
    sku: str
    quantity: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Units of an item that are here now; `item` None: nobody announced them."""

    item: int | None
    sku: str
    quantity: Decimal
    note: str = ""


def match_arrivals(awaited: Sequence[Awaited], arrived: Sequence[Arrived]) -> list[Match]:
    """Each arrival on the items it can be, the rest of it as surplus.

    An item that is here already was told twice: that changes nothing. By SKU alone the items are filled in their order.
    """
    left = {each.item: each.quantity for each in awaited if not each.here}
    here = {each.item for each in awaited if each.here}
    found: dict[int, Match] = {}
    surplus: list[Match] = []
    for arrival in arrived:
        units = arrival.quantity
        if arrival.item in here:
            continue
        for each in _fitting(awaited, arrival):
            taken = min(units, left.get(each.item, NOTHING))
            if not taken:
                continue
            before = found.get(each.item, Match(each.item, each.sku, NOTHING))
            note = " ".join(filter(None, dict.fromkeys([before.note, arrival.note])))
            found[each.item] = Match(each.item, each.sku, before.quantity + taken, note)
            left[each.item] -= taken
            units -= taken
        if units:
            surplus.append(Match(None, arrival.sku, units, arrival.note))
    return [*found.values(), *surplus]


def _fitting(awaited: Sequence[Awaited], arrival: Arrived) -> list[Awaited]:
    if arrival.item is not None:
        return [each for each in awaited if each.item == arrival.item]
    return [each for each in awaited if each.sku == arrival.sku]
