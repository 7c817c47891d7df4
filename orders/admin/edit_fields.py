"""The fields with which staff change an order: its lines, new items, address, contact and shipping."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel import Locale
from django import forms
from django.forms import formset_factory
from django.http import QueryDict

from oms.countries import COUNTRIES
from oms.money import fits_minor_unit, round_amount
from oms.quantities import plain
from orders.models import Order, OrderLine
from orders.policies.addresses import LENGTHS, address_fields
from orders.policies.edits.state import Rate
from orders.queries.edits.shelf import Offer
from orders.wording.addresses import label_of

Sent = QueryDict | None
"""What was typed; None: the page is opened."""


class VariantSelect(forms.Select):
    """What is not in stock can be seen, and not chosen."""

    gone: Collection[str] = ()

    def create_option(self, name: str, value: Any, label: Any, selected: bool, *rest: Any, **kwargs: Any) -> Any:
        option = super().create_option(name, value, label, selected, *rest, **kwargs)
        if value in self.gone and not selected:
            option["attrs"]["disabled"] = True
        return option


class LineForm(forms.Form):
    """One line that is still open. `quantity` counts what has shipped, and not what was cancelled before."""

    sku = forms.ChoiceField(label="Variant", widget=VariantSelect)
    units = forms.DecimalField(
        label="Swap only", required=False, min_value=Decimal("0.001"), max_digits=10, decimal_places=3
    )
    quantity = forms.DecimalField(min_value=0, max_value=1_000_000, decimal_places=3)
    unit_price = forms.DecimalField(label="Price", min_value=0, max_digits=16, decimal_places=4)
    cancel = forms.BooleanField(label="Take away", required=False)

    def __init__(self, line: OrderLine, offers: Sequence[Offer], currency: str, sent: Sent) -> None:
        kept = line.quantity - line.cancelled_quantity
        initial = {"sku": line.sku, "quantity": plain(kept), "unit_price": _tidy(line.unit_price, currency)}
        super().__init__(sent, prefix=f"line-{line.pk}", initial=initial)
        self.line = line
        own = next((offer.price for offer in offers if offer.sku == line.sku), None)
        others = [offer for offer in offers if offer.sku != line.sku]
        choice: Any = self.fields["sku"]
        choice.choices = [(line.sku, _say_own(line)), *((offer.sku, _say_offer(offer, own)) for offer in others)]
        choice.widget.gone = {offer.sku for offer in others if offer.available <= 0}
        if not others:
            del self.fields["sku"]
        if not others or line.open_quantity <= 1:
            del self.fields["units"]


class ItemForm(forms.Form):
    """Something that is added. A row without a SKU is not there."""

    sku = forms.CharField(
        label="SKU", max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    quantity = forms.DecimalField(min_value=Decimal("0.001"), max_value=1_000_000, decimal_places=3, initial=1)


Items = formset_factory(ItemForm, extra=1, max_num=50, absolute_max=60)


def list_countries() -> list[tuple[str, str]]:
    """By name, as the office speaks."""
    names = Locale("en").territories
    return sorted(((code, names.get(code, code)) for code in COUNTRIES), key=lambda country: country[1])


class AddressForm(forms.Form):
    """The parts that addresses of the country have, as people there call them."""

    country = forms.ChoiceField(choices=list_countries)

    def __init__(self, country: str, initial: Mapping[str, str], sent: Sent) -> None:
        super().__init__(sent, prefix="address", initial=dict(initial))
        for part in address_fields(country):
            label = label_of(part)
            field: forms.Field = forms.CharField(max_length=LENGTHS[part.part])
            if part.choices:
                named = sorted(part.choices, key=lambda choice: choice[1].casefold())
                field = forms.ChoiceField(choices=[("", "–"), *named])
                self._take_spelling(part.part, part.choices)
            field.label, field.required = label, part.required
            field.help_text = f"Like {part.example}" if part.example else ""
            self.fields[part.part] = field

    def _take_spelling(self, part: str, choices: Sequence[tuple[str, str]]) -> None:
        """ "California" is CA: the choice that was meant."""
        word = str(self.initial.get(part, "")).casefold()
        meant = next((key for key, name in choices if word in (key.casefold(), name.casefold())), None)
        if meant:
            self.initial[part] = meant


class ContactForm(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(max_length=40, required=False)


class ShippingForm(forms.Form):
    """The methods that the rate table offers; the order's own is always among them."""

    method = forms.ChoiceField(label="Shipping method", required=False)

    def __init__(self, order: Order, offers: Sequence[tuple[Decimal, Rate]], sent: Sent) -> None:
        super().__init__(sent, prefix="shipping", initial={"method": order.shipping_method})
        own = (order.shipping_method, f"{order.shipping_method or 'none named'} (as it is)")
        others = [
            (rate.method, f"{rate.title or rate.method}: {_tidy(price, rate.currency)} {rate.currency}")
            for price, rate in offers
            if rate.method != order.shipping_method
        ]
        choice: Any = self.fields["method"]
        choice.choices = [own, *others]
        choice.required = bool(order.shipping_method)
        if not others:
            choice.help_text = "The rate table has no other method for this order."


def _say_own(line: OrderLine) -> str:
    options = line.variant.option_text if line.variant else ""
    return f"{options or line.sku} (as it is)"


def _say_offer(offer: Offer, own: Decimal | None) -> str:
    words = ", ".join(str(value) for value in offer.options.values()) or offer.sku
    stock = f"{plain(offer.available):,} in stock" if offer.available > 0 else "none left"
    more = offer.price - own if offer.price is not None and own is not None else Decimal(0)
    price = f", {'+' if more > 0 else '−'}{_tidy(abs(more), offer.currency)} {offer.currency}" if more else ""
    return f"{words} – {stock}{price}"


def _tidy(amount: Decimal, currency: str) -> str:
    """19.9000 EUR as 19.90; a price per gram keeps the digits that it has."""
    return str(round_amount(amount, currency)) if fits_minor_unit(amount, currency) else f"{amount.normalize():f}"


def initial_address(order: Order) -> Mapping[str, str]:
    address = order.shipping_address
    return {part: getattr(address, part) for part in (*LENGTHS, "country")} if address else {}
