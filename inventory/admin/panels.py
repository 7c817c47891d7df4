"""What stock contributes to the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from inventory.admin.stock import say_cover
from inventory.models import Availability
from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot

SHOWN = 8


def show_low_figure(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("inventory.view_availability"):
        return ""
    number = snapshot("low", lambda: count_up_to(Availability.objects.filter(low=True, variant__active=True)))
    note = "SKUs at their threshold" if number else "every SKU is above its threshold"
    return show_figure(Figure("Low stock", say_number(number), f"{_stock()}?view=low", note, "warm" if number else ""))


def show_low_stock(request: HttpRequest, subject: object) -> str:
    """Those that fell low last, with how long they last."""
    if not request.user.has_perm("inventory.view_availability"):
        return ""
    context = {"rows": snapshot("low-table", _read_low), "link": f"{_stock()}?view=low"}
    return render_to_string("inventory/admin/low_stock.html", context)


def _read_low() -> list[dict[str, Any]]:
    low = Availability.objects.filter(low=True, variant__active=True).select_related("variant__product")
    return [
        {
            "id": row.variant_id,
            "sku": row.variant.sku,
            "title": row.variant.product.title,
            "options": row.variant.option_text,
            "available": row.sellable - row.promised,
            "cover": say_cover(row),
            "since": row.low_since,
        }
        for row in low.order_by("-low_since")[:SHOWN]
    ]


def _stock() -> str:
    return reverse("admin:inventory_availability_changelist")
