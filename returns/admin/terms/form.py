"""The form of a row of terms: its questions in sections, and what the action would refuse beside its field."""

from typing import Any

from django import forms
from django.utils import timezone

from orders.admin.windows_form import TicksField, point_to_fields
from returns.actions.terms.arranging import find_new_undercuts
from returns.actions.terms.checking import find_faults
from returns.choices import Condition, Method, Resolution, as_choices
from returns.models import ReturnTerms

SECTIONS: Any = (
    (None, {"fields": ("name", "active")}),
    (
        "What it is for",
        {
            "fields": ("category", "product_tag", ("channel", "country"), "customer_tier"),
            "description": "Of all rows that fit, the one that names most of these wins; of two that name as many, tag "
            "before category, category before tier, channel and country; a deeper category before the one above it.",
        },
    ),
    (
        "How long",
        {
            "fields": (("days", "fallback_days"), "final_sale"),
            "description": "Days from delivery, to the end of the last one at the customer's place, or of the next "
            "working day there.",
        },
    ),
    ("What customers get", {"fields": ("resolutions", ("credit_rate", "credit_months"), "shipping_refund")}),
    (
        "How it comes back",
        {"fields": ("conditions", "methods", "bears", ("label_fee", "fee_currency"), "restocking_percent")},
    ),
)
FIELDS = tuple(
    name for _, section in SECTIONS for row in section["fields"] for name in (row if isinstance(row, tuple) else (row,))
)


class TermsForm(forms.ModelForm):
    conditions = TicksField(lambda: as_choices(Condition))
    resolutions = TicksField(lambda: as_choices(Resolution))
    methods = TicksField(lambda: as_choices(Method))

    class Meta:
        model = ReturnTerms
        fields = FIELDS
        labels = {
            "product_tag": "Tag of the product",
            "country": "Country",
            "customer_tier": "Customer tier",
            "fallback_days": "Days that shipping takes",
            "final_sale": "Final sale, because it is",
            "bears": "Who bears what sending back costs",
            "fee_currency": "Currency of the fee",
            "restocking_percent": "Restocking fee, per cent",
            "credit_rate": "Store credit, per cent of the refund",
            "credit_months": "Months until the bonus runs out",
        }

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()

    def clean_fee_currency(self) -> str:
        return self.cleaned_data["fee_currency"].upper()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        point_to_fields(self, find_faults(self.instance))
        if not self.errors:
            for undercut in find_new_undercuts(self.instance, at=timezone.now()):
                self.add_error(undercut.field if undercut.field in self.fields else None, undercut.sentence)
