"""A channel changes an order that is here already: the newer message wins, an older one changes nothing."""

from datetime import datetime
from typing import Any

from django.db.models import F

from inventory.actions.reserving import let_go, rebook
from inventory.models import Reservation
from oms import events
from oms.quantities import plain
from orders.actions.cancelling import cancel_order
from orders.actions.drafting import add_up_incoming, check_against_catalogue
from orders.actions.edits.abandoning import abandon_open_edit
from orders.actions.fulfilling.stopping import ask_to_stop
from orders.actions.fulfilling.withdrawing import withdraw_fulfillments
from orders.actions.holding import close_holds
from orders.actions.intake.matching import match_payments
from orders.actions.intake.refunding import record_refunds
from orders.actions.money.settling import commit_paid_edit, settle_financial_status
from orders.actions.releasing import release_if_free
from orders.actions.rewriting import (
    note_fulfilled,
    rewrite_address,
    rewrite_contact,
    rewrite_lines,
    rewrite_money,
    wanted_stock,
)
from orders.channels.incoming import IncomingOrder
from orders.channels.reasons import cannot_take
from orders.errors import OrderAlreadyClosed, OrderPartlyShipped
from orders.events import OrderClosed, OrderHeld, OrderUpdated
from orders.models import Edit, Hold, Order
from orders.policies.paying import may_ship_unpaid
from orders.queries.edits.channel_news import judge_news
from orders.queries.references import look_up_references

Changes = dict[str, Any]

_SAVED = (
    *("tags", "note", "external_number", "email", "shipping_address", "country", "shipping_method", "ship_after"),
    *("item_total", "discount_total", "shipping_total", "shipping_tax", "tax_total", "tip_total", "duty_total"),
    *("total", "stated_total", "credited", "channel_updated_at"),
)


def has_news(incoming: IncomingOrder, taken: datetime | None) -> bool:
    """True when the message is newer by the channel's own clock than the last one taken.

    Without a clock a message about a known order is a replay: guessing which of two is newer would lose one.
    """
    return incoming.updated_at is not None and (taken is None or incoming.updated_at > taken)


def update_order(number: str, incoming: IncomingOrder, *, by: str, at: datetime) -> str:
    """Bring a known order to what the message says: "updated", "cancelled", or "known" when nothing was new.

    Runs in the caller's transaction. A cancelled order stays cancelled.

    Raises:
        CannotTake: the change comes too late, or cannot be.
        Invalid: the message names a SKU we do not have, or amounts that make no order.
    """
    order = Order.objects.locked(number)
    if not has_news(incoming, order.channel_updated_at):
        return "known"
    if incoming.cancelled_at:
        return _cancel(order, incoming, by=by, at=at)

    changes = rewrite_contact(order, incoming)
    if order.status not in (Order.Status.CANCELLED, Order.Status.CLOSED):
        changes |= _rewrite_goods(order, incoming, by=by, at=at)
    order.channel_updated_at = incoming.updated_at
    order.touch(*_SAVED, at=at)
    changes |= _take_payments(order, incoming, by=by, at=at)
    if record_refunds(order, incoming.refunds, by=by, at=at):
        changes["refunds"] = {"after": str(order.refunded)}
    if changes:
        events.publish([OrderUpdated(subject=number, by=by, at=at, facts={"changes": changes})])
    if not _close_if_fulfilled(order, incoming, by=by, at=at) and not changes:
        return "known"

    release_if_free(order, by=by, at=at)
    return "updated"


def _cancel(order: Order, incoming: IncomingOrder, *, by: str, at: datetime) -> str:
    if order.status == Order.Status.CANCELLED:
        record_refunds(order, incoming.refunds, by=by, at=at)
        return "known"
    try:
        cancelled = cancel_order(number=order.number, reason=incoming.cancel_reason, by=by, at=at, repay=False)
    except (OrderAlreadyClosed, OrderPartlyShipped) as refusal:
        raise cannot_take("cancelled_too_late", external_id=incoming.external_id, number=order.number) from refusal
    cancelled.channel_updated_at = incoming.updated_at
    cancelled.save(update_fields=["channel_updated_at"])
    record_refunds(cancelled, incoming.refunds, by=by, at=at)
    return "cancelled"


def _rewrite_goods(order: Order, incoming: IncomingOrder, *, by: str, at: datetime) -> Changes:
    """Lines, address and amounts, and the stock they need. What a warehouse has accepted stays as it is."""
    references = look_up_references([incoming], fresh_ids=False)
    check_against_catalogue(incoming, references)
    totals = add_up_incoming(incoming)

    news = judge_news(order, incoming)
    changes = rewrite_address(order, incoming) if news.address else {}
    if not news.goods:
        shipped = note_fulfilled(order, incoming.lines)
        if shipped:
            _stop_warehouses(order, by=by, at=at)
        _overtake(order, shipped, by=by, at=at)
        return changes | shipped
    changes |= rewrite_lines(order, incoming.lines, references.variants)
    if _moves_goods(changes) and withdraw_fulfillments(order, because="channel_changed", by=by, at=at):
        raise cannot_take("changed_too_late", external_id=incoming.external_id, number=order.number)
    changes |= rewrite_money(order, incoming, totals)
    _overtake(order, changes, by=by, at=at)
    if changes:
        _judge_totals(order, by=by, at=at)
    return changes


