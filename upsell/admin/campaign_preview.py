"""Who would see what: a campaign tried on real orders, a piece at a time, so that the page can say how far it is."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from upsell.admin.exclusion_words import say_because, say_excluded, say_unoffered
from upsell.choices import Unoffered
from upsell.models import Campaign
from upsell.queries.trying import Trial, count_trials, list_orders_to_try, try_campaign

PIECE = 20
EXCLUDED_SHOWN = 5


def show_preview(request: HttpRequest, campaign: Campaign, *, may_switch: bool) -> HttpResponse:
    """The page; it asks for its pieces by itself, without JavaScript by a link."""
    orders, open_now = list_orders_to_try(at=timezone.now())
    context = {
        **admin.site.each_context(request),
        "title": f"Who would see what: {campaign}",
        "trail": [("Offer campaigns", reverse("admin:upsell_campaign_changelist"))],
        "campaign": campaign,
        "may_switch": may_switch,
        "open_now": open_now,
        "total": len(orders),
        "next": _next(orders, {}, total=len(orders)) if orders else "",
    }
    return TemplateResponse(request, "upsell/admin/campaign_preview.html", context)


def show_piece(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The next orders, and what it comes to so far: the counts travel with the address."""
    wanted = [int(word) for word in request.GET.get("orders", "").split(",") if word.isdigit()]
    piece, rest = wanted[:PIECE], wanted[PIECE:]
    found = Order.objects.select_related("channel", "customer").in_bulk(piece)
    trials = try_campaign(campaign, [found[key] for key in piece if key in found], at=timezone.now())
    counts = _add(_read_counts(request.GET), count_trials(trials))
    total = int(request.GET.get("total") or 0) if request.GET.get("total", "").isdigit() else len(wanted)
    context = {
        **admin.site.each_context(request),
        "title": f"Who would see what: {campaign}",
        "campaign": campaign,
        "rows": [_describe(trial) for trial in trials],
        "counts": [(_name(key), number) for key, number in counts.items() if number],
        "past": total - len(rest),
        "total": total,
        "percent": 100 * (total - len(rest)) // max(total, 1),
        "next": _next(rest, counts, total=total) if rest else "",
    }
    part = "upsell/admin/campaign_piece.html"
    whole = "upsell/admin/campaign_piece_page.html"
    return TemplateResponse(request, part if request.headers.get("HX-Request") else whole, context)


def _describe(trial: Trial) -> dict[str, Any]:
    thought = trial.thought
    return {
        "order": trial.order,
        "held_out": trial.held_out,
        "drafts": [
            (
                ", ".join(f"{each.item.quantity.normalize():f} × {each.item.title}" for each in draft.priced.items),
                draft.priced.price,
                draft.priced.saving,
                say_because(draft.because),
            )
            for draft in thought.drafts
        ],
        "why": "" if thought.drafts else say_unoffered(thought.unoffered or Unoffered.NOTHING_LEFT),
        "excluded": [
            f"{each.sku} {say_excluded(each.reason, each.facts)}" for each in thought.excluded[:EXCLUDED_SHOWN]
        ],
        "more": max(len(thought.excluded) - EXCLUDED_SHOWN, 0),
    }


def _next(orders: list[int], counts: Mapping[str, int], *, total: int) -> str:
    told = QueryDict(mutable=True)
    told["orders"] = ",".join(map(str, orders))
    told["total"] = str(total)
    for key, number in counts.items():
        told[f"n_{key}"] = str(number)
    return f"?{told.urlencode(safe=',')}"


def _read_counts(sent: QueryDict) -> dict[str, int]:
    keys = ("shown", "held_out", *(reason.value for reason in Unoffered))
    return {key: int(word) for key in keys if (word := str(sent.get(f"n_{key}", ""))).isdigit()}


def _add(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {
        key: counts.get(key, 0) + more.get(key, 0) for key in [*more, *(each for each in counts if each not in more)]
    }


def _name(key: str) -> str:
    named = {"shown": "would see offers", "held_out": "would be held out"}
    return named.get(key) or say_unoffered(key).rstrip(".").lower()
