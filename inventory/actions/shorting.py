"""What happens when less can be sold than was promised: the newest promises go back to the queue, by name.

Those that lie on a shelf already go last: somebody may be packing them.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from inventory.actions.posting import shift_or_refuse
from inventory.actions.promising import Shift
from inventory.actions.reserving import promote_waiting
from inventory.events import StockRanShort
from inventory.models import Availability, Variant
from oms import events
from oms.quantities import plain
from oms.sql import fetch_all

Shorted = dict[int, dict[str, Decimal]]
"""Variant id → reference → units that are not promised to it any more."""


def change_sellable(shifts: Sequence[Shift], *, by: str, at: datetime) -> None:
    """Shift what may be sold, up or down, as a fact that cannot be refused. The promise rows must be locked.

    Promises that cannot be kept any more become SHORT, the newest first; whoever waits gets what is free.
    """
    shorted = _break_promises(shifts)
    broken = [Shift(variant_id, promised=-sum(units.values(), Decimal(0))) for variant_id, units in shorted.items()]
    shift_or_refuse([*shifts, *broken], by=by, at=at)
    promote_waiting([*shorted, *(shift.variant_id for shift in shifts if shift.sellable > 0)], by=by, at=at)
    _announce(shorted, by=by, at=at)


_NEWEST_PROMISES = """
WITH missing AS (SELECT * FROM unnest(%(variants)s::bigint[], %(units)s::numeric[]) AS m(variant_id, units)),
promised AS (
    SELECT r.id, r.variant_id, r.reference, r.quantity,
           sum(r.quantity) OVER (
               PARTITION BY r.variant_id
               ORDER BY (SELECT count(*) FROM inventory_allocation a WHERE a.reference = r.reference
                         AND a.variant_id = r.variant_id AND a.state = 'ALLOCATED'), r.since DESC, r.id DESC
           ) - r.quantity AS before
    FROM inventory_reservation r
    WHERE r.variant_id = ANY(%(variants)s::bigint[]) AND r.state = 'PROMISED'
)
UPDATE inventory_reservation r SET state = 'SHORT'
FROM promised JOIN missing USING (variant_id)
WHERE r.id = promised.id AND promised.before < missing.units
RETURNING r.variant_id, r.reference, r.quantity
"""


def _break_promises(shifts: Sequence[Shift]) -> Shorted:
    fallen = {shift.variant_id: -shift.sellable for shift in shifts if shift.sellable < 0}
    rows = Availability.objects.filter(variant_id__in=fallen).values_list("variant_id", "sellable", "promised")
    missing = {v: promised - sellable + fallen[v] for v, sellable, promised in rows}
    missing = {variant_id: units for variant_id, units in missing.items() if units > 0}
    if not missing:
        return {}

    shorted: Shorted = defaultdict(lambda: defaultdict(Decimal))
    broken = fetch_all(_NEWEST_PROMISES, {"variants": list(missing), "units": list(missing.values())})
    for variant_id, reference, quantity in broken:
        shorted[variant_id][reference] += quantity
    return shorted


def _announce(shorted: Shorted, *, by: str, at: datetime) -> None:
    names = dict(Variant.objects.filter(id__in=shorted).values_list("id", "sku")) if shorted else {}
    facts = {
        names[variant_id]: {"references": sorted(references), "missing": plain(sum(references.values(), Decimal(0)))}
        for variant_id, references in shorted.items()
    }
    events.publish([StockRanShort(subject=sku, by=by, at=at, facts=fact) for sku, fact in sorted(facts.items())])
