"""One page asks before anything is done: what will happen, what it needs to know, and a way back.

The answer is ONE call of an action. What the action refuses is said in its own words, never as an error page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from oms.errors import Invalid, Raced, Refused
from oms.models import User

RACED = "Somebody else changed this at the same moment, so nothing was done. Look again, then repeat it."


@dataclass(frozen=True)
class Question:
    """What a confirmation page says. `submit` is the verb on its button; `tone` "bad" for what cannot be undone."""

    title: str
    consequence: str
    submit: str
    back: str
    form: type[forms.Form] = forms.Form
    initial: dict[str, Any] = field(default_factory=dict)
    tone: str = "cool"
    template: str = "oms/admin/ask.html"
    context: dict[str, Any] = field(default_factory=dict)


def require(request: HttpRequest, permission: str, sentence: str) -> None:
    """Let through who has the permission.

    Raises:
        PermissionDenied: with a sentence that says what is not allowed.
    """
    if not request.user.has_perm(permission):
        raise PermissionDenied(sentence)


def actor_of(request: HttpRequest) -> str:
    """How whoever asks signs what they do."""
    assert isinstance(request.user, User), "the admin lets in nobody else"
    return request.user.actor


def ask(request: HttpRequest, question: Question, act: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Show the question; on its answer run `act`, which gives the sentence to say afterwards."""
    answered = request.method == "POST"
    sent, files = (request.POST, request.FILES) if answered else (None, None)
    form = question.form(sent, files, initial=question.initial)
    if form.is_valid() and carry_out(request, lambda: act(form.cleaned_data), form=form):
        return HttpResponseRedirect(question.back)
    return show_question(request, question, form)


def show_question(request: HttpRequest, question: Question, form: forms.Form) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": question.title,
        "question": question,
        "form": dress(form),
        **question.context,
    }
    return TemplateResponse(request, question.template, context, status=422 if form.errors else 200)


def carry_out(request: HttpRequest, work: Callable[[], str], *, form: forms.Form | None = None) -> bool:
    """Run one action and say how it went: its sentence, or why it refused. False when the form has to be mended."""
    try:
        messages.success(request, work())
    except Invalid as invalid:
        if form is None:
            messages.error(request, invalid.message)
            return True
        point_out(form, invalid)
        return False
    except Refused as refused:
        messages.error(request, refused.message)
    except Raced:
        messages.error(request, RACED)
    return True


def point_out(form: forms.Form, invalid: Invalid) -> None:
    """Put what an action found wrong beside the form's fields; what fits no field stands above them."""
    for error in invalid.errors:
        name = error.pointer.rpartition("/")[2]
        form.add_error(name if name in form.fields else None, capfirst(error.detail))
    if not invalid.errors:
        form.add_error(None, invalid.message)


def dress(form: forms.Form) -> forms.Form:
    """The form with the admin's own look on every field."""
    for bound in form:
        widget = bound.field.widget
        kind = getattr(widget, "input_type", "")
        if kind not in ("checkbox", "radio", "hidden"):
            widget.attrs["class"] = f"field {widget.attrs.get('class', '')}".strip()
    return form
