"""Counting: what is really there is a fact, even when it is less than was promised."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inventory.actions.allocating import break_allocations
from inventory.actions.moving import is_posted
from inventory.actions.posting import Entry, find_places, lock_levels, post_entries
from inventory.actions.shorting import change_sellable
from inventory.events import AllocationsBroken, StockCounted
from inventory.models import StockLevel, StockMovement
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
    """Set levels to what was counted. Orders whose promise cannot be kept any more lose it, the newest first; what was
    set apart on a shelf and is not there is routed anew.

    The same key a second time changes nothing. True when a figure changed.

    Raises:
        UnknownStock: a SKU or warehouse does not exist.
        Invalid: a figure is negative, or a place is counted twice.
    """
    _refuse_nonsense(counts)
    places = [(variant, warehouse.id) for variant, warehouse in find_places([(c.sku, c.warehouse) for c in counts])]
    levels = lock_levels(places)
    if is_posted(idempotency_key):
        return False

    _break_missing(counts, places, levels, by=by, at=at)
    entries = [
        Entry(level.variant_id, level.warehouse_id, bucket, found - getattr(level, bucket), cause, count.note)
        for count, place in zip(counts, places, strict=True)
        if (level := levels[place])
        for bucket, found, cause in (("on_hand", count.on_hand, Cause.COUNT), ("safety", count.safety, Cause.SAFETY))
        if found is not None and found != getattr(level, bucket)
    ]
    shifts = post_entries(entries, levels=levels, key=idempotency_key, by=by, at=at)
    _announce(counts, places, levels, by=by, at=at)
    change_sellable(shifts, by=by, at=at)
    return bool(entries)


def _break_missing(
    counts: Sequence[Count],
    places: Sequence[tuple[int, int]],
    levels: Mapping[tuple[int, int], StockLevel],
    *,
    by: str,
    at: datetime,
) -> None:
    """End allocations of units that are not there; those who had them are named."""
    missing = {
        place: levels[place].allocated - count.on_hand
        for count, place in zip(counts, places, strict=True)
        if count.on_hand is not None and count.on_hand < levels[place].allocated
    }
    named = {place: count for count, place in zip(counts, places, strict=True)}
    parts: dict[tuple[int, int], dict[str, int | float]] = defaultdict(dict)
    for variant_id, warehouse_id, part, units in break_allocations(missing, by=by, at=at):
        place = variant_id, warehouse_id
        levels[place].allocated -= units
        parts[place][part] = plain(units)
    told = []
    for place, who in parts.items():
        facts = {"warehouse": named[place].warehouse, "parts": who}
        told.append(AllocationsBroken(subject=named[place].sku, by=by, at=at, facts=facts))
    events.publish(told)


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


def _announce(
    counts: Sequence[Count],
    places: Sequence[tuple[int, int]],
    levels: Mapping[tuple[int, int], StockLevel],
    *,
    by: str,
    at: datetime,
) -> None:
    told = []
    for count, place in zip(counts, places, strict=True):
        before = levels[place].on_hand
        if count.on_hand is not None and count.on_hand != before:
            facts = {"warehouse": count.warehouse, "before": plain(before), "after": plain(count.on_hand)}
            told.append(StockCounted(subject=count.sku, by=by, at=at, facts=facts))
    events.publish(told)
