"""The merchant's own tables: what shipping costs, and which tax applies. Kept by hand, or by CSV."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.admin import ImportExportModelAdmin
from import_export.tmp_storages import MediaStorage
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from oms.admin.asking import actor_of
from oms.admin.figures import snapshot
from oms.admin.filters import ChoiceFilter, Choices, choose
from oms.admin.lists import ListAdmin
from oms.countries import COUNTRIES
from oms.models import Channel
from oms.money import MINOR_UNITS, fits_minor_unit, round_amount
from oms.quantities import plain
from oms.templatetags.showing import badge, money
from orders.actions.edits.rating import delete_rate, save_rate
from orders.admin import rate_quotes
from orders.admin.rate_files import FORMATS, ShippingRateResource, TaxRateResource
from orders.admin.rate_history import read_rate_history
from orders.models import ShippingRate, TaxRate
from orders.queries.edits.rate_gaps import list_method_gaps, list_tax_gaps

HUNDRED = Decimal(100)
MOST = Decimal("99.9999")
ALL = "any"
GAP_OF_METHODS = "Methods of orders that have no rate here; an edit keeps what was charged for them"
GAP_OF_TAXES = (
    "Countries of orders for which no rate holds today; the tax on what an edit adds is worked out from the order's "
    "own lines"
)


class PercentField(forms.DecimalField):
    """Typed and shown as per cent, kept as a share: 19 is 0.19."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminDecimalFieldWidget(attrs={"step": "any"})
        super().__init__(min_value=0, max_value=MOST, max_digits=6, decimal_places=4, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return f"{plain(value * HUNDRED)}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return percent / HUNDRED if percent is not None else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class RateForm(forms.ModelForm):
    """What the database cannot check: countries and currencies exist, amounts fit their currency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"price", "free_from"} & set(self.initial):
            if self.initial[name] is not None:
                self.initial[name] = round_amount(self.initial[name], self.instance.currency)

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if country and country not in COUNTRIES:
            raise forms.ValidationError(f"{country} is not an ISO 3166 country code.")
        return country

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if currency not in MINOR_UNITS:
            raise forms.ValidationError(f"{currency} is not an ISO 4217 currency code.")
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        currency = cleaned.get("currency", "")
        for name in ("price", "free_from"):
            amount = cleaned.get(name)
            if amount is not None and currency and not fits_minor_unit(amount, currency):
                self.add_error(name, f"{amount.normalize():f} has more decimals than {currency} knows.")
        return cleaned


class ShippingRateForm(RateForm):
    tax_rate = PercentField(
        label="Tax on it, per cent", required=False, help_text="Empty: as the order's goods are taxed."
    )


class TaxRateForm(RateForm):
    rate = PercentField(label="Rate, per cent")


class RateAdmin(ListAdmin, ImportExportModelAdmin):
    """A list that is edited, and goes out and in as CSV."""

    formats = FORMATS
    import_form_class = ImportForm
    export_form_class = ExportForm
    import_error_display = ("message",)
    tmp_storage_class = MediaStorage  # the confirming click may reach another machine
    nouns = ("rate", "rates")
    quote: Callable[..., HttpResponse]
    subject_kind = ""
    """Of the events that tell of this table."""
    change_list_template = "orders/admin/rates.html"
    change_form_after_template = "orders/admin/rate_history.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"orders_{self.opts.model_name}_quote"
        view = self.admin_site.admin_view(type(self).quote)
        return [path("quote/", view, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"history": read_rate_history(self.subject_kind), "history_title": "Last changes of this table"}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        rate_id = int(object_id) if object_id and object_id.isascii() and object_id.isdigit() else None
        history = read_rate_history(self.subject_kind, rate_id=rate_id) if rate_id else []
        context = {"history": history, "history_title": "Changes of this rate"}
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_rate(rate=obj, by=actor_of(request), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_rate(rate=obj, by=actor_of(request), at=timezone.now())

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """A file's rows are on record as any other change of the table."""
        signed = {"by": actor_of(kwargs["request"]), "at": timezone.now()}
        return {**super().get_import_data_kwargs(**kwargs), **signed}

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class RateChannelFilter(ChoiceFilter):
    title = "channel"
    parameter_name = "channel"
    column = "channel_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Channel.objects.values_list("id", "code"))


class ShippingRateAdmin(RateAdmin):
    title = "Shipping rates"
    form = ShippingRateForm
    resource_classes = (ShippingRateResource,)
    quote = staticmethod(rate_quotes.quote_parcel)
    subject_kind = "shipping_rate"
    keyset = ("method", "country", "currency", "id")
    list_display = ("shown_method", "where", "shown_channel", "weight", "shown_price", "free", "days", "in_use")
    list_display_links = ("shown_method",)
    list_filter = (RateChannelFilter, choose("active", "state", [("1", "in use"), ("0", "switched off")]))
    list_select_related = ("channel",)
    search_fields = ("method",)
    search_help_text = "A method, a country or a currency"
    fieldsets = (
        (
            "Which parcels",
            {
                "fields": (("method", "title"), ("channel", "country"), ("weight_from", "weight_below"), "active"),
                "description": "The most particular row wins: one of the channel before one of the country before one "
                "for all; of equals the cheapest.",
            },
        ),
        ("What it costs", {"fields": (("price", "currency"), "free_from", "tax_rate")}),
        ("How long it takes", {"fields": (("days_least", "days_most"),)}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ShippingRate], search_term: str
    ) -> tuple[QuerySet[ShippingRate], bool]:
        return _search(queryset, search_term, ("method__icontains", "country", "currency")), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        gaps = [
            f"{gap.channel}: “{gap.method}” in {gap.currency}, {_orders(gap.orders)}"
            for gap in snapshot("shipping-gaps", list_method_gaps)
        ]
        context = {"gaps": gaps, "gap_title": GAP_OF_METHODS}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description="Method")
    def shown_method(self, rate: ShippingRate) -> SafeString:
        title = rate.title if rate.title and rate.title != rate.method else ""
        return format_html('<span class="row-link">{}</span><br><span class="soft">{}</span>', rate.method, title)

    @admin.display(description="To")
    def where(self, rate: ShippingRate) -> str:
        return rate.country or "anywhere"

    @admin.display(description="Channel")
    def shown_channel(self, rate: ShippingRate) -> str:
        return rate.channel.code if rate.channel else ALL

    @admin.display(description="Weight")
    def weight(self, rate: ShippingRate) -> str:
        return say_weight(rate)

    @admin.display(description="Price")
    def shown_price(self, rate: ShippingRate) -> Any:
        return money(rate.price, rate.currency)

    @admin.display(description="Free from")
    def free(self, rate: ShippingRate) -> Any:
        return money(rate.free_from, rate.currency)

    @admin.display(description="Days")
    def days(self, rate: ShippingRate) -> str:
        least, most = rate.days_least, rate.days_most
        return f"{least}–{most}" if least and most and least != most else str(most or least or "–")

    @admin.display(description="State")
    def in_use(self, rate: ShippingRate) -> SafeString:
        return badge("in use", "good") if rate.active else badge("switched off", "mute")


