"""What staff can do with a SKU's stock. Each form is one call of an action; sent twice, it moves nothing twice."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from inventory.actions.counting import Count, count_stock
from inventory.actions.moving import Kind, Move, move_stock
from inventory.actions.watching import set_threshold
from inventory.models import Availability, Warehouse
from oms.admin.buttons import Button, find_button, press_button
from oms.templatetags.showing import units

OTHER_KINDS = [
    (Kind.ANNOUNCE, "Announced by the supplier, on its way"),
    (Kind.RECEIVE_INCOMING, "Announced goods have arrived"),
    (Kind.DAMAGE, "On hand turns out damaged"),
    (Kind.SET_ASIDE, "Set aside for quality control"),
    (Kind.PASS_INSPECTION, "Passed quality control"),
    (Kind.FAIL_INSPECTION, "Failed quality control: damaged"),
    (Kind.WRITE_OFF_DAMAGED, "Damaged goods are thrown away"),
]


class PlaceForm(forms.Form):
    """Where, and the key that makes the form work once."""

    warehouse = forms.ModelChoiceField(Warehouse.objects.filter(active=True), to_field_name="code", empty_label=None)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)


class ReceiveForm(PlaceForm):
    quantity = forms.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    reference = forms.CharField(max_length=100, required=False, help_text="Delivery note or purchase order.")
    note = forms.CharField(max_length=255, required=False)


class CountForm(PlaceForm):
    on_hand = forms.DecimalField(
        label="Counted, in selling condition", max_digits=12, decimal_places=3, min_value=0, required=False
    )
    safety = forms.DecimalField(
        label="Safety stock",
        max_digits=12,
        decimal_places=3,
        min_value=0,
        required=False,
        help_text="Empty: unchanged.",
    )
    note = forms.CharField(max_length=255, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("on_hand") is None and cleaned.get("safety") is None and not self.errors:
            raise forms.ValidationError("Enter what was counted, or a safety stock.")
        return cleaned


class AdjustForm(PlaceForm):
    quantity = forms.DecimalField(
        label="Change", max_digits=12, decimal_places=3, help_text="Units to add; with a minus sign, to take away."
    )
    note = forms.CharField(label="Why", max_length=255)


class TransferForm(PlaceForm):
    to_warehouse = forms.ModelChoiceField(
        Warehouse.objects.filter(active=True), label="To", to_field_name="code", empty_label=None
    )
    quantity = forms.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    note = forms.CharField(max_length=255, required=False)
    field_order = ("warehouse", "to_warehouse", "quantity", "note")


class OtherForm(ReceiveForm):
    kind = forms.ChoiceField(label="What happened", choices=OTHER_KINDS)
    field_order = ("kind", "warehouse", "quantity", "reference", "note")


class ThresholdForm(forms.Form):
    units = forms.DecimalField(max_digits=12, decimal_places=3, min_value=0, required=False)
    days = forms.FloatField(
        label="Days of cover",
        min_value=0,
        required=False,
        help_text="At the SKU's own velocity. The higher of both counts.",
    )


Act = Callable[[Availability, dict[str, Any], str, datetime], str]


def press(request: HttpRequest, variant_id: int, name: str) -> HttpResponse:
    button = find_button(BUTTONS, name, request)
    row = Availability.objects.select_related("variant__product").filter(pk=variant_id).first()
    if row is None:
        raise Http404("There is no such SKU.")
    back = reverse("admin:inventory_availability_change", args=[variant_id])
    return press_button(request, button, row, called=row.variant.sku, back=back)


def _move(kind: Kind) -> Act:
    def act(row: Availability, answer: dict[str, Any], by: str, at: datetime) -> str:
        move = Move(
            kind=Kind(answer.get("kind", kind)),
            sku=row.variant.sku,
            warehouse=answer["warehouse"].code,
            quantity=answer["quantity"],
            to_warehouse=answer["to_warehouse"].code if "to_warehouse" in answer else "",
            note=answer["note"],
            reference=answer.get("reference", ""),
        )
        moved = move_stock([move], by=by, at=at, idempotency_key=answer["key"])
        return f"{row.variant.sku}: {units(move.quantity)} written down." if moved else "This was written down already."

    return act


def _count(row: Availability, answer: dict[str, Any], by: str, at: datetime) -> str:
    count = Count(row.variant.sku, answer["warehouse"].code, answer["on_hand"], answer["safety"], answer["note"])
    changed = count_stock([count], by=by, at=at, idempotency_key=answer["key"])
    return f"The count of {row.variant.sku} is on record." if changed else "The figures were right already."


def _set_threshold(row: Availability, answer: dict[str, Any], by: str, at: datetime) -> str:
    set_threshold(sku=row.variant.sku, units=answer["units"], days=answer["days"], by=by, at=at)
    return f"The threshold of {row.variant.sku} is set."


def _moving(name: str, label: str, consequence: str, form: type[PlaceForm], act: Act) -> Button[Availability]:
    """A button that moves stock: its form bears a key, so that it works once."""
    return Button(name, label, "inventory.move_stock", consequence, act, form=form, initial=_fresh_key)


def _fresh_key(row: Availability) -> dict[str, Any]:
    return {"key": f"staff:{uuid4()}"}


BUTTONS: dict[str, Button[Availability]] = {
    button.name: button
    for button in (
        _moving(
            "receive",
            "Receive",
            "Units came in, in selling condition. Orders that wait get them, the oldest first.",
            ReceiveForm,
            _move(Kind.RECEIVE),
        ),
        _moving(
            "count",
            "Count",
            "Set what is really there. If that is less than was promised, the newest orders lose their promise and "
            "wait.",
            CountForm,
            _count,
        ),
        _moving(
            "adjust",
            "Adjust",
            "Add or take away units, with the reason. What is promised to orders cannot be taken away.",
            AdjustForm,
            _move(Kind.ADJUST),
        ),
        _moving("transfer", "Transfer", "Move units to another warehouse.", TransferForm, _move(Kind.TRANSFER)),
        _moving(
            "other",
            "Other movement",
            "Announced, damaged, set aside, inspected or thrown away.",
            OtherForm,
            _move(Kind.RECEIVE),
        ),
        Button(
            name="threshold",
            label="Threshold",
            permission="inventory.change_availability",
            consequence="When this SKU counts as low. Both empty: when it is sold out.",
            act=_set_threshold,
            form=ThresholdForm,
            initial=lambda row: {"units": row.threshold_units, "days": row.threshold_days},
        ),
    )
}
