"""Products, variants and categories: edited by hand, or many at once by CSV. Stock figures are not among them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.admin import ImportExportModelAdmin
from import_export.tmp_storages import MediaStorage
from unfold.admin import TabularInline
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from inventory.admin.catalogue_files import FORMATS, ProductResource, VariantResource
from inventory.admin.promise_rows import open_promise_rows
from inventory.admin.stock import CategoryFilter
from inventory.events import ProductCreated
from inventory.models import Product, Variant
from inventory.models.product import Handling
from inventory.policies.gtin import is_gtin
from oms import events
from oms.admin.asking import actor_of
from oms.admin.filters import choose
from oms.admin.lists import ListAdmin, ShortListAdmin
from oms.countries import COUNTRIES
from oms.money import MINOR_UNITS, fits_minor_unit
from oms.templatetags.showing import badge, money


class CatalogueAdmin(ListAdmin, ImportExportModelAdmin):
    """A list that is edited, and goes out and in as CSV. What was sold once is switched off, never deleted."""

    formats = FORMATS
    import_form_class = ImportForm
    export_form_class = ExportForm
    import_error_display = ("message",)
    tmp_storage_class = MediaStorage  # the confirming click may reach another machine

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description="Sold")
    def sold(self, row: Any) -> SafeString:
        return badge("sold", "good") if row.active else badge("not any more", "mute")


class VariantForm(forms.ModelForm):
    """What the database cannot check: currencies, countries and check digits exist."""

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if currency and currency not in MINOR_UNITS:
            raise forms.ValidationError(f"{currency} is not an ISO 4217 currency code.")
        return currency

    def clean_origin(self) -> str:
        origin = self.cleaned_data["origin"].upper()
        if origin and origin not in COUNTRIES:
            raise forms.ValidationError(f"{origin} is not an ISO 3166 country code.")
        return origin

    def clean_barcode(self) -> str:
        barcode = self.cleaned_data["barcode"]
        if barcode and not is_gtin(barcode):
            raise forms.ValidationError(f"{barcode} is no GTIN: its check digit is wrong.")
        return barcode

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        currency = cleaned.get("currency")
        for name in ("price", "unit_cost"):
            amount = cleaned.get(name)
            if amount is not None and currency and not fits_minor_unit(amount, currency):
                self.add_error(name, f"{amount.normalize():f} has more decimals than {currency} knows.")
        return cleaned


class ProductForm(forms.ModelForm):
    handling = forms.MultipleChoiceField(
        choices=Handling, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


class VariantInline(TabularInline):
    model = Variant
    form = VariantForm
    fields = ("sku", "options", "price", "unit_cost", "currency", "barcode", "weight_grams", "active")
    extra = 0
    per_page = 25
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ProductAdmin(CatalogueAdmin):
    title = "Products"
    nouns = ("product", "products")
    form = ProductForm
    resource_classes = (ProductResource,)
    list_display = ("title", "category", "brand", "product_type", "skus", "sold")
    list_filter = (
        type("CategoryOfProduct", (CategoryFilter,), {"column": "category_id"}),
        choose("active", "sold", [("1", "sold"), ("0", "not any more")]),
    )
    list_select_related = ("category",)
    search_fields = ("title",)
    search_help_text = "Words of a title, or a SKU"
    autocomplete_fields = ("category",)
    inlines = (VariantInline,)
    fields = (
        *("title", "handle", "category", "brand", "product_type", "description", "care", "handling", "tags"),
        "active",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).prefetch_related("variants")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        words = search_term.strip().replace("\x00", "")
        by_sku = Variant.objects.filter(sku__in=[words, words.upper()]).values("product_id")
        return (queryset.filter(Q(title__icontains=words) | Q(id__in=by_sku)) if words else queryset), False

    def save_model(self, request: HttpRequest, obj: Product, form: forms.ModelForm, change: bool) -> None:
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        open_promise_rows()
        if not change:
            _announce(form.instance, by=actor_of(request))

    @admin.display(description="SKUs")
    def skus(self, product: Product) -> str:
        found = [variant.sku for variant in product.variants.all()]
        return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


class VariantAdmin(CatalogueAdmin):
    title = "Variants"
    nouns = ("variant", "variants")
    form = VariantForm
    resource_classes = (VariantResource,)
    keyset = ("sku",)
    list_display = ("sku", "product", "shown_options", "shown_price", "barcode", "stock", "sold")
    list_filter = (choose("active", "sold", [("1", "sold"), ("0", "not any more")]),)
    list_select_related = ("product",)
    search_fields = ("sku",)
    search_help_text = "Beginning of a SKU"
    autocomplete_fields = ("product",)
    fieldsets = (
        (None, {"fields": ("sku", "product", "options", "barcode", "divisible", "active")}),
        ("Money", {"fields": (("price", "unit_cost", "currency"),)}),
        ("Parcel", {"fields": (("weight_grams", "length_mm", "width_mm", "height_mm"),)}),
        ("Customs", {"fields": (("hs_code", "origin"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return ("sku",) if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Variant], search_term: str
    ) -> tuple[QuerySet[Variant], bool]:
        start = search_term.strip().replace("\x00", "")
        named = Q(sku__startswith=start) | Q(sku__startswith=start.upper())
        return (queryset.filter(named) if start else queryset), False

    def save_model(self, request: HttpRequest, obj: Variant, form: forms.ModelForm, change: bool) -> None:
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)
        open_promise_rows()

    @admin.display(description="Options")
    def shown_options(self, variant: Variant) -> str:
        return variant.option_text or "–"

    @admin.display(description="Price")
    def shown_price(self, variant: Variant) -> Any:
        return money(variant.price, variant.currency)

    @admin.display(description="Stock")
    def stock(self, variant: Variant) -> SafeString:
        page = reverse("admin:inventory_availability_change", args=[variant.pk])
        return format_html('<a class="link" href="{}">Show</a>', page)


class CategoryAdmin(ShortListAdmin):
    title = "Categories"
    list_display = ("name", "code", "parent")
    list_select_related = ("parent",)
    list_per_page = 100
    search_fields = ("name", "code")
    autocomplete_fields = ("parent",)


def _announce(product: Product, *, by: str) -> None:
    facts = {
        "title": product.title,
        "category": product.category.code if product.category else None,
        "skus": list(product.variants.order_by("id").values_list("sku", flat=True)),
    }
    events.publish([ProductCreated(subject=str(product.pk), by=by, at=timezone.now(), facts=facts)])
