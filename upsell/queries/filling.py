"""Sets of goods that make an order ship free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.money import minor_unit
from oms.sql import fetch_all
from orders.models import Order
from upsell.choices import DiscountKind
from upsell.models import Campaign
from upsell.policies.blending import blend
from upsell.policies.fillers import Filler, Filling, find_fillers
from upsell.policies.pricing import Item, Priced, Terms, price_offer
from upsell.queries.candidates import Candidates, read_named_candidates
from upsell.queries.gap import Gap, read_gap
from upsell.queries.ranked import ExcludedItem, RankedItem, judge_candidates, read_rules

BELOW, ABOVE = 150, 30
"""Goods that are looked through: those below the gap that sell best, and the cheapest of those above it."""
TRIES = 5
"""Sets are looked for anew, without their heaviest, where they would make another rate of shipping hold."""

# What a list names; without one the catalogue.
_SHELF = """
WITH shelf AS MATERIALIZED (
    SELECT v.sku, v.price, coalesce(v.weight_grams, 0) AS weight_grams, a.velocity, v.id
    FROM inventory_variant v
    JOIN inventory_product p ON p.id = v.product_id AND p.active
    JOIN inventory_availability a ON a.variant_id = v.id AND a.sellable > a.promised
    WHERE v.active AND NOT v.divisible AND v.currency = %(currency)s AND v.price > 0
      AND (%(skus)s::text[] = '{}' OR v.sku = ANY(%(skus)s::text[]))
)
(SELECT sku, weight_grams FROM shelf WHERE price < %(gap)s ORDER BY velocity DESC, id LIMIT %(below)s)
UNION ALL
(SELECT sku, weight_grams FROM shelf WHERE price >= %(gap)s ORDER BY price, id LIMIT %(above)s)
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """The best sets, no SKU in two of them; `gap` None: there is nothing to fill."""

    gap: Gap | None
    sets: tuple[Priced, ...] = ()
    excluded: tuple[ExcludedItem, ...] = ()


def draft_fillers(order: Order, campaign: Campaign, *, at: datetime) -> Filled:
    """As many sets as the campaign shows side by side, the best first."""
    gap = read_gap(order, at=at)
    if gap is None or campaign.discount_kind == DiscountKind.BUNDLE_PRICE:
        return Filled(gap)
    weights = _read_shelf(order, campaign, gap)
    read = read_named_candidates(order, list(weights), at=at)
    shown, excluded = _judge(order, campaign, read, at=at)
    priced = {each.sku: _price(order, campaign, [each]) for each in shown}
    by_sku = {each.sku: each for each in shown}
    sets: list[Priced] = []
    while len(sets) < campaign.most_shown and (filling := _find_set(gap, priced, weights)):
        skus = [filler.sku for filler in filling.fillers]
        sets.append(_price(order, campaign, [by_sku[sku] for sku in skus]))
        for sku in skus:
            del priced[sku]
    return Filled(gap, tuple(sets), excluded)


def _read_shelf(order: Order, campaign: Campaign, gap: Gap) -> dict[str, int]:
    """Grams by SKU, the best sellers first."""
    skus = campaign.skus
    asked = {"currency": order.currency, "gap": gap.missing, "skus": skus, "below": BELOW, "above": ABOVE}
    return dict(fetch_all(_SHELF, asked))


def _judge(
    order: Order, campaign: Campaign, read: Candidates, *, at: datetime
) -> tuple[Sequence[RankedItem], tuple[ExcludedItem, ...]]:
    found = [(blend(each.layers), each) for each in read.found]
    return judge_candidates(found, read_rules(order, campaign), order=order, at=at, most=BELOW + ABOVE)


def _price(order: Order, campaign: Campaign, ranked: Sequence[RankedItem]) -> Priced:
    items = [
        Item(
            variant_id=each.variant_id,
            sku=each.sku,
            title=each.title,
            quantity=Decimal(1),
            unit_price=each.unit_price,
            unit_cost=each.unit_cost,
        )
        for each in ranked
    ]
    return price_offer(Terms(campaign.discount_kind, campaign.discount), items, order.currency)


def _find_set(gap: Gap, priced: Mapping[str, Priced], weights: Mapping[str, int]) -> Filling | None:
    """The best set with which shipping really is free."""
    unit = minor_unit(gap.parcel.currency)
    missing = int(gap.missing / unit)
    shelf = [Filler(sku, int(each.price / unit)) for sku, each in priced.items()]
    for _ in range(TRIES):
        filling = find_fillers(missing, shelf)
        if filling is None:
            return None
        skus = [filler.sku for filler in filling.fillers]
        if gap.closes_with(sum((priced[sku].price for sku in skus), Decimal(0)), sum(weights[sku] for sku in skus)):
            return filling
        heaviest = max(skus, key=lambda sku: weights[sku])
        shelf = [filler for filler in shelf if filler.sku != heaviest]
    return None
