"""Which offers a page of figures is about: the filters above it, remembered from visit to visit."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from inventory.models import Variant
from oms.admin.asking import dress
from oms.admin.figures import snapshot
from upsell.admin.words import PLACE_CHOICES
from upsell.models import Campaign
from upsell.queries.figures import Figures, Span, read_figures

PERIODS = (7, 30, 90, 365)
USUAL = 30
LONGEST = 731
"""Days: two years, one of them a leap year."""


class FiguresForm(forms.Form):
    campaign = forms.ChoiceField(required=False)
    placement = forms.ChoiceField(required=False, label="Where", choices=[("", "Everywhere"), *PLACE_CHOICES])
    sku = forms.CharField(required=False, label="Product", max_length=100)
    days = forms.TypedChoiceField(
        required=False,
        label="Last",
        coerce=int,
        empty_value=None,
        choices=[(days, f"{days} days") for days in PERIODS],
        initial=USUAL,
    )
    since = forms.DateField(required=False, label="Or from")
    until = forms.DateField(required=False, label="To")

    def __init__(self, *args: object, campaigns: dict[int, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["campaign"].choices = [("", "All campaigns"), *campaigns.items()]  # type: ignore[attr-defined]
        self.fields["sku"].widget.attrs["placeholder"] = "SKU"
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean_sku(self) -> Variant | None:
        """The variant itself."""
        sku = self.cleaned_data["sku"].strip()
        found = Variant.objects.filter(sku__iexact=sku).first() if sku else None
        if sku and found is None:
            raise forms.ValidationError("There is no product with this SKU.")
        return found

    def clean(self) -> dict[str, Any]:
        """Two days say more than a number of days."""
        told = super().clean() or self.cleaned_data
        last = told.get("until") or timezone.localdate()
        first = told.get("since") or last - timedelta(days=(told.get("days") or USUAL) - 1)
        if first > last:
            self.add_error("since", "This is after the last day.")
        elif (last - first).days >= LONGEST:
            self.add_error("since", "Two years at most.")
        return told | {"first": first, "last": last}


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see. `campaigns` are the names of all there are, by id; `campaign` the chosen one."""

    form: forms.Form
    span: Span
    campaigns: dict[int, str]
    campaign: int | None = None
    variant: Variant | None = None

    @property
    def days(self) -> int:
        return self.span.days


def read_asked(request: HttpRequest) -> Asked:
    """From the address. What nobody can mean is said beside its field, and the last days are shown instead."""
    campaigns = dict(Campaign.objects.order_by("name").values_list("id", "name"))
    form = FiguresForm(request.GET or None, campaigns=campaigns)
    if not form.is_valid():
        return Asked(dress(form), span_of(USUAL, tuple(campaigns)), campaigns)
    told = form.cleaned_data
    campaign = int(told["campaign"]) if told["campaign"] else None
    chosen = (campaign,) if campaign else tuple(campaigns)
    variant = told["sku"]
    key = variant.pk if variant else None
    span = Span(told["first"], told["last"], chosen, settings.TIME_ZONE, told["placement"], key)
    return Asked(dress(form), span, campaigns, campaign, variant)


def span_of(days: int, campaigns: tuple[int, ...]) -> Span:
    """The last so many days, today included."""
    last = timezone.localdate()
    return Span(last - timedelta(days=days - 1), last, campaigns, settings.TIME_ZONE)


def read_snapshot(asked: Asked) -> Figures:
    """Counted at most once a minute for everybody."""
    span = asked.span
    told = (span.first, span.last, asked.campaign or 0, span.placement, span.variant or 0)
    return snapshot("offers-" + "-".join(map(str, told)), lambda: read_figures(span))
