"""Taking work back from a warehouse that has not accepted it yet; what is accepted has to be asked for."""

from collections.abc import Sequence
from datetime import datetime

from inventory.actions.allocating import free_allocations
from oms import events
from oms.writing import update_rows
from orders.actions.shipping.discarding import discard_labels
from orders.errors import NotRoutable, OrderAtWarehouse
from orders.events import FulfillmentWithdrawn
from orders.models import Fulfillment, Order

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus
_ENDED = ["status", "request_status", "closed_at", "reason", "note", "version"]


def lock_live(order: Order) -> list[Fulfillment]:
    """The order's live fulfillments, locked. The order must be."""
    live = order.fulfillments.live().select_related("warehouse").order_by("id")
    return list(live.select_for_update(of=("self",), no_key=True))


def refuse_in_hand(order: Order, live: Sequence[Fulfillment]) -> None:
    """
    Raises:
        OrderAtWarehouse: a warehouse works on one of them.
    """
    if in_hand := [each for each in live if each.is_in_hand]:
        raise OrderAtWarehouse(order.number, [(each.number, each.warehouse.code) for each in in_hand])


def refuse_unroutable(order: Order) -> None:
    """
    Raises:
        OrderAlreadyCancelled, OrderAlreadyClosed.
        NotRoutable: it is still held, or is to be cancelled.
    """
    order.refuse_ended()
    if order.status != Order.Status.RELEASED:
        raise NotRoutable(f"Order {order.number} is still held; release it first.", reasons=["held"])
    if order.cancellation is not None:
        detail = f"Order {order.number} is to be cancelled: a warehouse is asked to stop it. Wait for its answer."
        raise NotRoutable(detail, reasons=["stopping"])


def withdraw_fulfillments(order: Order, *, because: str, by: str, at: datetime) -> list[Fulfillment]:
    """Take back what no warehouse has accepted; its stock stays promised, the order needs a way again.

    The order must be locked. Those in a warehouse's hands are left alone and returned.
    """
    if not order.fulfillment_count:
        return []
    live = lock_live(order)
    ending = [each for each in live if not each.is_in_hand]
    if ending:
        end_fulfillments(ending, reason=because, by=by, at=at)
        events.publish([_withdrawn(order, each, because, by=by, at=at) for each in ending])
    if ending or order.routed_at is not None:
        order.routed_at = order.route_after = None
        order.touch("routed_at", "route_after", at=at)
    return [each for each in live if each.is_in_hand]


def end_fulfillments(
    ending: Sequence[Fulfillment],
    *,
    reason: str,
    note: str = "",
    request_status: str | None = None,
    by: str,
    at: datetime,
) -> None:
    """Cancel locked fulfillments: their units go back to the shelf, their labels back to the carrier."""
    for each in ending:
        each.status, each.closed_at, each.reason, each.note = Status.CANCELLED, at, reason, note[:255]
        each.request_status = request_status or each.request_status
        each.version += 1
    update_rows(ending, _ENDED)
    discard_labels([each.pk for each in ending], by=by, at=at)
    free_allocations([each.number for each in ending], by=by, at=at)


def _withdrawn(order: Order, each: Fulfillment, because: str, *, by: str, at: datetime) -> FulfillmentWithdrawn:
    facts = {"fulfillment": each.number, "warehouse": each.warehouse.code, "reason": because}
    return FulfillmentWithdrawn(subject=order.number, by=by, at=at, facts=facts)
