"""Preview, confirmation and result: what was seen is what is done, once."""

from collections.abc import Sequence
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oms.errors import FieldError, Invalid, Refused, VersionStale
from oms.panels import render_panels
from oms.portal.pages import is_htmx, say_refusal, show_page, show_refusal
from orders.actions.edits.approving import withdraw_edit
from orders.actions.edits.editing import edit_order, preview_edit
from orders.models import Checkout, Edit, Order
from orders.policies.edits.quotes import Quote
from orders.portal.access import for_customer
from orders.portal.drafts import Draft, drop_confirmed, read_draft, seal, unseal
from orders.portal.order_page import find_checkout
from orders.portal.quoted import describe_quote
from orders.portal.sayings import SAYINGS, say_idle
from orders.wording.addresses import address_lines
from orders.wording.changes import describe_changes, describe_edit

BY = "customer"


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def preview_changes(request: HttpRequest, order: Order) -> HttpResponse:
    """What the collected changes come to; POST confirms exactly what was shown."""
    if request.method == "POST":
        return _confirm(request, order)
    draft = read_draft(request, order)
    if not draft:
        return HttpResponseRedirect(reverse("portal:order", args=[order.number]))
    return _preview(request, order, draft)


def _preview(request: HttpRequest, order: Order, draft: Draft, *, notice: str = "", status: int = 200) -> HttpResponse:
    quote, sentence, errors = _quote(order, draft)
    context = {
        "order": order,
        "changes": describe_changes(order, draft.changes, errors),
        "notice": notice if notice != sentence else "",
        "refused": sentence,
        "quote": describe_quote(quote, order) if quote else None,
        "address": address_lines(quote.address) if quote and quote.address else [],
        "sealed": seal(order, draft, version=quote.version) if quote else "",
        "panels": render_panels("portal_edit", request, order),
    }
    return show_page(request, "orders/portal/preview.html", context, country=order.country, status=status)


def _quote(order: Order, draft: Draft) -> tuple[Quote | None, str, Sequence[FieldError]]:
    """The quote; or a sentence, and which of the changes are in the way."""
    at = timezone.now()
    try:
        quote = preview_edit(number=order.number, operations=draft.operations, actor=Edit.Actor.CUSTOMER, by=BY, at=at)
    except Invalid as refusal:
        return None, say_refusal(refusal, SAYINGS), refusal.errors
    except Refused as refusal:
        return None, say_refusal(refusal, SAYINGS), ()
    if quote.idle:
        return None, say_idle(), ()
    return quote, "", ()


def _confirm(request: HttpRequest, order: Order) -> HttpResponse:
    """The same form again leads to the same edit; an order that has changed since is shown again first."""
    confirmation = unseal(order, request.POST.get("sealed", ""))
    draft = read_draft(request, order)
    if confirmation is None:
        return HttpResponseRedirect(reverse("portal:preview" if draft else "portal:order", args=[order.number]))
    try:
        edit = edit_order(
            number=order.number,
            operations=confirmation.operations,
            actor=Edit.Actor.CUSTOMER,
            by=BY,
            at=timezone.now(),
            version=confirmation.version,
            form=confirmation.form,
        )
    except VersionStale as refusal:
        if draft:
            order.refresh_from_db()
            return _preview(request, order, draft, notice=say_refusal(refusal, SAYINGS), status=409)
        return _refuse(request, order, refusal)
    except Refused as refusal:
        if draft:
            return _preview(request, order, draft, notice=say_refusal(refusal, SAYINGS), status=refusal.status)
        return _refuse(request, order, refusal)
    drop_confirmed(request, order, confirmation)
    return HttpResponseRedirect(reverse("portal:edit", args=[order.number, edit.pk]))


@require_safe
@for_customer
def show_edit(request: HttpRequest, order: Order, edit: int) -> HttpResponse:
    """What became of a change, and what happens next. It asks again by itself while something is awaited."""
    found = order.edits.filter(pk=edit).first()
    if found is None:
        raise Http404
    checkout = find_checkout(order, found) if found.is_open else None
    context = {
        "order": order,
        "edit": found,
        "checkout": checkout,
        "unpayable": checkout is None and found.checkouts.filter(state=Checkout.State.FAILED).exists(),
        "changes": describe_edit(found),
        "difference": found.total_after - found.total_before,
        "returned": "returned" in request.GET,
        "repaying": order.repayments.filter(edit=found).first(),
        "waits": found.is_open and found.deadline > timezone.now() + timedelta(seconds=1) if found.deadline else False,
    }
    part = "orders/portal/edit_state.html" if is_htmx(request) else "orders/portal/edit.html"
    return show_page(request, part, context, country=order.country)


@require_POST
@for_customer
def withdraw_change(request: HttpRequest, order: Order, edit: int) -> HttpResponse:
    """The customer's own change only; what staff ask for is theirs to take back."""
    if not order.edits.filter(pk=edit, actor=Edit.Actor.CUSTOMER).exists():
        raise Http404
    try:
        withdraw_edit(edit_id=edit, by=BY, at=timezone.now())
    except Refused as refusal:
        return _refuse(request, order, refusal)
    return HttpResponseRedirect(reverse("portal:edit", args=[order.number, edit]))


@require_safe
@for_customer
def come_back(request: HttpRequest, order: Order) -> HttpResponse:
    """Where the gateway sends the customer. Whether it was paid is the gateway's word, not this address's."""
    last = order.checkouts.filter(edit__isnull=False).order_by("-id").first()
    if last is None:
        return HttpResponseRedirect(reverse("portal:order", args=[order.number]))
    return HttpResponseRedirect(reverse("portal:edit", args=[order.number, last.edit_id]) + "?returned=1")


def _refuse(request: HttpRequest, order: Order, refusal: Refused) -> HttpResponse:
    back = reverse("portal:order", args=[order.number])
    return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
