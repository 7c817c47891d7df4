"""Releasing: an order goes to the warehouse exactly when nothing holds it."""

from datetime import datetime

from oms import events
from oms.sql import fetch_all, fetch_one
from oms.transactions import transactional
from orders.actions.windows.ending import close_window
from orders.errors import OrderStillHeld
from orders.events import OrderReleased
from orders.models import Order


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
    close_window(order, because={"code": "released"}, by=by, at=at)
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


_LOCK_DUE = """
SELECT o.id FROM orders_order o
WHERE o.id IN (SELECT h.order_id FROM orders_hold h WHERE h.closed_at IS NULL AND h.until <= %(at)s
               ORDER BY h.until LIMIT %(limit)s)
ORDER BY o.id FOR NO KEY UPDATE SKIP LOCKED
"""

# A statement of its own: what others did to these orders before we had the locks must be seen.
_END_WINDOWS = """
WITH ended AS (
    UPDATE orders_hold SET closed_at = %(at)s, closed_by = %(by)s
    WHERE order_id = ANY(%(orders)s::bigint[]) AND closed_at IS NULL AND until <= %(at)s
    RETURNING id
), released AS (
    UPDATE orders_order o SET status = 'RELEASED', released_at = %(at)s, updated_at = %(at)s, version = version + 1
    WHERE o.id = ANY(%(orders)s::bigint[]) AND o.status = 'HELD' AND NOT EXISTS (
        SELECT FROM orders_hold other
        WHERE other.order_id = o.id AND other.closed_at IS NULL AND (other.until IS NULL OR other.until > %(at)s)
    )
    RETURNING o.id, o.number
)
SELECT (SELECT count(*) FROM ended), (SELECT array_agg(number ORDER BY id) FROM released)
"""


@transactional
def release_due_orders(*, by: str, at: datetime, limit: int = 500) -> int:
    """End the windows that have run out and release what nothing else holds; how many windows were ended.

    Orders that somebody else is working on are left for the next look.
    """
    due = [order_id for (order_id,) in fetch_all(_LOCK_DUE, {"at": at, "limit": limit})]
    if not due:
        return 0
    ended, released = fetch_one(_END_WINDOWS, {"orders": due, "at": at, "by": by})
    events.publish([OrderReleased(subject=number, by=by, at=at) for number in released or ()])
    return ended
