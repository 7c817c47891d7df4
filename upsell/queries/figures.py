"""What offers were shown, taken, and brought: for campaigns, placements, products and days, currency by currency.

Three statements, however many offers. Offers count by the day they were made, whatever became of them later; test
orders never count. Amounts of two currencies are never added.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from oms.money import round_amount
from oms.sql import fetch_all
from upsell.choices import Group, Placement
from upsell.policies.effects import Effect, Rate, Side, compare_sides, mean_interval, wilson

DAY = 24 * 3600
_BITS = {placement.value: 1 << place for place, placement in enumerate(Placement)}


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when (excluded), which campaigns, where shown ("": anywhere), by the days of which time zone."""

    since: datetime
    until: datetime
    campaigns: tuple[int, ...]
    zone: str
    placement: str = ""

    @property
    def days(self) -> float:
        return (self.until - self.since).total_seconds() / DAY


@dataclass(frozen=True, slots=True)
class Funnel:
    """Offers, and what they brought in one currency. `gross`: what the accepted ones cost, before anything came back.

    `margin` counts those whose costs are known; `unknown` are the others.
    """

    currency: str
    shown: int
    seen: int
    accepted: int
    refused: int
    expired: int
    gross: Decimal
    revenue: Decimal
    margin: Decimal
    unknown: int

    @property
    def take(self) -> Rate | None:
        """Accepted of shown."""
        return wilson(self.accepted, self.shown)


@dataclass(frozen=True, slots=True)
class Taken:
    """A product within offers. Its part of a bundle's revenue is that of its price."""

    sku: str
    title: str
    funnel: Funnel


@dataclass(frozen=True, slots=True)
class Bin:
    """Orders that were assigned within some days from `first` on: the mean of what each brought, with its interval."""

    first: date
    group: str
    count: int
    mean: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Figures:
    """By campaign (id, currency), day, placement, product; and each campaign's effect (id, currency)."""

    campaigns: Mapping[tuple[int, str], Funnel]
    days: Mapping[tuple[date, str], Funnel]
    placements: Mapping[tuple[str, str], Funnel]
    products: Sequence[Taken]
    effects: Mapping[tuple[int, str], Effect]

    @property
    def currencies(self) -> list[str]:
        """Those with most offers first."""
        shown: dict[str, int] = {}
        for (_, currency), funnel in self.campaigns.items():
            shown[currency] = shown.get(currency, 0) + funnel.shown
        for _, currency in self.effects:
            shown.setdefault(currency, 0)
        return sorted(shown, key=lambda currency: (-shown[currency], currency))


# Where an offer was shown, and seen, is a number of one bit a placement: a million offers fall into some thousand
# groups in one pass, and those are added up by campaign, by day and by placement. In a placement an offer counts as
# taken where it was taken, and as refused or run out wherever it was shown.
_BIT = "CASE s.placement " + " ".join(f"WHEN '{place}' THEN {bit}" for place, bit in _BITS.items()) + " END"
_SUMS = """
    coalesce(sum(n), 0), coalesce(sum(n) FILTER (WHERE seen & mask <> 0), 0), coalesce(sum(n) FILTER (WHERE taken), 0),
    coalesce(sum(n) FILTER (WHERE state = 'REFUSED'), 0), coalesce(sum(n) FILTER (WHERE state = 'EXPIRED'), 0),
    coalesce(sum(price) FILTER (WHERE taken), 0), coalesce(sum(revenue) FILTER (WHERE taken), 0),
    coalesce(sum(margin) FILTER (WHERE taken), 0), coalesce(sum(unknown) FILTER (WHERE taken), 0)
"""
_NAMES = "currency, shown, seen, accepted, refused, expired, gross, revenue, margin, unknown"
_TOTALS = f"""
WITH shown AS (
    SELECT s.offer_id, bit_or({_BIT}) AS places, bit_or(CASE WHEN s.seen_at IS NULL THEN 0 ELSE {_BIT} END) AS seen
    FROM upsell_offershowing s WHERE s.shown_at >= %(since)s GROUP BY s.offer_id
), offers AS MATERIALIZED (
    SELECT f.id, f.campaign_id, (f.made_at AT TIME ZONE %(zone)s)::date AS day, f.currency, f.state,
           f.accepted_through AS through, f.price, f.net_revenue AS revenue, f.net_margin AS margin,
           shown.places, shown.seen, %(mask)s::int AS mask,
           state = 'ACCEPTED' AND (%(placement)s = '' OR accepted_through = %(placement)s) AS taken
    FROM upsell_offer f JOIN shown ON shown.offer_id = f.id
    WHERE f.campaign_id = ANY(%(campaigns)s::bigint[]) AND f.made_at >= %(since)s AND f.made_at < %(until)s
      AND places & %(mask)s::int <> 0
      AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = f.order_id AND o.test)
), cube AS (
    SELECT campaign_id, day, currency, state, through, places, seen, mask, taken, count(*) AS n, sum(price) AS price,
           sum(revenue) AS revenue, sum(margin) AS margin, count(*) FILTER (WHERE margin IS NULL) AS unknown
    FROM offers GROUP BY campaign_id, day, currency, state, through, places, seen, mask, taken
), placed AS (
    SELECT b.place, currency, state, seen, n, price, revenue, margin, unknown, b.bit AS mask,
           state = 'ACCEPTED' AND through = b.place AS taken
    FROM cube JOIN unnest(%(places)s::text[], %(bits)s::int[]) AS b(place, bit) ON places & b.bit <> 0
), items AS (
    SELECT variant_id, currency, state, 1 AS n, seen, mask, taken, price * part.share AS price,
           revenue * part.share AS revenue, margin * part.share AS margin,
           CASE WHEN margin IS NULL THEN 1 ELSE 0 END AS unknown
    FROM offers JOIN upsell_offeritem i ON i.offer_id = offers.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN price > 0 THEN (i.quantity * i.unit_price - i.discount) / price ELSE 1 END AS share
    ) AS part
), products(variant_id, {_NAMES}) AS (
    SELECT variant_id, currency, {_SUMS} FROM items GROUP BY variant_id, currency
    ORDER BY coalesce(sum(revenue) FILTER (WHERE taken), 0) DESC, count(*) DESC, variant_id LIMIT %(most)s
)
SELECT 'campaign', campaign_id, day, NULL, NULL, currency, {_SUMS}
FROM cube GROUP BY GROUPING SETS ((campaign_id, currency), (day, currency))
UNION ALL
SELECT 'placement', NULL, NULL, place, NULL, currency, {_SUMS} FROM placed GROUP BY place, currency
UNION ALL
SELECT 'product', NULL, NULL, named.sku, named.title, {_NAMES} FROM products JOIN (
    SELECT v.id AS variant_id, v.sku, p.title FROM inventory_variant v JOIN inventory_product p ON p.id = v.product_id
) AS named USING (variant_id)
"""
# Enough for a million offers without a file on disk, given back at the end of the transaction.
_ROOM = "SET LOCAL work_mem = '128MB'"
_EXPOSED = """
    FROM upsell_exposure e
    WHERE e.campaign_id = ANY(%(campaigns)s::bigint[]) AND e.assigned_at >= %(since)s AND e.assigned_at < %(until)s
      AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = e.order_id AND o.test)
"""
_SIDES = f"""
SELECT campaign_id, currency, "group", count(*), avg(net_revenue::float8), coalesce(var_samp(net_revenue::float8), 0),
       avg(baseline::float8), coalesce(var_samp(baseline::float8), 0),
       coalesce(covar_samp(net_revenue::float8, baseline::float8), 0)
{_EXPOSED} GROUP BY campaign_id, currency, "group"
"""
_BINS = f"""
SELECT (((assigned_at AT TIME ZONE %(zone)s)::date - %(first)s::date) / %(width)s::int) AS bin, "group", count(*),
       avg(net_revenue::float8), coalesce(var_samp(net_revenue::float8), 0)
{_EXPOSED} AND currency = %(currency)s GROUP BY 1, 2 ORDER BY 1, 2
"""


