"""Allocating: promised units find their shelf, leave with the goods, or turn out not to be there.

An allocation changes nothing that can be promised: it only says where a promise lies. Levels are locked in the order of
their ids, after the promise rows where those change, too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import orjson

from inventory.models import StockMovement
from oms.sql import fetch_all

NOTHING = Decimal(0)
Cause = StockMovement.Cause


@dataclass(frozen=True, slots=True)
class Allotment:
    """Units of one SKU in one warehouse, for `part` (what is sent together) of `reference` (who was promised them)."""

    reference: str
    part: str
    variant_id: int
    warehouse_id: int
    quantity: Decimal


class Shelf(NamedTuple):
    """What lies there; `free` is in nobody's name and above safety stock."""

    on_hand: Decimal
    allocated: Decimal
    safety: Decimal

    @property
    def free(self) -> Decimal:
        return max(max(self.on_hand - self.safety, NOTHING) - self.allocated, NOTHING)

    @property
    def unallocated(self) -> Decimal:
        """Free, safety stock included: for somebody who decides by hand."""
        return self.on_hand - self.allocated


_LOCK_SHELVES = """
WITH place AS (SELECT * FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[]) AS p(variant_id, warehouse_id))
SELECT l.variant_id, l.warehouse_id, l.on_hand, l.allocated, l.safety
FROM inventory_stocklevel l JOIN inventory_warehouse w ON w.id = l.warehouse_id AND w.active
WHERE (l.variant_id, l.warehouse_id) IN (SELECT variant_id, warehouse_id FROM place)
ORDER BY l.id FOR NO KEY UPDATE OF l
"""

_ALLOCATE = """
WITH allotment AS (
    SELECT * FROM json_to_recordset(%(allotments)s::json)
    AS a(reference text, part text, variant_id bigint, warehouse_id bigint, quantity numeric)
), moved AS (
    UPDATE inventory_stocklevel l SET allocated = l.allocated + c.units, updated_at = %(at)s
    FROM (SELECT variant_id, warehouse_id, sum(quantity) AS units FROM allotment GROUP BY 1, 2) AS c
    WHERE l.variant_id = c.variant_id AND l.warehouse_id = c.warehouse_id
), noted AS (
    INSERT INTO inventory_stockmovement (variant_id, warehouse_id, bucket, delta, cause, by, at, reference)
    SELECT variant_id, warehouse_id, 'allocated', quantity, 'ALLOCATION', %(by)s, %(at)s, part FROM allotment
)
INSERT INTO inventory_allocation (reference, part, variant_id, warehouse_id, quantity, since)
SELECT reference, part, variant_id, warehouse_id, quantity, %(at)s FROM allotment
"""


def allocate(
    allotments: Sequence[Allotment], *, dip_into_safety: bool = False, by: str, at: datetime
) -> Collection[str]:
    """Set units apart on their shelves, reference by reference in the order given; the references that do not fit.

    Of such a one nothing is allocated. A closed warehouse holds nothing. With `dip_into_safety` safety stock counts as
    free. Each part may be allocated a SKU once.
    """
    places = sorted({(each.variant_id, each.warehouse_id) for each in allotments})
    rows = fetch_all(_LOCK_SHELVES, {"variants": [v for v, _ in places], "warehouses": [w for _, w in places]})
    shelves = {(variant_id, warehouse_id): Shelf(*figures) for variant_id, warehouse_id, *figures in rows}
    free = {place: shelf.unallocated if dip_into_safety else shelf.free for place, shelf in shelves.items()}

    by_reference: dict[str, list[Allotment]] = defaultdict(list)
    for each in allotments:
        by_reference[each.reference].append(each)
    fitting, refused = [], []
    for reference, wanted in by_reference.items():
        if _take(wanted, free):
            fitting += wanted
        else:
            refused.append(reference)
    if fitting:
        document = orjson.dumps(fitting, default=str).decode()
        fetch_all(_ALLOCATE, {"allotments": document, "by": by, "at": at})
    return refused


def _take(wanted: Sequence[Allotment], free: dict[tuple[int, int], Decimal]) -> bool:
    """Take all of it off what is free, or nothing."""
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for each in wanted:
        sums[each.variant_id, each.warehouse_id] += each.quantity
    if any(free.get(place, NOTHING) < units for place, units in sums.items()):
        return False
    for place, units in sums.items():
        free[place] -= units
    return True


