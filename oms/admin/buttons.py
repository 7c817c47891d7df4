"""Verbs on the page of one thing. Each asks first and is one call of an action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from oms.admin.asking import Question, actor_of, ask, require

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Button(Generic[Thing]):
    """A verb: who may press it, when it makes sense, what it asks and what it does, which gives a sentence to say.

    `bulk`: its answer can be given once for many.
    """

    name: str
    label: str
    permission: str
    consequence: str
    act: Callable[[Thing, dict[str, Any], str, datetime], str]
    applies: Callable[[Thing], bool] = lambda thing: True
    form: type[forms.Form] = forms.Form
    initial: Callable[[Thing], dict[str, Any]] = lambda thing: {}
    tone: str = "cool"
    bulk: bool = True

    def is_shown(self, request: HttpRequest, thing: Thing) -> bool:
        return request.user.has_perm(self.permission) and self.applies(thing)


def find_button(buttons: Mapping[str, Button[Thing]], name: str, request: HttpRequest) -> Button[Thing]:
    """Raises:
    Http404: there is no button of that name.
    PermissionDenied: this person may not press it.
    """
    button = buttons.get(name)
    if button is None:
        raise Http404(f"There is no button {name} here.")
    require(request, button.permission, f"Your role does not include this: {button.label.lower()}.")
    return button


def press_button(request: HttpRequest, button: Button[Thing], thing: Thing, *, called: str, back: str) -> HttpResponse:
    """The question; on its answer, the deed. `called`: how people name the thing."""
    question = Question(
        title=f"{button.label}: {called}",
        consequence=button.consequence,
        submit=button.label,
        back=back,
        form=button.form,
        initial=button.initial(thing),
        tone=button.tone,
    )
    return ask(request, question, lambda answer: button.act(thing, answer, actor_of(request), timezone.now()))
