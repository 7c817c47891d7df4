"""The last steps: how it comes back, what was chosen in all, and the button that sends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from oms.errors import Refused
from oms.portal.pages import read_text, say_refusal, show_page
from orders.models import Order
from orders.portal.access import for_customer
from returns.actions.requesting import request_return
from returns.policies.quotes import ReturnQuote
from returns.portal.drafts import ReturnDraft, drop_draft, find_done, make_wish, note_done, read_draft, write_draft
from returns.portal.sayings import SAYINGS
from returns.portal.summaries import list_summary
from returns.queries.quoting import quote_return
from returns.wording.sums import describe_sums
from returns.wording.words import explain_way, name_way

BY = "customer"


@dataclass(frozen=True, slots=True)
class WayBack:
    """A method as it is shown."""

    code: str
    name: str
    said: str
    fee: Decimal


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def choose_method(request: HttpRequest, order: Order) -> HttpResponse:
    """Where there is only one way back, it is taken without asking."""
    draft = read_draft(request, order)
    if not _is_complete(draft):
        return _go(order, "items")
    try:
        quote = quote_return(order, replace(make_wish(order, draft), method=""), at=timezone.now())
    except Refused as refusal:
        return _show_refused(request, order, draft, refusal)

    ways = list_ways(quote)
    chosen = read_text(request.POST, "method", most=20) if request.method == "POST" else ""
    if len(ways) == 1:
        chosen = ways[0].code
    if chosen in [way.code for way in ways]:
        draft.method = chosen
        write_draft(request, order, draft)
        return _go(order, "summary")
    context: dict[str, Any] = {
        "order": order,
        "claim": draft.is_claim,
        "ways": ways,
        "chosen": draft.method or next((way.code for way in ways), ""),
        "error": gettext("Choose how it comes back.") if request.method == "POST" else "",
        "step": 3,
    }
    status = 422 if request.method == "POST" else 200
    return show_page(request, "returns/portal/method.html", context, country=order.country, status=status)


def list_ways(quote: ReturnQuote) -> list[WayBack]:
    return [WayBack(each.method, name_way(each.method), explain_way(each.method), each.fee) for each in quote.methods]


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def sum_up(request: HttpRequest, order: Order) -> HttpResponse:
    """Everything once more; POST asks for the return. The same form again leads to the same return."""
    form = read_text(request.POST, "form", most=40)
    if request.method == "POST" and (done := find_done(request, form)):
        return HttpResponseRedirect(reverse("returns:return", args=[order.number, done]))
    draft = read_draft(request, order)
    if not _is_complete(draft) or not draft.method:
        return _go(order, "items")
    if request.method == "POST" and form == draft.form:
        return _send(request, order, draft)
    try:
        quote = quote_return(order, make_wish(order, draft), at=timezone.now())
    except Refused as refusal:
        return _show_refused(request, order, draft, refusal)
    return _summarize(request, order, draft, quote)


def _summarize(
    request: HttpRequest, order: Order, draft: ReturnDraft, quote: ReturnQuote, *, refused: str = "", status: int = 200
) -> HttpResponse:
    ways: Sequence[WayBack] = list_ways(quote)
    context: dict[str, Any] = {
        "order": order,
        "claim": draft.is_claim,
        "items": list_summary(order, draft, quote),
        "sums": describe_sums(quote.totals, [item.resolution for item in draft.items.values()]),
        "way": next((way for way in ways if way.code == draft.method), None),
        "several_ways": len(ways) > 1,
        "form": draft.form,
        "refused": refused,
        "step": 4,
    }
    return show_page(request, "returns/portal/summary.html", context, country=order.country, status=status)


def _send(request: HttpRequest, order: Order, draft: ReturnDraft) -> HttpResponse:
    try:
        made = request_return(number=order.number, wish=make_wish(order, draft), by=BY, at=timezone.now())
    except Refused as refusal:
        return _show_refused(request, order, draft, refusal)
    drop_draft(request, order)
    note_done(request, draft.form, made.number)
    return HttpResponseRedirect(reverse("returns:return", args=[order.number, made.number]) + "?new=1")


def _show_refused(request: HttpRequest, order: Order, draft: ReturnDraft, refusal: Refused) -> HttpResponse:
    """What was typed stays in the draft, for the page where it can be mended."""
    context = {"order": order, "claim": draft.is_claim, "sentence": say_refusal(refusal, SAYINGS)}
    return show_page(request, "returns/portal/refused.html", context, country=order.country, status=refusal.status)


def _is_complete(draft: ReturnDraft) -> bool:
    return bool(draft.items) and all(item.resolution for item in draft.items.values())


def _go(order: Order, page: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"returns:{page}", args=[order.number]))
