"""The page of one SKU: what lies where, how it moved, and what can be done about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from inventory.admin.stock_buttons import BUTTONS
from inventory.models import Availability, StockMovement
from inventory.policies.velocity import Velocity, days_of_cover, decay
from oms.admin.plots import CurvePlot, plot_curve
from oms.panels import render_panels

DAYS = 60
PER_PAGE = 25


@dataclass(frozen=True)
class History:
    """On hand at the end of each of the last days, all warehouses together."""

    days: list[date]
    figures: list[Decimal]
    plot: CurvePlot

    @property
    def rows(self) -> list[tuple[date, Decimal]]:
        return list(zip(self.days, self.figures, strict=True))[::-1]


def show_sku(request: HttpRequest, variant_id: str) -> HttpResponse:
    row = stock_for_staff(request, variant_id)
    context = {
        **admin.site.each_context(request),
        **_describe(row, at=timezone.now()),
        **_page_movements(row, request),
        "title": row.variant.sku,
        "trail": [("Stock", reverse("admin:inventory_availability_changelist"))],
        "buttons": [button for button in BUTTONS.values() if button.is_shown(request, row)],
        "panels": render_panels("sku", request, row),
    }
    return TemplateResponse(request, "inventory/admin/sku_page.html", context)


def show_older_movements(request: HttpRequest, variant_id: int) -> HttpResponse:
    row = stock_for_staff(request, str(variant_id))
    if not request.headers.get("HX-Request"):
        page = reverse("admin:inventory_availability_change", args=[variant_id])
        return HttpResponseRedirect(f"{page}?{request.GET.urlencode()}#movements")
    context = {"row": row, **_page_movements(row, request)}
    return render(request, "inventory/admin/movements.html", context)


def stock_for_staff(request: HttpRequest, variant_id: str) -> Availability:
    """The promise row of a SKU, with its product.

    Raises:
        PermissionDenied: this person may not see stock.
        Http404: there is no such SKU.
    """
    if not request.user.has_perm("inventory.view_availability"):
        raise PermissionDenied("Your role does not include reading stock.")
    known = Availability.objects.select_related("variant__product__category")
    row = known.filter(pk=int(variant_id)).first() if variant_id.isascii() and variant_id.isdigit() else None
    if row is None:
        raise Http404("There is no such SKU.")
    return row


def _describe(row: Availability, *, at: datetime) -> dict[str, Any]:
    velocity = decay(Velocity(row.velocity, row.velocity_at), at=at)
    available = row.sellable - row.promised
    levels = list(row.variant.levels.select_related("warehouse").order_by("warehouse__priority", "warehouse__code"))
    on_hand = sum((level.on_hand for level in levels), Decimal(0))
    return {
        "row": row,
        "available": available,
        "velocity": velocity,
        "cover": days_of_cover(float(available), velocity),
        "levels": levels,
        "on_hand": on_hand,
        "history": read_history(row.variant_id, on_hand, today=timezone.localdate(at)),
    }


def read_history(variant_id: int, on_hand: Decimal, *, today: date) -> History:
    """Walks back from what is there now by what moved on each day since."""
    first = today - timedelta(days=DAYS - 1)
    begins = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    moved: dict[date, Decimal] = defaultdict(Decimal)
    movements = StockMovement.objects.filter(variant_id=variant_id, bucket="on_hand", at__gte=begins)
    moved.update(movements.annotate(day=TruncDate("at")).values("day").annotate(n=Sum("delta")).values_list("day", "n"))

    days = [first + timedelta(days=place) for place in range(DAYS)]
    figures, left = [], on_hand
    for day in reversed(days):
        figures.append(max(left, Decimal(0)))
        left -= moved[day]
    figures.reverse()
    middle = days[DAYS // 2]
    labels = [(0.0, _say_day(first)), (0.5, _say_day(middle)), (1.0, "today")]
    return History(days, figures, plot_curve(figures, labels))


def _page_movements(row: Availability, request: HttpRequest) -> dict[str, Any]:
    movements = StockMovement.objects.filter(variant_id=row.variant_id).select_related("warehouse").order_by("-id")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        movements = movements.filter(id__lt=int(before))
    found = list(movements[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    return {"movements": shown, "older": shown[-1].id if len(found) > PER_PAGE else None}


def _say_day(day: date) -> str:
    return format_date(day, "j M")
