"""The page of one message to another system: what it says, what became of it, and both sides beside each other."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import Question, actor_of, ask, require
from oms.errors import Refused
from oms.templatetags.showing import units
from orders.actions.write_back.comparing import Comparison, compare_write_back
from orders.actions.write_back.reviewing import dismiss_write_back, send_again
from orders.admin.write_back_words import show_state
from orders.channels.outgoing.differing import match_lines
from orders.channels.outgoing.port import PostalAddress
from orders.models import WriteBack

_NOT_YOURS = "Your role does not include settling write-backs."
_PARTS = ("name", "company", "line1", "line2", "postal_code", "city", "province", "country", "phone")


class DismissForm(forms.Form):
    note = forms.CharField(max_length=255, help_text="Why nothing has to be done. It stays with the message.")


@dataclass(frozen=True)
class Side:
    """One thing that both sides have; `differs` when they have not the same."""

    title: str
    ours: str
    theirs: str
    differs: bool


def show_message(request: HttpRequest, message_id: str) -> HttpResponse:
    message = _message_for_staff(request, message_id)
    return TemplateResponse(request, "orders/admin/write_back.html", _describe(request, message))


def send_message_again(request: HttpRequest, message_id: int) -> HttpResponse:
    require(request, "orders.settle_write_back", _NOT_YOURS)
    message = _message_for_staff(request, str(message_id))
    underway = message.state in WriteBack.UNDERWAY
    question = Question(
        title="Send again",
        consequence="It is sent now, without waiting for its turn."
        if underway
        else "A new message is queued, with the order as it is now. This one is put aside.",
        submit="Send again",
        back=_page_of(message),
    )

    def act(answer: dict[str, Any]) -> str:
        sent = send_again(write_back_id=message.pk, by=actor_of(request), at=timezone.now())
        return f"On its way to {message.target.name}" + ("." if sent.pk == message.pk else f" as message {sent.pk}.")

    return ask(request, question, act)


def dismiss_message(request: HttpRequest, message_id: int) -> HttpResponse:
    require(request, "orders.settle_write_back", _NOT_YOURS)
    message = _message_for_staff(request, str(message_id))
    question = Question(
        title="Dismiss",
        consequence=f"{message.target.name} is not told of it any more, and nobody is reminded.",
        submit="Dismiss",
        back=_page_of(message),
        form=DismissForm,
        tone="bad",
    )

    def act(answer: dict[str, Any]) -> str:
        by, at = actor_of(request), timezone.now()
        dismiss_write_back(write_back_id=message.pk, note=answer["note"], by=by, at=at)
        return "The message is put aside."

    return ask(request, question, act)


def compare_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Asks the other system, so only when somebody presses the button."""
    require(request, "orders.settle_write_back", _NOT_YOURS)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    message = _message_for_staff(request, str(message_id))
    try:
        comparison = compare_write_back(write_back_id=message.pk, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(_page_of(message))
    message = _message_for_staff(request, str(message_id))
    context = _describe(request, message) | {
        "sides": put_side_by_side(comparison),
        "number_of_differences": len(comparison.differences),
    }
    return TemplateResponse(request, "orders/admin/write_back.html", context)


def put_side_by_side(comparison: Comparison) -> list[Side]:
    """Line by line, then contact, address, shipping and total: what is the same as well as what is not."""
    desired, copy = comparison.desired, comparison.copy
    wrong = {(each.where, each.what) for each in comparison.differences}
    match = match_lines(desired.lines, copy.lines)
    sides = [
        _side(
            line.sku or line.title,
            units(line.quantity),
            units(there.quantity),
            differs=("quantity", line.sku),
            of=wrong,
        )
        for line, there in match.pairs
        if line.quantity or there.quantity
    ]
    sides += [Side(line.sku, units(line.quantity), "–", True) for line in match.missing if ("line", line.sku) in wrong]
    extra = [there for there in match.left_over if ("line", there.sku) in wrong]
    sides += [Side(there.sku, "–", units(there.quantity), True) for there in extra]

    ours, theirs = desired.address or PostalAddress(), copy.address or PostalAddress()
    pairs = [("E-mail", "email", desired.email, copy.email), ("Phone", "phone", desired.phone, copy.phone)]
    pairs += [(_say(part), f"address_{part}", getattr(ours, part), getattr(theirs, part)) for part in _PARTS]
    pairs += [("Shipping", "shipping_method", desired.shipping_method, copy.shipping_method)]
    pairs += [("Shipping costs", "shipping_amount", f"{desired.shipping_amount}", f"{copy.shipping_amount}")]
    total = desired.owed if copy.total_is_owed else desired.total
    pairs += [("Total", "total", f"{total} {desired.order.currency}", f"{copy.total} {copy.currency}")]
    said = {True: "cancelled", False: "not cancelled"}
    pairs += [("Status", "status", said[desired.cancelled], said[copy.cancelled])]
    return sides + [_side(*pair[:1], *pair[2:], differs=(pair[1], ""), of=wrong) for pair in pairs if any(pair[2:])]


def _side(title: str, ours: str, theirs: str, *, differs: tuple[str, str], of: set[tuple[str, str]]) -> Side:
    return Side(title, ours or "–", theirs or "–", differs in of)


def _say(part: str) -> str:
    words = {"line1": "Street", "line2": "Street, second line", "postal_code": "Postal code"}
    return words.get(part, part.capitalize())


def _describe(request: HttpRequest, message: WriteBack) -> dict[str, Any]:
    may = request.user.has_perm("orders.settle_write_back")
    return {
        **admin.site.each_context(request),
        "title": f"Message {message.pk}",
        "trail": [("Write-backs", reverse("admin:orders_writeback_changelist"))],
        "row": message,
        "shown_state": show_state(message),
        "may_settle": may and message.state in WriteBack.TROUBLED,
        "may_compare": may and not message.target.is_partner and message.kind not in WriteBack.FOUND_AGAIN,
    }


def _message_for_staff(request: HttpRequest, message_id: str) -> WriteBack:
    require(request, "orders.view_writeback", "Your role does not include reading write-backs.")
    known = WriteBack.objects.select_related("order", "target", "edit")
    message = known.filter(pk=message_id).first() if message_id.isascii() and message_id.isdigit() else None
    if message is None:
        raise Http404("There is no such message.")
    return message


def _page_of(message: WriteBack) -> str:
    return reverse("admin:orders_writeback_change", args=[message.pk])
