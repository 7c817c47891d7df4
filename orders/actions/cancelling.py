"""Cancelling a whole order before it ships."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from inventory.actions.reserving import let_go
from oms import events
from oms.transactions import transactional
from orders.actions.edits.abandoning import abandon_open_edit
from orders.actions.fulfilling.stopping import ask_to_stop
from orders.actions.fulfilling.withdrawing import lock_live, withdraw_fulfillments
from orders.actions.money.charging import cancel_checkouts
from orders.actions.money.repaying import leave_to_channel, repay_surplus
from orders.errors import OrderAlreadyClosed, OrderPartlyShipped
from orders.events import OrderCancelled
from orders.models import Edit, Fulfillment, Order, Payment


@transactional
def cancel_order(*, number: str, reason: str, by: str, at: datetime, repay: bool = True) -> Order:
    """Cancel what has not shipped, close its holds and give its stock to whoever waits. Cancelling twice is harmless.

    What a warehouse has accepted can only be asked back: then the order stays as it is until the warehouse has
    answered, and is cancelled by `finish_cancellation` if it could stop.

    What was captured is sent back. With `repay` false the channel cancelled, and settles what it took: that stays on
    the order as a negative balance. What was only promised is voided, a change that waited is given up, and nobody is
    asked for money any more.

    Raises:
        OrderNotFound.
        OrderAlreadyClosed, OrderPartlyShipped: it, or part of it, has left.
    """
    order = Order.objects.locked(number)
    if order.status == Order.Status.CANCELLED:
        return order
    if order.status == Order.Status.CLOSED:
        raise OrderAlreadyClosed(number)
    if order.fulfillment_status != Order.FulfillmentStatus.UNFULFILLED:
        raise OrderPartlyShipped(number)
    if in_hand := withdraw_fulfillments(order, because="cancelled", by=by, at=at):
        _ask_warehouses(order, in_hand, reason=reason, repay=repay, by=by, at=at)
        return order

    abandon_open_edit(order, state=Edit.State.CANCELED, note="The order was cancelled.", by=by, at=at)
    cancel_checkouts(order, by=by, at=at)
    order.lines.update(cancelled_quantity=F("quantity"))
    order.holds.filter(closed_at=None).update(closed_at=at, closed_by=by, closed_because={"code": "cancelled"})
    order.credited = order.total
    not_captured = order.payments.filter(status__in=[Payment.Status.PENDING, Payment.Status.AUTHORIZED])
    if not_captured.update(status=Payment.Status.VOIDED) and not order.paid:
        order.financial_status = Order.FinancialStatus.VOIDED
    order.save(update_fields=["credited", "financial_status"])
    order.move_to(Order.Status.CANCELLED, at=at, reason=reason)
    events.publish([OrderCancelled(subject=number, by=by, at=at, facts={"reason": reason, "by_shop": not repay})])

    give_back = repay_surplus if repay else leave_to_channel
    give_back(order, reason=f"Cancelled: {reason}" if reason else "Cancelled", by=by, at=at)
    let_go([number], by=by, at=at)
    return order


def _ask_warehouses(
    order: Order, in_hand: Sequence[Fulfillment], *, reason: str, repay: bool, by: str, at: datetime
) -> None:
    """The wish is kept on the order; nothing else of it changes before the answer."""
    if order.cancellation is None:
        order.cancellation = {"reason": reason, "by": by, "repay": repay}
        order.touch("cancellation", at=at)
    for each in in_hand:
        each.order = order
    ask_to_stop(in_hand, reason=reason, by=by, at=at)


@transactional
def finish_cancellation(*, number: str, stopped: bool, by: str, at: datetime) -> Order:
    """A warehouse has answered. Once all could stop the order is cancelled as it was wished; one that could not, or
    has shipped, ends the wish. Twice is harmless.

    Raises:
        OrderNotFound
    """
    order = Order.objects.locked(number)
    wish = order.cancellation
    if wish is None:
        return order
    left = any(each.is_in_hand for each in lock_live(order))
    if stopped and left:
        return order

    order.cancellation = None
    order.touch("cancellation", at=at)
    if not stopped or order.fulfillment_status != Order.FulfillmentStatus.UNFULFILLED:
        return order
    return cancel_order(number=number, reason=wish["reason"], repay=wish["repay"], by=wish["by"], at=at)
