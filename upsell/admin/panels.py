"""What offers contribute to the dashboard: what they bring more a day, and what was taken."""

import math
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import NormalDist

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from oms.admin.figures import Figure, show_figure, snapshot
from oms.admin.plots import plot_stacks
from upsell.admin.figures_page import SEE
from upsell.admin.figures_span import span_of
from upsell.admin.words import say_amount
from upsell.models import Campaign
from upsell.policies.effects import CONFIDENCE, Effect
from upsell.queries.figures import Figures, read_figures

DAYS = 30
_KEPT_SECONDS = 600


@dataclass(frozen=True)
class Extra:
    """What all campaigns with a holdout brought more a day, with an interval; `orders` were held out."""

    a_day: float
    low: float
    high: float
    orders: int


def show_extra_a_day(request: HttpRequest, subject: object) -> str:
    """The card: extra revenue a day from offers, against the holdout, in the shop's currency."""
    if not request.user.has_perm(SEE):
        return ""
    currency = settings.SHOP_CURRENCY
    effects = [effect for (_, code), effect in _read().effects.items() if code == currency]
    extra = add_effects(effects, days=DAYS)
    if extra is None:
        return show_figure(Figure("Extra a day", "–", _link(), "from offers: no holdout is large enough yet"))
    low, high = (say_amount(each, currency) for each in (extra.low, extra.high))
    note = f"from offers, against {extra.orders:,} orders without: {low} to {high}"
    return show_figure(Figure("Extra a day", say_amount(extra.a_day, currency), _link(), note))


def add_effects(effects: list[Effect], *, days: int) -> Extra | None:
    """Of campaigns whose sides were drawn apart from each other: the errors add up as if each stood alone."""
    told = [effect for effect in effects if effect.told]
    if not told:
        return None
    total = sum(effect.total for effect in told) / days
    error = math.sqrt(sum(effect.total_error**2 for effect in told)) / days
    reach = error * NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return Extra(total, total - reach, total + reach, sum(effect.held_out for effect in told))


def show_offers_a_day(request: HttpRequest, subject: object) -> str:
    """Day by day what accepted offers brought, as far as it was kept."""
    if not request.user.has_perm(SEE):
        return ""
    currency, figures = settings.SHOP_CURRENCY, _read()
    if not figures.campaigns:
        return ""
    today = timezone.localdate()
    days = [today - timedelta(days=place) for place in reversed(range(DAYS))]
    found = [figures.days.get((day, currency)) for day in days]
    said = [format_date(day, "j M") for day in days]
    revenue = [max(funnel.revenue, Decimal(0)) if funnel else Decimal(0) for funnel in found]
    context = {
        "days": DAYS,
        "currency": currency,
        "link": _link(),
        "total": sum(funnel.accepted for funnel in found if funnel),
        "plot": plot_stacks(said, [("net revenue", revenue)]),
        "rows": [(word, funnel) for word, funnel in zip(said, found, strict=True) if funnel][::-1],
    }
    return render_to_string("upsell/admin/extra_a_day.html", context)


def _read() -> Figures:
    return snapshot("offers-month", _read_month, seconds=_KEPT_SECONDS)


def _read_month() -> Figures:
    return read_figures(span_of(DAYS, tuple(Campaign.objects.values_list("id", flat=True))))


def _link() -> str:
    return reverse("admin:upsell_exposure_changelist")
