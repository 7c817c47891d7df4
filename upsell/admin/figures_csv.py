"""Figures as CSV: campaigns, placements, products and days in one table, streamed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

from oms.money import round_amount
from upsell.admin.csv_rows import stream_rows
from upsell.policies.effects import Effect
from upsell.queries.figures import Figures, Funnel

COLUMNS = (
    *("of", "name", "sku", "currency", "shown", "seen", "accepted", "refused", "ran_out", "take_rate", "take_low"),
    *("take_high", "gross", "net_revenue", "net_margin", "margins_unknown", "orders_with_offers", "orders_without"),
    *("extra_an_order", "extra_low", "extra_high", "verdict"),
)


def stream_figures(figures: Figures, campaigns: Mapping[int, str]) -> StreamingHttpResponse:
    rows = ([row.get(name, "") for name in COLUMNS] for row in _rows(figures, campaigns))
    return stream_rows("offers-figures", COLUMNS, rows)


def _rows(figures: Figures, campaigns: Mapping[int, str]) -> Iterable[dict[str, Any]]:
    for key, currency in sorted({*figures.campaigns, *figures.effects}):
        told = _tell_funnel(figures.campaigns.get((key, currency)))
        told |= _tell_effect(figures.effects.get((key, currency)), currency)
        yield {"of": "campaign", "name": campaigns[key], "currency": currency} | told
    for (place, currency), funnel in sorted(figures.placements.items()):
        yield {"of": "placement", "name": place, "currency": currency} | _tell_funnel(funnel)
    for taken in figures.products:
        told = {"of": "product", "name": taken.title, "sku": taken.sku, "currency": taken.funnel.currency}
        yield told | _tell_funnel(taken.funnel)
    for (day, currency), funnel in sorted(figures.days.items()):
        yield {"of": "day", "name": day.isoformat(), "currency": currency} | _tell_funnel(funnel)


def _tell_funnel(funnel: Funnel | None) -> dict[str, Any]:
    if funnel is None:
        return {}
    take = funnel.take
    return {
        "shown": funnel.shown,
        "seen": funnel.seen,
        "accepted": funnel.accepted,
        "refused": funnel.refused,
        "ran_out": funnel.expired,
        "take_rate": f"{take.share:.4f}" if take else "",
        "take_low": f"{take.low:.4f}" if take else "",
        "take_high": f"{take.high:.4f}" if take else "",
        "gross": funnel.gross,
        "net_revenue": funnel.revenue,
        "net_margin": funnel.margin,
        "margins_unknown": funnel.unknown,
    }


def _tell_effect(effect: Effect | None, currency: str) -> dict[str, Any]:
    if effect is None:
        return {}
    told: dict[str, Any] = {
        "orders_with_offers": effect.treated,
        "orders_without": effect.held_out,
        "verdict": effect.verdict.value,
    }
    if effect.told:
        amounts = {"extra_an_order": effect.difference, "extra_low": effect.low, "extra_high": effect.high}
        told |= {name: round_amount(Decimal(str(amount)), currency) for name, amount in amounts.items()}
    return told
