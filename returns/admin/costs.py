"""What returns cost and bring: on the page of a return, and for each SKU with a chart."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone

from oms.admin.asking import require
from oms.admin.lists import RoutedAdmin
from oms.admin.plots import plot_stacks
from returns.models import Return, ReturnCost
from returns.queries.cost_sums import KINDS, CostSum, SkuCost, sum_return, sum_skus

NAMES = dict(ReturnCost.Kind.choices)
HEADS = ("Out", "Back", "Duty", "Handling", "Loss of value", "Bonus", "Fees", "Resale")
"""Of the columns, in the order of `KINDS`."""
PERIODS = (30, 90, 365)
CHARTED = 12
"""SKUs in the chart; the table has them all."""
_SERIES = (
    ("freight", ("FREIGHT_OUT", "FREIGHT_BACK")),
    ("duty and handling", ("DUTY", "HANDLING")),
    ("loss of value", ("WRITE_DOWN",)),
    ("bonus", ("BONUS",)),
)


def show_costs(request: HttpRequest, subject: Return) -> str:
    """A panel of the return's page; nothing before anything is certain."""
    if not request.user.has_perm("returns.view_returncost"):
        return ""
    shown = [(each, _name_parts(each)) for each in sum_return(subject.number)]
    return render_to_string("returns/admin/return_costs.html", {"sums": shown}) if shown else ""


def _name_parts(total: CostSum) -> list[tuple[str, Decimal]]:
    return [(NAMES[kind], part) for kind, part in zip(KINDS, total.parts, strict=True) if part]


class ReturnCostAdmin(RoutedAdmin):
    """Not a list of rows: who wants to know what returns cost wants sums."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        require(request, "returns.view_returncost", "Your role does not include what returns cost.")
        days = _read_days(request)
        found = sum_skus(since=timezone.now() - timedelta(days=days))
        currencies = sorted({each.sum.currency for each in found})
        context = {
            **self.admin_site.each_context(request),
            "title": "What returns cost",
            "days": days,
            "periods": PERIODS,
            "heads": HEADS,
            "groups": [_describe(code, [each for each in found if each.sum.currency == code]) for code in currencies],
            "series": [name for name, _ in _SERIES],
        }
        return TemplateResponse(request, "returns/admin/sku_costs.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def _describe(currency: str, found: list[SkuCost]) -> dict[str, Any]:
    charted = found[:CHARTED]
    series = [(name, [_share(each, kinds) for each in charted]) for name, kinds in _SERIES]
    return {
        "currency": currency,
        "found": found,
        "plot": plot_stacks([each.sku for each in charted], series),
        "total": sum(each.sum.total for each in found),
    }


def _share(cost: SkuCost, kinds: tuple[str, ...]) -> int:
    """In whole units of the currency: a chart shows no cents."""
    parts = dict(zip(KINDS, cost.sum.parts, strict=True))
    return round(sum(parts[kind] for kind in kinds))


def _read_days(request: HttpRequest) -> int:
    word = request.GET.get("days", "")
    return int(word) if word in map(str, PERIODS) else PERIODS[1]
