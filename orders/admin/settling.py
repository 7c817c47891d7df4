"""Settling quarantined messages: trying them again, or putting them aside for good."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from oms.admin.asking import Question, actor_of, ask, require
from orders.actions.intake.quarantining import dismiss_messages
from orders.actions.intake.taking import retry_messages
from orders.models import QuarantinedMessage

AT_ONCE = 500
"""So many in one go; the others wait for the next."""

_NOT_YOURS = "Your role does not include settling quarantined messages."


class DismissForm(forms.Form):
    note = forms.CharField(max_length=255, help_text="Why nothing has to be done. It stays with the message.")


def go_and_ask(name: str, request: HttpRequest) -> HttpResponse:
    """From the ticks of the list to the page that asks."""
    chosen = urlencode({"id": request.POST.getlist(ACTION_CHECKBOX_NAME)}, doseq=True)
    return HttpResponseRedirect(f"{reverse(f'admin:orders_quarantinedmessage_{name}')}?{chosen}")


def retry(request: HttpRequest) -> HttpResponse:
    """One, several, all of a reason, or all: what the address says."""
    require(request, "orders.settle_quarantine", _NOT_YOURS)
    ids = _chosen(request)

    def act(answer: dict[str, Any]) -> str:
        outcomes = retry_messages(ids=ids, by=actor_of(request), at=timezone.now())
        still = sum(outcome.status == "quarantined" for outcome in outcomes)
        return _say_retried(len(outcomes) - still, still)

    consequence = f"{_messages(len(ids))} will be read again, as if it came in now. Mend the cause first."
    return _ask(request, "Retry", consequence, ids, act)


def dismiss(request: HttpRequest) -> HttpResponse:
    require(request, "orders.settle_quarantine", _NOT_YOURS)
    ids = _chosen(request)

    def act(answer: dict[str, Any]) -> str:
        number = dismiss_messages(ids=ids, note=answer["note"], by=actor_of(request), at=timezone.now())
        return f"{_messages(number)} dismissed."

    consequence = f"{_messages(len(ids))} will be put aside for good. Nothing of it is deleted."
    return _ask(request, "Dismiss", consequence, ids, act, form=DismissForm, tone="bad")


def _ask(
    request: HttpRequest,
    verb: str,
    consequence: str,
    ids: Sequence[int],
    act: Callable[[dict[str, Any]], str],
    **looks: Any,
) -> HttpResponse:
    question = Question(
        title=f"{verb} quarantined messages",
        consequence=consequence,
        submit=verb,
        back=reverse("admin:orders_quarantinedmessage_changelist"),
        template="orders/admin/ask_messages.html",
        context={"ids": ids},
        **looks,
    )
    return ask(request, question, act)


def _chosen(request: HttpRequest) -> list[int]:
    """The ids that the form carries, else those of the address, else the oldest open ones (of one reason)."""
    named = request.POST.getlist(ACTION_CHECKBOX_NAME) or request.GET.getlist("id")
    if named:
        return [int(pk) for pk in named if pk.isascii() and pk.isdigit()][:AT_ONCE]
    messages = QuarantinedMessage.objects.open()
    if reason := request.GET.get("reason"):
        messages = messages.filter(reason=reason)
    return list(messages.order_by("id").values_list("id", flat=True)[:AT_ONCE])


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"


def _say_retried(taken: int, still: int) -> str:
    if not still:
        return f"{_messages(taken)} taken."
    return f"{_messages(taken)} taken, {_messages(still)} still cannot be taken: the reason may be another one now."
