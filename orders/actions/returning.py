"""Units of an order that come back: each of them can come back once."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.reading import fetch_objects
from oms.writing import as_update, update_tables
from orders.errors import NotThatManySent
from orders.models import Order, OrderLine

_THESE = "WHERE order_id = %s AND id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"


def claim_units(order: Order, units: Mapping[int, Decimal], *, at: datetime) -> list[OrderLine]:
    """Note that so many units of these lines (by id) are to come back. The order must be locked.

    Raises:
        NotThatManySent: more than were sent and are not back, or on their way back, yet.
    """
    lines = _lock_lines(order, units)
    for line in lines:
        left = line.fulfilled_quantity - line.returned_quantity
        if units[line.pk] > left:
            raise NotThatManySent(line.position, left)
        line.returned_quantity += units[line.pk]
    return _write(order, lines, at=at)


def free_units(order: Order, units: Mapping[int, Decimal], *, at: datetime) -> list[OrderLine]:
    """They do not come back after all, or are with the customer again. The order must be locked."""
    lines = _lock_lines(order, units)
    for line in lines:
        line.returned_quantity -= units[line.pk]
    return _write(order, lines, at=at)


def _lock_lines(order: Order, units: Mapping[int, Decimal]) -> list[OrderLine]:
    events.require_transaction("What comes back")
    lines = fetch_objects(OrderLine, _THESE, [order.pk, sorted(units)])
    if len(lines) < len(units):
        missing = min(set(units) - {line.pk for line in lines})
        raise NotThatManySent(missing, Decimal(0))
    return lines


def _write(order: Order, lines: list[OrderLine], *, at: datetime) -> list[OrderLine]:
    changed = [as_update(line, ["returned_quantity"]) for line in lines]
    update_tables({OrderLine: changed, Order: [order.next_version(at=at)]})
    return lines
