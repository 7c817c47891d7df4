"""Accepting, rejecting and shipping many fulfillments: asked once, done a piece at a time, so that the page can say
how far it is. What is left to do travels with the page itself: nothing is remembered between the pieces.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from oms.admin.asking import RACED, Question, actor_of, show_question
from oms.errors import Raced, Refused
from orders.actions.fulfilling.accepting import accept_fulfillments, reject_fulfillment
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.admin.timeline_sending import WHY_REJECTED
from orders.models import Fulfillment

LIMIT = 500
"""So many in one go."""
PIECE = 20
"""So many between two looks at how far it is."""

Request = Fulfillment.RequestStatus


class RejectForm(forms.Form):
    reason = forms.ChoiceField(choices=WHY_REJECTED)
    note = forms.CharField(max_length=255, required=False, help_text="Whoever routes it again reads this.")


@dataclass(frozen=True)
class Verb:
    """What is done to each, and which ones it makes no sense for. `many`: all of these at once, or none of them."""

    name: str
    title: str
    done: str
    consequence: str
    act: Callable[[str, dict[str, Any], str, datetime], object]
    refuses: Callable[[Fulfillment], str]
    many: Callable[[Sequence[str], str, datetime], object] | None = None
    form: type[forms.Form] = forms.Form
    tone: str = "cool"


@dataclass
class Tally:
    """How far it is."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


