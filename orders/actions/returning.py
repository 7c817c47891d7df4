"""Units of an order that come back: each of them can come back once."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.reading import fetch_objects
from oms.sql import fetch_all
from oms.writing import as_update, update_tables
from orders.errors import NotThatManySent
from orders.models import Order, OrderLine

_CLAIM = """
WITH claimed AS (
    UPDATE orders_orderline l SET returned_quantity = l.returned_quantity + wanted.units
    FROM unnest(%(lines)s::bigint[], %(units)s::numeric[]) AS wanted(id, units)
    WHERE l.id = wanted.id AND l.order_id = %(order)s AND l.fulfilled_quantity - l.returned_quantity >= wanted.units
    RETURNING l.id
), stepped AS (
    UPDATE orders_order SET version = %(version)s, updated_at = %(at)s WHERE id = %(order)s
)
SELECT id FROM claimed
"""
_THESE = "WHERE order_id = %s AND id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"


def claim_units(order: Order, units: Mapping[int, Decimal], *, at: datetime) -> None:
    """Note that so many units of these lines (by id) are to come back. The order must be locked.

    Raises:
        NotThatManySent: more than were sent and are not back, or on their way back, yet.
    """
    events.require_transaction("What comes back")
    order.next_version(at=at)
    wanted = {"order": order.pk, "version": order.version, "at": at}
    claimed = fetch_all(_CLAIM, wanted | {"lines": list(units), "units": list(units.values())})
    if len(claimed) < len(units):
        raise _too_many(order, units, set(units) - {line for (line,) in claimed})


def _too_many(order: Order, units: Mapping[int, Decimal], refused: set[int]) -> NotThatManySent:
    for line in OrderLine.objects.filter(order=order, id__in=refused).order_by("id"):
        return NotThatManySent(line.position, line.fulfilled_quantity - line.returned_quantity)
    return NotThatManySent(min(refused), Decimal(0))


def free_units(order: Order, units: Mapping[int, Decimal], *, at: datetime) -> None:
    """They do not come back after all, or are with the customer again. The order must be locked."""
    events.require_transaction("What comes back")
    lines = fetch_objects(OrderLine, _THESE, [order.pk, sorted(units)])
    if len(lines) < len(units):
        raise NotThatManySent(min(set(units) - {line.pk for line in lines}), Decimal(0))
    for line in lines:
        line.returned_quantity -= units[line.pk]
    changed = [as_update(line, ["returned_quantity"]) for line in lines]
    update_tables({OrderLine: changed, Order: [order.next_version(at=at)]})
