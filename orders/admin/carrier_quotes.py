"""Trying the carriers' rates: who would carry a parcel for how much, and why not the others."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from inventory.models import Warehouse
from oms.admin.asking import dress, require
from orders.admin.edit_fields import list_countries
from orders.policies.shipping.rates import Offer, Offered
from orders.queries.shipping.rates import read_rate_table

WHY_NOT = {"too_heavy": "too heavy for it", "no_rate": "no rate for this way and weight"}


class ParcelForm(forms.Form):
    warehouse = forms.ModelChoiceField(Warehouse.objects.all(), to_field_name="code", empty_label=None)
    country = forms.ChoiceField(label="To", choices=list_countries, initial="DE")
    grams = forms.IntegerField(label="Weight in grams", min_value=0, max_value=10_000_000, initial=500)
    length = forms.IntegerField(label="Length in mm", min_value=1, max_value=100_000, required=False)
    width = forms.IntegerField(label="Width in mm", min_value=1, max_value=100_000, required=False)
    height = forms.IntegerField(label="Height in mm", min_value=1, max_value=100_000, required=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A service: what it asks, or why it does not."""

    service: Offered
    cost: Decimal | None = None
    days: int | None = None
    charged: str = ""
    why_not: str = ""


def quote_parcel(request: HttpRequest) -> HttpResponse:
    require(request, "orders.view_carrierrate", "Your role does not include reading carriers' rates.")
    form = ParcelForm(request.GET if "country" in request.GET else None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "title": "Try the carriers' rates",
        "trail": [("Carriers' rates", reverse("admin:orders_carrierrate_changelist"))],
        "form": dress(form),
        "asked": asked,
        "lines": _list_lines(asked) if asked else [],
        "currency": settings.SHOP_CURRENCY,
    }
    return TemplateResponse(request, "orders/admin/quote_carriers.html", context)


def _list_lines(asked: dict[str, Any]) -> list[Line]:
    """The cheapest first, those that do not take it last."""
    sides = asked["length"], asked["width"], asked["height"]
    measures = (sides[0], sides[1], sides[2]) if all(sides) else None
    parcel = asked["warehouse"].pk, asked["country"], asked["grams"], measures
    table = read_rate_table()
    offers = [_line(offer, asked["grams"]) for offer in table.offers(*parcel)]
    return [*offers, *(Line(each, why_not=WHY_NOT[why]) for each, why in table.missing(*parcel).items())]


def _line(offer: Offer, grams: int) -> Line:
    by_volume = f"{offer.grams} g, by volume" if offer.grams > grams else f"{offer.grams} g"
    return Line(offer.service, offer.cost, offer.days, by_volume)
