"""What offers bring: against orders that were shown none, and what became of what was shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.dateformat import format as format_date

from oms.admin.asking import require
from oms.admin.lists import Route, RoutedAdmin
from oms.admin.plots import Mean, plot_means, plot_stacks
from oms.admin.remembering import recall_filters, remember_filters, tidy_filters
from upsell.admin.figures_csv import stream_figures
from upsell.admin.figures_span import Asked, read_asked, read_snapshot
from upsell.admin.words import (
    PLACES,
    TONES,
    say_difference,
    say_interval,
    say_number,
    say_rate,
    say_rate_interval,
    say_verdict,
    title_verdict,
)
from upsell.choices import Group, Placement
from upsell.policies.effects import Effect
from upsell.queries.figures import Figures, Funnel, add_funnels, read_bins

PAGE = "upsell figures"
SEE = "upsell.view_figures"
NOT_YOURS = "Your role does not include what offers bring."
BINS = 15
"""Points of the chart a side, at most."""
BY_DAY = 92
"""Days that have a bar each; of a longer time each week has one."""


@dataclass(frozen=True)
class Row:
    """One line of a table. `effect` only of a campaign."""

    name: str
    funnel: Funnel | None
    note: str = ""
    effect: Effect | None = None

    @property
    def take(self) -> str:
        return say_rate(self.funnel.take) if self.funnel else "–"

    @property
    def take_interval(self) -> str:
        return say_rate_interval(self.funnel.take) if self.funnel else ""


class FiguresAdmin(RoutedAdmin):
    """Not a list of rows: who wants to know what offers bring wants sums."""

    def routes(self) -> list[Route]:
        return [("figures.csv", self.export, "csv")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        require(request, SEE, NOT_YOURS)
        if elsewhere := tidy_filters(request) or recall_filters(request, PAGE):
            return HttpResponseRedirect(f"{request.path}?{elsewhere}")
        remember_filters(request, PAGE)
        asked = read_asked(request)
        figures = read_snapshot(asked)
        currency = _choose_currency(request, figures)
        context = {
            **self.admin_site.each_context(request),
            "title": "What offers bring",
            "asked": asked,
            "period": _say_period(asked),
            "currency": currency,
            "others": _others(request, figures, currency),
            "csv": f"figures.csv?{request.GET.urlencode()}",
            "of_product": f"?{_without_product(request)}",
            **(_describe(asked, figures, currency) if currency else {}),
        }
        return TemplateResponse(request, "upsell/admin/figures.html", context)

    def export(self, request: HttpRequest) -> HttpResponse:
        require(request, SEE, NOT_YOURS)
        asked = read_asked(request)
        return stream_figures(read_snapshot(asked), asked.campaigns)  # type: ignore[return-value]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def _choose_currency(request: HttpRequest, figures: Figures) -> str:
    found = figures.currencies
    asked = request.GET.get("currency", "")
    return next((each for each in (asked, settings.SHOP_CURRENCY) if each in found), found[0] if found else "")


def _others(request: HttpRequest, figures: Figures, currency: str) -> list[tuple[str, str]]:
    """The other currencies, with the address of each."""
    others = [each for each in figures.currencies if each != currency]
    wanted = request.GET.copy()
    return [(each, f"?{_with(wanted, currency=each)}") for each in others]


def _with(wanted: Any, **names: str) -> str:
    changed = wanted.copy()
    for name, value in names.items():
        changed[name] = value
    return changed.urlencode()


def _without_product(request: HttpRequest) -> str:
    wanted = request.GET.copy()
    wanted.pop("sku", None)
    return wanted.urlencode()


def _describe(asked: Asked, figures: Figures, currency: str) -> dict[str, Any]:
    """All that the page shows of one currency."""
    campaigns = list(_campaign_rows(asked.campaigns, figures, currency))
    whole = add_funnels(row.funnel for row in campaigns if row.funnel).get(currency)
    largest = max((row for row in campaigns if row.effect), key=_count_orders, default=None)
    return {
        "campaigns": campaigns,
        "effects": [_describe_effect(row, currency) for row in campaigns if row.effect],
        "whole": whole,
        "steps": _steps(whole) if whole else [],
        "take": Row("", whole),
        "placements": _rows_of(figures.placements, currency, PLACES),
        "products": [
            Row(taken.title, taken.funnel, taken.sku) for taken in figures.products if taken.funnel.currency == currency
        ],
        **_describe_days(asked, figures, currency),
        "compared": _compare(asked, largest, currency),
    }


def _count_orders(row: Row) -> int:
    return row.effect.treated + row.effect.held_out if row.effect else 0


def _campaign_rows(names: Mapping[int, str], figures: Figures, currency: str) -> Iterable[Row]:
    """Those of which anything is known, what brought most first."""
    rows = [
        Row(name, figures.campaigns.get((key, currency)), effect=figures.effects.get((key, currency)))
        for key, name in names.items()
    ]
    known = [row for row in rows if row.funnel or row.effect]
    return sorted(known, key=lambda row: (-(row.funnel.revenue if row.funnel else Decimal(0)), row.name))


def _describe_effect(row: Row, currency: str) -> dict[str, Any]:
    effect = row.effect
    assert effect is not None
    return {
        "name": row.name,
        "effect": effect,
        "with_offers": say_number(effect.treated_mean, currency, sign=False) if effect.told else "–",
        "without": say_number(effect.held_out_mean, currency, sign=False) if effect.told else "–",
        "difference": say_difference(effect, currency),
        "interval": say_interval(effect, currency),
        "title": title_verdict(effect),
        "tone": TONES.get(effect.verdict, "mute"),
        "sentence": say_verdict(effect),
    }


def _steps(whole: Funnel) -> list[tuple[str, int, float]]:
    """The funnel as bars: what, how many, how wide in per cent of what was shown."""
    told = [
        ("Shown", whole.shown),
        ("Seen", whole.seen),
        ("Accepted", whole.accepted),
        ("Refused", whole.refused),
        ("Ran out", whole.expired),
    ]
    return [(name, number, round(100 * number / max(whole.shown, 1), 1)) for name, number in told]


def _rows_of(funnels: Mapping[tuple[str, str], Funnel], currency: str, names: Mapping[Placement, str]) -> list[Row]:
    found = {place: funnel for (place, code), funnel in funnels.items() if code == currency}
    return [Row(name, found[place]) for place, name in names.items() if place in found]


def _describe_days(asked: Asked, figures: Figures, currency: str) -> dict[str, Any]:
    """What was taken of what each day offered, or each week of a long time, at what is left of it today."""
    width = 1 if asked.days <= BY_DAY else 7
    starts = _starts(asked, width)
    found = [_add_days(figures, start, width, currency) for start in starts]
    said = [format_date(start, "j M") for start in starts]
    kept = [max(funnel.revenue, Decimal(0)) if funnel else Decimal(0) for funnel in found]
    lost = [max(funnel.gross - funnel.revenue, Decimal(0)) if funnel else Decimal(0) for funnel in found]
    series = [("net revenue", kept), ("tax, cancelled, sent back", lost)]
    return {
        "series": series,
        "plot": plot_stacks(said, series),
        "by": "day" if width == 1 else "week",
        "head_of_days": "Day" if width == 1 else "Week of",
        "days": [Row(word, funnel) for word, funnel in zip(said, found, strict=True) if funnel][::-1],
    }


def _starts(asked: Asked, width: int) -> list[date]:
    return [asked.span.first + timedelta(days=place) for place in range(0, asked.days, width)]


def _add_days(figures: Figures, start: date, width: int, currency: str) -> Funnel | None:
    days = [figures.days.get((start + timedelta(days=place), currency)) for place in range(width)]
    return add_funnels(day for day in days if day).get(currency)


def _compare(asked: Asked, row: Row | None, currency: str) -> dict[str, Any] | None:
    """The chart of both sides, of one campaign: that which was chosen, or that of most orders."""
    if row is None:
        return None
    key = next(key for key, name in asked.campaigns.items() if name == row.name)
    width = -(-asked.days // BINS)
    bins = read_bins(replace(asked.span, campaigns=(key,)), width=width, currency=currency)
    found = {(each.first, each.group): each for each in bins}
    starts = _starts(asked, width)
    sides = [("with offers", Group.TREATMENT), ("without", Group.HOLDOUT)]
    series: Sequence[tuple[str, Sequence[Mean | None]]] = [
        (name, [_mean(found.get((start, group))) for start in starts]) for name, group in sides
    ]
    said = [format_date(start, "j M") for start in starts]
    table = [
        (word, [found.get((start, group)) for _, group in sides])
        for word, start in zip(said, starts, strict=True)
        if any((start, group) in found for _, group in sides)
    ]
    return {"name": row.name, "width": width, "plot": plot_means(said, series), "series": series, "rows": table}


def _mean(found: Any) -> Mean | None:
    if found is None:
        return None
    low, high = found.interval or (found.mean, found.mean)
    return found.mean, low, high


def _say_period(asked: Asked) -> str:
    first, last = (format_date(day, "j M Y") for day in (asked.span.first, asked.span.last))
    return first if first == last else f"{first} to {last}"
