"""Staff change an order: a form, then what it comes to, then the deed. Each step works without JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.core import signing
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import RACED, actor_of, dress, require
from oms.errors import Raced, Refused, VersionStale
from oms.models import EventRecord
from oms.templatetags.showing import clock
from orders.actions.edits.editing import edit_order, preview_edit
from orders.admin.comparing import compare
from orders.admin.edit_answers import EditForms, Operation, open_forms, swatch_of
from orders.admin.order_page import order_for_staff
from orders.admin.timeline import Moment, read_timeline
from orders.models import Edit, Order, OrderLine
from orders.policies.edits.quotes import Quote
from orders.queries.edits.shelf import Offer, search_offers
from orders.queries.edits.states import read_edit_state

ACTOR = Edit.Actor.STAFF
SHOWN = 24
_SALT = "orders.admin.edit_form"
_WITHIN = 24 * 3600
_NOT_YOURS = "Your role does not include changing orders."
_OWN = ("csrfmiddlewaretoken", "do", "add", "token")
"""What belongs to one step only."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody saw, and confirms. `form`: sent twice it is done once."""

    operations: Sequence[Operation]
    version: int
    form: str


def edit_by_staff(request: HttpRequest, number: str) -> HttpResponse:
    require(request, "orders.edit_order", _NOT_YOURS)
    order = order_for_staff(request, number)
    lines = OrderLine.objects.select_related("variant").order_by("position")
    prefetch_related_objects([order], Prefetch("lines", lines))
    if request.method != "POST":
        return _show_form(request, order, None)
    do = request.POST.get("do", "preview")
    if do == "confirm":
        return _confirm(request, order)
    if sku := request.POST.get("add"):
        return _show_form(request, order, _add_item(request.POST, sku))
    if do != "preview" or _searches(request.POST):
        return _show_form(request, order, request.POST)
    return _preview(request, order)


def _preview(request: HttpRequest, order: Order) -> HttpResponse:
    """What it would come to; nothing is written."""
    at = timezone.now()
    forms = _open(order, request.POST, at=at)
    operations = forms.read()
    if _is_stale(request.POST, order):
        return _show_form(request, order, request.POST, forms=forms, status=409)
    if not operations:
        if not any(form.errors for form in forms.every):
            forms.wrong.append("Nothing is changed yet.")
        return _show_form(request, order, request.POST, forms=forms, status=422)
    try:
        quote = preview_edit(number=order.number, operations=operations, actor=ACTOR, by=actor_of(request), at=at)
    except Refused as refusal:
        forms.refuse(refusal)
        return _show_form(request, order, request.POST, forms=forms, status=422)
    return _show_preview(request, order, quote, operations)


def _confirm(request: HttpRequest, order: Order) -> HttpResponse:
    """Exactly what was shown, or nothing."""
    confirmed = _unseal(order, request.POST.get("token", ""))
    if confirmed is None:
        messages.error(request, "This page was open for too long. Look at the change again.")
        return _show_form(request, order, request.POST, status=409)
    try:
        edit = edit_order(
            number=order.number,
            operations=confirmed.operations,
            actor=ACTOR,
            by=actor_of(request),
            at=timezone.now(),
            version=confirmed.version,
            form=confirmed.form,
        )
    except VersionStale:
        return _show_form(request, order, request.POST, status=409)
    except Refused as refusal:
        return _show_refused(request, order, refusal)
    except Raced:
        messages.error(request, RACED)
        return _show_form(request, order, request.POST, status=409)
    messages.success(request, say_asked(edit))
    return HttpResponseRedirect(_page_of(order))


def say_asked(edit: Edit) -> str:
    """What has become of the change."""
    if edit.state == Edit.State.AWAITING_PAYMENT and edit.deadline:
        return f"The change waits until the customer has paid, by {clock(edit.deadline)} at the latest."
    if edit.state == Edit.State.AWAITING_APPROVAL:
        return "The change waits for approval."
    return "The order is changed."


def _show_refused(request: HttpRequest, order: Order, refusal: Refused) -> HttpResponse:
    forms = _open(order, request.POST, at=timezone.now())
    forms.read()
    forms.refuse(refusal)
    return _show_form(request, order, request.POST, forms=forms, status=422)


