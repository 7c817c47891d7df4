"""What solves the exceptions of returns: each remedy is one call of an action that stands elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from oms.admin.desks import Desk, Remedy
from oms.models import ExceptionItem
from returns.actions.charging import charge_advance, forgive_advance
from returns.actions.stopping_withdrawn import ask_warehouses, let_leave, retry_stopping
from returns.actions.straying import resolve_stray
from returns.admin.search import find_the_return
from returns.models import Withdrawal

Answer = Mapping[str, Any]


class StrayForm(forms.Form):
    resolution = forms.CharField(label="What it was", max_length=255)
    number = forms.CharField(
        label="Its return", max_length=60, required=False, help_text="Where there is one; receive it there as well."
    )

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip()
        if number and find_the_return(number) is None:
            raise forms.ValidationError(f"There is no return {number}.")
        return number


class WhyForm(forms.Form):
    because = forms.CharField(label="Why", max_length=255)


def _resolve(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    found = find_the_return(answer["number"]) if answer["number"] else None
    resolve_stray(stray_id=item.key, resolution=answer["resolution"], return_=found, by=by, at=at)
    return f"Parcel {item.subject} is explained."


def _charge(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    charge_advance(advance_id=item.key, by=by, at=at)
    return f"What was given for {item.subject} in advance is taken back."


def _forgive(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    forgive_advance(advance_id=item.key, because=answer["because"], by=by, at=at)
    return f"The customer of {item.subject} keeps what was given."


def _try_again(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    made = retry_stopping(withdrawal_id=item.key, by=by, at=at)
    if made.state == Withdrawal.State.STUCK:
        return f"Order {item.subject}: it is still refused. {made.refusal['detail']}"
    if made.state == Withdrawal.State.WAITING:
        return f"Order {item.subject}: its warehouse is asked to stop."
    return f"Order {item.subject}: what was withdrawn from does not leave."


def _ask_warehouses(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    ask_warehouses(withdrawal_id=item.key, by=by, at=at)
    return f"Order {item.subject}: its warehouse is asked to stop. What it stops is taken off by itself."


def _let_leave(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    let_leave(withdrawal_id=item.key, by=by, at=at)
    return f"Order {item.subject} leaves as it is; what was withdrawn from comes back as a return."


TRY_AGAIN = Remedy(
    name="again",
    label="Try again now",
    permission="orders.edit_order",
    consequence="It is taken off the order if nothing stands against it any more. Give up a change that waits first.",
    act=_try_again,
    tone="primary",
)
ASK_WAREHOUSES = Remedy(
    name="ask",
    label="Ask the warehouse to stop",
    permission="orders.cancel_order",
    consequence="All that it has in hand of the order waits for its answer. What it stops is taken off, the rest is "
    "sent anew; what it cannot stop leaves and comes back.",
    act=_ask_warehouses,
)
LET_LEAVE = Remedy(
    name="leave",
    label="Let it leave",
    permission="returns.decide_return",
    consequence="The customer gets it, is told so on the order’s page, and sends it back as a withdrawal of the day "
    "it was declared on.",
    act=_let_leave,
    tone="bad",
)
RESOLVE = Remedy(
    name="resolve",
    label="It is known now",
    permission="returns.receive_return",
    consequence="Say what it was; the parcel leaves the queue.",
    act=_resolve,
    form=StrayForm,
    tone="primary",
    bulk=False,
)
CHARGE = Remedy(
    name="charge",
    label="Charge the customer",
    permission="returns.settle_return",
    consequence="Credit is taken back; for money the customer is asked to pay. What was accepted is theirs.",
    act=_charge,
)
FORGIVE = Remedy(
    name="forgive",
    label="Forgive it",
    permission="returns.settle_return",
    consequence="The customer keeps what was given, though the goods never came.",
    act=_forgive,
    form=WhyForm,
    tone="bad",
)


def _of_returns(page: str, *remedies: Remedy) -> Desk:
    return Desk(
        page=lambda item: reverse(f"admin:returns_return_{page}", args=[item.subject]),
        called=lambda item: f"return {item.subject}",
        remedies=remedies,
    )


DESKS: Mapping[str, Desk] = {
    "withdrawal_stuck": Desk(
        page=lambda item: reverse("admin:orders_order_change", args=[item.subject]),
        called=lambda item: f"order {item.subject}",
        remedies=(TRY_AGAIN, ASK_WAREHOUSES, LET_LEAVE),
    ),
    "stray_parcel": Desk(
        page=lambda item: reverse("admin:returns_return_receive"),
        called=lambda item: f"parcel {item.subject}",
        remedies=(RESOLVE,),
    ),
    "return_surplus": _of_returns("bench"),
    "return_undecided": _of_returns("bench"),
    "return_uninspected": _of_returns("bench"),
    "return_lost": _of_returns("change"),
    "return_unearned": _of_returns("change", CHARGE, FORGIVE),
}
