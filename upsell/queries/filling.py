"""Sets of goods that make an order ship free."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inventory.policies.velocity import MEMORY
from oms.money import minor_unit, round_amount
from oms.sql import fetch_all
from orders.models import Order
from upsell.choices import DiscountKind
from upsell.models import Campaign
from upsell.policies.fillers import Filler, find_fillers
from upsell.policies.pricing import Item, Priced, Terms, price_offer
from upsell.queries.gap import Gap, read_gap
from upsell.queries.ranked import ExcludedItem, RankedItem, judge_list

BELOW, ABOVE = 120, 20
"""Goods that are looked through: those below the gap that sell best, and the cheapest of those above it."""
SELLERS, NEAR = 150, 60
"""Where no list names them, those below the gap are chosen from so many that sell best of all there are, and from so
many that cost the most: a catalogue of any size is read by two indexes."""
MOST_SETS = 4
"""Side by side; a dozen goods are judged together."""
ROUNDS = 5
"""Sets are looked for anew where something of them may not be offered, or would make another rate of shipping hold."""

_FITS = """
    v.active AND NOT v.divisible AND v.price > 0 AND v.currency = %(currency)s
"""
_PACE = """
    a.velocity * exp(-greatest(extract(epoch FROM %(at)s::timestamptz - a.velocity_at), 0)::float8 / %(memory)s) AS pace
"""
_GOODS = f"""
    SELECT v.id, v.sku, v.price, coalesce(v.weight_grams, 0) AS weight_grams, v.product_id, {_PACE}
    FROM inventory_variant v
    JOIN inventory_product p ON p.id = v.product_id AND p.active
    JOIN inventory_availability a ON a.variant_id = v.id AND a.sellable > a.promised
"""  # noqa: S608 - our own words, no input
_LIST = f"""
WITH shelf AS MATERIALIZED ({_GOODS} WHERE v.sku = ANY(%(skus)s::text[]) AND {_FITS})
(SELECT sku, price, weight_grams, product_id FROM shelf WHERE price < %(gap)s
 ORDER BY pace DESC NULLS LAST, id LIMIT %(below)s)