def _overtake(order: Order, changes: Changes, *, by: str, at: datetime) -> None:
    """What the channel changed, or shipped, is no longer what an edit that waits was planned on; stock follows."""
    if changes:
        overtaken = "The channel changed the order."
        abandon_open_edit(order, state=Edit.State.SUPERSEDED, note=overtaken, by=by, at=at)
        _rebook(order, by=by, at=at)


def _stop_warehouses(order: Order, *, by: str, at: datetime) -> None:
    """The channel shipped it from elsewhere: nobody here is to send it a second time."""
    in_hand = withdraw_fulfillments(order, because="shipped_elsewhere", by=by, at=at)
    for each in in_hand:
        each.order = order
    ask_to_stop(in_hand, reason="shipped_elsewhere", by=by, at=at)


def _moves_goods(changes: Changes) -> bool:
    """True when other goods should go, or elsewhere; prices, and what the channel shipped itself, move nothing."""
    goods = {"kind", "variant_id", "sku", "quantity", "cancelled_quantity", "before"}  # "before": a line that is new
    lines = [change for name, change in changes.items() if name.startswith("line ")]
    return "shipping_address" in changes or any(goods & set(change) for change in lines)


def _rebook(order: Order, *, by: str, at: datetime) -> None:
    shortages = rebook(order.number, wanted_stock(order), queue=True, by=by, at=at)
    if not Reservation.objects.filter(reference=order.number, state=Reservation.State.SHORT).exists():
        close_holds(order, reasons=[Hold.Reason.STOCK_SHORT], by=by, at=at)
    elif shortages and not order.holds.filter(reason=Hold.Reason.STOCK_SHORT, closed_at=None).exists():
        named = ", ".join(f"{plain(shortage.wanted)} × {shortage.sku}" for shortage in shortages)
        _open_hold(order, Hold.Reason.STOCK_SHORT, f"Waits for stock: {named}."[:255], by=by, at=at)


def _judge_totals(order: Order, *, by: str, at: datetime) -> None:
    if not order.totals_mismatch:
        close_holds(order, reasons=[Hold.Reason.TOTALS_MISMATCH], by=by, at=at)
    elif not order.holds.filter(reason=Hold.Reason.TOTALS_MISMATCH, closed_at=None).exists():
        detail = f"The channel says {order.stated_total} {order.currency}, the lines add up to {order.total}."
        _open_hold(order, Hold.Reason.TOTALS_MISMATCH, detail, by=by, at=at)


def _open_hold(order: Order, reason: str, detail: str, *, by: str, at: datetime) -> None:
    Hold.objects.create(order=order, reason=reason, detail=detail, opened_at=at, opened_by=by)
    if order.status == Order.Status.RELEASED:
        order.move_to(Order.Status.HELD, at=at)
    events.publish([OrderHeld(subject=order.number, by=by, at=at, facts={"reason": reason, "detail": detail})])


def _take_payments(order: Order, incoming: IncomingOrder, *, by: str, at: datetime) -> Changes:
    """What was paid by now, and whether that still keeps the order back."""
    before = order.financial_status
    match_payments(order, incoming.all_payments, at=at)
    commit_paid_edit(order, authorized=settle_financial_status(order, at=at), by=by, at=at)
    if order.financial_status == before:
        return {}
    _judge_payment(order, by=by, at=at)
    return {"financial_status": {"before": before, "after": order.financial_status}}


def _judge_payment(order: Order, *, by: str, at: datetime) -> None:
    """What was paid may turn out not to be, or not to be enough any more."""
    if may_ship_unpaid(order.financial_status):
        close_holds(order, reasons=[Hold.Reason.PAYMENT], by=by, at=at)
        return
    waits = order.holds.filter(reason=Hold.Reason.PAYMENT, closed_at=None).exists()
    if order.status in (Order.Status.HELD, Order.Status.RELEASED) and not waits:
        detail = f"The order is {order.financial_status.replace('_', ' ').lower()}."
        _open_hold(order, Hold.Reason.PAYMENT, detail, by=by, at=at)


def _close_if_fulfilled(order: Order, incoming: IncomingOrder, *, by: str, at: datetime) -> bool:
    """The channel shipped it, or part of it, itself: what has left needs no promise. True when the order is closed."""
    words, lines = Order.FulfillmentStatus, list(order.lines.all())
    if order.status in (Order.Status.CANCELLED, Order.Status.CLOSED):
        return False
    if incoming.fulfilled_at or all(line.open_quantity == 0 for line in lines):
        _stop_warehouses(order, by=by, at=at)
        order.lines.update(fulfilled_quantity=F("quantity") - F("cancelled_quantity"))
        order.fulfillment_status = words.FULFILLED
        order.save(update_fields=["fulfillment_status"])
        order.holds.filter(closed_at=None).update(closed_at=at, closed_by=by)
        order.move_to(Order.Status.CLOSED, at=at)
        let_go([order.number], by=by, at=at)
        events.publish([OrderClosed(subject=order.number, by=by, at=at)])
        return True
    if any(line.fulfilled_quantity for line in lines):
        order.fulfillment_status = words.PARTIALLY_FULFILLED
        order.save(update_fields=["fulfillment_status"])
    return False
