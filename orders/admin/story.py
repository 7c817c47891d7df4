"""Where an order stands, in one plain sentence."""

from collections.abc import Callable, Sequence
from datetime import datetime

from oms.templatetags.showing import clock, say_when
from orders.admin.choices import say_known_reason
from orders.models import Hold, Order

Reason = Hold.Reason

_WAITS_FOR: dict[str, Callable[[Order], str]] = {
    Reason.PAYMENT: lambda order: f"it waits for payment of {order.balance}",
    Reason.FRAUD_REVIEW: lambda order: "somebody must decide whether it is fraud",
    Reason.ADDRESS_CHECK: lambda order: "somebody must check the address",
    Reason.STOCK_SHORT: lambda order: "it waits for stock",
    Reason.TOTALS_MISMATCH: lambda order: "somebody must look at its totals",
    Reason.EDIT_OPEN: lambda order: "a change of it waits for payment or for us",
    Reason.EXCHANGE_AWAITING_RETURN: lambda order: "the goods it replaces must come back first",
    Reason.STAFF: lambda order: "staff hold it back",
}


def tell_story(order: Order, holds: Sequence[Hold], *, at: datetime) -> str:
    """What the order is waiting for, or what became of it. `holds` are the open ones."""
    if order.status == Order.Status.CANCELLED:
        return _tell_cancelled(order, at)
    if order.status == Order.Status.CLOSED:
        return "Nothing is left to do: everything on it has been shipped or settled."
    if order.status == Order.Status.RELEASED:
        when = say_when(order.released_at, now=at) if order.released_at else "already"
        return f"Released {when}; it is with the warehouse now."
    return _tell_held(order, holds)


def _tell_cancelled(order: Order, at: datetime) -> str:
    when = say_when(order.cancelled_at, now=at) if order.cancelled_at else ""
    owed = f" {-order.balance} is owed back to the customer." if order.balance.amount < 0 else ""
    reason = f": {say_known_reason(order.cancel_reason).rstrip('.')}" if order.cancel_reason else ""
    return f"Cancelled {when}{reason}.{owed}"


def _tell_held(order: Order, holds: Sequence[Hold]) -> str:
    window = next((hold.until for hold in holds if hold.reason == Reason.EDIT_WINDOW), None)
    waits = [_WAITS_FOR[hold.reason](order) for hold in holds if hold.reason in _WAITS_FOR]
    if not holds:
        return "Nothing holds it any more; it goes to the warehouse within a minute."
    if not waits:
        until = f"until {clock(window)} " if window else ""
        return f"Held {until}while the customer may edit; then it goes to the warehouse."

    editable = f" The customer may still edit until {clock(window)}." if window else ""
    return f"Held: {_join(waits)}.{editable}"


def _join(parts: Sequence[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)}, and {last}" if most else last
