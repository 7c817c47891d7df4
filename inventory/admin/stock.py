"""The stock list: every SKU, what may be sold of it, how long it lasts, and what lies where."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.admin import sku_page, stock_buttons
from inventory.models import Availability, Category, StockLevel, Warehouse
from inventory.policies.velocity import Velocity, days_of_cover, decay
from oms.admin.filters import ChoiceFilter, Choices, choose
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.templatetags.showing import badge, units

MOST_WAREHOUSES = 6
"""So many have a column of their own; the SKU's page shows all."""


class CategoryFilter(ChoiceFilter):
    title = "category"
    parameter_name = "category"
    column = "variant__product__category_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Category.objects.order_by("name").values_list("id", "name"))


class WarehouseFilter(ChoiceFilter):
    title = "lies in"
    parameter_name = "warehouse"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Warehouse.objects.values_list("id", "code"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        there = StockLevel.objects.filter(variant=OuterRef("variant"), warehouse_id=self.value(), on_hand__gt=0)
        return queryset.filter(Exists(there))


class StockAdmin(ReadOnlyAdmin):
    """Figures are read here and changed by movements only."""

    title = "Stock"
    nouns = ("SKU", "SKUs")
    keyset = ("variant__sku",)
    views = (
        SavedView("all", "All"),
        SavedView("low", "Low", lambda rows, at: rows.filter(low=True)),
        SavedView("out", "Sold out", lambda rows, at: rows.filter(sellable__lte=F("promised"))),
    )
    list_filter = (choose("low", "low", [("1", "only low")]), CategoryFilter, WarehouseFilter)
    list_select_related = ("variant__product",)
    search_fields = ("variant__sku",)
    search_help_text = "Beginning of a SKU, or words of a title"
    list_display_links = ("sku",)

    def get_list_display(self, request: HttpRequest) -> Sequence[str | Callable[[Any], Any]]:
        places = [_column(code) for code in Warehouse.objects.filter(active=True).values_list("code", flat=True)]
        return ("sku", "product", "available", "promised_units", "velocity_a_day", "cover", *places[:MOST_WAREHOUSES])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Availability]:
        levels = Prefetch("variant__levels", StockLevel.objects.select_related("warehouse"), to_attr="levels_now")
        return super().get_queryset(request).prefetch_related(levels)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Availability], search_term: str
    ) -> tuple[QuerySet[Availability], bool]:
        words = search_term.strip().replace("\x00", "")
        if not words:
            return queryset, False
        named = Q(variant__sku__startswith=words) | Q(variant__sku__startswith=words.upper())
        return queryset.filter(named | Q(variant__product__title__icontains=words)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return sku_page.show_sku(request, object_id)

    def routes(self) -> Sequence[Route]:
        return (
            ("<int:variant_id>/movements/", sku_page.show_older_movements, "movements"),
            ("<int:variant_id>/do/<slug:name>/", stock_buttons.press, "press"),
        )

    @admin.display(description="SKU")
    def sku(self, row: Availability) -> SafeString:
        return format_html('<span class="row-link">{}</span>', row.variant.sku)

    @admin.display(description="Product")
    def product(self, row: Availability) -> str:
        options = row.variant.option_text
        return f"{row.variant.product.title}, {options}" if options else row.variant.product.title

    @admin.display(description="Available")
    def available(self, row: Availability) -> SafeString:
        low = badge("low", "bad") if row.low else ""
        return format_html('<span class="number strong">{}</span> {}', units(row.sellable - row.promised), low)

    @admin.display(description="Promised")
    def promised_units(self, row: Availability) -> str:
        return units(row.promised)

    @admin.display(description="Sold a day")
    def velocity_a_day(self, row: Availability) -> str:
        return say_velocity(velocity_now(row))

    @admin.display(description="Lasts")
    def cover(self, row: Availability) -> str:
        return say_cover(row)


def velocity_now(row: Availability) -> float:
    """Units a day, as of this moment."""
    return decay(Velocity(row.velocity, row.velocity_at), at=timezone.now())


def say_velocity(velocity: float) -> str:
    return f"{velocity:.1f}" if velocity >= 0.05 else "–"


def say_cover(row: Availability) -> str:
    if row.sellable <= row.promised:
        return "sold out"
    days = days_of_cover(float(row.sellable - row.promised), velocity_now(row))
    if days is None or days > 999:
        return "–"
    return "1 day" if 0.5 <= days < 1.5 else f"{days:.0f} days"


def _column(code: str) -> Callable[[Any], str]:
    """On hand in one warehouse."""

    @admin.display(description=code)
    def on_hand(row: Any) -> str:
        found = [level.on_hand for level in row.variant.levels_now if level.warehouse.code == code]
        return units(found[0]) if found else "–"

    on_hand.__name__ = f"on_hand_{code}"
    return on_hand
