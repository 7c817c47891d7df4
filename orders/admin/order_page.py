"""The order page: a story to read, not a form to fill in. What can be done with the order stands as buttons on it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from inventory.models import Reservation
from inventory.policies.swatches import find_swatch
from oms.panels import render_panels
from orders.actions.holding import NOT_BY_HAND
from orders.admin.order_buttons import BUTTONS
from orders.admin.story import tell_story
from orders.admin.timeline import read_timeline
from orders.models import Hold, Order, OrderLine

_LIVE = (Order.Status.HELD, Order.Status.RELEASED)


@dataclass(frozen=True)
class ShownLine:
    """A line, with the promises that were made for it and the colour of its swatch."""

    line: OrderLine
    reservations: list[Reservation]
    swatch: str
    initial: str

    @property
    def total(self) -> Decimal:
        return self.line.unit_price * self.line.quantity - self.line.discount


@dataclass(frozen=True)
class ShownHold:
    hold: Hold
    is_open: bool
    liftable: bool
    advice: str


def show_order(request: HttpRequest, number: str) -> HttpResponse:
    order = order_for_staff(request, number)
    context = {**admin.site.each_context(request), **_describe(order, request), "title": order.number}
    return TemplateResponse(request, "orders/admin/order_page.html", context)


def show_older_events(request: HttpRequest, number: str) -> HttpResponse:
    """The next piece of the timeline; without JavaScript, the whole page again from there on."""
    order = order_for_staff(request, number)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{_page_of(order)}?before={_before(request) or ''}#timeline")
    context = {"order": order, "timeline": read_timeline(order, before=_before(request))}
    return render(request, "orders/admin/timeline.html", context)


def order_for_staff(request: HttpRequest, number: str) -> Order:
    """The order, with everything that its page joins to it.

    Raises:
        PermissionDenied: this person may not see orders.
        Http404: there is no such order.
    """
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied("Your role does not include reading orders.")
    joined = ("channel", "customer", "shipping_address", "billing_address")
    order = Order.objects.select_related(*joined).filter(number=number).first()
    if order is None:
        raise Http404(f"There is no order {number}.")
    return order


def _describe(order: Order, request: HttpRequest) -> dict[str, Any]:
    at = timezone.now()
    holds = _holds(order, request)
    open_holds = [shown.hold for shown in holds if shown.is_open]
    return {
        "order": order,
        "story": tell_story(order, open_holds, at=at),
        "lines": _lines(order),
        "holds": holds,
        "payments": list(order.payments.order_by("id")),
        "refunds": list(order.refunds.order_by("refunded_at", "id")),
        "mismatch": order.total - (order.stated_total or 0) if order.totals_mismatch else None,
        "timeline": read_timeline(order, before=_before(request)),
        "may_edit": order.status in _LIVE and request.user.has_perm("orders.edit_order"),
        "buttons": [button for button in BUTTONS.values() if button.is_shown(request, order)],
        "panels": render_panels("order", request, order),
        "trail": [("Orders", reverse("admin:orders_order_changelist"))],
    }


def _holds(order: Order, request: HttpRequest) -> list[ShownHold]:
    """The open ones first, each of the two halves by its age."""
    at, may_lift = timezone.now(), request.user.has_perm("orders.lift_hold")
    shown = []
    for hold in order.holds.order_by("opened_at", "id"):
        is_open = hold.is_open(at=at)
        advice = NOT_BY_HAND.get(Hold.Reason(hold.reason), "")
        shown.append(ShownHold(hold, is_open, is_open and may_lift and not advice, advice if is_open else ""))
    return sorted(shown, key=lambda one: not one.is_open)


def _lines(order: Order) -> list[ShownLine]:
    kept: dict[int, list[Reservation]] = {}
    for reservation in Reservation.objects.open().filter(reference=order.number).order_by("since", "id"):
        kept.setdefault(reservation.variant_id, []).append(reservation)
    return [
        ShownLine(
            line,
            kept.get(line.variant_id or 0, []),
            find_swatch(line.variant.options) if line.variant else "",
            (line.title or line.sku or "?")[:1].upper(),
        )
        for line in order.lines.select_related("variant").order_by("position")
    ]


def _before(request: HttpRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None


def _page_of(order: Order) -> str:
    return reverse("admin:orders_order_change", args=[order.number])
