"""What can be told to a fulfillment as a whole. Each asks first, then calls one action."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings

from oms.admin.buttons import Button
from oms.templatetags.showing import clock
from orders.actions.fulfilling.accepting import accept_fulfillments, reject_fulfillment
from orders.actions.fulfilling.holding_back import hold_fulfillment, release_hold
from orders.actions.fulfilling.scheduling import open_fulfillment, schedule_fulfillment
from orders.actions.fulfilling.stopping import answer_stop, request_stop
from orders.actions.shipping.intercepting import ON_THEIR_WAY, ask_intercept
from orders.actions.shipping.labelling import replace_label, void_label, want_label
from orders.admin.fulfilling.bulk import RejectForm
from orders.models import Fulfillment, Label, Shipment

Request = Fulfillment.RequestStatus
BEGINNING = (Fulfillment.Status.OPEN, Fulfillment.Status.IN_PROGRESS)


class HoldForm(forms.Form):
    reason = forms.ChoiceField(choices=Fulfillment.HoldReason.choices)
    note = forms.CharField(max_length=255, required=False, help_text="The warehouse reads it.")


class ScheduleForm(forms.Form):
    until = forms.SplitDateTimeField(
        label="Not before",
        widget=forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"}),
        help_text="It leaves by the first van after that.",
    )


class AnswerForm(forms.Form):
    note = forms.CharField(max_length=255, required=False, help_text="Whoever asked reads it.")


class StopForm(forms.Form):
    reason = forms.CharField(max_length=40, help_text="The warehouse reads it.")


def _accept(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    accept_fulfillments(numbers=[each.number], by=by, at=at)
    return f"{each.warehouse.name} works on {each.number}."


def _reject(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    reject_fulfillment(number=each.number, reason=answer["reason"], note=answer["note"], by=by, at=at)
    return f"{each.number} is rejected. It is routed again, to another warehouse."


def _ask_to_stop(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    request_stop(number=each.number, reason=answer["reason"], by=by, at=at)
    return f"{each.warehouse.name} is asked to stop {each.number}."


def _stop(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    answer_stop(number=each.number, accepted=True, note=answer["note"], by=by, at=at)
    return f"{each.number} is stopped. Its units go back on the shelf."


def _go_on(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    answer_stop(number=each.number, accepted=False, note=answer["note"], by=by, at=at)
    return f"{each.number} goes out as it is."


def _hold(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    hold_fulfillment(number=each.number, reason=answer["reason"], note=answer["note"], by=by, at=at)
    return f"{each.number} is on hold."


def _release(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    released = release_hold(number=each.number, by=by, at=at)
    return f"{each.number} is {released.get_status_display()} again."


def _schedule(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    schedule_fulfillment(number=each.number, until=answer["until"], by=by, at=at)
    return f"{each.number} is not begun before {clock(answer['until'])}."


def _open(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    open_fulfillment(number=each.number, by=by, at=at)
    return f"{each.warehouse.name} is asked to send {each.number} now."


def _is_asked_to_stop(each: Fulfillment) -> bool:
    return each.status in Fulfillment.LIVE and each.request_status == Request.CANCELLATION_REQUESTED


def _is_new(each: Fulfillment) -> bool:
    return each.status in Fulfillment.LIVE and not each.is_in_hand


def _can_begin(each: Fulfillment) -> bool:
    return each.status == Fulfillment.Status.OPEN and not each.is_in_hand


class ElsewhereForm(forms.Form):
    """In the country that the parcel goes to: its papers name that one."""

    name = forms.CharField(max_length=200)
    line1 = forms.CharField(label="Street and number", max_length=255)
    line2 = forms.CharField(label="Addition", max_length=255, required=False)
    postal_code = forms.CharField(max_length=20, required=False)
    city = forms.CharField(max_length=120)
    province = forms.CharField(max_length=120, required=False)


def _find_under_way(each: Fulfillment) -> Shipment | None:
    """The newest parcel that its carrier may still turn round."""
    return each.shipments.filter(status__in=ON_THEIR_WAY).order_by("-sequence").first()


def _send_elsewhere(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    parcel = _find_under_way(each)
    if parcel is None:
        return "No parcel of it is under way."
    address = answer | {"country": each.order.country}
    ask_intercept(number=parcel.number, address=address, by=by, at=at)
    return f"{parcel.number} waits under Exceptions: ask its carrier, and write down what it says."


BUTTONS: dict[str, Button[Fulfillment]] = {
    button.name: button
    for button in (
        Button(
            name="stop",
            label="Stop it",
            permission="orders.reject_fulfillment",
            consequence="It is not sent. What was picked goes back on the shelf, and a label goes back to its carrier. "
            "Unless the order is cancelled, another way is looked for.",
            act=_stop,
            applies=_is_asked_to_stop,
            form=AnswerForm,
            tone="bad",
        ),
        Button(
            name="go-on",
            label="Too late to stop",
            permission="orders.reject_fulfillment",
            consequence="It goes out as it is. Whoever asked reads that it could not be stopped.",
            act=_go_on,
            applies=_is_asked_to_stop,
            form=AnswerForm,
        ),
        Button(
            name="accept",
            label="Accept",
            permission="orders.work_fulfillment",
            consequence="The warehouse works on it from now on: changes have to be asked for.",
            act=_accept,
            applies=_can_begin,
        ),
        Button(
            name="hold",
            label="Hold it",
            permission="orders.route_order",
            consequence="The warehouse cannot begin it until somebody releases the hold. It keeps its units and label.",
            act=_hold,
            applies=_is_new,
            form=HoldForm,
            initial=lambda each: {"reason": each.hold_reason, "note": each.hold_note},
            tone="bad",
        ),
        Button(
            name="release-hold",
            label="Release the hold",
            permission="orders.route_order",
            consequence="The warehouse may begin it, unless it is for later.",
            act=_release,
            applies=lambda each: each.status == Fulfillment.Status.ON_HOLD,
        ),
        Button(
            name="schedule",
            label="Send it later",
            permission="orders.route_order",
            consequence="The warehouse cannot begin it before. A label that was bought goes back to its carrier; "
            "another one is bought when the time has come.",
            act=_schedule,
            applies=lambda each: _is_new(each) and each.status != Fulfillment.Status.ON_HOLD,
            form=ScheduleForm,
            initial=lambda each: {"until": each.fulfill_at},
        ),
        Button(
            name="open",
            label="Send it now",
            permission="orders.route_order",
            consequence="It waits no longer: the warehouse is asked to send it, by the next van.",
            act=_open,
            applies=lambda each: each.status == Fulfillment.Status.SCHEDULED,
        ),
        Button(
            name="reject",
            label="Reject",
            permission="orders.reject_fulfillment",
            consequence="It is routed again, to another warehouse. This one is not asked for this order again.",
            act=_reject,
            applies=_is_new,
            form=RejectForm,
            tone="bad",
        ),
        Button(
            name="elsewhere",
            label="Send it elsewhere",
            permission="orders.route_order",
            consequence="The parcel has left: its carrier has to be asked. It waits under Exceptions until somebody "
            "has written down what the carrier said.",
            act=_send_elsewhere,
            applies=lambda each: settings.INTERCEPTS and _find_under_way(each) is not None,
            form=ElsewhereForm,
        ),
        Button(
            name="ask-to-stop",
            label="Ask to stop",
            permission="orders.route_order",
            consequence="The warehouse has accepted it, so it must say whether it can still stop it.",
            act=_ask_to_stop,
            applies=lambda each: each.is_in_hand and each.request_status != Request.CANCELLATION_REQUESTED,
            form=StopForm,
        ),
    )
}


class VoidForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)


def find_label(each: Fulfillment) -> Label | None:
    """The one that is bought, or to be bought."""
    return each.labels.filter(state__in=Label.LIVE).order_by("-id").first()


def _buy(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    want_label(number=each.number, by=by, at=at)
    newest = each.labels.order_by("-id").first()
    if newest is not None and newest.state == Label.State.REFUSED:
        return f"No label: {newest.last_error}"
    return "A label is being bought; it is here in a moment."


def _void(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    if label := find_label(each):
        void_label(label_id=label.pk, reason=answer["reason"], by=by, at=at)
    return "The label goes back to its carrier."


def _replace(each: Fulfillment, answer: dict[str, Any], by: str, at: datetime) -> str:
    if label := find_label(each):
        replace_label(label_id=label.pk, reason=answer["reason"], by=by, at=at)
    return "The label goes back to its carrier, and another one is being bought."


def _can_give_back(each: Fulfillment) -> bool:
    return each.status in Fulfillment.LIVE and find_label(each) is not None and not each.shipments.exists()


LABEL_BUTTONS: dict[str, Button[Fulfillment]] = {
    button.name: button
    for button in (
        Button(
            name="buy-label",
            label="Buy a label",
            permission="orders.buy_label",
            consequence="The cheapest service that keeps the promised day is bought, once.",
            act=_buy,
            applies=lambda each: each.status in BEGINNING and find_label(each) is None,
        ),
        Button(
            name="replace-label",
            label="Another label",
            permission="orders.buy_label",
            consequence="This one goes back to its carrier. Another one is bought with the address, weight and rates "
            "of today.",
            act=_replace,
            applies=_can_give_back,
            form=VoidForm,
        ),
        Button(
            name="void-label",
            label="Void it",
            permission="orders.buy_label",
            consequence="The label goes back to its carrier: do not use it any more.",
            act=_void,
            applies=_can_give_back,
            form=VoidForm,
            tone="bad",
        ),
    )
}
"""They stand beside the label."""
