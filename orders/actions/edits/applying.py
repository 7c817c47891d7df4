"""Doing an edit: the order's rows become what the plan says, and its promises follow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Model

from inventory.actions.reserving import hand_over, rebook
from inventory.actions.watching import watch_stock
from inventory.models import Reservation
from oms import events
from oms.money import round_amount
from oms.sql import fetch_all
from oms.writing import insert_objects, update_tables
from orders.actions.cancelling import cancel_order
from orders.actions.fulfilling.readdressing import readdress_fulfillments
from orders.actions.fulfilling.withdrawing import refuse_in_hand, withdraw_fulfillments
from orders.actions.holding import close_holds
from orders.actions.money.charging import cancel_checkouts
from orders.actions.money.repaying import Cause, settle_surplus
from orders.actions.releasing import release_if_free
from orders.actions.windows.ending import close_window
from orders.events import OrderEdited
from orders.models import Address, Edit, Fulfillment, Hold, Order, OrderLine
from orders.policies.edits.in_hand import HARMLESS, fits_in_hand
from orders.policies.edits.plan import Plan, read_plan
from orders.policies.edits.state import LineState
from orders.policies.paying import judge_financial_status, may_ship_unpaid
from orders.queries.money import OrderMoney, read_money

Changes = dict[str, Any]

_COLUMNS = (
    *("email", "phone", "shipping_method", "shipping_total", "shipping_tax", "item_total", "discount_total"),
    *("tax_total", "total", "credited"),
)


def commit_edit(
    order: Order, edit: Edit, lines: Sequence[LineState], *, by_hand: bool = False, by: str, at: datetime
) -> None:
    """Do what the edit asks, settle on the balance, and tell. The order must be locked, `lines` are its lines.

    New stock is promised before old is let go, in the same statement; stock is touched last. `by_hand`: what goes back
    a person sends.

    Raises:
        StockShort: nothing changed.
        OrderAtWarehouse: a warehouse has accepted it in the meantime, and this cannot be changed in its hands.
    """
    if is_cancellation(edit):
        _cancel(order, edit, by=by, at=at)
        return
    kept = _call_back(order, edit, by=by, at=at)
    plan, money = _read_plan(order, edit), read_money(order.pk)
    changes, waited = _rewrite(order, edit, plan, lines, money, by=by, at=at)
    if kept and "shipping_address" in changes:
        readdress_fulfillments(order, kept, by=by, at=at)
    cause = Cause(f"Edit {edit.pk}", edit, by_hand=by_hand)
    _, told = settle_surplus(order, money, cause, by=by, at=at)
    events.publish([_told(order, edit, changes, by=by, at=at), *told])

    if waited:
        hand_over(edit.stock_reference, to=order.number)
    rebook(order.number, {} if order.test else plan.wanted, queue=False, by=by, at=at)
    standing = _look_at_holds(order, plan, at=at)
    _keep_window_true(order, plan, standing, by=by, at=at)
    if _close_causeless(order, standing, by=by, at=at) or waited:
        release_if_free(order, by=by, at=at)


def _call_back(order: Order, edit: Edit, *, by: str, at: datetime) -> list[Fulfillment]:
    """Take back what no warehouse has accepted: it is routed anew, as it is then. What stays in a warehouse's hands."""
    if all(operation["op"] == HARMLESS for operation in edit.operations):
        return []
    in_hand = withdraw_fulfillments(order, because="edited", by=by, at=at)
    partner = any(each.warehouse.partner for each in in_hand)
    if in_hand and not fits_in_hand(edit.operations, country=order.country, partner=partner):
        refuse_in_hand(order, in_hand)
    return in_hand


def _read_plan(order: Order, edit: Edit) -> Plan:
    """The plan; what it leaves alone (contact, what was credited) may have moved on while it waited."""
    plan = read_plan(edit.plan, credited=order.credited)
    contact: Mapping[str, Any] = next((each for each in edit.operations if each["op"] == "change_contact"), {})
    return replace(
        plan,
        email=plan.email if "email" in contact else order.email,
        phone=plan.phone if "phone" in contact else order.phone,
    )


_STANDING = """
SELECT h.reason, h.above, CASE WHEN h.reason = 'EDIT_WINDOW' THEN ARRAY(
    SELECT v.sku FROM inventory_availability a JOIN inventory_variant v ON v.id = a.variant_id
    WHERE a.low AND v.id = ANY(%(variants)s::bigint[]) ORDER BY v.sku
) END
FROM orders_hold h
WHERE h.order_id = %(order)s AND h.closed_at IS NULL AND (h.until IS NULL OR h.until > %(at)s)
"""


class _Standing(NamedTuple):
    """A hold that is open now. `low`: for an edit window, the order's SKUs whose stock is low."""

    reason: str
    above: Decimal | None
    low: Sequence[str] | None


def _look_at_holds(order: Order, plan: Plan, *, at: datetime) -> list[_Standing]:
    rows = fetch_all(_STANDING, {"order": order.pk, "at": at, "variants": list(plan.wanted)})
    return [_Standing(*row) for row in rows]


def is_cancellation(edit: Edit) -> bool:
    """True when it asks for nothing but the end of the whole order."""
    return any(operation["op"] == "cancel_order" for operation in edit.operations)


def _cancel(order: Order, edit: Edit, *, by: str, at: datetime) -> None:
    _end(order, edit, by=by, at=at)
    reason = edit.operations[0].get("reason", "")
    cancel_order(number=order.number, reason=reason, by=by, at=at)  # or asks the warehouse to stop
    order.refresh_from_db()


