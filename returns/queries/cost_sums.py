"""What returns came to: of one, and of each SKU. What concerns a whole return is shared among its items by value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.money import round_amount
from oms.sql import fetch_all

KINDS = ("FREIGHT_OUT", "FREIGHT_BACK", "DUTY", "HANDLING", "WRITE_DOWN", "BONUS", "FEE", "RESALE")
NOTHING = Decimal(0)

_OF_RETURN = """
SELECT c.kind, c.currency, sum(c.amount) FROM returns_returncost c JOIN returns_return r ON r.id = c.of_id
WHERE r.number = %s GROUP BY c.kind, c.currency
"""
# A part of the whole return belongs to its items by their value, or by their units where nothing of it was worth any.
_OF_SKUS = """
WITH costs AS (SELECT * FROM returns_returncost WHERE at >= %(since)s),
items AS (
    SELECT i.id, i.of_id, l.sku, l.title,
           CASE WHEN sum(i.value) OVER whole > 0 THEN i.value / sum(i.value) OVER whole
                ELSE i.quantity / sum(i.quantity) OVER whole END AS share, i.quantity
    FROM returns_returnitem i JOIN orders_orderline l ON l.id = i.line_id
    WHERE i.of_id IN (SELECT of_id FROM costs) AND i.reception <> 'CANCELED'
    WINDOW whole AS (PARTITION BY i.of_id)
),
parts AS (
    SELECT i.sku, c.currency, c.kind, c.amount FROM costs c JOIN items i ON i.id = c.item_id
    UNION ALL
    SELECT i.sku, c.currency, c.kind, c.amount * i.share FROM costs c JOIN items i ON i.of_id = c.of_id
    WHERE c.item_id IS NULL
)
SELECT p.sku, (SELECT max(title) FROM items i WHERE i.sku = p.sku),
       (SELECT sum(quantity) FROM items i WHERE i.sku = p.sku), p.currency, p.kind, sum(p.amount)
FROM parts p GROUP BY p.sku, p.currency, p.kind
"""


@dataclass(frozen=True, slots=True)
class CostSum:
    """Parts in the order of `KINDS`, and what they come to: a cost above zero, a gain below."""

    currency: str
    parts: Sequence[Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.parts, NOTHING)


@dataclass(frozen=True, slots=True)
class SkuCost:
    sku: str
    title: str
    units: Decimal
    sum: CostSum


def sum_return(number: str) -> list[CostSum]:
    """One for each currency; none before anything is certain."""
    return _gather({("", currency, kind): amount for kind, currency, amount in fetch_all(_OF_RETURN, [number])})[""]


def sum_skus(*, since: datetime, most: int = 200) -> list[SkuCost]:
    """What was noted since then, the dearest SKUs first."""
    rows = fetch_all(_OF_SKUS, {"since": since})
    named = {sku: (title, units) for sku, title, units, *_ in rows}
    sums = _gather({(sku, currency, kind): amount for sku, _, _, currency, kind, amount in rows})
    costs = [SkuCost(sku, *named[sku], each) for sku, found in sums.items() if sku in named for each in found]
    return sorted(costs, key=lambda cost: (-cost.sum.total, cost.sku))[:most]


def _gather(amounts: dict[tuple[str, str, str], Decimal]) -> dict[str, list[CostSum]]:
    """By name; "" is always there."""
    sums: dict[str, list[CostSum]] = {"": []}
    for name, currency in sorted({(name, currency) for name, currency, _ in amounts}):
        parts = [round_amount(amounts.get((name, currency, kind), NOTHING), currency) for kind in KINDS]
        sums.setdefault(name, []).append(CostSum(currency, parts))
    return sums
