"""Counting: what is really there is a fact, even when it is less than was promised."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from inventory.actions.moving import is_posted
from inventory.actions.posting import Entry, find_places, lock_levels, post_entries, shift_or_refuse
from inventory.actions.promising import Shift
from inventory.actions.reserving import promote_waiting
from inventory.events import StockCounted, StockRanShort
from inventory.models import Availability, StockMovement
from oms import events
from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.transactions import transactional

Cause = StockMovement.Cause


@dataclass(frozen=True, slots=True)
class Count:
    """What was found of one SKU in one warehouse; `safety` sets its safety stock. None leaves a figure as it is."""

    sku: str
    warehouse: str
    on_hand: Decimal | None = None
    safety: Decimal | None = None
    note: str = ""


@transactional
def count_stock(counts: Sequence[Count], *, by: str, at: datetime, idempotency_key: str | None = None) -> bool:
    """Set levels to what was counted. Orders whose promise cannot be kept any more lose it, the newest first.

    The same key a second time changes nothing. True when a figure changed.

    Raises:
        UnknownStock: a SKU or warehouse does not exist.
        Invalid: a figure is negative, or a place is counted twice.
        StockNotThere: fewer were counted than are allocated to orders in that warehouse.
    """
    _refuse_nonsense(counts)
    places = [(variant, warehouse.id) for variant, warehouse in find_places([(c.sku, c.warehouse) for c in counts])]
    levels = lock_levels(places)
    if is_posted(idempotency_key):
        return False

    entries = [
        Entry(level.variant_id, level.warehouse_id, bucket, found - getattr(level, bucket), cause, count.note)
        for count, place in zip(counts, places, strict=True)
        if (level := levels[place])
        for bucket, found, cause in (("on_hand", count.on_hand, Cause.COUNT), ("safety", count.safety, Cause.SAFETY))
        if found is not None and found != getattr(level, bucket)
    ]
    shifts = post_entries(entries, levels=levels, key=idempotency_key, by=by, at=at)
    shorted = _break_promises(shifts, at=at)
    shift_or_refuse([*shifts, *(Shift(v, promised=-sum(units.values())) for v, units in shorted.items())], by=by, at=at)
    promote_waiting([*shorted, *(shift.variant_id for shift in shifts if shift.sellable > 0)], by=by, at=at)
    _announce(counts, places, levels, shorted, by=by, at=at)
    return bool(entries)


def _refuse_nonsense(counts: Sequence[Count]) -> None:
    errors, seen = [], set()
    for place, count in enumerate(counts):
        for name in ("on_hand", "safety"):
            figure = getattr(count, name)
            if figure is not None and figure < 0:
                errors.append(FieldError(f"/{place}/{name}", "negative", "A count cannot be negative."))
        if (count.sku, count.warehouse) in seen:
            errors.append(FieldError(f"/{place}", "counted_twice", f"{count.sku} is counted twice in this request."))
        seen.add((count.sku, count.warehouse))
    if errors:
        raise Invalid("; ".join(error.detail for error in errors), errors=errors)


_NEWEST_PROMISES = """
WITH missing AS (SELECT * FROM unnest(%(variants)s::bigint[], %(units)s::numeric[]) AS m(variant_id, units)),
promised AS (
    SELECT r.id, r.variant_id, r.reference, r.quantity,
           sum(r.quantity) OVER (PARTITION BY r.variant_id ORDER BY r.since DESC, r.id DESC) - r.quantity AS before
    FROM inventory_reservation r
    WHERE r.variant_id = ANY(%(variants)s) AND r.state = 'PROMISED'
)
UPDATE inventory_reservation r SET state = 'SHORT'
FROM promised JOIN missing USING (variant_id)
WHERE r.id = promised.id AND promised.before < missing.units
RETURNING r.variant_id, r.reference, r.quantity
"""


def _break_promises(shifts: Sequence[Shift], *, at: datetime) -> dict[int, dict[str, Decimal]]:
    """Where less may be sold than was promised, the newest promises go back to the queue: variant → reference → units."""
    fallen = {shift.variant_id: -shift.sellable for shift in shifts if shift.sellable < 0}
    rows = Availability.objects.filter(variant_id__in=fallen).values_list("variant_id", "sellable", "promised")
    missing = {v: promised - sellable + fallen[v] for v, sellable, promised in rows}
    missing = {variant_id: units for variant_id, units in missing.items() if units > 0}
    if not missing:
        return {}

    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_PROMISES, {"variants": list(missing), "units": list(missing.values())})
        shorted: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for variant_id, reference, quantity in cursor.fetchall():
            shorted[variant_id][reference] += quantity
    return shorted


def _announce(
    counts: Sequence[Count],
    places: Sequence[tuple[int, int]],
    levels: dict,
    shorted: dict[int, dict[str, Decimal]],
    *,
    by: str,
    at: datetime,
) -> None:
    told: list[events.Event] = []
    for count, place in zip(counts, places, strict=True):
        before = levels[place].on_hand
        if count.on_hand is not None and count.on_hand != before:
            facts = {"warehouse": count.warehouse, "before": plain(before), "after": plain(count.on_hand)}
            told.append(StockCounted(subject=count.sku, by=by, at=at, facts=facts))
    names = {variant_id: count.sku for count, (variant_id, _) in zip(counts, places, strict=True)}
    for variant_id, references in shorted.items():
        facts = {"references": sorted(references), "missing": plain(sum(references.values(), Decimal(0)))}
        told.append(StockRanShort(subject=names[variant_id], by=by, at=at, facts=facts))
    events.publish(told)