def _show_form(
    request: HttpRequest,
    order: Order,
    sent: QueryDict | None,
    *,
    forms: EditForms | None = None,
    status: int = 200,
) -> HttpResponse:
    if forms is None:
        forms = _open(order, sent, at=timezone.now())
        forms.keep_unjudged()
    seen = _digits(sent, "seen")
    words = sent.get("q", "").replace("\x00", "").strip()[:100] if sent else ""
    stale = sent is not None and _is_stale(sent, order)
    for form in forms.every:
        dress(form)
    context = {
        **admin.site.each_context(request),
        "title": "Edit order",
        "trail": [("Orders", reverse("admin:orders_order_changelist")), (order.number, _page_of(order))],
        "order": order,
        "forms": forms,
        "lines": [(form, swatch_of(form.line)) for form in forms.lines],
        "closed_lines": [line for line in order.lines.all() if line.open_quantity <= 0 < line.quantity],
        "waiting": order.edits.open().first(),
        "q": words,
        "found": _search(words, order),
        "stale": stale,
        "moments": _moments_since(order, seen) if stale else [],
        "seen": _newest_event(order),
        "back": _page_of(order),
    }
    return TemplateResponse(request, "orders/admin/edit_form.html", context, status=status)


def _show_preview(request: HttpRequest, order: Order, quote: Quote, operations: Sequence[Operation]) -> HttpResponse:
    sealed = {"order": order.number, "operations": list(operations), "version": quote.version, "form": uuid4().hex}
    context = {
        **admin.site.each_context(request),
        "title": "Check the change",
        "trail": [("Orders", reverse("admin:orders_order_changelist")), (order.number, _page_of(order))],
        "order": order,
        "quote": quote,
        "currency": order.currency,
        "comparison": compare(quote, order),
        "minutes": order.channel.payment_minutes,
        "token": signing.dumps(sealed, salt=_SALT, compress=True),
        "kept": [(name, value) for name, values in request.POST.lists() if name not in _OWN for value in values],
    }
    return TemplateResponse(request, "orders/admin/edit_preview.html", context)


def _open(order: Order, sent: QueryDict | None, *, at: datetime) -> EditForms:
    return open_forms(order, read_edit_state(order.number, actor=ACTOR, at=at), sent)


def _unseal(order: Order, token: str) -> Confirmation | None:
    """None when it is not one of ours, is of another order, or lay about for too long."""
    try:
        sealed: Mapping[str, Any] = signing.loads(token, salt=_SALT, max_age=_WITHIN)
    except signing.BadSignature:
        return None
    if sealed["order"] != order.number:
        return None
    return Confirmation(sealed["operations"], sealed["version"], sealed["form"])


def _is_stale(sent: QueryDict, order: Order) -> bool:
    return _digits(sent, "version") != order.version


def _moments_since(order: Order, seen: int) -> list[Moment]:
    """What happened to the order since the form was opened, the newest first."""
    return [moment for moment in read_timeline(order).moments if moment.sequence > seen]


def _newest_event(order: Order) -> int:
    newest = EventRecord.objects.about("order", order.number).reverse().values_list("sequence", flat=True).first()
    return newest or 0


def _searches(sent: QueryDict) -> bool:
    """Enter in the field of the search presses the first button of the form, whichever that is."""
    return bool(sent.get("q", "").strip()) and sent.get("q") != sent.get("searched")


def _search(words: str, order: Order) -> list[Offer]:
    return search_offers(words, order)[:SHOWN] if words else []


def _add_item(sent: QueryDict, sku: str) -> QueryDict:
    """The same answer with one more item, in the first row that is free."""
    more = sent.copy()
    count = _digits(more, "items-TOTAL_FORMS")
    free = next((place for place in range(count) if not more.get(f"items-{place}-sku")), count)
    more[f"items-{free}-sku"], more[f"items-{free}-quantity"] = sku[:100], "1"
    if free + 2 > count:
        more[f"items-{free + 1}-quantity"] = "1"
        more["items-TOTAL_FORMS"] = str(free + 2)
    more["q"] = ""
    return more


def _digits(sent: QueryDict | None, name: str) -> int:
    text = sent.get(name, "") if sent else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page_of(order: Order) -> str:
    return reverse("admin:orders_order_change", args=[order.number])
