"""The page of one change: the order before and after, why it waits, and what the customer will see."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import dress, require
from oms.models import EventRecord
from oms.money import round_amount
from orders.admin.comparing import compare
from orders.admin.deadlines import show_deadline
from orders.admin.deciding import NoteForm
from orders.admin.edit_words import tell_edits
from orders.events import OrderEdited
from orders.models import Checkout, Edit
from orders.policies.edits.quotes import Quote
from orders.queries.edits.waiting_quotes import read_quote

Change = tuple[str, str, str]
"""What, before, after."""


def show_edit(request: HttpRequest, edit_id: str) -> HttpResponse:
    require(request, "orders.view_edit", "Your role does not include reading changes.")
    edit = _find(edit_id)
    context = {
        **admin.site.each_context(request),
        **_describe(edit, request, at=timezone.now()),
        "title": f"Change {edit.pk}",
        "trail": [("Changes", reverse("admin:orders_edit_changelist"))],
    }
    return TemplateResponse(request, "orders/admin/edit_page.html", context)


def _describe(edit: Edit, request: HttpRequest, *, at: datetime) -> dict[str, Any]:
    quote = read_quote(edit, at=at) if edit.is_open else None
    decides = edit.state == Edit.State.AWAITING_APPROVAL and request.user.has_perm("orders.decide_edit")
    return {
        "edit": edit,
        "order": edit.order,
        "currency": edit.currency,
        "words": tell_edits([edit])[edit.pk],
        "comparison": compare(quote, edit.order) if quote else None,
        "changes": [] if quote else _read_changes(edit),
        "deadline": show_deadline(edit.deadline, at=at) if edit.is_open else "",
        "note_form": dress(NoteForm()) if decides else None,
        "if_approved": _foretell(edit, quote) if quote and edit.state == Edit.State.AWAITING_APPROVAL else "",
        "checkout": edit.checkouts.filter(state__in=Checkout.LIVE).first(),
    }


def _find(edit_id: str) -> Edit:
    known = Edit.objects.select_related("order__channel", "order__shipping_address").prefetch_related("order__lines")
    edit = known.filter(pk=edit_id).first() if edit_id.isascii() and edit_id.isdigit() and len(edit_id) < 19 else None
    if edit is None:
        raise Http404("There is no such change.")
    return edit


def _foretell(edit: Edit, quote: Quote) -> str:
    """What the customer will see once it is approved."""
    if any(operation["op"] == "cancel_order" for operation in edit.operations):
        back = f" {quote.to_get_back} goes back to them." if quote.to_get_back else ""
        return f"The whole order is cancelled.{back}"
    if quote.to_pay:
        minutes = edit.order.channel.payment_minutes
        return (
            f"The customer is asked to pay {quote.to_pay} within {minutes} minutes. The order changes once it is paid; "
            "if it is not, it stays as it is."
        )
    if quote.to_get_back:
        return f"The order changes at once, and {quote.to_get_back} goes back the way it was paid."
    return "The order changes at once. The customer gets a mail that says what has changed."


def _read_changes(edit: Edit) -> list[Change]:
    """What is on record of a change that was done."""
    records = EventRecord.objects.about("order", edit.order.number).filter(type=OrderEdited.type, facts__edit=edit.pk)
    record = records.first()
    if record is None:
        return []
    return [
        (name.replace("_", " ").capitalize(), before, after)
        for name, told in record.facts.get("changes", {}).items()
        if (before := _say(told["before"], edit.currency)) != (after := _say(told["after"], edit.currency))
    ]


def _say(value: Any, currency: str) -> str:
    if isinstance(value, dict):
        price = round_amount(Decimal(value["unit_price"]), currency)
        return f"{value['quantity']} × {value['sku'] or value['title']} at {price}"
    return "–" if value in (None, "") else str(value)
