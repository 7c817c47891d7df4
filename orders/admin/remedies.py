"""What solves the exceptions of orders: each remedy is one call of an action that stands elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from oms.admin.desks import Desk, Remedy
from oms.models import ExceptionItem
from orders.actions.holding import hold_order, lift_hold
from orders.actions.intake.quarantining import dismiss_messages
from orders.actions.intake.taking import retry_messages
from orders.actions.money.reimbursing import settle_by_hand
from orders.actions.money.repaying import retry_repayment
from orders.actions.routing.rerouting import find_way
from orders.actions.shipping.intercepting import answer_intercept
from orders.actions.shipping.labelling import replace_label, want_label
from orders.actions.write_back.reviewing import dismiss_write_back, send_again
from orders.admin.order_buttons import CancelForm, cancel_or_ask
from orders.admin.repayments import SettleForm
from orders.admin.routing.override import solve_quickly
from orders.models import Hold

Answer = Mapping[str, Any]


class WhyForm(forms.Form):
    note = forms.CharField(max_length=255, help_text="Why nothing has to be done. It stays with it.")


def _order_page(item: ExceptionItem) -> str:
    return reverse("admin:orders_order_change", args=[item.subject])


def _call_order(item: ExceptionItem) -> str:
    return f"order {item.subject}"


def _lift(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    lift_hold(number=item.subject, hold_id=item.key, by=by, at=at)
    return f"Order {item.subject} is no longer held for this."


def _cancel(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    waits = cancel_or_ask(item.subject, dict(answer), by, at)
    if waits:
        return f"Order {item.subject} is to be cancelled once somebody has approved it, or its warehouse could stop."
    return f"Order {item.subject} is cancelled."


def _hold(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    hold_order(number=item.subject, reason=Hold.Reason.STAFF, detail=item.cause[:255], by=by, at=at)
    return f"Order {item.subject} is held by staff."


def _send_again(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    sent = send_again(write_back_id=item.key, by=by, at=at)
    return f"Order {item.subject}: on its way to {sent.target.name}."


def _dismiss_write_back(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    dismiss_write_back(write_back_id=item.key, note=answer["note"], by=by, at=at)
    return f"The message about order {item.subject} is put aside."


def _retry_message(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    outcomes = retry_messages(ids=[item.key], by=by, at=at)
    if not outcomes:
        return f"Message {item.key} had been settled already."
    still = outcomes[0].status == "quarantined"
    return f"Message {item.key} {'still cannot be taken; its reason may be another one now' if still else 'is taken'}."


def _dismiss_message(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    dismiss_messages(ids=[item.key], note=answer["note"], by=by, at=at)
    return f"Message {item.key} is put aside."


def _retry_repayment(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    retry_repayment(repayment_id=item.key, by=by, at=at)
    return f"The repayment of order {item.subject} is on its way again."


def _settle_repayment(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    settle_by_hand(repayment_id=item.key, reference=answer["reference"], by=by, at=at)
    return f"The repayment of order {item.subject} is on record as done."


def _label(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    want_label(number=item.facts["fulfillment"], by=by, at=at)
    return f"A label is looked for again for fulfillment {item.facts['fulfillment']}."


def _reroute(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    wave = find_way(number=item.subject, solve=solve_quickly, by=by, at=at)
    if wave is None or not wave.unrouted:
        return f"Order {item.subject} has a way now."
    return f"Order {item.subject}: there is still no way to send it."


def _intercepted(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    answer_intercept(intercept_id=item.key, done=True, note=answer["note"], by=by, at=at)
    return f"Parcel {item.facts['shipment']} goes to the new address."


def _not_intercepted(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    answer_intercept(intercept_id=item.key, done=False, note=answer["note"], by=by, at=at)
    return f"Parcel {item.facts['shipment']} goes where it was sent."


class SaidForm(forms.Form):
    note = forms.CharField(max_length=255, required=False, help_text="What the carrier said, or its own number.")


def _label_back(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    replace_label(label_id=item.key, reason="", by=by, at=at)
    return f"A label is looked for again for return {item.facts['rma']}."


LIFT = Remedy(
    name="lift",
    label="It is all right: lift the hold",
    permission="orders.lift_hold",
    consequence="The order is no longer held for this. If nothing else holds it, it goes to the warehouse.",
    act=_lift,
    tone="primary",
)
CANCEL = Remedy(
    name="cancel",
    label="Cancel the order",
    permission="orders.cancel_order",
    consequence="Everything that has not shipped is cancelled, its stock is freed, and what was paid goes back. This "
    "cannot be undone. Where “Who may change what” asks for it, somebody has to approve it first.",
    act=_cancel,
    form=CancelForm,
    tone="bad",
)
HOLD = Remedy(
    name="hold",
    label="Hold the order",
    permission="orders.hold_order",
    consequence="It does not go out until somebody lifts the hold; what no warehouse has accepted yet is taken back.",
    act=_hold,
)
LABEL_BACK = Remedy(
    name="label_back",
    label="Look for a label again",
    permission="orders.buy_label",
    consequence="Carriers are asked anew what they want for bringing it back, with the address and the rates of today.",
    act=_label_back,
    tone="primary",
)
LABEL = Remedy(
    name="label",
    label="Look for a label again",
    permission="orders.buy_label",
    consequence="Carriers are asked once more for what is refused now. Mend the address or the parcel first.",
    act=_label,
    tone="primary",
)
REROUTE = Remedy(
    name="reroute",
    label="Route it again now",
    permission="orders.route_order",
    consequence="A way is looked for with the stock, warehouses and rules of this moment.",
    act=_reroute,
    tone="primary",
)
INTERCEPTED = Remedy(
    name="done",
    label="The carrier sends it there",
    permission="orders.route_order",
    consequence="Say so once the carrier has promised it. The customer is told by mail and on the order's page.",
    act=_intercepted,
    form=SaidForm,
    tone="primary",
)
NOT_INTERCEPTED = Remedy(
    name="refused",
    label="It cannot be stopped",
    permission="orders.route_order",
    consequence="The parcel goes where it was sent. The customer is told by mail and on the order's page.",
    act=_not_intercepted,
    form=SaidForm,
    tone="bad",
)
SEND_AGAIN = Remedy(
    name="again",
    label="Send again",
    permission="orders.settle_write_back",
    consequence="The other system is told once more, of the order as it is now. Mend the cause first.",
    act=_send_again,
    tone="primary",
)
DISMISS_WRITE_BACK = Remedy(
    name="dismiss",
    label="Dismiss the message",
    permission="orders.settle_write_back",
    consequence="The other system is not told of it any more.",
    act=_dismiss_write_back,
    form=WhyForm,
    tone="bad",
)
RETRY_MESSAGE = Remedy(
    name="retry",
    label="Take it now",
    permission="orders.settle_quarantine",
    consequence="The message is read again, as if it came in now. Mend the cause first.",
    act=_retry_message,
    tone="primary",
)
DISMISS_MESSAGE = Remedy(
    name="dismiss",
    label="Dismiss the message",
    permission="orders.settle_quarantine",
    consequence="The message is put aside for good. Nothing of it is deleted.",
    act=_dismiss_message,
    form=WhyForm,
    tone="bad",
)
RETRY_REPAYMENT = Remedy(
    name="again",
    label="Ask the gateway again",
    permission="orders.settle_repayment",
    consequence="The gateway is asked once more. Mend the cause first, or it will refuse again.",
    act=_retry_repayment,
    applies=lambda item: item.facts.get("state") == "FAILED",
    tone="primary",
)
SETTLE_REPAYMENT = Remedy(
    name="settle",
    label="It went back",
    permission="orders.settle_repayment",
    consequence="Say so only once the money has left: no gateway will be asked for it any more.",
    act=_settle_repayment,
    form=SettleForm,
    tone="bad",
    bulk=False,
)


def _of_orders(*remedies: Remedy) -> Desk:
    return Desk(page=_order_page, called=_call_order, remedies=remedies)


def _of_row(page: str, called: str, *remedies: Remedy) -> Desk:
    """Things that have a page of their own, by their id."""
    return Desk(
        page=lambda item: reverse(f"admin:{page}_change", args=[item.key]),
        called=lambda item: called.format(item=item),
        remedies=remedies,
    )


DESKS: Mapping[str, Desk] = {
    "address": _of_orders(LIFT, CANCEL),
    "payment": _of_orders(CANCEL),
    "fraud": _of_orders(LIFT, CANCEL),
    "stock_short": _of_orders(CANCEL),
    "totals": _of_orders(LIFT, CANCEL),
    "no_route": _of_orders(REROUTE, HOLD, CANCEL),
    "short_pick": _of_orders(HOLD, CANCEL),
    "rejected": _of_orders(HOLD, CANCEL),
    "carrier": _of_orders(LABEL, HOLD),
    "return_label": _of_orders(LABEL_BACK),
    "stopping": _of_orders(),
    "cut_off_missed": _of_orders(),
    "delayed": _of_orders(),
    "undelivered": _of_orders(),
    "intercept": _of_orders(INTERCEPTED, NOT_INTERCEPTED),
    "stock_out": _of_row("orders_writebacktarget", "channel {item.subject}"),
    "write_back": _of_row("orders_writeback", "message about order {item.subject}", SEND_AGAIN, DISMISS_WRITE_BACK),
    "quarantine": _of_row(
        "orders_quarantinedmessage", "message of channel {item.subject}", RETRY_MESSAGE, DISMISS_MESSAGE
    ),
    "repayment": _of_row("orders_repayment", "repayment of order {item.subject}", RETRY_REPAYMENT, SETTLE_REPAYMENT),
}
