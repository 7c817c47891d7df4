"""Holding an order back, and lifting a hold."""

from collections.abc import Collection
from datetime import datetime

from oms import events
from oms.transactions import transactional
from orders.absences import HoldNotFound
from orders.actions.releasing import release_if_free
from orders.errors import HoldNotLiftable
from orders.events import HoldLifted, OrderHeld
from orders.models import Hold, Order

# These end with their cause: stock arrives, the window runs out or is ended, the change that waits is done or given up,
# the parcel comes back.
NOT_BY_HAND = {
    Hold.Reason.EDIT_WINDOW: "The edit window ends by itself; release the order to end it now.",
    Hold.Reason.STOCK_SHORT: "This hold ends when stock arrives; receive stock, or cancel the order.",
    Hold.Reason.EDIT_OPEN: "This hold ends with the change that waits: decide on it, or withdraw it.",
    Hold.Reason.EXCHANGE_AWAITING_RETURN: "This hold ends when the return arrives.",
}


@transactional
def hold_order(*, number: str, reason: str, detail: str = "", by: str, at: datetime) -> Hold:
    """Keep the order back. Holding twice for one reason is harmless: the first hold stands.

    Raises:
        OrderNotFound, OrderAlreadyCancelled, OrderAlreadyClosed.
    """
    order = Order.objects.locked(number)
    order.refuse_ended()
    if standing := order.holds.open(at=at).filter(reason=reason).first():
        return standing

    order.holds.filter(reason=reason, closed_at=None).update(closed_at=at, closed_by="system")
    hold = Hold.objects.create(order=order, reason=reason, detail=detail, opened_at=at, opened_by=by)
    if order.status == Order.Status.RELEASED:
        order.move_to(Order.Status.HELD, at=at)
    else:
        order.touch(at=at)
    events.publish([OrderHeld(subject=number, by=by, at=at, facts={"reason": reason, "detail": detail})])
    return hold


@transactional
def lift_hold(*, number: str, hold_id: int, by: str, at: datetime) -> Order:
    """End one hold; when it was the last, the order goes out.

    Raises:
        OrderNotFound, HoldNotFound.
        HoldNotLiftable: only its cause can end it.
    """
    order = Order.objects.locked(number)
    hold = order.holds.open(at=at).filter(id=hold_id).first()
    if hold is None:
        raise HoldNotFound(hold_id)
    if advice := NOT_BY_HAND.get(Hold.Reason(hold.reason)):
        raise HoldNotLiftable(advice, reason=hold.reason)
    if order.test and hold.reason == Hold.Reason.STAFF:
        raise HoldNotLiftable("A test order never goes out; cancel it when you are done.", reason=hold.reason)

    close_holds(order, reasons=[hold.reason], by=by, at=at)
    release_if_free(order, by=by, at=at)
    return order


def close_holds(order: Order, *, reasons: Collection[str], by: str, at: datetime) -> int:
    """Close the order's open holds of these reasons and say so. The order must be locked; how many there were."""
    ending = list(order.holds.filter(reason__in=reasons, closed_at=None))
    if not ending:
        return 0
    Hold.objects.filter(id__in=[hold.id for hold in ending]).update(closed_at=at, closed_by=by)
    order.touch(at=at)
    events.publish([HoldLifted(subject=order.number, by=by, at=at, facts={"reason": hold.reason}) for hold in ending])
    return len(ending)
