"""What staff can tell an order to do. Each button asks first, then calls one action."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.buttons import Button, find_button, press_button
from oms.money import round_amount
from orders.actions.edits.editing import ask_to_cancel
from orders.actions.holding import hold_order, lift_hold
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.releasing import end_edit_window, release_order
from orders.admin.choices import CANCEL_REASONS, GATEWAYS, HOLD_REASONS, say_cancel_reason
from orders.models import Edit, Hold, Order


class HoldForm(forms.Form):
    reason = forms.ChoiceField(choices=HOLD_REASONS)
    detail = forms.CharField(
        label="Note", max_length=255, required=False, help_text="Colleagues read it on the order page."
    )


class CancelForm(forms.Form):
    reason = forms.ChoiceField(choices=CANCEL_REASONS)
    note = forms.CharField(max_length=200, required=False)


class PaymentForm(forms.Form):
    amount = forms.DecimalField(max_digits=16, decimal_places=4, min_value=Decimal("0.0001"))
    gateway = forms.ChoiceField(label="Paid by", choices=GATEWAYS)
    reference = forms.CharField(
        max_length=255, required=False, help_text="The bank's or gateway's own id. The same one again changes nothing."
    )


def press(request: HttpRequest, number: str, name: str) -> HttpResponse:
    button = find_button(BUTTONS, name, request)
    order = _order(number)
    back = reverse("admin:orders_order_change", args=[order.number])
    return press_button(request, button, order, called=f"order {order.number}", back=back)


def lift(request: HttpRequest, number: str, hold_id: int) -> HttpResponse:
    require(request, "orders.lift_hold", "Your role does not include lifting holds.")
    order = _order(number)
    hold = order.holds.filter(id=hold_id).first()
    if hold is None:
        raise Http404("This order has no such hold.")
    reason = hold.get_reason_display()
    question = Question(
        title=f"Lift a hold: order {order.number}",
        consequence=f"The order is no longer held for: {reason}. If nothing else holds it, it goes to the warehouse.",
        submit="Lift this hold",
        back=reverse("admin:orders_order_change", args=[order.number]),
    )

    def act(answer: dict[str, Any]) -> str:
        lifted = lift_hold(number=order.number, hold_id=hold.id, by=actor_of(request), at=timezone.now())
        return _say_where(lifted, f"No longer held for: {reason}.")

    return ask(request, question, act)


def _hold(order: Order, answer: dict[str, Any], by: str, at: datetime) -> str:
    hold = hold_order(number=order.number, reason=answer["reason"], detail=answer["detail"], by=by, at=at)
    return f"Order {order.number} is held for: {hold.get_reason_display()}."


def release_now(*, number: str, by: str, at: datetime) -> Order:
    """End the edit window where there is one; without one, what else holds the order is the reason why not."""
    windows = Hold.objects.open(at=at).filter(order__number=number, reason=Hold.Reason.EDIT_WINDOW)
    verb = end_edit_window if windows.exists() else release_order
    return verb(number=number, by=by, at=at)


def _release(order: Order, answer: dict[str, Any], by: str, at: datetime) -> str:
    return _say_where(release_now(number=order.number, by=by, at=at), "The edit window has ended.")


def cancel_or_ask(number: str, answer: dict[str, Any], by: str, at: datetime) -> bool:
    """Cancel the order as far as staff may; True when it waits for approval instead."""
    return ask_to_cancel(number=number, reason=say_cancel_reason(answer), actor=Edit.Actor.STAFF, by=by, at=at)


def _cancel(order: Order, answer: dict[str, Any], by: str, at: datetime) -> str:
    waits = cancel_or_ask(order.number, answer, by, at)
    order.refresh_from_db()
    if waits:
        return f"Order {order.number} is not cancelled yet: that waits for approval, and the order is held until then."
    owed = f" {-order.balance} is owed back to the customer." if order.balance.amount < 0 else ""
    return f"Order {order.number} is cancelled.{owed}"


def _record(order: Order, answer: dict[str, Any], by: str, at: datetime) -> str:
    receipt = Receipt(
        amount=answer["amount"], currency=order.currency, gateway=answer["gateway"], reference=answer["reference"]
    )
    record_payment(number=order.number, receipt=receipt, by=by, at=at)
    said = f"A payment of {answer['amount']} {order.currency} is on record for order {order.number}."
    order.refresh_from_db()
    owed = -order.balance
    return f"{said} {owed} is more than is owed: it waits under Repayments." if owed.amount > 0 else said


def _say_where(order: Order, done: str) -> str:
    if order.status == Order.Status.RELEASED:
        return f"{done} Order {order.number} is on its way to the warehouse."
    reasons = [
        Hold.Reason(reason).label for reason in order.holds.open(at=timezone.now()).values_list("reason", flat=True)
    ]
    return f"{done} Order {order.number} is still held: {', '.join(reasons)}." if reasons else done


def _order(number: str) -> Order:
    order = Order.objects.select_related("channel").filter(number=number).first()
    if order is None:
        raise Http404(f"There is no order {number}.")
    return order


def _is_live(order: Order) -> bool:
    return order.status in (Order.Status.HELD, Order.Status.RELEASED)


BUTTONS: dict[str, Button[Order]] = {
    button.name: button
    for button in (
        Button(
            name="release",
            label="Release now",
            permission="orders.release_order",
            consequence="The edit window ends now: the customer can no longer change the order. It goes to the "
            "warehouse unless something else holds it.",
            act=_release,
            applies=lambda order: order.status == Order.Status.HELD,
            tone="primary",
        ),
        Button(
            name="hold",
            label="Hold",
            permission="orders.hold_order",
            consequence="The order does not go out until this hold is lifted.",
            act=_hold,
            applies=_is_live,
            form=HoldForm,
        ),
        Button(
            name="payment",
            label="Record payment",
            permission="orders.record_payment",
            consequence="Write down money that came in elsewhere. Once the order is paid, its hold for payment ends.",
            act=_record,
            applies=lambda order: order.status != Order.Status.CANCELLED and order.balance.amount > 0,
            form=PaymentForm,
            initial=lambda order: {"amount": round_amount(order.balance.amount, order.currency)},
        ),
        Button(
            name="cancel",
            label="Cancel order",
            permission="orders.cancel_order",
            consequence="Everything that has not shipped is cancelled, and its stock goes to whoever waits for it. "
            "This cannot be undone. What was paid goes back to the customer. Where “Who may change what” asks for it, "
            "somebody has to approve it first.",
            act=_cancel,
            applies=_is_live,
            form=CancelForm,
            tone="bad",
        ),
    )
}
