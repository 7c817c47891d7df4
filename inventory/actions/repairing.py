"""Repairing the stock ledger: the shelf's figures stand, the difference is written down as a movement."""

from datetime import datetime

from django.db import connection

from inventory.models import StockMovement
from inventory.queries.drift import ALLOCATED_TO, Drift, find_drift
from oms.transactions import transactional

_RECKON = """
UPDATE inventory_availability a
SET sellable = reckoned.sellable, promised = reckoned.promised, updated_at = %(at)s
FROM (
    SELECT a.variant_id,
           coalesce((SELECT sum(greatest(l.on_hand - l.safety, 0)) FROM inventory_stocklevel l
                     JOIN inventory_warehouse w ON w.id = l.warehouse_id AND w.active
                     WHERE l.variant_id = a.variant_id), 0) AS sellable,
           coalesce((SELECT sum(quantity) FROM inventory_reservation r
                     WHERE r.variant_id = a.variant_id AND r.state = 'PROMISED'), 0) AS promised
    FROM inventory_availability a WHERE a.variant_id = ANY(%(variants)s)
) AS reckoned
WHERE a.variant_id = reckoned.variant_id
"""


@transactional
def repair_stock(*, by: str, at: datetime) -> list[Drift]:
    """Write a REPAIR movement for each level that drifted, and reckon drifted promise rows anew; what was mended.

    All promise rows and levels are locked meanwhile: a repair must not race a sale.

    Raises:
        IntegrityError: more is promised than can be sold; count the SKU first, so that orders go short by name.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE inventory_availability, inventory_stocklevel IN SHARE ROW EXCLUSIVE MODE")
    drifts = find_drift()
    levels = [
        (drift, drift.warehouse_id)
        for drift in drifts
        if drift.warehouse_id is not None and drift.figure != ALLOCATED_TO
    ]
    StockMovement.objects.bulk_create([_repair(drift, warehouse_id, by=by, at=at) for drift, warehouse_id in levels])
    variants = [drift.variant_id for drift in drifts if drift.warehouse_id is None]
    with connection.cursor() as cursor:
        cursor.execute(_RECKON, {"variants": variants, "at": at})
    return drifts


def _repair(drift: Drift, warehouse_id: int, *, by: str, at: datetime) -> StockMovement:
    return StockMovement(
        variant_id=drift.variant_id,
        warehouse_id=warehouse_id,
        bucket=drift.figure,
        delta=drift.difference,
        cause=StockMovement.Cause.REPAIR,
        by=by,
        at=at,
        note="The ledger did not add up to the balance.",
    )
