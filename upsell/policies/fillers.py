"""The smallest set of goods that reaches an amount: exact, over sets of one, two or three.

Of sets that reach it the one that exceeds it least is best, of those the one of fewest items, of those the one whose
items stand nearest the front of the shelf. How much is exceeded at least is found with two ends of the sorted values
that move towards each other, in time that grows with the square of their number; then the sets that do it are listed.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MOST_ITEMS = 3


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


def find_fillers(gap: int, shelf: Sequence[Filler], most_items: int = MOST_ITEMS) -> Filling | None:
    """The best set of at most so many (three at most) that reaches the gap; None: none does, or nothing is missing."""
    goods = _sort(shelf)
    values = [value for value, places in sorted(goods.items()) for _ in places[:MOST_ITEMS]]
    best: tuple[int, int] | None = None
    for items in range(1, min(most_items, MOST_ITEMS) + 1):
        least = _find_least(values, gap, items, within=best[0] if best else None)
        if least is not None:
            best = (least, items)
    if gap <= 0 or best is None:
        return None
    overspend, items = best
    places = min(_list_sets(goods, values, gap + overspend, items), key=lambda places: (sum(places), sorted(places)))
    return Filling(tuple(shelf[place] for place in sorted(places)), overspend)


def _sort(shelf: Sequence[Filler]) -> dict[int, list[int]]:
    """By value the goods of it, as places on the shelf, the foremost first."""
    goods: dict[int, list[int]] = defaultdict(list)
    for place, filler in enumerate(shelf):
        if filler.value > 0:
            goods[filler.value].append(place)
    return goods


def _find_least(values: Sequence[int], gap: int, items: int, *, within: int | None) -> int | None:
    """By how much the best set of so many exceeds the gap; None: by no less than `within`, or none reaches it.

    `values` ascend, each as often as there are goods of it that a set could need. One value is fixed after the other;
    of the last two one end moves towards the other.
    """
    best = within
    if items == 1:
        overspends = (value - gap for value in values[bisect_left(values, gap) :])
        best = next(overspends, None)
    elif items == 2:
        best = _find_least_pair(values, 0, gap, within)
    else:
        for place, value in enumerate(values[:-2]):
            best = _find_least_pair(values, place + 1, gap - value, best)
            if best == 0:
                break
    return None if best is None or (within is not None and best >= within) else best


def _find_least_pair(values: Sequence[int], low: int, gap: int, best: int | None) -> int | None:
    """The least excess of two values from `low` on, or `best` where that is no more."""
    high = len(values) - 1
    while low < high:
        overspend = values[low] + values[high] - gap
        if overspend < 0:
            low += 1
            continue
        if best is None or overspend < best:
            best = overspend
            if not best:
                return 0
        high -= 1
    return best


def _list_sets(
    goods: Mapping[int, Sequence[int]], values: Sequence[int], total: int, items: int
) -> Iterator[tuple[int, ...]]:
    """The sets of so many of exactly that total, with the foremost goods of each value, as places on the shelf."""
    for begun in combinations(values, items - 1):
        last = total - sum(begun)
        places = goods.get(last)
        if places is None or (begun and last < begun[-1]):
            continue
        if len(places) > 1 or last in begun or len(set(begun)) < len(begun):
            yield from _take_alike(goods, (*begun, last))
        else:
            yield (*(goods[value][0] for value in begun), places[0])


def _take_alike(goods: Mapping[int, Sequence[int]], values: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The foremost goods of values of which some are alike, if there are as many of them."""
    wanted = Counter(values)
    if all(len(goods[value]) >= units for value, units in wanted.items()):
        yield tuple(place for value, units in wanted.items() for place in goods[value][:units])
