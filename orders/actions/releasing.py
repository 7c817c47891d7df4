"""Releasing: an order goes to the warehouse exactly when nothing holds it."""

from datetime import datetime

from django.db.models import F

from oms import events
from oms.sql import fetch_all
from oms.transactions import transactional
from orders.errors import OrderStillHeld
from orders.events import HoldLifted, OrderReleased
from orders.models import Hold, Order


@transactional
def release_order(*, number: str, by: str, at: datetime) -> Order:
    """Let the order go once nothing holds it. Releasing twice is harmless.

    Raises:
        OrderNotFound, OrderAlreadyCancelled, OrderAlreadyClosed.
        OrderStillHeld: names the reasons.
    """
    order = Order.objects.locked(number)
    order.refuse_ended()
    if order.status == Order.Status.RELEASED:
        return order

    if reasons := list(order.holds.open(at=at).values_list("reason", flat=True)):
        raise OrderStillHeld(number, reasons)
    release_if_free(order, by=by, at=at)
    return order


@transactional
def end_edit_window(*, number: str, by: str, at: datetime) -> Order:
    """End the edit window now; the order goes out unless other holds keep it. Ending it twice is harmless.

    Raises:
        OrderNotFound, OrderAlreadyCancelled, OrderAlreadyClosed.
    """
    order = Order.objects.locked(number)
    order.refuse_ended()
    open_windows = order.holds.filter(reason=Hold.Reason.EDIT_WINDOW, closed_at=None)
    if open_windows.update(closed_at=at, closed_by=by):
        order.touch(at=at)
        ended = HoldLifted(subject=number, by=by, at=at, facts={"reason": Hold.Reason.EDIT_WINDOW})
        events.publish([ended])
    release_if_free(order, by=by, at=at)
    return order


def release_if_free(order: Order, *, by: str, at: datetime) -> bool:
    """Release a locked, held order if no hold is open any more; True when it went."""
    if order.status != Order.Status.HELD or order.holds.open(at=at).exists():
        return False
    order.holds.filter(closed_at=None).update(closed_at=at, closed_by="system")  # windows that ran out by themselves
    order.move_to(Order.Status.RELEASED, at=at)
    events.publish([OrderReleased(subject=order.number, by=by, at=at)])
    return True


_END_WINDOWS = """
WITH due AS MATERIALIZED (
    SELECT o.id, o.number FROM orders_order o
    WHERE o.id IN (SELECT h.order_id FROM orders_hold h WHERE h.closed_at IS NULL AND h.until <= %(at)s
                   ORDER BY h.until LIMIT %(limit)s)
    ORDER BY o.id FOR NO KEY UPDATE SKIP LOCKED
), ended AS (
    UPDATE orders_hold h SET closed_at = %(at)s, closed_by = %(by)s
    FROM due WHERE h.order_id = due.id AND h.closed_at IS NULL AND h.until <= %(at)s
)
SELECT due.id, due.number, NOT EXISTS (
    SELECT FROM orders_hold other
    WHERE other.order_id = due.id AND other.closed_at IS NULL AND (other.until IS NULL OR other.until > %(at)s)
) FROM due ORDER BY due.id
"""


@transactional
def release_due_orders(*, by: str, at: datetime, limit: int = 500) -> int:
    """End the windows that have run out and release what nothing else holds; how many windows were ended.

    Orders that somebody else is working on are left for the next look.
    """
    due = fetch_all(_END_WINDOWS, {"at": at, "by": by, "limit": limit})
    free = [order_id for order_id, _, is_free in due if is_free]
    released = Order.objects.filter(id__in=free, status=Order.Status.HELD)
    released.update(status=Order.Status.RELEASED, released_at=at, updated_at=at, version=F("version") + 1)
    events.publish([OrderReleased(subject=number, by=by, at=at) for _, number, is_free in due if is_free])
    return len(due)
