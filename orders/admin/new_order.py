"""An order that staff take on the telephone: a form, checked like any channel's message, placed by the same action."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from pydantic import ValidationError

from inventory.models import Variant
from oms.admin.asking import actor_of, carry_out, dress, require
from oms.countries import COUNTRIES
from oms.models import Channel
from oms.transactions import run_transaction
from orders.actions.placing import place_orders
from orders.admin.choices import GATEWAYS
from orders.channels.incoming import IncomingOrder

PAYMENTS = [("PENDING", "Not paid yet"), ("AUTHORIZED", "Authorised"), ("PAID", "Paid")]


class OrderForm(forms.Form):
    """The order without its lines. `external_id` is made with the empty form, so that sending it twice places one."""

    channel = forms.ModelChoiceField(Channel.objects.filter(active=True), to_field_name="code", empty_label=None)
    email = forms.EmailField(label="E-mail", max_length=254)
    name = forms.CharField(max_length=200)
    phone = forms.CharField(max_length=40, required=False)
    line1 = forms.CharField(label="Street and number", max_length=255)
    line2 = forms.CharField(label="More of the address", max_length=255, required=False)
    postal_code = forms.CharField(max_length=20, required=False)
    city = forms.CharField(max_length=120)
    province = forms.CharField(max_length=120, required=False)
    country = forms.ChoiceField(choices=[(code, code) for code in sorted(COUNTRIES)], initial="DE")
    shipping_method = forms.CharField(max_length=120, required=False)
    ship_after = forms.DateField(
        label="Not before",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The day from which it may leave; empty: as soon as it can.",
    )
    shipping_amount = forms.DecimalField(
        label="Shipping costs", min_value=0, max_digits=16, decimal_places=4, initial=0
    )
    tax_included = forms.BooleanField(label="Prices include tax", required=False, initial=True)
    payment = forms.ChoiceField(choices=PAYMENTS)
    gateway = forms.ChoiceField(label="Paid by", choices=GATEWAYS)
    reference = forms.CharField(label="Payment reference", max_length=255, required=False)
    note = forms.CharField(max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    external_id = forms.CharField(widget=forms.HiddenInput, max_length=100)


class LineForm(forms.Form):
    sku = forms.CharField(
        label="SKU",
        max_length=100,
        widget=forms.TextInput(attrs={"list": "skus", "autocomplete": "off"}),
    )
    quantity = forms.DecimalField(min_value=Decimal("0.001"), max_value=1_000_000, decimal_places=3, initial=1)
    unit_price = forms.DecimalField(
        min_value=0, max_digits=16, decimal_places=4, required=False, help_text="Empty: as in the catalogue."
    )
    tax = forms.DecimalField(label="Tax of the line", min_value=0, max_digits=16, decimal_places=4, required=False)


Lines = formset_factory(LineForm, extra=0, min_num=1, validate_min=True, max_num=100)


def place_order_by_staff(request: HttpRequest) -> HttpResponse:
    require(request, "orders.add_order", "Your role does not include placing orders.")
    sent = request.POST if request.method == "POST" else None
    form = OrderForm(sent, initial={"external_id": f"staff-{uuid4()}", "channel": _staff_channel()})
    lines = Lines(sent, prefix="lines")
    if sent and form.is_valid() and lines.is_valid() and (number := _place(request, form, lines)):
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[number]))

    for line in lines:
        dress(line)
    context = {
        **admin.site.each_context(request),
        "title": "New order",
        "form": dress(form),
        "lines": lines,
        "empty_line": dress(lines.empty_form),
        "back": reverse("admin:orders_order_changelist"),
    }
    return TemplateResponse(request, "orders/admin/new_order.html", context, status=422 if sent else 200)


def suggest_skus(request: HttpRequest) -> HttpResponse:
    """SKUs that begin with what was typed, or whose product does."""
    if not request.user.has_perm("orders.add_order"):
        raise PermissionDenied("Your role does not include placing orders.")
    typed = request.GET.get("sku", "").strip().replace("\x00", "")
    found = Variant.objects.filter(active=True).select_related("product", "availability").order_by("sku")
    variants = list(found.filter(sku__startswith=typed)[:20]) if typed else []
    if typed and not variants:
        variants = list(found.filter(sku__startswith=typed.upper())[:20])
    return render(request, "orders/admin/skus.html", {"variants": variants})


def _place(request: HttpRequest, form: OrderForm, lines: BaseFormSet) -> str:
    """The number of the order, "" when something has to be mended first."""
    order, wanted = form.cleaned_data, [line.cleaned_data for line in lines]
    prices = _catalogue_prices(order["channel"], [line["sku"] for line in wanted])
    by_price_list = [line["sku"] for line in wanted if line["unit_price"] is None]
    if unpriced := [sku for sku in by_price_list if sku in prices and prices[sku] is None]:
        currency = order["channel"].currency
        form.add_error(None, f"The catalogue has no price in {currency} for {', '.join(unpriced)}: enter one.")
        return ""
    try:
        incoming = _incoming(order, wanted, prices)
    except ValidationError as wrong:
        for error in wrong.errors():
            form.add_error(None, f"{' '.join(str(part) for part in error['loc'])}: {error['msg']}")
        return ""
    placed: list[str] = []

    def place() -> str:
        by, at = actor_of(request), timezone.now()
        [placement] = run_transaction(lambda: place_orders([incoming], by=by, at=at))
        if placement.refusal:
            raise placement.refusal
        placed.append(placement.number)
        known = "was placed already" if placement.status == "known" else "is placed"
        return f"Order {placement.number} {known}."

    carry_out(request, place, form=form)
    return placed[0] if placed else ""


def _catalogue_prices(channel: Channel, skus: list[str]) -> dict[str, Decimal | None]:
    """What each known SKU costs in the channel's currency; None where the catalogue does not say."""
    rows = Variant.objects.of_skus(skus).values_list("sku", "price", "currency")
    return {sku: price if currency == channel.currency else None for sku, price, currency in rows}


def _incoming(order: dict[str, Any], lines: list[dict[str, Any]], prices: dict[str, Decimal | None]) -> IncomingOrder:
    channel: Channel = order["channel"]
    address = {name: order[name] for name in ("name", "line1", "line2", "city", "province", "postal_code", "country")}
    return IncomingOrder(
        channel=channel.code,
        external_id=order["external_id"],
        placed_at=timezone.now(),
        currency=channel.currency,
        tax_included=order["tax_included"],
        customer={"email": order["email"], "name": order["name"], "phone": order["phone"]},
        shipping_address={**address, "phone": order["phone"]},
        lines=[_incoming_line(line, prices.get(line["sku"])) for line in lines],
        shipping={"method": order["shipping_method"], "amount": order["shipping_amount"]},
        payment={"status": order["payment"], "gateway": order["gateway"], "reference": order["reference"]},
        note=order["note"],
        ship_after=order["ship_after"],
    )


def _incoming_line(line: dict[str, Any], price: Decimal | None) -> dict[str, Any]:
    asked = line["unit_price"]
    return {
        "sku": line["sku"],
        "quantity": line["quantity"],
        "unit_price": asked if asked is not None else price or Decimal(0),
        "tax": line["tax"] or Decimal(0),
    }


def _staff_channel() -> str | None:
    return Channel.objects.filter(active=True, connector=Channel.Connector.STAFF).values_list("code", flat=True).first()
