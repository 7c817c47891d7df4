"""The smallest set of goods that reaches an amount: exact, over sets of one, two or three.

Of sets that reach it the one that exceeds it least is best, of those the one of fewest items, of those the one whose
items stand nearest the front of the shelf. A set of which a part would do is never best, so the search stops where two
already reach; what is left to look for is then found by bisection.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_ITEMS = 3

Places = tuple[int, ...]
"""Of distinct values on the shelf, ascending; one may stand there as often as there are goods of it."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Something in stock. `value` is what it adds to the goods, in minor units, above zero."""

    sku: str
    value: int


@dataclass(frozen=True, slots=True)
class Filling:
    """Goods that together reach the amount; `overspend` is how much they exceed it, in minor units."""

    fillers: tuple[Filler, ...]
    overspend: int


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Distinct values, ascending, and the goods of each, the foremost first, as places in the order given."""

    values: list[int]
    goods: list[list[int]]


def find_fillers(gap: int, shelf: Sequence[Filler], most_items: int = MOST_ITEMS) -> Filling | None:
    """The best set of at most so many (three at most) that reaches the gap; None: none does, or nothing is missing."""
    if gap <= 0:
        return None
    ordered = _sort(shelf)
    best: tuple[int, int, int, Places] | None = None
    for items in range(1, min(most_items, MOST_ITEMS) + 1):
        if best and not best[0]:
            break  # exact already, and more items would not be better
        for places in _reaching(ordered, gap, items):
            chosen = _take(ordered, places)
            overspend = sum(ordered.values[place] for place in places) - gap
            found = (overspend, items, sum(chosen), chosen)
            best = found if best is None or found < best else best
    return Filling(tuple(shelf[place] for place in best[3]), best[0]) if best else None


def _sort(shelf: Sequence[Filler]) -> _Shelf:
    goods: dict[int, list[int]] = defaultdict(list)
    for place, filler in enumerate(shelf):
        if filler.value > 0:
            goods[filler.value].append(place)
    values = sorted(goods)
    return _Shelf(values, [goods[value] for value in values])


def _reaching(shelf: _Shelf, gap: int, items: int) -> Iterator[Places]:
    """For each way to begin a set, the least that completes it."""
    for begun in _begin(shelf, gap, items - 1):
        missing = gap - sum(shelf.values[place] for place in begun)
        last = _find(shelf, missing, begun)
        if last is not None:
            yield (*begun, last)


def _begin(shelf: _Shelf, gap: int, items: int) -> Iterator[Places]:
    """Sets of so many that do not reach the gap yet, but can with one more."""
    values = shelf.values
    if not items:
        yield ()
    elif items == 1:
        for place in range(_first(values, gap - values[-1] if values else 0), bisect_left(values, gap)):
            yield (place,)
    else:
        for one in range(bisect_left(values, gap)):
            first = max(one if len(shelf.goods[one]) > 1 else one + 1, _first(values, gap - values[one] - values[-1]))
            for two in range(first, bisect_left(values, gap - values[one])):
                yield (one, two)


def _first(values: Sequence[int], least: int) -> int:
    return bisect_left(values, least)


def _find(shelf: _Shelf, missing: int, begun: Places) -> int | None:
    """The least value that fills it, from the last of the set on, of which something is left."""
    place = max(bisect_left(shelf.values, missing), begun[-1] if begun else 0)
    while place < len(shelf.values) and begun.count(place) >= len(shelf.goods[place]):
        place += 1
    return place if place < len(shelf.values) else None


def _take(shelf: _Shelf, places: Places) -> Places:
    """The foremost goods of these values, as places in the order given."""
    taken: dict[int, int] = defaultdict(int)
    chosen = []
    for place in places:
        chosen.append(shelf.goods[place][taken[place]])
        taken[place] += 1
    return tuple(sorted(chosen))
