"""What a parcel weighs and measures, from what is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from orders.policies.shipping.rates import Measures

AIR = Decimal("1.15")
"""Things never fill a box: so much of their volume it takes."""


@dataclass(frozen=True, slots=True)
class Item:
    """So many units of a thing, each so heavy (grams) and large (millimetres), where that is known."""

    quantity: Decimal
    grams: int | None
    measures: Measures | None


@dataclass(frozen=True, slots=True)
class Packaging:
    """What the box adds: its own weight, and walls all around. `unknown_grams` is assumed of what nobody weighed."""

    grams: int = 120
    wall_mm: int = 5
    unknown_grams: int = 250


@dataclass(frozen=True, slots=True)
class Packed:
    """A parcel. No `measures`: nothing in it was ever measured. `guessed`: a weight was assumed."""

    grams: int
    measures: Measures | None
    guessed: bool


def pack_items(items: Iterable[Item], packaging: Packaging = Packaging()) -> Packed:
    """One box for all: as long and wide as the largest thing lies flat, as high as the thickest and the volume need."""
    items = list(items)
    grams = sum((item.quantity * _grams(item, packaging) for item in items), Decimal(packaging.grams))
    guessed = any(item.grams is None for item in items)
    return Packed(ceil(grams), _box([item for item in items if item.measures], packaging), guessed)


def _grams(item: Item, packaging: Packaging) -> int:
    return packaging.unknown_grams if item.grams is None else item.grams


def _box(items: list[Item], packaging: Packaging) -> Measures | None:
    if not items:
        return None
    flat = [sorted(item.measures or (0, 0, 0), reverse=True) for item in items]
    length, width, thickest = (max(sides) for sides in zip(*flat, strict=True))
    volume = sum((item.quantity * a * b * c for item, (a, b, c) in zip(items, flat, strict=True)), Decimal(0))
    alone = len(items) == 1 and items[0].quantity == 1
    needed = thickest if alone else max(thickest, ceil(volume * AIR / (length * width))) if length * width else thickest
    walls = 2 * packaging.wall_mm
    return length + walls, width + walls, needed + walls
