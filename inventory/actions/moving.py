"""Goods that move: received, announced, adjusted, transferred, set aside, damaged, written off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from inventory.actions.posting import Entry, find_places, lock_levels, post_entries, shift_or_refuse
from inventory.actions.reserving import promote_waiting
from inventory.models import StockMovement
from oms.errors import FieldError, Invalid
from oms.transactions import transactional

Cause = StockMovement.Cause


class Kind(StrEnum):
    """What happens to the goods. Quantities are positive, except that an adjustment may take away."""

    RECEIVE = "RECEIVE"
    RECEIVE_INCOMING = "RECEIVE_INCOMING"
    ANNOUNCE = "ANNOUNCE"
    ADJUST = "ADJUST"
    TRANSFER = "TRANSFER"
    DAMAGE = "DAMAGE"
    SET_ASIDE = "SET_ASIDE"
    PASS_INSPECTION = "PASS_INSPECTION"  # noqa: S105 - an inspection, not a password
    FAIL_INSPECTION = "FAIL_INSPECTION"
    WRITE_OFF_DAMAGED = "WRITE_OFF_DAMAGED"
    RETURN_SELLABLE = "RETURN_SELLABLE"
    RETURN_SET_ASIDE = "RETURN_SET_ASIDE"
    RETURN_DAMAGED = "RETURN_DAMAGED"


# Each kind as signed changes of buckets, with the cause that is written down. TRANSFER is the one with two places.
_EFFECTS: dict[Kind, tuple[Cause, tuple[tuple[str, int], ...]]] = {
    Kind.RECEIVE: (Cause.RECEIPT, (("on_hand", 1),)),
    Kind.RECEIVE_INCOMING: (Cause.RECEIPT, (("incoming", -1), ("on_hand", 1))),
    Kind.ANNOUNCE: (Cause.ANNOUNCED, (("incoming", 1),)),
    Kind.ADJUST: (Cause.ADJUSTMENT, (("on_hand", 1),)),
    Kind.TRANSFER: (Cause.TRANSFER, (("on_hand", -1),)),
    Kind.DAMAGE: (Cause.DAMAGE, (("on_hand", -1), ("damaged", 1))),
    Kind.SET_ASIDE: (Cause.INSPECTION, (("on_hand", -1), ("quality_control", 1))),
    Kind.PASS_INSPECTION: (Cause.INSPECTION, (("quality_control", -1), ("on_hand", 1))),
    Kind.FAIL_INSPECTION: (Cause.INSPECTION, (("quality_control", -1), ("damaged", 1))),
    Kind.WRITE_OFF_DAMAGED: (Cause.DAMAGE, (("damaged", -1),)),
    Kind.RETURN_SELLABLE: (Cause.RETURN, (("on_hand", 1),)),
    Kind.RETURN_SET_ASIDE: (Cause.RETURN, (("quality_control", 1),)),
    Kind.RETURN_DAMAGED: (Cause.RETURN, (("damaged", 1),)),
}


@dataclass(frozen=True, slots=True)
class Move:
    """Units of one SKU that move in (or, with `to_warehouse`, between) warehouses."""

    kind: Kind
    sku: str
    warehouse: str
    quantity: Decimal
    to_warehouse: str = ""
    note: str = ""
    reference: str = ""


@transactional
def move_stock(moves: Sequence[Move], *, by: str, at: datetime, idempotency_key: str | None = None) -> bool:
    """Make all the moves or none; whoever waits for what arrived gets it, first come, first served.

    The same key a second time changes nothing. True when something moved.

    Raises:
        UnknownStock: a SKU or warehouse does not exist.
        Invalid: a quantity or a transfer makes no sense.
        StockNotThere: more should leave than is there.
        StockPromised: units that should leave are promised to orders.
    """
    _refuse_nonsense(moves)
    entries = _entries(moves)
    levels = lock_levels((entry.variant_id, entry.warehouse_id) for entry in entries)
    if is_posted(idempotency_key):
        return False

    shifts = post_entries(entries, levels=levels, key=idempotency_key, by=by, at=at)
    shift_or_refuse(shifts, by=by, at=at)
    promote_waiting([shift.variant_id for shift in shifts if shift.sellable > 0], by=by, at=at)
    return True


def is_posted(idempotency_key: str | None) -> bool:
    """True when movements with this key stand in the ledger."""
    return idempotency_key is not None and StockMovement.objects.filter(idempotency_key=idempotency_key).exists()


def _refuse_nonsense(moves: Sequence[Move]) -> None:
    errors = []
    for place, move in enumerate(moves):
        if move.quantity == 0 or (move.quantity < 0 and move.kind is not Kind.ADJUST):
            errors.append(FieldError(f"/{place}/quantity", "quantity_not_positive", "The quantity must be above zero."))
        if move.kind is Kind.TRANSFER and move.to_warehouse in ("", move.warehouse):
            errors.append(
                FieldError(f"/{place}/to_warehouse", "transfer_to_itself", "A transfer needs another warehouse.")
            )
    if errors:
        raise Invalid("; ".join(error.detail for error in errors), errors=errors)


def _entries(moves: Sequence[Move]) -> list[Entry]:
    """One entry a bucket that changes; of a transfer, one a warehouse."""
    named = [(f"/{place}/warehouse", move.sku, move.warehouse) for place, move in enumerate(moves)]
    named += [
        (f"/{place}/to_warehouse", move.sku, move.to_warehouse)
        for place, move in enumerate(moves)
        if move.kind is Kind.TRANSFER
    ]
    found = find_places([(sku, code) for _, sku, code in named], pointers=[pointer for pointer, _, _ in named])
    targets = iter(found[len(moves) :])

    entries = []
    for move, (variant_id, warehouse) in zip(moves, found, strict=False):
        cause, effects = _EFFECTS[move.kind]
        for bucket, sign in effects:
            entries.append(
                Entry(variant_id, warehouse.id, bucket, sign * move.quantity, cause, move.note, move.reference)
            )
        if move.kind is Kind.TRANSFER:
            _, target = next(targets)
            entries.append(Entry(variant_id, target.id, "on_hand", move.quantity, cause, move.note, move.reference))
    return entries
