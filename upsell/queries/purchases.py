"""What was bought, as numbers to learn from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction

from upsell.policies.baskets import Purchases

REACH = timedelta(days=3 * 365)
"""What is older says little of what goes together today."""
MOST_LINES = 1_000_000
"""The newest: however long a shop has been selling, learning takes so much memory and no more."""
CHUNK = 20_000

_LINES = """
SELECT l.order_id, l.variant_id, coalesce(o.customer_id, 0), extract(epoch FROM %(until)s - o.placed_at) / 86400
FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
WHERE o.placed_at >= %(since)s AND o.placed_at < %(until)s AND NOT o.test AND o.status <> 'CANCELLED'
  AND l.variant_id IS NOT NULL AND l.quantity > l.cancelled_quantity
ORDER BY o.placed_at DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class Catalogue:
    """Of each variant its category; those without one are not named."""

    categories: Mapping[int, int]

    def categories_of(self, items: np.ndarray) -> np.ndarray:
        """0 where there is none."""
        numbers, place = np.unique(items, return_inverse=True)
        known = np.array([self.categories.get(number, 0) for number in numbers.tolist()], dtype=np.int64)
        found: np.ndarray = known[place]
        return found


def read_purchases(*, until: datetime) -> Purchases:
    """Products on orders that stand, placed before that moment; a cursor of the server's, a chunk at a time."""
    rows = np.fromiter(_read_lines(until), dtype="i8,i8,i8,f4")
    return Purchases(rows["f0"], rows["f1"], rows["f2"], rows["f3"])


def _read_lines(until: datetime) -> Iterator[tuple[int, int, int, float]]:
    asked: dict[str, datetime | int] = {"until": until, "since": until - REACH, "most": MOST_LINES}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, asked)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def read_catalogue() -> Catalogue:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, p.category_id FROM inventory_variant v JOIN inventory_product p ON p.id = v.product_id"
            " WHERE p.category_id IS NOT NULL"
        )
        return Catalogue(dict(cursor.fetchall()))