_FREE = """
WITH standing AS (
    SELECT id, part, variant_id, warehouse_id, quantity FROM inventory_allocation
    WHERE part = ANY(%(parts)s::text[]) AND state = 'ALLOCATED'
    ORDER BY id FOR NO KEY UPDATE
), locked AS MATERIALIZED (
    SELECT l.id, l.variant_id, l.warehouse_id FROM inventory_stocklevel l
    WHERE (l.variant_id, l.warehouse_id) IN (SELECT variant_id, warehouse_id FROM standing)
    ORDER BY l.id FOR NO KEY UPDATE
), moved AS (
    UPDATE inventory_stocklevel l SET allocated = l.allocated - c.units, updated_at = %(at)s
    FROM (
        SELECT locked.id, sum(quantity) AS units FROM standing JOIN locked USING (variant_id, warehouse_id) GROUP BY 1
    ) AS c WHERE l.id = c.id
), noted AS (
    INSERT INTO inventory_stockmovement (variant_id, warehouse_id, bucket, delta, cause, by, at, reference)
    SELECT variant_id, warehouse_id, 'allocated', -quantity, 'ALLOCATION', %(by)s, %(at)s, part FROM standing
)
UPDATE inventory_allocation a SET state = 'RELEASED', closed_at = %(at)s FROM standing WHERE a.id = standing.id
"""


def free_allocations(parts: Sequence[str], *, by: str, at: datetime) -> None:
    """Give the units of these parts back to their shelves; the promises stand. Twice is harmless."""
    if parts:
        fetch_all(_FREE, {"parts": list(parts), "by": by, "at": at})


_BREAK = """
WITH missing AS (
    SELECT * FROM unnest(%(variants)s::bigint[], %(warehouses)s::bigint[], %(units)s::numeric[])
    AS m(variant_id, warehouse_id, units)
), standing AS (
    SELECT a.id, a.reference, a.part, a.variant_id, a.warehouse_id, a.since, a.quantity, m.units,
           sum(a.quantity) OVER (PARTITION BY a.variant_id, a.warehouse_id ORDER BY a.since DESC, a.id DESC)
           - a.quantity AS before
    FROM inventory_allocation a JOIN missing m USING (variant_id, warehouse_id) WHERE a.state = 'ALLOCATED'
), broken AS (
    SELECT id, reference, part, variant_id, warehouse_id, since, quantity AS whole,
           least(quantity, units - before) AS quantity
    FROM standing WHERE before < units
), ended AS (
    UPDATE inventory_allocation a
    SET state = CASE WHEN b.quantity = b.whole THEN 'BROKEN' ELSE a.state END,
        closed_at = CASE WHEN b.quantity = b.whole THEN %(at)s END,
        quantity = CASE WHEN b.quantity = b.whole THEN b.whole ELSE b.whole - b.quantity END
    FROM broken b WHERE a.id = b.id
), cut AS (
    INSERT INTO inventory_allocation
        (reference, part, variant_id, warehouse_id, quantity, state, since, closed_at)
    SELECT reference, part, variant_id, warehouse_id, quantity, 'BROKEN', since, %(at)s
    FROM broken WHERE quantity < whole
), moved AS (
    UPDATE inventory_stocklevel l SET allocated = l.allocated - c.units, updated_at = %(at)s
    FROM (SELECT variant_id, warehouse_id, sum(quantity) AS units FROM broken GROUP BY 1, 2) AS c
    WHERE l.variant_id = c.variant_id AND l.warehouse_id = c.warehouse_id
), noted AS (
    INSERT INTO inventory_stockmovement (variant_id, warehouse_id, bucket, delta, cause, by, at, reference, note)
    SELECT variant_id, warehouse_id, 'allocated', -quantity, 'ALLOCATION', %(by)s, %(at)s, part, 'Not on the shelf.'
    FROM broken
)
SELECT variant_id, warehouse_id, part, quantity FROM broken ORDER BY variant_id, warehouse_id, part
"""

Broken = tuple[int, int, str, Decimal]
"""Variant id, warehouse id, part, units."""


def break_allocations(missing: Mapping[tuple[int, int], Decimal], *, by: str, at: datetime) -> list[Broken]:
    """So many units of these (variant id, warehouse id) are not there: the newest allocations of them are cut.

    The levels must be locked. Who had them is returned, to be told and routed anew.
    """
    if not missing:
        return []
    parameters = {
        "variants": [variant_id for variant_id, _ in missing],
        "warehouses": [warehouse_id for _, warehouse_id in missing],
        "units": list(missing.values()),
        "by": by,
        "at": at,
    }
    return fetch_all(_BREAK, parameters)
