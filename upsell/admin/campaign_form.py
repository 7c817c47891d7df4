"""The form of a campaign: its questions in plain words, and what the action would refuse beside its field."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from inventory.models import Category
from oms.models import Channel
from orders.admin.windows_form import NamesField, TicksField, point_to_fields
from upsell.admin.words import PLACE_CHOICES
from upsell.choices import Buyers, DiscountKind, Source
from upsell.models import Campaign
from upsell.queries.campaign_faults import find_faults

SOURCES = [
    (Source.RECOMMENDER.value, "What goes with the order, as the recommender learned"),
    (Source.FIXED.value, "A list of SKUs"),
    (Source.FILLERS.value, "What is missing to free shipping"),
]
DISCOUNTS = [
    (DiscountKind.NONE.value, "Nothing: the usual price"),
    (DiscountKind.PERCENTAGE.value, "A percentage"),
    (DiscountKind.AMOUNT.value, "An amount off each unit"),
    (DiscountKind.BUNDLE_PRICE.value, "The listed SKUs together, at one price"),
    (DiscountKind.FREE_SHIPPING.value, "The shipping of the order"),
]
BUYERS = [
    (Buyers.ALL.value, "Everybody"),
    (Buyers.FIRST_ORDER.value, "Customers with their first order"),
    (Buyers.RETURNING.value, "Customers who bought before"),
]
PERCENTS = {"holdout_percent": "holdout_share", "margin_percent": "margin_floor", "mail_percent": "mail_share"}
"""What is asked in per cent, and the share that it is kept as."""
WORDS = {f"words_{code}": code for code, _ in settings.LANGUAGES}

SECTIONS: Any = (
    (None, {"fields": ("name", "starts_at", "ends_at", "placements", "priority")}),
    (
        "What is offered",
        {
            "fields": ("source", "skus", "discount_kind", ("discount", "currency")),
            "description": "Prices come from the catalogue, in the order's own currency. Nothing is offered that is in "
            "the order, short, on final sale, sent back before, or refused by this customer.",
        },
    ),
    (
        "To whom",
        {
            "fields": (
                "channels",
                "countries",
                ("tiers", "order_tags"),
                "categories",
                "buyers",
                ("least_total", "most_total"),
            ),
            "description": "An order must meet everything that you set. What you leave empty is not asked.",
        },
    ),
    (
        "How much of it",
        {
            "fields": (
                ("most_shown", "most_accepted"),
                ("margin_percent", "stock_floor"),
                ("orders_per_customer", "within_days"),
                "ignored_times",
            )
        },
    ),
    (
        "What it brings",
        {
            "fields": ("holdout_percent",),
            "description": "Orders in the holdout see nothing of this campaign. Only against them can be told "
            "what it brings. Who is held out follows from the customer, and stays so.",
        },
    ),
    ("Mail", {"fields": (("mail_percent", "mail_least_minutes"),)}),
    ("Above the offers", {"fields": tuple(WORDS)}),
)


def _percent(label: str, help_text: str, *, most: int, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=required,
        min_value=0,
        max_value=most,
        decimal_places=1,
        widget=UnfoldAdminDecimalFieldWidget,
    )


def _codes(model: Any) -> list[tuple[str, str]]:
    return list(model.objects.values_list("code", "name"))


class CampaignForm(forms.ModelForm):
    placements = TicksField(lambda: PLACE_CHOICES, label="Where it is shown")
    source = forms.ChoiceField(choices=SOURCES, label="Candidates", widget=UnfoldAdminRadioSelectWidget)
    discount_kind = forms.ChoiceField(choices=DISCOUNTS, label="What is taken off", widget=UnfoldAdminRadioSelectWidget)
    discount = forms.DecimalField(
        required=False, label="How much", help_text="Per cent, or an amount.", widget=UnfoldAdminDecimalFieldWidget
    )
    buyers = forms.ChoiceField(choices=BUYERS, label="Buyers", widget=UnfoldAdminRadioSelectWidget)
    skus = NamesField(
        label="SKUs",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Of a list or a bundle, separated by commas or line breaks. As fillers: only these; empty: all.",
    )
    channels = TicksField(lambda: _codes(Channel))
    categories = TicksField(lambda: _codes(Category), label="Something in the order is of")
    countries = NamesField(shape=str.upper, widget=UnfoldAdminTextInputWidget, help_text="Where it goes: DE, AT, CH.")
    tiers = NamesField(label="Customer tiers", widget=UnfoldAdminTextInputWidget, help_text="gold, silver")
    order_tags = NamesField(label="Tags", widget=UnfoldAdminTextInputWidget, help_text="Any of these on the order.")
    holdout_percent = _percent("Held out, per cent", "Of customers. 10 to 20 is usual; 0 tells nothing.", most=90)
    margin_percent = _percent(
        "Least margin, per cent", "Of the price without tax. Empty: not asked.", most=99, required=False
    )
    mail_percent = _percent("After per cent of the window", "Then the mail goes out.", most=100)

    class Meta:
        model = Campaign
        fields = (
            *("name", "starts_at", "ends_at", "placements", "priority", "source", "skus", "discount_kind", "discount"),
            *("currency", "channels", "countries", "tiers", "order_tags", "categories", "buyers", "least_total"),
            *("most_total", "most_shown", "most_accepted", "stock_floor", "orders_per_customer", "within_days"),
            *("ignored_times", "mail_least_minutes"),
        )
        labels = {
            "starts_at": "Begins",
            "ends_at": "Ends",
            "priority": "Turn",
            "currency": "Currency of amounts",
            "least_total": "Order from",
            "most_total": "Order up to",
            "most_shown": "Side by side, at most",
            "most_accepted": "Accepted an order, at most",
            "stock_floor": "Units that must be left",
            "orders_per_customer": "Orders of a customer, at most",
            "within_days": "within so many days",
            "ignored_times": "Seen so often without a word, not again",
            "mail_least_minutes": "Minutes that must be left",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, share in PERCENTS.items():
            kept = getattr(self.instance, share)
            self.initial[field] = None if kept is None else f"{(Decimal(kept) * 100).normalize():f}"
        discount = Decimal(self.instance.discount)
        self.initial["stock_floor"] = f"{Decimal(self.instance.stock_floor).normalize():f}"
        self.initial["discount"] = f"{discount.normalize():f}" if discount else None
        for field, code in WORDS.items():
            self.fields[field].label = f"In {dict(settings.LANGUAGES)[code]}"
            self.initial[field] = (self.instance.words or {}).get(code, "")

    def clean_discount(self) -> Decimal:
        return self.cleaned_data["discount"] or Decimal(0)

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for field, share in PERCENTS.items():
            if field in cleaned:
                percent = cleaned[field]
                setattr(self.instance, share, None if percent is None else percent / 100)
        said = {code: cleaned.get(field, "").strip() for field, code in WORDS.items()}
        kept = {code: text for code, text in (self.instance.words or {}).items() if code not in said}
        self.instance.words = kept | {code: text for code, text in said.items() if text}
        return cleaned

    def _post_clean(self) -> None:
        """The faults in our own words, not in those of the database's constraints."""
        wrong = bool(self.errors)
        super()._post_clean()  # type: ignore[misc]
        faults = [] if wrong else find_faults(self.instance)
        if faults:
            self.errors.pop(NON_FIELD_ERRORS, None)
            point_to_fields(self, [_rename(fault) for fault in faults])


def _rename(fault: Any) -> Any:
    """A fault of a share stands beside the percentage that was asked."""
    asked = {share: field for field, share in PERCENTS.items()}
    name = fault.pointer.removeprefix("/")
    return type(fault)(f"/{asked.get(name, name)}", fault.code, fault.detail)


def _said(required: bool = False) -> forms.CharField:
    return forms.CharField(required=required, max_length=300, widget=UnfoldAdminTextInputWidget)


FORM = type("WordedCampaignForm", (CampaignForm,), {field: _said() for field in WORDS})
"""With a sentence a language."""


def describe_change(changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Each change as a sentence."""
    labels = {**CampaignForm.Meta.labels, "holdout_share": "Held out", "margin_floor": "Least margin"}
    return [
        f"{labels.get(name, name.replace('_', ' ').capitalize())}: {_say(each['before'])} → {_say(each['after'])}"
        for name, each in changes.items()
    ]


def _say(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {each}" for name, each in value.items()) or "–"
    return "–" if value in (None, "") else str(value)
