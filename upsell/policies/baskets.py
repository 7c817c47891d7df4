"""What was bought together, as numbers: a row a basket, a column an item."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from scipy import sparse


@dataclass(frozen=True, slots=True)
class Basket:
    """The items of one order, each named once. `customer` is "" where nobody knows who bought."""

    items: frozenset[str]
    at: datetime
    customer: str = ""


@dataclass(frozen=True)
class BasketTable:
    """`matrix` holds ones, float32; `items` names its columns, `place` is the way back."""

    items: Sequence[str]
    matrix: sparse.csr_matrix
    place: Mapping[str, int] = field(repr=False)

    @property
    def sizes(self) -> np.ndarray:
        """Items in each basket."""
        return np.diff(self.matrix.indptr).astype(np.float32)

    @property
    def counts(self) -> np.ndarray:
        """Baskets that hold each item."""
        counts: np.ndarray = np.bincount(self.matrix.indices, minlength=len(self.items)).astype(np.float32)
        return counts


def tabulate(baskets: Sequence[Basket]) -> BasketTable:
    """The same baskets give the same table, in whatever order their items are named."""
    items = sorted({item for basket in baskets for item in basket.items})
    place = {item: number for number, item in enumerate(items)}
    ends = np.cumsum([0, *(len(basket.items) for basket in baskets)])
    columns = np.fromiter((place[item] for basket in baskets for item in sorted(basket.items)), dtype=np.int32)
    ones = np.ones(len(columns), dtype=np.float32)
    return BasketTable(items, sparse.csr_matrix((ones, columns, ends), shape=(len(baskets), len(items))), place)


@dataclass(frozen=True)
class Purchases:
    """Lines of orders, a place each: which order, which item, bought by whom (0: nobody knows), how many days ago."""

    orders: np.ndarray
    items: np.ndarray
    customers: np.ndarray
    ages: np.ndarray

    def of(self, chosen: np.ndarray) -> "Purchases":
        return Purchases(self.orders[chosen], self.items[chosen], self.customers[chosen], self.ages[chosen])


def tabulate_purchases(bought: Purchases) -> tuple[BasketTable, np.ndarray]:
    """The table, its baskets by the number of their orders, and the age of each in days. Items are named by number."""
    orders, first, row = np.unique(bought.orders, return_index=True, return_inverse=True)
    numbers, column = np.unique(bought.items, return_inverse=True)
    once = np.unique(row.astype(np.int64) * len(numbers) + column)  # a basket may hold an item on two lines
    cells = (np.ones(len(once), dtype=np.float32), (once // len(numbers), once % len(numbers)))
    items = [str(number) for number in numbers.tolist()]
    matrix = sparse.csr_matrix(cells, shape=(len(orders), len(items)))
    table = BasketTable(items, matrix, {item: place for place, item in enumerate(items)})
    return table, bought.ages[first]


def gather_baskets(bought: Purchases, *, now: datetime) -> list[Basket]:
    """The same as values, oldest first: for few, for each is an object."""
    order = np.lexsort((bought.orders, -bought.ages))
    baskets: dict[int, Basket] = {}
    held: defaultdict[int, set[str]] = defaultdict(set)
    for place in order.tolist():
        number, buyer = int(bought.orders[place]), int(bought.customers[place])
        held[number].add(str(bought.items[place]))
        at = now - timedelta(days=float(bought.ages[place]))
        baskets[number] = Basket(frozenset(), at, str(buyer) if buyer else "")
    return [replace(basket, items=frozenset(held[number])) for number, basket in baskets.items()]


def count_purchases(baskets: Iterable[Basket]) -> dict[str, Counter[str]]:
    """By customer, in how many baskets each item was."""
    bought: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for basket in baskets:
        if basket.customer:
            bought[basket.customer].update(basket.items)
    return dict(bought)