@admin.action(description="Accept the selected", permissions=["work"])
def accept_selected(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return _ask_and_do(request, queryset, ACCEPT)


@admin.action(description="Reject the selected", permissions=["reject"])
def reject_selected(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return _ask_and_do(request, queryset, REJECT)


@admin.action(description="Ship the selected", permissions=["work"])
def ship_selected(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return _ask_and_do(request, queryset, SHIP)


def _ask_and_do(request: HttpRequest, queryset: QuerySet[Fulfillment], verb: Verb) -> HttpResponse | None:
    """The question first; with its answer a piece of the work, until nothing is left. None goes back to the list."""
    found = list(queryset.select_related("order", "warehouse").order_by("ship_by", "id")[: LIMIT + 1])
    more, found = len(found) > LIMIT, found[:LIMIT]
    answered = "answered" in request.POST
    form = verb.form(request.POST if answered else None)
    if not answered or not form.is_valid():
        return _ask(request, found, verb, form, more=more)

    tally = Tally(int(request.POST.get("done") or 0), request.POST.getlist("refused"))
    piece, rest = found[:PIECE], found[PIECE:]
    _work(request, [each.number for each in piece], verb, form.cleaned_data, tally)
    if rest:
        return _show_progress(request, rest, verb, tally)
    _report(request, verb, tally)
    return _leave(request)


def _ask(
    request: HttpRequest, found: Sequence[Fulfillment], verb: Verb, form: forms.Form, *, more: bool
) -> HttpResponse:
    possible = [each for each in found if not verb.refuses(each)]
    question = Question(
        title=verb.title,
        consequence=f"{_count(len(possible))} of {_count(len(found))} selected. {verb.consequence}",
        submit=verb.title,
        back=request.get_full_path(),
        tone=verb.tone,
        template="orders/admin/ask_fulfillments.html",
        context={
            "fulfillments": [(each, verb.refuses(each)) for each in found],
            "possible": len(possible),
            "limit": LIMIT if more else None,
            "hidden": [("action", request.POST["action"]), ("answered", "1")]
            + [(ACTION_CHECKBOX_NAME, each.pk) for each in possible],
        },
    )
    return show_question(request, question, form)


def _work(request: HttpRequest, numbers: Sequence[str], verb: Verb, answer: dict[str, Any], tally: Tally) -> None:
    """All of the piece in one transaction where the verb can; if one of them is refused, each on its own."""
    by = actor_of(request)
    if verb.many is not None:
        try:
            verb.many(numbers, by, timezone.now())
        except (Refused, Raced):
            pass  # whose fault it was shows below
        else:
            tally.done += len(numbers)
            return
    for number in numbers:
        try:
            verb.act(number, answer, by, timezone.now())
            tally.done += 1
        except Refused as refusal:
            tally.refused.append(refusal.message)
        except Raced:
            tally.refused.append(f"{number}: {RACED}")


def _show_progress(request: HttpRequest, rest: Sequence[Fulfillment], verb: Verb, tally: Tally) -> HttpResponse:
    """The page sends the rest by itself; without JavaScript a button does."""
    past = tally.done + len(tally.refused)
    kept = {"csrfmiddlewaretoken", ACTION_CHECKBOX_NAME, "done", "refused", "select_across", "index"}
    answers = [(name, value) for name, values in request.POST.lists() if name not in kept for value in values]
    hidden = [*answers, ("done", tally.done), *(("refused", said) for said in tally.refused)]
    hidden += [(ACTION_CHECKBOX_NAME, each.pk) for each in rest]
    context = {
        **admin.site.each_context(request),
        "title": verb.title,
        "hidden": hidden,
        "past": past,
        "total": past + len(rest),
        "percent": 100 * past // (past + len(rest)),
        "refused": tally.refused,
        "done": verb.done,
    }
    part = "orders/admin/fulfillments_piece.html"
    template = part if request.headers.get("HX-Request") else "orders/admin/fulfillments_progress.html"
    return TemplateResponse(request, template, context)


def _report(request: HttpRequest, verb: Verb, tally: Tally) -> None:
    if tally.done:
        messages.success(request, f"{_count(tally.done)} {verb.done}.")
    if tally.refused:
        shown = " ".join(tally.refused[:10])
        others = f" … and {len(tally.refused) - 10} more." if len(tally.refused) > 10 else ""
        messages.warning(request, f"{_count(len(tally.refused))} not {verb.done}. {shown}{others}")


def _leave(request: HttpRequest) -> HttpResponse | None:
    """Back to the list: a script that sent the last piece is told to go there."""
    if not request.headers.get("HX-Request"):
        return None
    return HttpResponse(headers={"HX-Redirect": request.get_full_path()})


def _count(number: int) -> str:
    return f"{number} fulfillment" if number == 1 else f"{number} fulfillments"


def refuse_ended(each: Fulfillment) -> str:
    return "" if each.status in Fulfillment.LIVE else f"is {each.get_status_display()}"


def _refuse_taken(each: Fulfillment) -> str:
    return refuse_ended(each) or ("is accepted already" if each.is_in_hand else "")


def _refuse_stopping(each: Fulfillment) -> str:
    stopping = each.request_status == Request.CANCELLATION_REQUESTED
    return refuse_ended(each) or ("is asked to stop: answer that first" if stopping else "")


ACCEPT = Verb(
    name="accept",
    title="Accept fulfillments",
    done="accepted",
    consequence="The warehouse works on them from now on: changes have to be asked for.",
    act=lambda number, answer, by, at: accept_fulfillments(numbers=[number], by=by, at=at),
    many=lambda numbers, by, at: accept_fulfillments(numbers=numbers, by=by, at=at),
    refuses=_refuse_taken,
)
REJECT = Verb(
    name="reject",
    title="Reject fulfillments",
    done="rejected",
    consequence="They are routed again, to other warehouses.",
    act=lambda number, answer, by, at: reject_fulfillment(
        number=number, reason=answer["reason"], note=answer["note"], by=by, at=at
    ),
    refuses=_refuse_taken,
    form=RejectForm,
    tone="bad",
)
SHIP = Verb(
    name="ship",
    title="Ship fulfillments",
    done="shipped",
    consequence="All that is still open of each leaves as one parcel, with the carrier and number of its label. Stock "
    "goes with it, and customers and channels are told.",
    act=lambda number, answer, by, at: ship_fulfillments([Dispatch(number=number)], by=by, at=at),
    many=lambda numbers, by, at: ship_fulfillments([Dispatch(number=each) for each in numbers], by=by, at=at),
    refuses=_refuse_stopping,
)