def _end(order: Order, edit: Edit, *others: Model, by: str, at: datetime) -> bool:
    """Mark it as done, and write with it what it adds; True when it had waited, with promises and a hold of its own."""
    waited = edit.deadline is not None
    edit.state, edit.ended_at = Edit.State.COMMITTED, at
    if edit.pk is None:
        insert_objects(edit, *others)
    else:
        edit.save()
        insert_objects(*others)
    if waited:
        close_holds(order, reasons=[Hold.Reason.EDIT_OPEN], by=by, at=at)
        cancel_checkouts(order, edit=edit, by=by, at=at)
    return waited


def _rewrite(
    order: Order, edit: Edit, plan: Plan, lines: Sequence[LineState], money: OrderMoney, *, by: str, at: datetime
) -> tuple[Changes, bool]:
    """Lines, address, contact and amounts: before and after of each that differs; and whether the edit had waited."""
    added, updates, changes = _rewrite_lines(order, plan, lines)
    address = Address(**plan.address) if plan.address is not None else None
    waited = _end(order, edit, *([address] if address else []), *added, by=by, at=at)
    if address:
        changes["shipping_address"] = {"before": str(Address(**edit.before["address"])), "after": str(address)}
        order.shipping_address, order.country = address, address.country
    for column in _COLUMNS:
        before, after = getattr(order, column), getattr(plan, column)
        if before != after:
            setattr(order, column, after)
            changes[column] = {"before": _plain(before, order), "after": _plain(after, order)}
    if "total" in changes:
        order.stated_total = None  # the channel's figure was of the order as it was
    order.financial_status = _judge_money(order, money)
    row = order.next_version(*_COLUMNS, "shipping_address", "country", "stated_total", "financial_status", at=at)
    update_tables({OrderLine: updates, Order: [row]})
    return changes, waited


def _rewrite_lines(
    order: Order, plan: Plan, lines: Sequence[LineState]
) -> tuple[list[OrderLine], list[Changes], Changes]:
    """The lines that are new, what is written of those that change, and before and after of each."""
    before = {line.id: line for line in lines}
    added, updates, changes = [], [], {}
    for line in plan.lines:
        was = before.get(line.id) if line.id else None
        if was is None:
            place = {"position": line.position, "kind": line.kind, "offer_item": line.offer_item}
            added.append(OrderLine(order=order, follows_id=line.follows, **place, **_line_columns(line)))
            changes[f"line {line.position}"] = {"before": None, "after": _say(line)}
        elif (columns := _line_columns(line)) != _line_columns(was):
            updates.append({"pk": line.id, **columns})
            changes[f"line {line.position}"] = {"before": _say(was), "after": _say(line)}
    return added, updates, changes


_LINE_COLUMNS = ("variant_id", "sku", "title", "quantity", "unit_price", "discount", "tax")


def _line_columns(line: LineState) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _LINE_COLUMNS}


def _say(line: LineState) -> Mapping[str, str]:
    return {
        "sku": line.sku,
        "title": line.title,
        "quantity": f"{line.quantity.normalize():f}",
        "unit_price": f"{line.unit_price.normalize():f}",
    }


def _plain(value: Any, order: Order) -> Any:
    return str(round_amount(value, order.currency)) if isinstance(value, Decimal) else value


def _judge_money(order: Order, money: OrderMoney) -> str:
    """Another total may be another status: what was paid is judged against it."""
    return judge_financial_status(
        total=order.total,
        paid=order.paid,
        refunded=order.refunded,
        authorized=money.authorized,
        voided=money.voided,
    )


def _close_causeless(order: Order, standing: Sequence[_Standing], *, by: str, at: datetime) -> bool:
    """Close the holds whose cause the edit took away: it is paid in full now, or waits for no stock any more."""
    reasons = Hold.Reason
    over = [
        hold.reason
        for hold in standing
        if (hold.reason == reasons.PAYMENT and may_ship_unpaid(order.financial_status))
        or (hold.reason == reasons.STOCK_SHORT and not _waits_for_stock(order))
    ]
    return close_holds(order, reasons=over, by=by, at=at) > 0 if over else False


def _waits_for_stock(order: Order) -> bool:
    return Reservation.objects.filter(reference=order.number, state=Reservation.State.SHORT).exists()


def _told(order: Order, edit: Edit, changes: Changes, *, by: str, at: datetime) -> OrderEdited:
    facts = {
        "edit": edit.pk,
        "actor": edit.actor,
        "asked_by": edit.by,
        "operations": edit.operations,
        "changes": changes,
        "total": {
            "before": str(round_amount(edit.total_before, order.currency)),
            "after": str(round_amount(edit.total_after, order.currency)),
            "currency": order.currency,
        },
    }
    return OrderEdited(subject=order.number, by=by, at=at, facts=facts)


def _keep_window_true(order: Order, plan: Plan, standing: Sequence[_Standing], *, by: str, at: datetime) -> None:
    """An order with a line whose stock is low goes out at once, also when its own edit made it so.

    A window that lasts while so much is available has the new goods watched, too.
    """
    window = next((hold for hold in standing if hold.reason == Hold.Reason.EDIT_WINDOW), None)
    if window is None:
        return
    if window.above is not None:
        watch_stock(dict.fromkeys(plan.wanted, window.above), by=by, at=at)
    if window.low and close_window(order, because={"code": "low_stock", "skus": window.low}, by=by, at=at):
        release_if_free(order, by=by, at=at)
