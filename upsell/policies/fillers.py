"""The smallest set of goods that reaches an amount: exact, over sets of one, two or three.

Of sets that reach it the one that exceeds it least is best, of those the one of fewest items, of those the one whose
items stand nearest the front of the shelf. How much is exceeded at least is found with two ends of the sorted values
that move towards each other, in time that grows with the square of their number; then sets of exactly that total are
looked for from the front of the shelf, until no other can stand nearer to it.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    places = _sort(shelf)
    values = [value for value, those in sorted(places.items()) for _ in those[:MOST_ITEMS]]
    best: tuple[int, int] | None = None
    for items in range(1, min(most_items, MOST_ITEMS) + 1):
        least = _find_least(values, gap, items, within=best[0] if best else None)
        if least is not None:
            best = (least, items)
    if gap <= 0 or best is None:
        return None
    overspend, items = best
    worth = [filler.value for filler in shelf]
    chosen = _find_foremost(worth, places, gap + overspend, items)
    return Filling(tuple(shelf[place] for place in chosen), overspend)


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
    of the last two one end moves towards the other. What reaches the gap alone is no better beside something else.
    """
    best, reaching = within, bisect_left(values, gap)
    if items == 1:
        best = values[reaching] - gap if reaching < len(values) else None
    elif items == 2:
        best = _find_least_pair(values, 0, reaching, gap, within)
    else:
        for place in range(reaching - 2):
            value = values[place]
            if place and value == values[place - 1]:
                continue
            if best == 0 or (best is not None and 3 * value - gap >= best):
                break
            best = _find_least_pair(values, place + 1, reaching, gap - value, best)
    return None if best is None or (within is not None and best >= within) else best


def _find_least_pair(values: Sequence[int], low: int, end: int, gap: int, best: int | None) -> int | None:
    """The least excess of two values from `low` to before `end`, or `best` where that is no more."""
    high = end - 1
    low = bisect_left(values, gap - values[high], low) if low < high else low
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


def _find_foremost(
    worth: Sequence[int], places: Mapping[int, Sequence[int]], total: int, items: int
) -> tuple[int, ...]:
    """Of the sets of exactly that total, of which there is one, the places on the shelf of the foremost."""
    if items == 1:
        return (places[total][0],)
    if items == 2:
        return _find_pair(worth, places, total, 0, 2 * len(worth))
    best: tuple[int, ...] = ()
    within = 3 * len(worth)
    for first in range(len(worth)):
        if 3 * first + 3 >= within:
            break
        if worth[first] > 0 and (pair := _find_pair(worth, places, total - worth[first], first + 1, within - first)):
            best = (first, *pair)
            within = sum(best)
    return best


def _find_pair(
    worth: Sequence[int], places: Mapping[int, Sequence[int]], total: int, begin: int, within: int
) -> tuple[int, ...]:
    """Of the pairs of that total from `begin` on the foremost, if its places add up to less than `within`."""
    best: tuple[int, ...] = ()
    for first in range(begin, len(worth)):
        if 2 * first + 1 >= within:
            break
        if worth[first] > 0 and (those := places.get(total - worth[first])):
            second = next((place for place in those if place > first), within)
            if first + second < within:
                best, within = (first, second), first + second
    return best
