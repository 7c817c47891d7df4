"""The ledger of stock: written once, read here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.admin.stock import WarehouseFilter
from inventory.models import StockMovement, Variant
from oms.admin.filters import choose
from oms.admin.lists import ReadOnlyAdmin
from oms.templatetags.showing import actor, moment, signed


class PlaceFilter(WarehouseFilter):
    title = "warehouse"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(warehouse_id=self.value()) if self.value() else queryset


class MovementAdmin(ReadOnlyAdmin):
    title = "Movements"
    nouns = ("movement", "movements")
    list_display = ("when", "sku", "warehouse", "units", "bucket", "cause", "who", "reference", "note")
    list_display_links = None
    list_filter = (
        choose("cause", "cause", StockMovement.Cause.choices),
        choose("bucket", "state of stock", StockMovement.Bucket.choices),
        PlaceFilter,
    )
    list_select_related = ("variant", "warehouse")
    search_fields = ("variant__sku",)
    search_help_text = "SKU"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StockMovement], search_term: str
    ) -> tuple[QuerySet[StockMovement], bool]:
        sku = search_term.strip().replace("\x00", "")
        variants = list(Variant.objects.of_skus([sku, sku.upper()]).values_list("id", flat=True)) if sku else []
        return (queryset.filter(variant__in=variants) if sku else queryset), False

    @admin.display(description="When")
    def when(self, movement: StockMovement) -> Any:
        return moment(movement.at)

    @admin.display(description="SKU")
    def sku(self, movement: StockMovement) -> SafeString:
        page = reverse("admin:inventory_availability_change", args=[movement.variant_id])
        return format_html('<a class="row-link" href="{}">{}</a>', page, movement.variant.sku)

    @admin.display(description="Units")
    def units(self, movement: StockMovement) -> str:
        return signed(movement.delta)

    @admin.display(description="By")
    def who(self, movement: StockMovement) -> str:
        return actor(movement.by)
