"""Where an order stands, in one plain sentence."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from oms.templatetags.showing import clock, say_when
from orders.admin.choices import say_known_reason
from orders.models import Fulfillment, Hold, Order, Shipment

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
        return _tell_parcels(order) or "Nothing is left to do: everything on it has been shipped or settled."
    if order.status == Order.Status.RELEASED:
        return _tell_released(order, at)
    return _tell_held(order, holds)


def _tell_released(order: Order, at: datetime) -> str:
    """Who is to send it, and how far they are."""
    when = say_when(order.released_at, now=at) if order.released_at else "already"
    work = [_tell_work(each) for each in order.fulfillments.live().select_related("warehouse").order_by("sequence")]
    if order.routed_at is None and order.route_after is not None:
        work.append("nobody can send the rest" if work else "nobody can send it: see what is missing under Routing")
    elif order.routed_at is None:
        work.append("a way is looked for the rest" if work else "a warehouse is looked for")
    sentence = f"Released {when}; {_join(work)}." if work else f"Released {when}."
    return f"{sentence} {_tell_parcels(order)}".rstrip()


def _tell_work(each: Fulfillment) -> str:
    if each.request_status == Fulfillment.RequestStatus.CANCELLATION_REQUESTED:
        return f"{each.warehouse.name} is asked to stop it"
    if each.picked_at:
        return f"{each.warehouse.name} has picked it"
    if each.is_in_hand:
        return f"{each.warehouse.name} works on it"
    by = f" by {clock(each.ship_by)}" if each.ship_by else ""
    return f"{each.warehouse.name} is to send it{by}"


def _tell_parcels(order: Order) -> str:
    """ "2 parcels have left: 1 in transit, 1 delivered." or "" where none has."""
    parcels = Shipment.objects.filter(fulfillment__order=order).order_by("id") if order.fulfillment_count else ()
    states = Counter(parcel.get_status_display() for parcel in parcels)
    if not states:
        return ""
    number = states.total()
    said = ", ".join(f"{count} {state}" for state, count in states.items()) if number > 1 else next(iter(states))
    return f"{number} parcels have left: {said}." if number > 1 else f"Its parcel has left: {said}."


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
