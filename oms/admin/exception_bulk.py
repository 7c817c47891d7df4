"""Many exceptions at once: taken over, given away, put off, put aside, or solved with their progress shown."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from oms.actions.tending_exceptions import assign_exceptions, dismiss_exceptions, snooze_exceptions
from oms.admin.asking import Question, actor_of, ask, require, show_question
from oms.admin.desks import Remedy, find_desk
from oms.admin.exception_page import MAY_WORK, NOT_YOURS
from oms.admin.exception_solving import Solving, forget_solving, keep_solving, recall_solving, solve_some
from oms.exceptions import say_type
from oms.models import ExceptionItem, User

LIMIT = 500
"""So many in one go; the others wait for the next."""


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        User.objects.filter(is_staff=True, is_active=True).order_by("username"), empty_label="Nobody", required=False
    )


class SnoozeForm(forms.Form):
    until = forms.ChoiceField(
        label="For",
        choices=[("1", "1 hour"), ("4", "4 hours"), ("24", "1 day"), ("72", "3 days"), ("168", "1 week")],
        help_text="They come back then, unless their cause goes earlier. Their deadline stays.",
    )


class DismissForm(forms.Form):
    note = forms.CharField(max_length=255, help_text="Why nothing need be done. It stays with the item.")


def take(request: HttpRequest) -> HttpResponse:
    def act(ids: Sequence[int], answer: dict[str, Any], by: str, at: datetime) -> str:
        assert isinstance(request.user, User), "the admin lets in nobody else"
        return f"{_say(assign_exceptions(ids=ids, owner=request.user, by=by, at=at))} yours now."

    return _ask_all(request, "Take over", "You look after them from now on.", act)


def assign(request: HttpRequest) -> HttpResponse:
    def act(ids: Sequence[int], answer: dict[str, Any], by: str, at: datetime) -> str:
        owner = answer["owner"]
        number = assign_exceptions(ids=ids, owner=owner, by=by, at=at)
        return f"{_say(number)} with {owner.username if owner else 'nobody'} now."

    return _ask_all(request, "Give to somebody", "Whoever you choose looks after them.", act, form=OwnerForm)


def snooze(request: HttpRequest) -> HttpResponse:
    def act(ids: Sequence[int], answer: dict[str, Any], by: str, at: datetime) -> str:
        until = at + timedelta(hours=int(answer["until"]))
        return f"{_say(snooze_exceptions(ids=ids, until=until, by=by, at=at))} put off."

    return _ask_all(request, "Put off", "They leave the queue for a while.", act, form=SnoozeForm)


def dismiss(request: HttpRequest) -> HttpResponse:
    def act(ids: Sequence[int], answer: dict[str, Any], by: str, at: datetime) -> str:
        return f"{_say(dismiss_exceptions(ids=ids, note=answer['note'], by=by, at=at))} put aside."

    consequence = "They leave the queue though their cause stands, and do not come back."
    return _ask_all(request, "Nothing need be done", consequence, act, form=DismissForm, tone="bad")


def choose_remedy(request: HttpRequest) -> HttpResponse:
    """What can be done about those that were ticked: by type, each with how many it would be done to."""
    require(request, MAY_WORK, NOT_YOURS)
    ids = _chosen(request)
    types = dict(ExceptionItem.objects.open().filter(id__in=ids).values_list("id", "type"))
    offers = []
    for code, number in Counter(types.values()).most_common():
        desk, mine = find_desk(code), [pk for pk in ids if types.get(pk) == code]
        verbs = [
            (remedy, f"{reverse('admin:oms_exceptionitem_solve_by', args=[code, remedy.name])}?{_query(mine)}")
            for remedy in (desk.remedies if desk else ())
            if remedy.bulk and request.user.has_perm(remedy.permission)
        ]
        offers.append((say_type(code), number, verbs))
    context = {**admin.site.each_context(request), "title": "Solve", "trail": [("Exceptions", _queue())]}
    return TemplateResponse(request, "oms/admin/exception_solve.html", context | {"offers": offers, "back": _queue()})


def solve(request: HttpRequest, type_: str, name: str) -> HttpResponse:
    """The remedy's own question, once for all; on its answer the work begins."""
    require(request, MAY_WORK, NOT_YOURS)
    remedy = _bulk_remedy(request, type_, name)
    ids, answered = _chosen(request), request.method == "POST"
    form = remedy.form(request.POST if answered else None)
    if answered and form.is_valid():
        answer = {name: str(value) for name, value in form.cleaned_data.items()}
        keep_solving(request, Solving(type_, name, answer, left=ids, number=len(ids)))
        return HttpResponseRedirect(reverse("admin:oms_exceptionitem_solving"))
    question = Question(
        title=f"{remedy.label}: {_count(len(ids))}",
        consequence=remedy.consequence,
        submit=remedy.label,
        back=_queue(),
        form=remedy.form,
        tone=remedy.tone,
        template="oms/admin/ask_items.html",
        context={"ids": ids},
    )
    return show_question(request, question, form)


def go_on_solving(request: HttpRequest) -> HttpResponse:
    """A few more with each call; the page asks again by itself until none is left."""
    require(request, MAY_WORK, NOT_YOURS)
    solving = recall_solving(request)
    if solving is None:
        return HttpResponseRedirect(_queue())
    if request.method == "POST" and solving.left:
        remedy = _bulk_remedy(request, solving.type, solving.remedy)
        solving = solve_some(solving, remedy, by=actor_of(request), at=timezone.now())
        keep_solving(request, solving)
    if not solving.left:
        forget_solving(request)
    context = {"solving": solving, "percent": solving.percent, "kind": say_type(solving.type), "back": _queue()}
    if request.headers.get("HX-Request"):
        return render(request, "oms/admin/exception_progress.html", context)
    trail = [("Exceptions", _queue())]
    context |= {**admin.site.each_context(request), "title": "Solving", "trail": trail}
    return TemplateResponse(request, "oms/admin/exception_solving.html", context)


def _ask_all(
    request: HttpRequest,
    verb: str,
    consequence: str,
    act: Callable[[Sequence[int], dict[str, Any], str, datetime], str],
    **looks: Any,
) -> HttpResponse:
    require(request, MAY_WORK, NOT_YOURS)
    ids = _chosen(request)
    question = Question(
        title=f"{verb}: {_count(len(ids))}",
        consequence=consequence,
        submit=verb,
        back=_queue(),
        template="oms/admin/ask_items.html",
        context={"ids": ids},
        **looks,
    )
    return ask(request, question, lambda answer: act(ids, answer, actor_of(request), timezone.now()))


def _bulk_remedy(request: HttpRequest, type_: str, name: str) -> Remedy:
    desk = find_desk(type_)
    remedy = desk.remedy(name) if desk else None
    if remedy is None or not remedy.bulk:
        raise Http404("There is nothing of that kind to do here.")
    require(request, remedy.permission, f"Your role does not include this: {remedy.label.lower()}.")
    return remedy


def _chosen(request: HttpRequest) -> list[int]:
    named = request.POST.getlist("id") or request.GET.getlist("id")
    return [int(pk) for pk in named if pk.isascii() and pk.isdigit()][:LIMIT]


def _query(ids: Sequence[int]) -> str:
    return urlencode({"id": ids}, doseq=True)


def _queue() -> str:
    return reverse("admin:oms_exceptionitem_changelist")


def _count(number: int) -> str:
    return "1 exception" if number == 1 else f"{number} exceptions"


def _say(number: int) -> str:
    return f"{_count(number)} {'is' if number == 1 else 'are'}"
