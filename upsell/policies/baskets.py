"""What was bought together, as numbers: a row a basket, a column an item."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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


def count_purchases(baskets: Iterable[Basket]) -> dict[str, Counter[str]]:
    """By customer, in how many baskets each item was."""
    bought: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for basket in baskets:
        if basket.customer:
            bought[basket.customer].update(basket.items)
    return dict(bought)