class TaxRateAdmin(RateAdmin):
    title = "Tax rates"
    form = TaxRateForm
    resource_classes = (TaxRateResource,)
    quote = staticmethod(rate_quotes.quote_tax)
    subject_kind = "tax_rate"
    keyset = ("country", "province", "from_date", "id")
    list_display = ("shown_place", "goods", "shown_rate", "span", "source")
    list_display_links = ("shown_place",)
    list_select_related = ("category",)
    search_fields = ("country",)
    search_help_text = "A country or province"
    autocomplete_fields = ("category",)
    fieldsets = (
        (
            "For which goods",
            {
                "fields": (("country", "province"), "category"),
                "description": "The most particular row wins: one of the province before one of the country, one of "
                "the category before one for all goods.",
            },
        ),
        ("The rate", {"fields": ("rate", ("from_date", "until_date"), "source")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[TaxRate], search_term: str
    ) -> tuple[QuerySet[TaxRate], bool]:
        return _search(queryset, search_term, ("country", "province__iexact")), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        gaps = [f"{gap.country}, {_orders(gap.orders)}" for gap in snapshot("tax-gaps", list_tax_gaps)]
        context = {"gaps": gaps, "gap_title": GAP_OF_TAXES}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description="Where")
    def shown_place(self, rate: TaxRate) -> SafeString:
        return format_html('<span class="row-link">{}</span> {}', rate.country, rate.province)

    @admin.display(description="Goods")
    def goods(self, rate: TaxRate) -> str:
        return rate.category.name if rate.category else "all"

    @admin.display(description="Rate")
    def shown_rate(self, rate: TaxRate) -> str:
        return f"{plain(rate.rate * HUNDRED)} %"

    @admin.display(description="Holds")
    def span(self, rate: TaxRate) -> str:
        until = f" to {rate.until_date}" if rate.until_date else ""
        return f"{'since' if not until else 'from'} {rate.from_date}{until}"


def say_weight(rate: ShippingRate) -> str:
    """ "up to 5 kg"; "any" where nothing limits it."""
    least, below = (
        f"{plain(Decimal(grams) / 1000)} kg" if grams else "" for grams in (rate.weight_from, rate.weight_below)
    )
    if least and below:
        return f"{least} to {below}"
    return f"from {least}" if least else f"below {below}" if below else ALL


def _search(queryset: QuerySet, words: str, columns: tuple[str, ...]) -> QuerySet:
    word = words.strip().replace("\x00", "")
    if not word:
        return queryset
    narrowed = queryset.none()
    for column in columns:
        narrowed = narrowed | queryset.filter(**{column: word.upper() if column in ("country", "currency") else word})
    return narrowed


def _orders(number: int) -> str:
    return "1 held order" if number == 1 else f"{number:,} held orders"