def read_figures(span: Span, *, most_products: int = 50) -> Figures:
    """All of it: what was made within the span, and what the orders brought that were assigned within it."""
    campaigns, days, placements, products = {}, {}, {}, []
    with transaction.atomic():
        fetch_all(_ROOM, [])
        totals = fetch_all(_TOTALS, {**_parameters(span), "most": most_products})
    for kind, campaign, day, name, title, *sums in totals:
        funnel = _funnel(*sums)
        if kind == "placement":
            placements[name, funnel.currency] = funnel
        elif kind == "product":
            products.append(Taken(name, title, funnel))
        elif campaign is not None:
            campaigns[campaign, funnel.currency] = funnel
        else:
            days[day, funnel.currency] = funnel
    products.sort(key=lambda taken: (-taken.funnel.revenue, -taken.funnel.shown, taken.sku))
    return Figures(campaigns, days, placements, products, read_effects(span))


def read_effects(span: Span) -> dict[tuple[int, str], Effect]:
    """Side against side, of each campaign in each currency."""
    sides: dict[tuple[int, str], dict[str, Side]] = {}
    for campaign, currency, group, *sums in fetch_all(_SIDES, _parameters(span)):
        sides.setdefault((campaign, currency), {})[group] = Side(*sums)
    return {
        key: compare_sides(found.get(Group.TREATMENT), found.get(Group.HOLDOUT), days=span.days)
        for key, found in sides.items()
    }


def read_bins(span: Span, *, first: date, width: int, currency: str) -> list[Bin]:
    """Of one currency, so many days at a time from `first` on."""
    asked = {**_parameters(span), "first": first, "width": width, "currency": currency}
    return [
        Bin(date.fromordinal(first.toordinal() + place * width), group, count, mean, mean_interval(count, mean, spread))
        for place, group, count, mean, spread in fetch_all(_BINS, asked)
    ]


def add_funnels(funnels: Iterable[Funnel]) -> dict[str, Funnel]:
    """Sums by currency; nothing is added across currencies."""
    found: dict[str, list[Funnel]] = {}
    for funnel in funnels:
        found.setdefault(funnel.currency, []).append(funnel)
    return {currency: _add(currency, same) for currency, same in found.items()}


def _add(currency: str, same: Collection[Funnel]) -> Funnel:
    def total(name: str) -> Any:
        return sum(getattr(funnel, name) for funnel in same)

    return Funnel(currency, *map(total, Funnel.__slots__[1:]))


def _funnel(currency: str, *sums: Decimal) -> Funnel:
    """Counts are whole, amounts in minor units: a share of a bundle has more digits."""
    counts, amounts = sums[:5], [round_amount(each, currency) for each in sums[5:8]]
    return Funnel(currency, *map(int, counts), *amounts, unknown=int(sums[8]))  # type: ignore[misc, arg-type]


def _parameters(span: Span) -> dict[str, Any]:
    return {
        "campaigns": list(span.campaigns),
        "since": span.since,
        "until": span.until,
        "zone": span.zone,
        "placement": span.placement,
        "places": list(_BITS),
        "bits": list(_BITS.values()),
        "mask": _BITS[span.placement] if span.placement else sum(_BITS.values()),
    }
