"""The form of an edit window rule: its questions in sections, and what the action would refuse beside its field."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from inventory.models import Category, VelocityTier
from oms.errors import FieldError
from oms.models import Channel
from orders.actions.windows.arranging import faults_of, find_faults
from orders.models import WindowCampaign, WindowRule

WEEKDAYS = [(1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun")]

SECTIONS: Any = (
    (None, {"fields": ("name", "campaign", "active")}),
    (
        "Which orders",
        {
            "fields": (
                "channels",
                ("countries", "shipping_methods"),
                ("tags", "customer_tiers"),
                ("value_from", "value_below"),
                "currency",
            ),
            "description": "The rule fits an order that meets every condition you set. What you leave empty is not "
            "asked; a rule without any condition fits every order.",
        },
    ),
    (
        "Which goods",
        {
            "fields": (
                "categories",
                "velocity_tiers",
                "skus",
                ("available_above", "available_at_most"),
                ("cover_above", "cover_at_most"),
            ),
            "description": "Of an order with several lines the tightest line counts for stock, the fastest for the "
            "tier. Available is what is left once this order has its units.",
        },
    ),
    (
        "When it was placed",
        {
            "fields": ("weekdays", ("from_time", "until_time"), "cut_off_within"),
            "description": "Days and times of the shop's own time zone.",
        },
    ),
    (
        "What the customer gets",
        {
            "fields": ("action", ("minutes", "above")),
            "description": "The window counts from the moment of purchase. Whatever the rules say, an order of which a "
            "SKU is low gets none: it goes to the warehouse at once.",
        },
    ),
)

FIELDS = tuple(
    name for _, section in SECTIONS for row in section["fields"] for name in (row if isinstance(row, tuple) else (row,))
)


class NamesField(forms.CharField):
    """Several names, separated by commas or line breaks, as a list; each once, in their order."""

    def __init__(self, *, shape: Callable[[str], str] = str, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.shape = shape

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        names = [self.shape(name.strip()) for name in re.split(r"[,\n]", super().clean(value) or "") if name.strip()]
        return list(dict.fromkeys(names))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class TicksField(forms.MultipleChoiceField):
    """Some of a few codes, as boxes to tick."""

    def __init__(self, offered: Callable[[], list[tuple[Any, Any]]], **options: Any) -> None:
        widget = UnfoldAdminCheckboxSelectMultipleWidget
        super().__init__(choices=offered, required=False, widget=widget, **options)


class WeekdaysField(TicksField):
    def clean(self, value: Any) -> Any:
        return sorted(int(day) for day in super().clean(value))


def _codes(model: Any) -> list[tuple[str, str]]:
    return list(model.objects.values_list("code", "name"))


class RuleForm(forms.ModelForm):
    channels = TicksField(lambda: _codes(Channel))
    countries = NamesField(
        shape=str.upper, widget=UnfoldAdminTextInputWidget, help_text="Where it goes: DE, AT, CH. Empty: anywhere."
    )
    shipping_methods = NamesField(
        widget=UnfoldAdminTextInputWidget, help_text="As the channel calls them, separated by commas."
    )
    tags = NamesField(widget=UnfoldAdminTextInputWidget, help_text="Any of these on the order.")
    customer_tiers = NamesField(widget=UnfoldAdminTextInputWidget, help_text="Loyalty tiers: gold, silver.")
    categories = TicksField(lambda: _codes(Category), help_text="A line in any of these, or below.")
    velocity_tiers = TicksField(lambda: _codes(VelocityTier), help_text="How fast its fastest SKU sells.")
    skus = NamesField(
        label="SKUs",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="A line with any of these, separated by commas or line breaks.",
    )
    weekdays = WeekdaysField(lambda: WEEKDAYS)

    class Meta:
        model = WindowRule
        fields = FIELDS
        labels = {
            "available_above": "More than so many available",
            "available_at_most": "At most so many available",
            "cover_above": "More than so many days of cover",
            "cover_at_most": "At most so many days of cover",
            "value_from": "Value from",
            "value_below": "Value below",
            "from_time": "From",
            "until_time": "Until",
            "cut_off_within": "Next cut-off within (minutes)",
            "action": "Edit window",
            "above": "More than so many must stay available",
        }

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            point_to_fields(self, find_faults(self.instance))


class CampaignForm(forms.ModelForm):
    class Meta:
        model = WindowCampaign
        fields = ("name", "starts_at", "ends_at", "active", "note")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            point_to_fields(self, faults_of(self.instance))


def point_to_fields(form: forms.BaseForm, faults: list[FieldError]) -> None:
    """Each fault beside its field; what belongs to none stands above them."""
    for fault in faults:
        name = fault.pointer.removeprefix("/")
        form.add_error(name if name in form.fields else None, fault.detail)
