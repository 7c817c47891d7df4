"""Picking: units are taken off the shelf, or are not there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from inventory.actions.sending import Sent, miss_stock
from oms import events
from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import as_update, update_tables
from orders.actions.fulfilling.accepting import accept_locked, lock_fulfillments, need_way
from orders.actions.fulfilling.dispatching import close_if_done
from orders.errors import FulfillmentEnded, NotThatMany
from orders.events import FulfillmentShort
from orders.models import Fulfillment, FulfillmentLine

Units = Mapping[int, Decimal]
"""By fulfillment line id."""


@transactional
def pick_units(*, number: str, units: Units, by: str, at: datetime) -> Fulfillment:
    """So many units of each line are off the shelf: it replaces what was noted before. Who picks accepts.

    Raises:
        FulfillmentNotFound, FulfillmentEnded, OrderStillHeld.
        NotThatMany: names the line and how many it has.
        Invalid: a line is not its own.
    """
    fulfillment, lines = _take(number, by=by, at=at)
    for line, quantity in _match(fulfillment, lines, units):
        most = line.quantity - line.short_quantity
        if quantity < line.shipped_quantity or quantity > most:
            raise NotThatMany(
                f"Line {line.pk} has {plain(most)} units to pick, not {plain(quantity)}.",
                line=line.pk,
                left=plain(most),
            )
        line.picked_quantity = quantity
    done = all(line.picked_quantity + line.short_quantity == line.quantity for line in lines)
    fulfillment.picked_at, fulfillment.picked_by = (at, by) if done else (None, "")
    fulfillment.version += 1
    update_tables(
        {
            FulfillmentLine: [as_update(line, ["picked_quantity"]) for line in lines],
            Fulfillment: [as_update(fulfillment, ["picked_at", "picked_by", "version"])],
        }
    )
    return fulfillment


@transactional
def report_short(*, number: str, units: Units, note: str = "", by: str, at: datetime) -> Fulfillment:
    """These units are not on the shelf: it is counted down, and they are routed again, to wherever they are.

    Where they are nowhere the order waits for stock, like any other whose promise cannot be kept.

    Raises:
        FulfillmentNotFound, FulfillmentEnded, OrderStillHeld.
        NotThatMany, Invalid: see `pick_units`.
    """
    fulfillment, lines = _take(number, by=by, at=at)
    missing = _match(fulfillment, lines, units)
    for line, quantity in missing:
        if quantity <= 0 or quantity > line.open_quantity:
            left = plain(line.open_quantity)
            detail = f"Line {line.pk} has {left} units left, {plain(quantity)} cannot be missing."
            raise NotThatMany(detail, line=line.pk, left=left)
        line.short_quantity += quantity
        line.picked_quantity = min(line.picked_quantity, line.quantity - line.short_quantity)
    _write_short(fulfillment, lines, at=at)
    need_way([fulfillment.order_id], at=at)
    events.publish([_told(fulfillment, missing, note, by=by, at=at)])
    if gone := _gone(fulfillment, missing):
        miss_stock(gone, note=f"Not found for {number}. {note}".strip()[:255], by=by, at=at)
    return fulfillment


def note_broken(
    in_hand: Sequence[Fulfillment], broken: Mapping[str, Mapping[int, Decimal]], *, by: str, at: datetime
) -> None:
    """A count has ended allocations of these locked fulfillments: what is short of them by that is routed again.

    `broken` by fulfillment number and variant id, all that was ever found missing; noting it twice is harmless.
    """
    for each in in_hand:
        lines = list(each.lines.select_related("order_line").order_by("id"))
        missing = []
        for line in lines:
            gone = broken.get(each.number, {}).get(line.order_line.variant_id or 0, Decimal(0))
            units = min(gone - _short_of(lines, line.order_line.variant_id), line.open_quantity)
            if units > 0:
                line.short_quantity += units
                line.picked_quantity = min(line.picked_quantity, line.quantity - line.short_quantity)
                missing.append((line, units))
        if missing:
            _write_short(each, lines, at=at)
            need_way([each.order_id], at=at)
            events.publish([_told(each, missing, "A count found less than was there.", by=by, at=at)])


def _short_of(lines: Sequence[FulfillmentLine], variant_id: int | None) -> Decimal:
    return sum((line.short_quantity for line in lines if line.order_line.variant_id == variant_id), Decimal(0))


def _take(number: str, *, by: str, at: datetime) -> tuple[Fulfillment, list[FulfillmentLine]]:
    (fulfillment,) = lock_fulfillments([number])
    if fulfillment.status not in Fulfillment.LIVE:
        raise FulfillmentEnded(number, fulfillment.status)
    accept_locked([fulfillment], by=by, at=at)
    return fulfillment, list(fulfillment.lines.select_related("order_line").order_by("id"))


def _match(
    fulfillment: Fulfillment, lines: list[FulfillmentLine], units: Units
) -> list[tuple[FulfillmentLine, Decimal]]:
    own = {line.pk: line for line in lines}
    for key in units:
        if key not in own:
            detail = f"Line {key} is not one of fulfillment {fulfillment.number}."
            raise Invalid(detail, errors=[FieldError("/lines", "unknown_line", detail)])
    return [(own[key], quantity) for key, quantity in units.items()]


def _write_short(fulfillment: Fulfillment, lines: list[FulfillmentLine], *, at: datetime) -> None:
    close_if_done(fulfillment, lines, at=at)
    fulfillment.hands += 1
    columns = ["status", "request_status", "closed_at", "hands", "version"]
    update_tables(
        {
            FulfillmentLine: [as_update(line, ["short_quantity", "picked_quantity"]) for line in lines],
            Fulfillment: [as_update(fulfillment, columns)],
        }
    )


def _told(
    fulfillment: Fulfillment, missing: list[tuple[FulfillmentLine, Decimal]], note: str, *, by: str, at: datetime
) -> FulfillmentShort:
    lines = [
        {"line": line.order_line_id, "sku": line.order_line.sku, "quantity": plain(units)} for line, units in missing
    ]
    facts = {"fulfillment": fulfillment.number, "warehouse": fulfillment.warehouse.code, "lines": lines, "note": note}
    return FulfillmentShort(subject=fulfillment.order.number, by=by, at=at, facts=facts)


def _gone(fulfillment: Fulfillment, missing: list[tuple[FulfillmentLine, Decimal]]) -> list[Sent]:
    return [
        Sent(fulfillment.order.number, fulfillment.number, variant_id, fulfillment.warehouse_id, units)
        for line, units in missing
        if (variant_id := line.order_line.variant_id)
    ]
