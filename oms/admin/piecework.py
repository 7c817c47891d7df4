"""Doing one verb to many rows of a list: asked once, done a piece at a time, so that the page can say how far it is.
What is left to do travels with the page itself: nothing is remembered between the pieces.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from oms.admin.asking import RACED, Question, actor_of, show_question
from oms.errors import Raced, Refused

Row = TypeVar("Row", bound=Model)

LIMIT = 500
"""So many in one go."""
PIECE = 20
"""So many between two looks at how far it is."""


@dataclass(frozen=True)
class Verb(Generic[Row]):
    """What is done to each row, and why it makes no sense for some ("" for the others). `nouns`: one, and several.

    `many`: all of these at once, or none of them. `about`: what is said beside a row's name.
    """

    title: str
    done: str
    consequence: str
    nouns: tuple[str, str]
    act: Callable[[Row, dict[str, Any], str, datetime], object]
    refuses: Callable[[Row], str]
    many: Callable[[Sequence[Row], str, datetime], object] | None = None
    about: Callable[[Row], str] = lambda row: ""
    form: type[forms.Form] = forms.Form
    tone: str = "cool"

    def count(self, number: int) -> str:
        return f"{number} {self.nouns[0] if number == 1 else self.nouns[1]}"


@dataclass
class Tally:
    """How far it is."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


def ask_and_do(request: HttpRequest, found: Sequence[Row], verb: Verb[Row]) -> HttpResponse | None:
    """The question first; with its answer a piece of the work, until nothing is left. None goes back to the list.

    `found` are the selected rows, one more than `LIMIT` at most.
    """
    more, found = len(found) > LIMIT, found[:LIMIT]
    answered = "answered" in request.POST
    form = verb.form(request.POST if answered else None)
    if not answered or not form.is_valid():
        return _ask(request, found, verb, form, more=more)

    tally = Tally(int(request.POST.get("done") or 0), request.POST.getlist("refused"))
    piece, rest = found[:PIECE], found[PIECE:]
    _work(request, piece, verb, form.cleaned_data, tally)
    if rest:
        return _show_progress(request, rest, verb, tally)
    _report(request, verb, tally)
    return _leave(request)


def _ask(request: HttpRequest, found: Sequence[Row], verb: Verb[Row], form: forms.Form, *, more: bool) -> HttpResponse:
    possible = [each for each in found if not verb.refuses(each)]
    question = Question(
        title=verb.title,
        consequence=f"{verb.count(len(possible))} of {len(found)} selected. {verb.consequence}",
        submit=verb.title,
        back=request.get_full_path(),
        tone=verb.tone,
        template="oms/admin/piecework_ask.html",
        context={
            "rows": [(each, verb.about(each), verb.refuses(each)) for each in found],
            "possible": len(possible),
            "limit": LIMIT if more else None,
            "hidden": [("action", request.POST["action"]), ("answered", "1")]
            + [(ACTION_CHECKBOX_NAME, each.pk) for each in possible],
        },
    )
    return show_question(request, question, form)


def _work(request: HttpRequest, rows: Sequence[Row], verb: Verb[Row], answer: dict[str, Any], tally: Tally) -> None:
    """All of the piece in one transaction where the verb can; if one of them is refused, each on its own."""
    by = actor_of(request)
    if verb.many is not None:
        try:
            verb.many(rows, by, timezone.now())
        except (Refused, Raced):
            pass  # whose fault it was shows below
        else:
            tally.done += len(rows)
            return
    for row in rows:
        try:
            verb.act(row, answer, by, timezone.now())
            tally.done += 1
        except Refused as refusal:
            tally.refused.append(refusal.message)
        except Raced:
            tally.refused.append(f"{row}: {RACED}")


def _show_progress(request: HttpRequest, rest: Sequence[Row], verb: Verb[Row], tally: Tally) -> HttpResponse:
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
    part = "oms/admin/piecework_piece.html"
    template = part if request.headers.get("HX-Request") else "oms/admin/piecework_progress.html"
    return TemplateResponse(request, template, context)


def _report(request: HttpRequest, verb: Verb[Row], tally: Tally) -> None:
    if tally.done:
        messages.success(request, f"{verb.count(tally.done)} {verb.done}.")
    if tally.refused:
        shown = " ".join(tally.refused[:10])
        others = f" … and {len(tally.refused) - 10} more." if len(tally.refused) > 10 else ""
        messages.warning(request, f"{verb.count(len(tally.refused))} not {verb.done}. {shown}{others}")


def _leave(request: HttpRequest) -> HttpResponse | None:
    """Back to the list: a script that sent the last piece is told to go there."""
    if not request.headers.get("HX-Request"):
        return None
    return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
