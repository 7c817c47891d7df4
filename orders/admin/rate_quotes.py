"""Trying the rate tables: what a parcel would cost, which tax a thing would bear, and which row said so."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from inventory.models import Category
from oms.admin.asking import dress, require
from oms.models import Channel
from oms.quantities import plain
from orders.admin.edit_fields import list_countries
from orders.models import ShippingRate, TaxRate
from orders.policies.edits.quoting import Parcel, find_methods, find_tax_row, quote_shipping
from orders.policies.edits.state import Rate, TaxRow

BEATEN = 20


class ParcelForm(forms.Form):
    channel = forms.ModelChoiceField(Channel.objects.all(), to_field_name="code", empty_label=None)
    country = forms.ChoiceField(choices=list_countries, initial="DE")
    weight = forms.IntegerField(label="Weight in grams", min_value=0, max_value=10_000_000, initial=500)
    value = forms.DecimalField(
        label="Value of the goods",
        min_value=0,
        max_digits=16,
        decimal_places=4,
        initial=50,
        help_text="After discounts.",
    )
    currency = forms.CharField(max_length=3, required=False, help_text="Empty: the channel's own.")


class TaxForm(forms.Form):
    country = forms.ChoiceField(choices=list_countries, initial="DE")
    province = forms.CharField(max_length=120, required=False)
    category = forms.ModelChoiceField(Category.objects.all(), to_field_name="code", required=False, empty_label="any")
    on = forms.DateField(label="On", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A method that could carry the parcel; `beaten` are the other rows that fit."""

    price: Decimal
    row: ShippingRate
    why: str
    beaten: list[ShippingRate]


def quote_parcel(request: HttpRequest) -> HttpResponse:
    require(request, "orders.view_shippingrate", "Your role does not include reading shipping rates.")
    form = ParcelForm(request.GET if "country" in request.GET else None)
    parcel = _parcel(form.cleaned_data) if form.is_bound and form.is_valid() else None
    context = {"parcel": parcel, "offers": _offers(parcel) if parcel else []}
    page = {"title": "Try the shipping rates", "trail": [("Shipping rates", _list_of(ShippingRate))], **context}
    return _show(request, form, "orders/admin/quote_parcel.html", page)


def quote_tax(request: HttpRequest) -> HttpResponse:
    require(request, "orders.view_taxrate", "Your role does not include reading tax rates.")
    sent = request.GET if "country" in request.GET else None
    form = TaxForm(sent, initial={"on": timezone.localdate()})
    found = _tax_row(form.cleaned_data) if form.is_bound and form.is_valid() else None
    percent = plain(found.rate * 100) if found else None
    context = {"asked": form.is_bound and form.is_valid(), "row": found, "percent": percent}
    page = {"title": "Try the tax rates", "trail": [("Tax rates", _list_of(TaxRate))], **context}
    return _show(request, form, "orders/admin/quote_tax.html", page)


def _show(request: HttpRequest, form: forms.Form, template: str, page: Mapping[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "form": dress(form), **page})


def _list_of(model: type[Model]) -> str:
    return reverse(f"admin:orders_{model._meta.model_name}_changelist")


def _parcel(asked: Mapping[str, Any]) -> Parcel:
    currency = asked["currency"].upper() or asked["channel"].currency
    return Parcel(asked["channel"].pk, asked["country"], "", currency, asked["value"], asked["weight"])


def _offers(parcel: Parcel) -> list[Offer]:
    """The cheapest first."""
    rows = {_rate(row): row for row in ShippingRate.objects.filter(active=True).select_related("channel")}
    rates = list(rows)
    offers = []
    for price, rate in find_methods(parcel, rates):
        beaten = _rank(parcel, rate.method, [other for other in rates if other != rate])
        offers.append(Offer(price, rows[rate], _why(rate, price), [rows[other] for other in beaten]))
    return offers


def _rank(parcel: Parcel, method: str, rates: list[Rate]) -> list[Rate]:
    """The others that fit, in the order in which they would win."""
    wanted = Parcel(parcel.channel_id, parcel.country, method, parcel.currency, parcel.value, parcel.weight)
    ranked: list[Rate] = []
    while len(ranked) < BEATEN and (offer := quote_shipping(wanted, rates)):
        ranked.append(offer[1])
        rates = [rate for rate in rates if rate != offer[1]]
    return ranked


def _why(rate: Rate, price: Decimal) -> str:
    place = "for this channel" if rate.channel_id else "for every channel"
    where = "to this country" if rate.country else "to anywhere"
    free = ", free from this value on" if rate.free_from is not None and not price else ""
    return f"{place}, {where}{free}"


def _rate(row: ShippingRate) -> Rate:
    return Rate(
        channel_id=row.channel_id,
        country=row.country,
        method=row.method,
        title=row.title,
        currency=row.currency,
        price=row.price,
        free_from=row.free_from,
        weight_from=row.weight_from,
        weight_below=row.weight_below,
        tax_rate=row.tax_rate,
    )


def _tax_row(asked: Mapping[str, Any]) -> TaxRate | None:
    rows = {_tax(row): row for row in TaxRate.objects.filter(country=asked["country"]).select_related("category")}
    found = find_tax_row(
        rows,
        country=asked["country"],
        province=asked["province"],
        category_id=asked["category"].pk if asked["category"] else None,
        on=asked["on"],
    )
    return rows[found] if found else None


def _tax(row: TaxRate) -> TaxRow:
    return TaxRow(
        country=row.country,
        province=row.province,
        category_id=row.category_id,
        rate=row.rate,
        from_date=row.from_date,
        until_date=row.until_date,
    )
