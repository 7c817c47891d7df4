"""Where a balance differs from what its ledger adds up to. There should be nowhere."""

from dataclasses import dataclass
from decimal import Decimal

from oms.sql import fetch_all

ALLOCATED_TO = "allocated to"
"""The figure of a shelf whose allocations do not add up: a movement cannot mend it, routing the orders anew does."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One figure that is not what it should be. `warehouse` is empty for the promise row."""

    sku: str
    variant_id: int
    warehouse: str
    warehouse_id: int | None
    figure: str
    balance: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        return self.balance - self.ledger


_LEVELS = """
WITH ledger AS (
    SELECT variant_id, warehouse_id, bucket, sum(delta) AS units
    FROM inventory_stockmovement GROUP BY variant_id, warehouse_id, bucket
), balance AS (
    SELECT l.variant_id, l.warehouse_id, b.bucket, b.units FROM inventory_stocklevel l
    CROSS JOIN LATERAL (VALUES ('on_hand', l.on_hand), ('allocated', l.allocated), ('safety', l.safety),
        ('damaged', l.damaged), ('quality_control', l.quality_control), ('incoming', l.incoming)) AS b(bucket, units)
)
SELECT v.sku, v.id, w.code, w.id, bucket, coalesce(balance.units, 0), coalesce(ledger.units, 0)
FROM balance FULL JOIN ledger USING (variant_id, warehouse_id, bucket)
JOIN inventory_variant v ON v.id = variant_id JOIN inventory_warehouse w ON w.id = warehouse_id
WHERE coalesce(balance.units, 0) <> coalesce(ledger.units, 0)
ORDER BY v.sku, w.code, bucket
"""

_PROMISES = """
WITH sellable AS (
    SELECT l.variant_id, sum(greatest(l.on_hand - l.safety, 0)) AS units
    FROM inventory_stocklevel l JOIN inventory_warehouse w ON w.id = l.warehouse_id AND w.active
    GROUP BY l.variant_id
), promised AS (
    SELECT variant_id, sum(quantity) AS units FROM inventory_reservation WHERE state = 'PROMISED' GROUP BY variant_id
)
SELECT v.sku, v.id, '', NULL::bigint, f.figure, f.balance, f.ledger
FROM inventory_availability a
JOIN inventory_variant v ON v.id = a.variant_id
LEFT JOIN sellable ON sellable.variant_id = a.variant_id
LEFT JOIN promised ON promised.variant_id = a.variant_id
CROSS JOIN LATERAL (VALUES ('sellable', a.sellable, coalesce(sellable.units, 0)),
                           ('promised', a.promised, coalesce(promised.units, 0))) AS f(figure, balance, ledger)
WHERE f.balance <> f.ledger ORDER BY v.sku, f.figure
"""

_ALLOCATIONS = f"""
WITH standing AS (
    SELECT variant_id, warehouse_id, sum(quantity) AS units FROM inventory_allocation WHERE state = 'ALLOCATED'
    GROUP BY variant_id, warehouse_id
)
SELECT v.sku, v.id, w.code, w.id, '{ALLOCATED_TO}', coalesce(l.allocated, 0), coalesce(standing.units, 0)
FROM (SELECT variant_id, warehouse_id, allocated FROM inventory_stocklevel WHERE allocated <> 0) l
FULL JOIN standing USING (variant_id, warehouse_id)
JOIN inventory_variant v ON v.id = variant_id JOIN inventory_warehouse w ON w.id = warehouse_id
WHERE coalesce(l.allocated, 0) <> coalesce(standing.units, 0)
ORDER BY v.sku, w.code
"""  # noqa: S608 - our own text


def find_drift() -> list[Drift]:
    """Every level that is not the sum of its movements, every promise row that is not what it is made of,
    and every shelf that sets more or less apart than its allocations say.
    """
    return [Drift(*row) for statement in (_LEVELS, _PROMISES, _ALLOCATIONS) for row in fetch_all(statement, [])]
