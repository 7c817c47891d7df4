"""The order's own page: where it stands, until when it can be changed, what is on it, and what has happened."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from oms.panels import render_panels
from oms.portal.pages import is_htmx, show_page
from orders.models import Checkout, Edit, Hold, Order
from orders.portal.access import for_customer
from orders.portal.drafts import read_draft
from orders.portal.history import read_history
from orders.portal.items import list_items
from orders.portal.parcels import read_sending
from orders.portal.permissions import list_allowed
from orders.portal.progress import tell_progress
from orders.wording.addresses import address_lines
from orders.wording.changes import describe_changes
from orders.wording.windows import show_window
from orders.wording.words import name_method


@require_safe
@for_customer
def show_order(request: HttpRequest, order: Order) -> HttpResponse:
    return show_page(request, "orders/portal/order.html", describe_order(request, order), country=order.country)


@require_safe
@for_customer
def show_standing(request: HttpRequest, order: Order) -> HttpResponse:
    """The part of the page that time changes; the script asks for it when the window ends."""
    part = "orders/portal/standing.html" if is_htmx(request) else "orders/portal/order.html"
    return show_page(request, part, describe_order(request, order), country=order.country)


def describe_order(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Everything that the page shows."""
    at = timezone.now()
    holds = list(order.holds.order_by("id"))
    edit = order.edits.open().first()
    items = list_items(order)
    window = show_window(order, holds, {item.sku: item.title for item in items}, at=at)
    allowed = list_allowed(order, at=at) if edit is None and order.status in _ALIVE else frozenset()
    may_edit = bool(allowed - {"cancel_order"})
    draft = read_draft(request, order)
    sending = read_sending(order)
    return {
        "order": order,
        "window": window,
        "progress": tell_progress(order, _open_reasons(holds, at), window, edit, sending),
        "sending": sending,
        "ships_after": find_ship_day(order, at=at),
        "items": items,
        "address": address_lines(order.shipping_address),
        "method": name_method(order.shipping_method) if order.shipping_method else "",
        "edit": edit,
        "checkout": find_checkout(order, edit),
        "draft": describe_changes(order, draft.changes) if may_edit and draft else [],
        "may": dict.fromkeys(allowed, True),
        "may_edit": may_edit,
        "history": read_history(order),
        "repaying": _repaying(order),
        "panels": render_panels("portal_order", request, order),
        "more": render_panels("portal_order_end", request, order),
    }


def find_checkout(order: Order, edit: Edit | None) -> Checkout | None:
    """The payment that waits for the customer: of the open edit, or of the order."""
    asked = order.checkouts.filter(state__in=[Checkout.State.REQUESTED, Checkout.State.OPEN])
    return asked.filter(edit=edit).order_by("-id").first() if edit else asked.order_by("-id").first()


def find_ship_day(order: Order, *, at: datetime) -> datetime | None:
    """The noon of the day before which it does not leave, on the reader's calendar; None once that is nobody's news."""
    day = order.ship_after
    waits = order.status in _ALIVE and order.fulfillment_status == Order.FulfillmentStatus.UNFULFILLED
    if day is None or not waits or day <= timezone.localdate(at):
        return None
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


_ALIVE = (Order.Status.HELD, Order.Status.RELEASED)


def _open_reasons(holds: Sequence[Hold], at: Any) -> set[str]:
    return {hold.reason for hold in holds if hold.closed_at is None and (hold.until is None or hold.until > at)}


def _repaying(order: Order) -> Any:
    """What is on its way back and not there yet; None when nothing is."""
    underway = order.repayments.filter(state__in=["WAITING", "BY_HAND", "PENDING"]).values_list("amount", flat=True)
    return sum(underway) or None
