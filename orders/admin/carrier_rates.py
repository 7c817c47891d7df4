"""What carriers ask: a table, kept by hand or by CSV."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export import fields, widgets

from inventory.models import Warehouse
from oms.admin.filters import ChoiceFilter, Choices
from oms.countries import COUNTRIES
from oms.money import fits_minor_unit, round_amount
from oms.templatetags.showing import money
from orders.admin import carrier_quotes
from orders.admin.rate_files import CodeWidget, RateResource
from orders.admin.rates import RateAdmin
from orders.models import CarrierRate, CarrierService


class ServiceWidget(widgets.ForeignKeyWidget):
    """A service as account:code, "house:standard"."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        account, _, code = str(value or "").strip().partition(":")
        found = CarrierService.objects.filter(account__code=account, code=code).first()
        if found is None:
            raise ValueError(f"There is no service {value}; write account:service, such as house:standard.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value.account.code}:{value.code}" if value else ""


class CarrierRateResource(RateResource):
    names = ("service", "warehouse", "country", "from_grams")
    service = fields.Field(attribute="service", column_name="service", widget=ServiceWidget(CarrierService))
    warehouse = fields.Field(attribute="warehouse", column_name="warehouse", widget=CodeWidget(Warehouse, field="code"))

    class Meta(RateResource.Meta):
        model = CarrierRate
        fields = export_order = (
            *("id", "service", "warehouse", "country", "from_grams", "to_grams", "price", "price_per_kg", "days"),
        )

    def get_queryset(self) -> Any:
        return CarrierRate.objects.select_related("service__account", "warehouse")


class CarrierRateForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"price", "price_per_kg"} & set(self.initial):
            if self.initial[name] is not None:
                self.initial[name] = round_amount(self.initial[name], settings.SHOP_CURRENCY)

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if country and country not in COUNTRIES:
            raise forms.ValidationError(f"{country} is not an ISO 3166 country code.")
        return country

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("price", "price_per_kg"):
            amount = cleaned.get(name)
            if amount is not None and not fits_minor_unit(amount, settings.SHOP_CURRENCY):
                self.add_error(name, f"{amount.normalize():f} has more decimals than {settings.SHOP_CURRENCY} knows.")
        return cleaned


class ServiceFilter(ChoiceFilter):
    title = "service"
    parameter_name = "service"
    column = "service_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(CarrierService.objects.values_list("id", "name"))


class OriginFilter(ChoiceFilter):
    title = "warehouse"
    parameter_name = "warehouse"
    column = "warehouse_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Warehouse.objects.values_list("id", "code"))


class CarrierRateAdmin(RateAdmin):
    title = "Carriers' rates"
    form = CarrierRateForm
    resource_classes = (CarrierRateResource,)
    quote = staticmethod(carrier_quotes.quote_parcel)
    subject_kind = "carrier_rate"
    keyset = ("service_id", "country", "from_grams", "id")
    list_display = ("shown_service", "origin", "where", "weight", "shown_price", "more", "shown_days")
    list_display_links = ("shown_service",)
    list_filter = (ServiceFilter, OriginFilter)
    list_select_related = ("service__account", "warehouse")
    search_fields = ("country",)
    search_help_text = "A country"
    fieldsets = (
        (
            "Which parcels",
            {
                "fields": ("service", ("warehouse", "country"), ("from_grams", "to_grams")),
                "description": "The most particular row that fits wins: one of the warehouse before one of any, one of "
                "the country before one of anywhere.",
            },
        ),
        ("What it costs", {"fields": (("price", "price_per_kg"), "days")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[CarrierRate], search_term: str
    ) -> tuple[QuerySet[CarrierRate], bool]:
        wanted = search_term.strip().replace("\x00", "").upper()
        return (queryset.filter(country=wanted) if wanted else queryset), False

    @admin.display(description="Service")
    def shown_service(self, rate: CarrierRate) -> str:
        return rate.service.name

    @admin.display(description="From")
    def origin(self, rate: CarrierRate) -> str:
        return rate.warehouse.code if rate.warehouse else "any warehouse"

    @admin.display(description="To")
    def where(self, rate: CarrierRate) -> str:
        return rate.country or "anywhere"

    @admin.display(description="Weight")
    def weight(self, rate: CarrierRate) -> str:
        begins = f"{rate.from_grams} g" if rate.from_grams else ""
        ends = f"to {rate.to_grams} g" if rate.to_grams is not None else ""
        return f"{begins} {ends}".strip() or "any"

    @admin.display(description="Price")
    def shown_price(self, rate: CarrierRate) -> Any:
        return money(rate.price, settings.SHOP_CURRENCY)

    @admin.display(description="Each kg above")
    def more(self, rate: CarrierRate) -> Any:
        return money(rate.price_per_kg, settings.SHOP_CURRENCY)

    @admin.display(description="Working days")
    def shown_days(self, rate: CarrierRate) -> int:
        return rate.days
