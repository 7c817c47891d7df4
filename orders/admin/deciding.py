"""Deciding on changes that wait for us: one on its page, or many at once, each with its own answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst

from oms.admin.asking import RACED, Question, actor_of, ask, require, show_question
from oms.errors import Raced, Refused
from oms.templatetags.showing import clock
from orders.actions.edits.approving import approve_edit, decline_edit, withdraw_edit
from orders.admin.edit_words import tell_edits
from orders.models import Edit

AT_ONCE = 200
"""So many in one go; each is a transaction of its own."""
_NOT_YOURS = "Your role does not include deciding on changes."


class NoteForm(forms.Form):
    note = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads it, and so do colleagues.",
    )


@dataclass(frozen=True)
class Verb:
    """A decision: what it does to one change, and what it says before (to many, or to one) and after."""

    name: str
    title: str
    done: str
    consequence: str
    of_one: str
    act: Callable[..., Edit]
    tone: str = "cool"


@dataclass(frozen=True)
class Outcome:
    """What came of one change; `refusal` says why nothing did."""

    edit: Edit
    said: str
    refusal: str = ""


APPROVE = Verb(
    "approve",
    "Approve",
    "approved",
    "Each is done at once; one that costs more is done as soon as the customer has paid.",
    "It is done at once; if it costs more, as soon as the customer has paid.",
    approve_edit,
)
DECLINE = Verb(
    "decline",
    "Decline",
    "declined",
    "The orders stay as they are, and go to the warehouse once nothing else holds them.",
    "The order stays as it is, and goes to the warehouse once nothing else holds it.",
    decline_edit,
    tone="bad",
)


def approve(request: HttpRequest, edit_id: int) -> HttpResponse:
    return _decide(request, edit_id, APPROVE)


def decline(request: HttpRequest, edit_id: int) -> HttpResponse:
    return _decide(request, edit_id, DECLINE)


def approve_many(request: HttpRequest) -> HttpResponse:
    return _decide_many(request, APPROVE)


def decline_many(request: HttpRequest) -> HttpResponse:
    return _decide_many(request, DECLINE)


def withdraw(request: HttpRequest, edit_id: int) -> HttpResponse:
    """Take back a change that waits, in its author's place."""
    require(request, "orders.edit_order", "Your role does not include changing orders.")
    edit = find_edit(edit_id)
    question = Question(
        title=f"Withdraw the change: order {edit.order.number}",
        consequence="The order stays as it is, what was kept for the change is let go, and nobody is asked to pay.",
        submit="Withdraw",
        back=reverse("admin:orders_order_change", args=[edit.order.number]),
        tone="bad",
    )

    def act(answer: dict[str, Any]) -> str:
        withdraw_edit(edit_id=edit_id, by=actor_of(request), at=timezone.now())
        return f"The change of order {edit.order.number} is withdrawn."

    return ask(request, question, act)


def go_and_ask(name: str, request: HttpRequest) -> HttpResponse:
    """From the ticks of the list to the page that asks."""
    chosen = urlencode({"id": request.POST.getlist(ACTION_CHECKBOX_NAME)}, doseq=True)
    return HttpResponseRedirect(f"{reverse(f'admin:orders_edit_{name}_many')}?{chosen}")


def find_edit(edit_id: int) -> Edit:
    edit = Edit.objects.select_related("order__channel").prefetch_related("order__lines").filter(pk=edit_id).first()
    if edit is None:
        raise Http404("There is no such change.")
    return edit


def say_decided(edit: Edit) -> str:
    """What has become of it."""
    number = edit.order.number
    if edit.state == Edit.State.AWAITING_PAYMENT and edit.deadline:
        return f"Approved. Order {number} changes once the customer has paid, by {clock(edit.deadline)} at the latest."
    if edit.state == Edit.State.COMMITTED:
        return f"Approved: order {number} is changed."
    return f"Declined: order {number} stays as it is."


def _decide(request: HttpRequest, edit_id: int, verb: Verb) -> HttpResponse:
    require(request, "orders.decide_edit", _NOT_YOURS)
    edit = find_edit(edit_id)
    question = Question(
        title=f"{verb.title} the change: order {edit.order.number}",
        consequence=f"{capfirst('; '.join(tell_edits([edit])[edit.pk]))}. {verb.of_one}",
        submit=verb.title,
        back=reverse("admin:orders_edit_change", args=[edit_id]),
        form=NoteForm,
        tone=verb.tone,
    )
    return ask(request, question, lambda answer: say_decided(_act(verb, edit_id, answer["note"], request)))


def _decide_many(request: HttpRequest, verb: Verb) -> HttpResponse:
    """Nothing is lost when the answer is sent twice: deciding the same again is harmless."""
    require(request, "orders.decide_edit", _NOT_YOURS)
    edits = _chosen(request)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _report(request, verb, [_outcome(verb, edit, form.cleaned_data["note"], request) for edit in edits])
    words = tell_edits(edits)
    question = Question(
        title=f"{verb.title} changes",
        consequence=f"{_count(len(edits))}. {verb.consequence}",
        submit=verb.title,
        back=reverse("admin:orders_edit_changelist"),
        tone=verb.tone,
        template="orders/admin/ask_edits.html",
        context={"edits": [(edit, "; ".join(words[edit.pk])) for edit in edits]},
    )
    return show_question(request, question, form)


def _outcome(verb: Verb, edit: Edit, note: str, request: HttpRequest) -> Outcome:
    """Each in a transaction of its own, so that one refusal stops no other."""
    try:
        return Outcome(edit, say_decided(_act(verb, edit.pk, note, request)))
    except Refused as refusal:
        return Outcome(edit, "", refusal.message)
    except Raced:
        return Outcome(edit, "", RACED)


def _act(verb: Verb, edit_id: int, note: str, request: HttpRequest) -> Edit:
    return verb.act(edit_id=edit_id, note=note, by=actor_of(request), at=timezone.now())


def _report(request: HttpRequest, verb: Verb, outcomes: Sequence[Outcome]) -> HttpResponse:
    failed = [outcome for outcome in outcomes if outcome.refusal]
    context = {
        **admin.site.each_context(request),
        "title": f"{_count(len(outcomes) - len(failed))} {verb.done}",
        "trail": [("Changes", reverse("admin:orders_edit_changelist"))],
        "verb": verb,
        "outcomes": sorted(outcomes, key=lambda outcome: not outcome.refusal),
        "failed": len(failed),
        "done": len(outcomes) - len(failed),
    }
    return TemplateResponse(request, "orders/admin/decided_edits.html", context)


def _chosen(request: HttpRequest) -> list[Edit]:
    """The ids that the form carries, else those of the address; the oldest first."""
    named = request.POST.getlist(ACTION_CHECKBOX_NAME) or request.GET.getlist("id")
    ids = [int(pk) for pk in named if pk.isascii() and pk.isdigit() and len(pk) < 19][:AT_ONCE]
    edits = Edit.objects.filter(pk__in=ids).select_related("order").prefetch_related("order__lines")
    return list(edits.order_by("asked_at", "id"))


def _count(number: int) -> str:
    return "1 change" if number == 1 else f"{number} changes"
