"""Routing waves: what was routed together, what it cost, and how close to the best that is."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import require
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.admin.plots import plot_stacks
from oms.templatetags.showing import actor, badge, moment, money
from orders.admin.fulfilling.papers import MOST, print_numbers
from orders.admin.routing.words import say_share
from orders.models import RoutingDecision, RoutingWave
from orders.queries.papers import list_wave

COST_PARTS = (("freight", "freight"), ("duty", "duty"), ("parcel", "parcels"), ("waiting", "waiting"))
SHOWN = 100


class WaveAdmin(ReadOnlyAdmin):
    title = "Routing waves"
    nouns = ("wave", "waves")
    views = (
        SavedView("all", "All"),
        SavedView("stuck", "With orders that nobody can send", lambda waves, at: waves.filter(unrouted__gt=0)),
    )
    list_display = (
        "number",
        "when",
        "orders",
        "routed",
        "stuck",
        "parts",
        "shown_solver",
        "shown_cost",
        "gap_",
        "took",
    )
    list_display_links = ("number",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "orders.view_routingwave", "Your role does not include reading routing waves.")
        wave = RoutingWave.objects.filter(pk=object_id).first() if object_id.isascii() and object_id.isdigit() else None
        if wave is None:
            raise Http404("There is no such wave.")
        context = {
            **self.admin_site.each_context(request),
            **describe_wave(wave),
            "title": f"Wave {wave.pk}",
            "trail": [(self.title, reverse("admin:orders_routingwave_changelist"))],
        }
        return TemplateResponse(request, "orders/admin/wave.html", context)

    def routes(self) -> Sequence[Route]:
        return [("<int:wave_id>/pick-list/", self.print_list, "pick_list")]

    def print_list(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        """Of what the wave has asked for and is still to be sent."""
        require(request, "orders.view_fulfillment", "Your role does not include reading fulfillments.")
        back = HttpResponseRedirect(reverse("admin:orders_routingwave_change", args=[wave_id]))
        numbers = list_wave(wave_id)[:MOST]
        if not numbers:
            messages.info(request, "Nothing of this wave is still to be sent.")
            return back
        return print_numbers(request, numbers, "pick-list") or back

    @admin.display(description="Wave")
    def number(self, wave: RoutingWave) -> SafeString:
        return format_html('<span class="row-link">{}</span>', wave.pk)

    @admin.display(description="When")
    def when(self, wave: RoutingWave) -> SafeString:
        return format_html('{} <span class="soft">{}</span>', moment(wave.at), actor(wave.by))

    @admin.display(description="Nobody can send")
    def stuck(self, wave: RoutingWave) -> SafeString | str:
        return badge(wave.unrouted, "bad") if wave.unrouted else "–"

    @admin.display(description="Solved")
    def shown_solver(self, wave: RoutingWave) -> str:
        return wave.get_solver_display() or "–"

    @admin.display(description="Cost")
    def shown_cost(self, wave: RoutingWave) -> SafeString | str:
        return money(wave.cost, wave.currency)

    @admin.display(description="From the best at most")
    def gap_(self, wave: RoutingWave) -> str:
        return say_gap(wave.gap)

    @admin.display(description="Took")
    def took(self, wave: RoutingWave) -> str:
        return say_seconds(wave.seconds)


def say_seconds(seconds: float) -> str:
    """ "0.2 ms", "85 ms", "3.41 s" """
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:,.3g} ms"


def say_gap(gap: float | None) -> str:
    """ "0 %" is proven to be the best; "–": nobody has looked for a bound."""
    return "–" if gap is None else f"{100 * gap:.2g} %"


def describe_wave(wave: RoutingWave) -> dict[str, Any]:
    decisions = wave.decisions.select_related("order__channel").order_by("id")
    columns, series = add_up(list(decisions.values_list("parts", flat=True)))
    return {
        "wave": wave,
        "gap": say_gap(wave.gap),
        "took": say_seconds(wave.seconds),
        "saved": wave.greedy_cost - wave.cost if wave.solver == RoutingWave.Solver.TOGETHER else None,
        "columns": columns,
        "series": series,
        "plot": plot_stacks(columns, [(name, [round(amount, 2) for amount in figures]) for name, figures in series]),
        "decisions": [_show(decision) for decision in decisions[:SHOWN]],
        "more": max(0, len(columns) and wave.decisions.count() - SHOWN),
    }


def add_up(decided: list[Any]) -> tuple[list[str], list[tuple[str, list[Decimal]]]]:
    """By warehouse, what freight, duty, parcels and waiting come to; the dearest warehouse first."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for part in (part for parts in decided for part in parts):
        for column, _ in COST_PARTS:
            sums[part["warehouse"]][column] += Decimal(str(part.get(column) or 0))
    columns = sorted(sums, key=lambda code: (-sum(sums[code].values()), code))
    return columns, [(said, [sums[code][column] for code in columns]) for column, said in COST_PARTS]


def _show(decision: RoutingDecision) -> dict[str, Any]:
    return {
        "decision": decision,
        "parts": [(part["warehouse"], say_share(part)) for part in decision.parts],
        "alternatives": ", ".join(
            f"{' and '.join(part['warehouse'] for part in each['parts'])} +{Decimal(str(each['dearer'])):.2f}"
            for each in decision.alternatives
        ),
    }
