"""The order's own page: where it stands, until when it can be changed, what is on it, and what has happened."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from oms.panels import render_panels
from oms.portal.pages import is_htmx, show_page
from orders.models import Checkout, Edit, Order
from orders.portal.access import for_customer
from orders.portal.drafts import read_draft
from orders.portal.history import SAYINGS, tell_history
from orders.portal.items import describe_line
from orders.portal.parcels import read_sending
from orders.portal.permissions import list_allowed
from orders.portal.progress import tell_progress
from orders.queries.page_rows import read_page_rows
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
    rows = read_page_rows(order, event_types=SAYINGS)
    edit = rows.edit
    items = [describe_line(line, order.currency) for line in rows.lines]
    window = show_window(order, rows.holds, {item.sku: item.title for item in items}, at=at)
    reasons = {hold.reason for hold in rows.holds if hold.is_open(at=at)}
    allowed = list_allowed(order, rows.holds, at=at) if edit is None and order.status in _ALIVE else frozenset()
    may_edit = bool(allowed - {"cancel_order"})
    draft = read_draft(request, order)
    sending = read_sending(order)
    return {
        "order": order,
        "window": window,
        "progress": tell_progress(order, reasons, window, edit, sending),
        "sending": sending,
        "ships_after": find_ship_day(order, at=at),
        "items": items,
        "address": address_lines(order.shipping_address),
        "method": name_method(order.shipping_method) if order.shipping_method else "",
        "edit": edit,
        "checkout": pick_checkout(rows.checkouts, edit),
        "draft": describe_changes(order, draft.changes) if may_edit and draft else [],
        "may": dict.fromkeys(allowed, True),
        "may_edit": may_edit,
        "history": tell_history(rows.events),
        "repaying": rows.repaying,
        "panels": render_panels("portal_order", request, order),
        "more": render_panels("portal_order_end", request, order),
    }


def find_checkout(order: Order, edit: Edit | None) -> Checkout | None:
    """The payment that waits for the customer: of the open edit, or of the order."""
    return pick_checkout(order.checkouts.filter(state__in=Checkout.LIVE), edit)


def pick_checkout(waiting: Iterable[Checkout], edit: Edit | None) -> Checkout | None:
    """The newest of those that wait, of the edit where there is one."""
    asked = [each for each in waiting if edit is None or each.edit_id == edit.pk]
    return max(asked, key=lambda each: each.pk, default=None)


def find_ship_day(order: Order, *, at: datetime) -> datetime | None:
    """The noon of the day before which it does not leave, on the reader's calendar; None once that is nobody's news."""
    day = order.ship_after
    waits = order.status in _ALIVE and order.fulfillment_status == Order.FulfillmentStatus.UNFULFILLED
    if day is None or not waits or day <= timezone.localdate(at):
        return None
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


_ALIVE = (Order.Status.HELD, Order.Status.RELEASED)
