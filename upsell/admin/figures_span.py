"""Which offers a page of figures is about: the filters above it, remembered from visit to visit."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from oms.admin.asking import dress
from oms.admin.figures import snapshot
from orders.admin.order_filters import midnight
from upsell.admin.words import PLACE_CHOICES
from upsell.models import Campaign
from upsell.queries.figures import Figures, Span, read_figures

PERIODS = (7, 30, 90, 365)
USUAL = 30
_LONG = 600
"""Seconds: what takes long to count is not counted again at once."""


class FiguresForm(forms.Form):
    campaign = forms.ChoiceField(required=False)
    placement = forms.ChoiceField(required=False, label="Where", choices=[("", "Everywhere"), *PLACE_CHOICES])
    days = forms.TypedChoiceField(
        required=False,
        label="Last",
        coerce=int,
        empty_value=None,
        choices=[(days, f"{days} days") for days in PERIODS],
        initial=USUAL,
    )

    def __init__(self, *args: object, campaigns: dict[int, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["campaign"].choices = [("", "All campaigns"), *campaigns.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see. `campaigns` are the names of all there are, by id; `campaign` the chosen one."""

    form: forms.Form
    span: Span
    days: int
    campaigns: dict[int, str]
    campaign: int | None


def read_asked(request: HttpRequest) -> Asked:
    """From the address; what nobody could have chosen is left out."""
    campaigns = dict(Campaign.objects.order_by("name").values_list("id", "name"))
    form = FiguresForm(request.GET or None, campaigns=campaigns)
    told = form.cleaned_data if form.is_valid() else {}
    campaign = int(told["campaign"]) if told.get("campaign") else None
    days = told.get("days") or USUAL
    chosen = (campaign,) if campaign else tuple(campaigns)
    return Asked(dress(form), span_of(days, chosen, told.get("placement", "")), days, campaigns, campaign)


def span_of(days: int, campaigns: tuple[int, ...], placement: str = "") -> Span:
    """The last so many days, today included."""
    at = timezone.now()
    return Span(midnight(at) - timedelta(days=days - 1), at, campaigns, settings.TIME_ZONE, placement)


def read_snapshot(asked: Asked) -> Figures:
    """Counted at most once a minute for everybody; of a long span less often."""
    name = f"offers-{asked.days}-{asked.campaign or 0}-{asked.span.placement}"
    return snapshot(name, lambda: read_figures(asked.span), seconds=60 if asked.days <= USUAL else _LONG)
