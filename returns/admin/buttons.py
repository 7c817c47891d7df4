"""What staff can do with a return. Each button asks first, then calls one action."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from oms.admin.buttons import Button, find_button, press_button
from oms.money import round_amount
from returns.actions.advancing import advance_return
from returns.actions.canceling import cancel_return
from returns.actions.closing import close_return
from returns.actions.deciding import reopen_return
from returns.actions.overturning import overturn_score
from returns.actions.reappraising import find_excess, reappraise_return
from returns.admin.deciding import ApproveForm, PhotoForm, ReasonForm, RefuseForm, approve, ask_photo, refuse
from returns.admin.seen import return_for_page
from returns.models import Return

Status = Return.Status


def press(request: HttpRequest, number: str, name: str) -> HttpResponse:
    button = find_button(BUTTONS, name, request)
    found = return_for_page(request, number)
    return press_button(request, button, found, called=f"return {found.number}", back=page_of(found.number))


def page_of(number: str) -> str:
    return reverse("admin:returns_return_change", args=[number])


def _cancel(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    cancel_return(number=each.number, reason=answer["because"], by=by, at=at)
    return f"Return {each.number} is canceled; its units can be asked for again."


def _reopen(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    reopen_return(number=each.number, because=answer["because"], by=by, at=at)
    return f"Return {each.number} is open again."


def _overturn(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    overturn_score(number=each.number, because=answer["because"], by=by, at=at)
    return "The score has no effect any more. Its evidence stays."


def _close(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    close_return(number=each.number, because=answer["because"], by=by, at=at)
    return f"Return {each.number} is closed."


def _reappraise(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    less = reappraise_return(number=each.number, because=answer["because"], by=by, at=at)
    if not less:
        return f"The order has as much left as was agreed on for {each.number}; nothing changed."
    return f"{less} {each.order.currency} less will be given for {each.number}."


def _advance(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    given = advance_return(number=each.number, by=by, at=at)
    if not given:
        return f"Nothing of {each.number} waits to be given."
    total = sum((settlement.given for settlement in given), Decimal(0))
    return f"{round_amount(total, each.order.currency)} {each.order.currency} is given for {each.number} in advance."


def _has_score(each: Return) -> bool:
    score = getattr(each, "abuse_score", None)
    return score is not None and bool(score.points) and score.overturned_at is None


def _is_short(each: Return) -> bool:
    return each.status == Status.OPEN and find_excess(each) > 0


def _can_cancel(each: Return) -> bool:
    return each.status in (Status.REQUESTED, Status.OPEN) and each.moved_at is None


BUTTONS: dict[str, Button[Return]] = {
    button.name: button
    for button in (
        Button(
            name="approve",
            label="Approve",
            permission="returns.decide_return",
            consequence="It may come back. A label is made where one is wanted; the customer is told how to send it.",
            act=approve,
            applies=lambda each: each.status == Status.REQUESTED,
            form=ApproveForm,
            tone="primary",
        ),
        Button(
            name="photo",
            label="Ask for a photo",
            permission="returns.decide_return",
            consequence="The customer gets a mail and answers it; the return waits in the queue until you decide.",
            act=ask_photo,
            applies=lambda each: each.status == Status.REQUESTED,
            form=PhotoForm,
        ),
        Button(
            name="refuse",
            label="Refuse",
            permission="returns.decide_return",
            consequence="It ends here, and the customer is told why. It can be opened again.",
            act=refuse,
            applies=lambda each: each.status == Status.REQUESTED and each.kind != Return.Kind.WITHDRAWAL,
            form=RefuseForm,
            tone="bad",
        ),
        Button(
            name="reopen",
            label="Open again",
            permission="returns.decide_return",
            consequence="It may come back after all. Nothing that was given is taken back.",
            act=_reopen,
            applies=lambda each: each.status in (Status.DECLINED, Status.CLOSED),
            form=ReasonForm,
        ),
        Button(
            name="advance",
            label="Give in advance",
            permission="returns.settle_return",
            consequence="What was agreed on is given now, though the goods are not here. It is at risk until they are, "
            "within the limits of the settings.",
            act=_advance,
            applies=lambda each: each.status == Status.OPEN and each.inspected_at is None,
        ),
        Button(
            name="reappraise",
            label="Agree on less",
            permission="returns.settle_return",
            consequence="What the order has given back in other ways is taken off what this return still brings. The "
            "customer sees the lower amount.",
            act=_reappraise,
            applies=_is_short,
            form=ReasonForm,
            tone="bad",
        ),
        Button(
            name="close",
            label="Close",
            permission="returns.settle_return",
            consequence="What never came is not awaited any more, and can be asked for again.",
            act=_close,
            applies=lambda each: each.status == Status.OPEN,
            form=ReasonForm,
        ),
        Button(
            name="overturn",
            label="Overturn the score",
            permission="returns.overturn_abusescore",
            consequence="The abuse score leads to nothing any more: no review, no fee, no waiting for the goods. Its "
            "evidence stays on the page.",
            act=_overturn,
            applies=_has_score,
            form=ReasonForm,
        ),
        Button(
            name="cancel",
            label="Cancel",
            permission="returns.decide_return",
            consequence="The customer gives it up. Its units can be asked for again; its label is voided.",
            act=_cancel,
            applies=_can_cancel,
            form=ReasonForm,
            tone="bad",
        ),
    )
}