UNION ALL
(SELECT sku, price, weight_grams, product_id FROM shelf WHERE price >= %(gap)s ORDER BY price, id LIMIT %(above)s)
"""  # noqa: S608
# Those that sell best are looked up by their keys (OFFSET 0): planned without knowing the gap, all below it were read.
_CATALOGUE = f"""
WITH sellers AS MATERIALIZED (
    SELECT a.variant_id, {_PACE} FROM inventory_availability a WHERE a.pace IS NOT NULL AND a.sellable > a.promised
    ORDER BY a.pace DESC, a.variant_id LIMIT %(sellers)s
), near AS MATERIALIZED (
    {_GOODS} WHERE {_FITS} AND v.price < %(gap)s ORDER BY v.price DESC, v.id DESC LIMIT %(near)s
), shelf AS MATERIALIZED (
    SELECT * FROM near
    UNION
    SELECT v.id, v.sku, v.price, coalesce(v.weight_grams, 0), v.product_id, sellers.pace
    FROM sellers
    CROSS JOIN LATERAL (SELECT * FROM inventory_variant WHERE id = sellers.variant_id OFFSET 0) AS v
    JOIN inventory_product p ON p.id = v.product_id AND p.active
    WHERE {_FITS} AND v.price < %(gap)s
)
(SELECT sku, price, weight_grams, product_id FROM shelf ORDER BY pace DESC NULLS LAST, id LIMIT %(below)s)
UNION ALL
(SELECT sku, price, weight_grams, product_id
 FROM ({_GOODS} WHERE {_FITS} AND v.price >= %(gap)s ORDER BY v.price, v.id LIMIT %(above)s) AS dear)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Filled:
    """The best sets, no SKU in two of them; `gap` None: there is nothing to fill."""

    gap: Gap | None
    sets: tuple[Priced, ...] = ()
    excluded: tuple[ExcludedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Good:
    """Something in stock, at its price with the campaign's discount, and what one weighs in grams."""

    filler: Filler
    weight: int


def draft_fillers(order: Order, campaign: Campaign, *, at: datetime) -> Filled:
    """As many sets as the campaign shows side by side, the best first.

    Only what stands in one of them is judged: most goods that fill a gap may be offered. Where one may not, it leaves
    the shelf, and the sets are looked for anew; so the first that stands is the best of all that may be offered.
    """
    gap = read_gap(order, at=at)
    if gap is None or campaign.discount_kind == DiscountKind.BUNDLE_PRICE:
        return Filled(gap)
    shelf = _read_shelf(order, campaign, gap, at=at)
    allowed: dict[str, RankedItem] = {}
    excluded: list[ExcludedItem] = []
    sets: list[list[str]] = []
    for _ in range(ROUNDS):
        sets = _find_sets(gap, shelf, most=min(campaign.most_shown, MOST_SETS))
        unknown = [sku for skus in sets for sku in skus if sku not in allowed]
        if not unknown:
            break
        ranking = judge_list(order, campaign, unknown, at=at)
        allowed |= {each.sku: each for each in ranking.shown}
        excluded += ranking.excluded
        barred = set(unknown) - allowed.keys()
        if not barred:
            break
        for sku in barred:
            del shelf[sku]
    standing = [skus for skus in sets if all(sku in allowed for sku in skus)]
    priced = (_price(order, campaign, [allowed[sku] for sku in skus]) for skus in standing)
    return Filled(gap, tuple(priced), tuple(excluded))


def _read_shelf(order: Order, campaign: Campaign, gap: Gap, *, at: datetime) -> dict[str, _Good]:
    """By SKU, the best sellers first; of each product one."""
    asked = {"currency": order.currency, "gap": gap.missing, "below": BELOW, "above": ABOVE, "at": at}
    asked |= {"memory": MEMORY.total_seconds()}
    if campaign.skus:
        rows = fetch_all(_LIST, asked | {"skus": campaign.skus})
    else:
        rows = fetch_all(_CATALOGUE, asked | {"sellers": SELLERS, "near": NEAR})
    values = _find_values(campaign, {price for _, price, _, _ in rows}, order.currency)
    shelf: dict[int, tuple[str, _Good]] = {}
    for sku, price, weight, product in rows:
        if product not in shelf:
            shelf[product] = (sku, _Good(Filler(sku, values[price]), weight))
    return dict(shelf.values())


def _find_values(campaign: Campaign, prices: Collection[Decimal], currency: str) -> dict[Decimal, int]:
    """By price, what one unit adds to the goods with the campaign's discount, in minor units."""
    terms, unit = Terms(campaign.discount_kind, campaign.discount), minor_unit(currency)
    items = [Item(variant_id=0, sku="", title="", quantity=Decimal(1), unit_price=price) for price in prices]
    priced = price_offer(terms, items, currency).items
    return {
        each.item.unit_price: int((round_amount(each.item.unit_price, currency) - each.discount) / unit)
        for each in priced
    }


def _find_sets(gap: Gap, shelf: Mapping[str, _Good], *, most: int) -> list[list[str]]:
    """The best sets, no SKU in two of them."""
    left: dict[str, _Good] = dict(shelf)
    sets: list[list[str]] = []
    while len(sets) < most and (skus := _find_set(gap, left)):
        sets.append(skus)
        for sku in skus:
            del left[sku]
    return sets


def _find_set(gap: Gap, shelf: Mapping[str, _Good]) -> list[str]:
    """The best set with which shipping really is free; nothing where there is none."""
    unit = minor_unit(gap.parcel.currency)
    missing = int(gap.missing / unit)
    goods = [each.filler for each in shelf.values()]
    for _ in range(ROUNDS):
        filling = find_fillers(missing, goods)
        if filling is None:
            break
        weights = {each.sku: shelf[each.sku].weight for each in filling.fillers}
        if gap.closes_with((missing + filling.overspend) * unit, sum(weights.values())):
            return [each.sku for each in filling.fillers]
        heaviest = max(weights, key=lambda sku: weights[sku])
        goods = [filler for filler in goods if filler.sku != heaviest]
    return []


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
