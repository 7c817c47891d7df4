"""Goods that leave: allocation, promise and shelf come down together. And goods that should be there and are not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.actions.posting import Entry, lock_levels, post_entries, shift_or_refuse
from inventory.actions.promising import Shift
from inventory.actions.shorting import change_sellable
from inventory.errors import NotAllocated
from inventory.models import Allocation, Reservation, StockMovement
from oms.quantities import plain
from oms.reading import fetch_objects
from oms.writing import Row, as_update, insert_rows, update_tables

Cause = StockMovement.Cause
Rows = list[Row]


@dataclass(frozen=True, slots=True)
class Sent:
    """Units of one SKU that leave one warehouse, as a part of what was promised to a reference."""

    reference: str
    part: str
    variant_id: int
    warehouse_id: int
    quantity: Decimal


_RESERVED = """
WHERE reference = ANY(%s::text[]) AND variant_id = ANY(%s::bigint[]) AND state = 'PROMISED'
ORDER BY id FOR NO KEY UPDATE
"""
_ALLOCATED = "WHERE part = ANY(%s::text[]) AND state = 'ALLOCATED' ORDER BY id FOR NO KEY UPDATE"


def send_stock(sent: Sequence[Sent], *, by: str, at: datetime) -> None:
    """Take what leaves off its shelf, its allocation and its promise, in a constant number of statements.

    Raises:
        NotAllocated: more should leave than was set apart for that part; nothing changed.
    """
    sent = _merge(sent)
    variants = sorted({each.variant_id for each in sent})
    reserved = fetch_objects(Reservation, _RESERVED, [sorted({each.reference for each in sent}), variants])
    levels = lock_levels((each.variant_id, each.warehouse_id) for each in sent)
    allocated = fetch_objects(Allocation, _ALLOCATED, [sorted({each.part for each in sent})])

    updates, inserts = _close_allocations(sent, allocated, state=Allocation.State.SHIPPED, at=at)
    settled_updates, settled_inserts, kept = _settle(sent, reserved, at=at)
    update_tables({Allocation: updates, Reservation: settled_updates})
    insert_rows({Allocation: inserts, Reservation: settled_inserts})

    entries = [
        Entry(each.variant_id, each.warehouse_id, bucket, -each.quantity, Cause.SHIPMENT, "", each.part)
        for each in sent
        for bucket in ("on_hand", "allocated")
    ]
    shifts = post_entries(entries, levels=levels, key=None, by=by, at=at)
    shift_or_refuse([*shifts, *(Shift(v, promised=-units) for v, units in sorted(kept.items()))], by=by, at=at)


def miss_stock(missing: Sequence[Sent], *, note: str, by: str, at: datetime) -> None:
    """These units were set apart and are not on the shelf: the shelf is counted down, the allocation ends.

    Whose promise can then not be kept anywhere goes back to the queue, the newest first.

    Raises:
        NotAllocated: more should be missing than was set apart for that part; nothing changed.
    """
    missing = _merge(missing)
    levels = lock_levels((each.variant_id, each.warehouse_id) for each in missing)
    allocated = fetch_objects(Allocation, _ALLOCATED, [sorted({each.part for each in missing})])
    updates, inserts = _close_allocations(missing, allocated, state=Allocation.State.BROKEN, at=at)
    update_tables({Allocation: updates})
    insert_rows({Allocation: inserts})

    entries = [
        Entry(each.variant_id, each.warehouse_id, bucket, -each.quantity, cause, note, each.part)
        for each in missing
        for bucket, cause in (("on_hand", Cause.COUNT), ("allocated", Cause.ALLOCATION))
    ]
    shifts = post_entries(entries, levels=levels, key=None, by=by, at=at)
    change_sellable(shifts, by=by, at=at)


def _merge(sent: Iterable[Sent]) -> list[Sent]:
    """One of each SKU and part: two lines of an order may be of one SKU."""
    units: dict[tuple[str, str, int, int], Decimal] = defaultdict(Decimal)
    for each in sent:
        units[each.reference, each.part, each.variant_id, each.warehouse_id] += each.quantity
    return [Sent(*key, quantity) for key, quantity in units.items()]


def _close_allocations(
    sent: Sequence[Sent], standing: Sequence[Allocation], *, state: str, at: datetime
) -> tuple[Rows, Rows]:
    """Each allocation that ends, and where only a part of it does, the ended part as a row of its own."""
    rows = {(row.part, row.variant_id): row for row in standing}
    updates: Rows = []
    inserts: Rows = []
    for each in sent:
        row = rows.get((each.part, each.variant_id))
        if row is None or row.quantity < each.quantity:
            there = row.quantity if row else Decimal(0)
            raise NotAllocated(f"{plain(there)} units are set apart for {each.part}, {plain(each.quantity)} should go.")
        if row.quantity == each.quantity:
            row.state, row.closed_at = state, at
        else:
            row.quantity -= each.quantity
            inserts.append(_ended(row, each.quantity, state=state, at=at))
        updates.append(as_update(row, ["quantity", "state", "closed_at"]))
    return updates, inserts


def _settle(
    sent: Sequence[Sent], standing: Sequence[Reservation], *, at: datetime
) -> tuple[Rows, Rows, dict[int, Decimal]]:
    """The promises that were kept, the oldest first; and how many units of each variant that is."""
    rows: dict[tuple[str, int], list[Reservation]] = defaultdict(list)
    for row in standing:
        rows[row.reference, row.variant_id].append(row)
    changed: dict[int, Reservation] = {}
    inserts: Rows = []
    kept: dict[int, Decimal] = defaultdict(Decimal)
    for each in sent:
        left = each.quantity
        for row in rows[each.reference, each.variant_id]:
            units = min(left, row.quantity) if row.state == Reservation.State.PROMISED else Decimal(0)
            if not units:
                continue
            left -= units
            kept[each.variant_id] += units
            changed[row.pk] = row
            if units == row.quantity:
                row.state, row.closed_at = Reservation.State.SETTLED, at
            else:
                row.quantity -= units
                inserts.append(_settled(row, units, at=at))
    return [as_update(row, ["quantity", "state", "closed_at"]) for row in changed.values()], inserts, kept


def _ended(row: Allocation, quantity: Decimal, *, state: str, at: datetime) -> dict[str, Any]:
    copied = ("reference", "part", "variant_id", "warehouse_id", "since")
    return {name: getattr(row, name) for name in copied} | {"quantity": quantity, "state": state, "closed_at": at}


def _settled(row: Reservation, quantity: Decimal, *, at: datetime) -> dict[str, Any]:
    copied = ("reference", "variant_id", "since")
    ended = {"quantity": quantity, "state": Reservation.State.SETTLED, "closed_at": at}
    return {name: getattr(row, name) for name in copied} | ended
