"""What offers were shown, taken, and brought: for campaigns, placements, products and days, currency by currency.

Three statements, however many offers: of the days that are kept (`OfferDay`), and of those that changed since from the
offers themselves. Offers count by the day they were made, whatever became of them later; test orders never count.
Amounts of two currencies are never added.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from oms.money import round_amount
from oms.sql import fetch_all
from upsell.choices import Group
from upsell.policies.effects import Effect, Rate, Side, compare_sides, mean_interval, wilson
from upsell.queries.figure_sums import OF_PRODUCT, PRODUCTS, SIDES, SIDES_BY_DAYS, TOTALS


@dataclass(frozen=True, slots=True)
class Span:
    """From which day until which, both included, as the time zone has them; which campaigns, where shown ("":
    anywhere), and of which variant by its id (None: of all that was offered).
    """

    first: date
    last: date
    campaigns: tuple[int, ...]
    zone: str
    placement: str = ""
    variant: int | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


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


def read_figures(span: Span, *, most_products: int = 30) -> Figures:
    """All of it: what was made within the span, and what the orders brought that were assigned within it.

    Of one variant there are neither others nor effects: sides are drawn for whole campaigns.
    """
    campaigns, days, placements = {}, {}, {}
    asked = _parameters(span) | {"most": most_products}
    for kind, campaign, day, place, *sums in fetch_all(TOTALS if span.variant is None else OF_PRODUCT, asked):
        funnel = _funnel(*sums)
        if kind == "placement":
            placements[place, funnel.currency] = funnel
        elif campaign is not None:
            campaigns[campaign, funnel.currency] = funnel
        else:
            days[day, funnel.currency] = funnel
    if span.variant is not None:
        return Figures(campaigns, days, placements, [], {})
    products = [Taken(sku, title, _funnel(*sums)) for sku, title, *sums in fetch_all(PRODUCTS, asked)]
    products.sort(key=lambda taken: (-taken.funnel.revenue, -taken.funnel.shown, taken.sku))
    return Figures(campaigns, days, placements, products, read_effects(span))


def read_effects(span: Span) -> dict[tuple[int, str], Effect]:
    """Side against side, of each campaign in each currency."""
    sides: dict[tuple[int, str], dict[str, Side]] = {}
    for campaign, currency, group, *sums in fetch_all(SIDES, _parameters(span)):
        sides.setdefault((campaign, currency), {})[group] = Side.of_sums(*sums)
    return {
        key: compare_sides(found.get(Group.TREATMENT), found.get(Group.HOLDOUT), days=span.days)
        for key, found in sides.items()
    }


def read_bins(span: Span, *, width: int, currency: str) -> list[Bin]:
    """Of one currency, so many days at a time from the first on."""
    bins = []
    for place, group, *sums in fetch_all(SIDES_BY_DAYS, _parameters(span) | {"width": width, "currency": currency}):
        side = Side.of_sums(*sums)
        first = date.fromordinal(span.first.toordinal() + place * width)
        bins.append(Bin(first, group, side.count, side.mean, mean_interval(side.count, side.mean, side.variance)))
    return bins


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
        "first": span.first,
        "last": span.last,
        "zone": span.zone,
        "placement": span.placement,
        "variant": span.variant,
    }
