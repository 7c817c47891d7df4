"""Holding, releasing and cancelling many orders: asked once, done one by one, each with its own answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from oms.admin.asking import RACED, Question, actor_of, show_question
from oms.errors import Raced, Refused
from orders.actions.holding import hold_order
from orders.admin.order_buttons import CancelForm, HoldForm, cancel_or_ask, release_now
from orders.models import Hold, Order
from orders.models.order import OrderQuerySet

LIMIT = 500
"""So many orders in one go; a page that works longer than that looks broken."""


@dataclass(frozen=True)
class Verb:
    """What is done to each order, and which orders it makes no sense for. `act`: True when it waits for approval."""

    name: str
    title: str
    done: str
    consequence: str
    act: Callable[[str, dict[str, Any], str, datetime], object]
    refuses: Callable[[Any], str]
    form: type[forms.Form] = forms.Form
    tone: str = "cool"


@admin.action(description="Hold the selected orders", permissions=["hold"])
def hold_orders(page: Any, request: HttpRequest, queryset: OrderQuerySet) -> HttpResponse | None:
    return _ask_and_do(request, queryset, HOLD)


@admin.action(description="Release the selected orders now", permissions=["release"])
def release_orders(page: Any, request: HttpRequest, queryset: OrderQuerySet) -> HttpResponse | None:
    return _ask_and_do(request, queryset, RELEASE)


@admin.action(description="Cancel the selected orders", permissions=["cancel"])
def cancel_orders(page: Any, request: HttpRequest, queryset: OrderQuerySet) -> HttpResponse | None:
    return _ask_and_do(request, queryset, CANCEL)


def _ask_and_do(request: HttpRequest, queryset: OrderQuerySet, verb: Verb) -> HttpResponse | None:
    """The question first; with its answer, the deed. None sends the reader back to the list."""
    orders = list(queryset.order_by(*queryset.newest)[: LIMIT + 1])
    more, orders = len(orders) > LIMIT, orders[:LIMIT]
    answered = "answered" in request.POST
    form = verb.form(request.POST if answered else None)
    if answered and form.is_valid():
        _do(request, [order.number for order in orders], verb, form.cleaned_data)
        return None

    possible = [order for order in orders if not verb.refuses(order)]
    question = Question(
        title=verb.title,
        consequence=f"{_count(len(possible))} of {_count(len(orders))} selected. {verb.consequence}",
        submit=verb.title,
        back=request.get_full_path(),
        tone=verb.tone,
        template="orders/admin/ask_many.html",
        context={
            "orders": [(order, verb.refuses(order)) for order in orders],
            "possible": len(possible),
            "limit": LIMIT if more else None,
            "hidden": [("action", request.POST["action"]), ("answered", "1")]
            + [(ACTION_CHECKBOX_NAME, order.pk) for order in possible],
        },
    )
    return show_question(request, question, form)


def _do(request: HttpRequest, numbers: Sequence[str], verb: Verb, answer: dict[str, Any]) -> None:
    """Each order in a transaction of its own, so that one refusal stops no other."""
    done, waiting, refused = 0, 0, []
    for number in numbers:
        try:
            if verb.act(number, answer, actor_of(request), timezone.now()) is True:
                waiting += 1
            else:
                done += 1
        except Refused as refusal:
            refused.append(refusal.message)
        except Raced:
            refused.append(f"Order {number}: {RACED}")
    if done:
        messages.success(request, f"{_count(done)} {verb.done}.")
    if waiting:
        messages.info(request, f"{_count(waiting)} not {verb.done} yet: held until somebody has approved it.")
    if refused:
        shown = " ".join(refused[:10])
        others = f" … and {len(refused) - 10} more." if len(refused) > 10 else ""
        messages.warning(request, f"{_count(len(refused))} not {verb.done}. {shown}{others}")


def _count(number: int) -> str:
    return f"{number} order" if number == 1 else f"{number} orders"


def _refuse_ended(order: Order) -> str:
    return "" if order.status in (Order.Status.HELD, Order.Status.RELEASED) else f"is {order.get_status_display()}"


def _refuse_release(order: Any) -> str:
    if order.status != Order.Status.HELD:
        return f"is {order.get_status_display()}"
    others = [hold.get_reason_display() for hold in order.holds_now if hold.reason != Hold.Reason.EDIT_WINDOW]
    return f"is held for {', '.join(others)}" if others else ""


HOLD = Verb(
    name="hold",
    title="Hold orders",
    done="held",
    consequence="They do not go out until this hold is lifted.",
    act=lambda number, answer, by, at: hold_order(
        number=number, reason=answer["reason"], detail=answer["detail"], by=by, at=at
    ),
    refuses=_refuse_ended,
    form=HoldForm,
)
RELEASE = Verb(
    name="release",
    title="Release orders",
    done="released",
    consequence="Their edit windows end now, and they go to the warehouse.",
    act=lambda number, answer, by, at: release_now(number=number, by=by, at=at),
    refuses=_refuse_release,
)
CANCEL = Verb(
    name="cancel",
    title="Cancel orders",
    done="cancelled",
    consequence="What has not shipped is cancelled, its stock is freed, and what was paid goes back. This cannot be "
    "undone. Where “Who may change what” asks for it, somebody has to approve it first.",
    act=cancel_or_ask,
    refuses=_refuse_ended,
    form=CancelForm,
    tone="bad",
)
