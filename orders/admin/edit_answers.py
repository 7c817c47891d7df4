"""What staff have typed, as operations of an edit; and what is wrong with one, beside the field that it came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.text import capfirst

from inventory.errors import StockShort
from inventory.policies.swatches import find_swatch
from oms.errors import FieldError, Invalid, Refused
from orders.admin.edit_fields import AddressForm, ContactForm, Items, LineForm, ShippingForm, initial_address
from orders.models import Order, OrderLine
from orders.policies.addresses import LENGTHS
from orders.policies.edits.quoting import find_methods, parcel_of
from orders.queries.edits.shelf import offers_of_products
from orders.queries.edits.states import EditState

Operation = dict[str, Any]
Place = tuple[forms.Form, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation, and the field that each of its parts came from; the part "" is for all others."""

    operation: Operation
    places: Mapping[str, Place]


@dataclass(slots=True)
class EditForms:
    """All fields of the page. `asked` is filled by `read`; `wrong` is what is wrong and belongs to no field."""

    order: Order
    lines: Sequence[LineForm]
    items: BaseFormSet
    address: AddressForm
    contact: ContactForm
    shipping: ShippingForm
    wrong: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def every(self) -> list[forms.Form]:
        return [*self.lines, *self.items, self.address, self.contact, self.shipping]

    def read(self) -> list[Operation]:
        """The operations that the fields ask for; [] also where a field is wrong, which then says so."""
        if [form for form in self.every if not form.is_valid()]:  # each is asked, so that each says what is wrong
            return []
        self.asked = [*self._read_lines(), *self._read_items(), *self._read_rest()]
        return [] if any(form.errors for form in self.every) else [asked.operation for asked in self.asked]

    def keep_unjudged(self) -> None:
        """Show what was typed so far without a word about it: it is not finished."""
        for form in self.every:
            if form.is_bound:
                form.initial = {name: form[name].data for name in form.fields}
                form.is_bound = False

    def _read_lines(self) -> Iterator[Asked]:
        for form in self.lines:
            typed, line = form.cleaned_data, form.line
            kept = line.quantity - line.cancelled_quantity
            swapped, counted = typed.get("sku", line.sku) != line.sku, typed["quantity"] != kept
            if typed["cancel"]:
                yield Asked({"op": "cancel_line", "line": line.pk}, {"": (form, "cancel")})
                continue
            if swapped:
                some = {"quantity": str(typed["units"])} if typed.get("units") else {}
                if some and counted:
                    form.add_error("units", "Swap some, or change how many there are: not both. Add the others below.")
                operation = {"op": "swap_variant", "line": line.pk, "sku": typed["sku"], **some}
                yield Asked(operation, {"": (form, "sku"), "sku": (form, "sku"), "quantity": (form, "units")})
            if counted:
                quantity = str(typed["quantity"] + line.cancelled_quantity)
                operation = {"op": "set_quantity", "line": line.pk, "quantity": quantity}
                yield Asked(operation, {"": (form, "quantity")})
            if typed["unit_price"] != line.unit_price:
                operation = {"op": "set_unit_price", "line": line.pk, "unit_price": f"{typed['unit_price']:f}"}
                yield Asked(operation, {"": (form, "unit_price")})

    def _read_items(self) -> Iterator[Asked]:
        for form in self.items:
            sku = form.cleaned_data.get("sku", "").strip()
            if sku:
                quantity = form.cleaned_data.get("quantity") or Decimal(1)
                operation = {"op": "add_item", "sku": sku, "quantity": str(quantity)}
                yield Asked(operation, {"": (form, "sku"), "quantity": (form, "quantity")})

    def _read_rest(self) -> Iterator[Asked]:
        if self.address.has_changed():
            parts = {part: self.address.cleaned_data.get(part, "") for part in (*LENGTHS, "country")}
            places = {part: (self.address, part) for part in self.address.fields}
            yield Asked({"op": "change_address", "address": parts}, {"": (self.address, "country"), **places})
        if self.contact.has_changed():
            typed = self.contact.cleaned_data
            changed = {name: typed[name] for name in self.contact.changed_data}
            yield Asked({"op": "change_contact", **changed}, {name: (self.contact, name) for name in typed})
        if self.shipping.has_changed():
            method = self.shipping.cleaned_data["method"]
            yield Asked({"op": "change_shipping", "method": method}, {"": (self.shipping, "method")})

    def refuse(self, refusal: Refused) -> None:
        """Say why it is not done: beside the field that caused it where there is one, else on top."""
        if isinstance(refusal, StockShort):
            self._point_at_stock(refusal)
        elif isinstance(refusal, Invalid) and refusal.errors:
            for error in refusal.errors:
                self._point_at(error)
        else:
            self.wrong.append(refusal.message)

    def _point_at(self, error: FieldError) -> None:
        parts = error.pointer.strip("/").split("/")
        place = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else len(self.asked)
        places = self.asked[place].places if place < len(self.asked) else {}
        self._put(places.get(parts[-1]) or places.get(""), capfirst(error.detail))

    def _point_at_stock(self, refusal: StockShort) -> None:
        for shortage in refusal.shortages:
            left, wanted = (f"{units.normalize():f}" for units in (shortage.available, shortage.wanted))
            asked = next((each for each in self.asked if self._sku_of(each.operation) == shortage.sku), None)
            said = f"Only {left} of {shortage.sku} are left; {wanted} more are needed."
            self._put(asked.places.get("") if asked else None, said)

    def _put(self, place: Place | None, said: str) -> None:
        if place and place[1] in place[0].fields:
            place[0].add_error(place[1], said)
        else:
            self.wrong.append(said)

    def _sku_of(self, operation: Operation) -> str:
        by_id = {form.line.pk: form.line.sku for form in self.lines}
        return operation.get("sku") or by_id.get(operation.get("line", 0), "")


def open_forms(order: Order, state: EditState, sent: QueryDict | None) -> EditForms:
    """The fields as the order stands, or as they were sent; the address by the country that was chosen last."""
    lines = [line for line in order.lines.all() if line.open_quantity > 0]
    products = {line.variant.product_id for line in lines if line.variant}
    offers = offers_of_products(products, order.currency)
    address = initial_address(order)
    country = (sent.get("address-country") if sent else "") or address.get("country", "") or order.country
    return EditForms(
        order=order,
        lines=[
            LineForm(line, offers.get(line.variant.product_id, []) if line.variant else [], order.currency, sent)
            for line in lines
        ],
        items=Items(sent, prefix="items"),
        address=AddressForm(country, address, sent),
        contact=ContactForm(sent, prefix="contact", initial={"email": order.email, "phone": order.phone}),
        shipping=ShippingForm(order, find_methods(parcel_of(state.order), state.around.rates), sent),
    )


def swatch_of(line: OrderLine) -> str:
    return find_swatch(line.variant.options) if line.variant else ""
