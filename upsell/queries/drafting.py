"""What a campaign would offer with an order, priced: nothing is written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from orders.models import Order
from upsell.choices import DiscountKind, Exclusion, Source
from upsell.models import Campaign
from upsell.policies.pricing import Item, Priced, Terms, find_margin, price_offer
from upsell.queries.filling import Filled, draft_fillers
from upsell.queries.gap import Gap
from upsell.queries.ranked import ExcludedItem, RankedItem, judge_list, rank_for_order, read_rules

LONGEST_CONTENTS = 300
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Draft:
    """An offer that could be made. `because`: {"code", "sku", "title"}."""

    priced: Priced
    because: Mapping[str, str]

    @property
    def contents(self) -> str:
        """Its SKUs and units, whatever they cost: an offer is known by it."""
        named = sorted(f"{each.item.quantity.normalize():f}×{each.item.sku}" for each in self.priced.items)
        text = " + ".join(named)
        return text if len(text) <= LONGEST_CONTENTS else sha256(text.encode()).hexdigest()

    @property
    def skus(self) -> list[str]:
        return [each.item.sku for each in self.priced.items]


@dataclass(frozen=True, slots=True)
class Drafts:
    """Best first. `gap`: what is missing to free shipping, where that is what the campaign fills."""

    drafts: tuple[Draft, ...]
    excluded: tuple[ExcludedItem, ...] = ()
    recommender_id: int | None = None
    gap: Gap | None = None


def draft_offers(order: Order, campaign: Campaign, *, at: datetime) -> Drafts:
    """By the campaign's source; more of them than it may show side by side."""
    if campaign.discount_kind == DiscountKind.FREE_SHIPPING and not order.shipping_total:
        return Drafts(())
    if campaign.source == Source.FILLERS:
        return _from_fillers(draft_fillers(order, campaign, at=at))
    if campaign.discount_kind == DiscountKind.BUNDLE_PRICE:
        return _draft_bundle(order, campaign, at=at)
    ranking = (
        judge_list(order, campaign, campaign.skus, at=at)
        if campaign.source == Source.FIXED
        else rank_for_order(order, campaign, at=at)
    )
    drafts = (_draft_one(order, campaign, each) for each in ranking.shown)
    return Drafts(tuple(drafts), ranking.excluded, ranking.recommender_id)


def terms_of(campaign: Campaign) -> Terms:
    return Terms(campaign.discount_kind, campaign.discount)


def price_alone(campaign: Campaign, ranked: RankedItem, currency: str) -> Priced:
    """One of it at the campaign's terms."""
    return price_offer(terms_of(campaign), [_item(ranked)], currency)


def _draft_one(order: Order, campaign: Campaign, ranked: RankedItem) -> Draft:
    return Draft(price_alone(campaign, ranked, order.currency), ranked.because)


def _draft_bundle(order: Order, campaign: Campaign, *, at: datetime) -> Drafts:
    """All that the list names, as often as it does, or nothing."""
    units = Counter(campaign.skus)
    ranking = judge_list(order, campaign, list(units), at=at)
    found = {each.sku: each for each in ranking.shown}
    if found.keys() != units.keys():
        return Drafts((), ranking.excluded)
    floor = campaign.stock_floor
    if short := [_short(each, floor) for each in ranking.shown if each.available < units[each.sku] + floor]:
        return Drafts((), (*ranking.excluded, *short))
    items = [_item(found[sku], Decimal(number)) for sku, number in units.items()]
    priced = price_offer(terms_of(campaign), items, order.currency)
    if below := _judge_margin(order, campaign, priced):
        return Drafts((), (*ranking.excluded, *below))
    return Drafts((Draft(priced, {"code": "bundle", "sku": "", "title": ""}),), ranking.excluded)


def _judge_margin(order: Order, campaign: Campaign, priced: Priced) -> list[ExcludedItem]:
    if campaign.margin_floor is None:
        return []
    margin = find_margin(priced, tax_share=read_rules(order, campaign).tax_share)
    if margin is not None and margin >= campaign.margin_floor:
        return []
    said = None if margin is None else str(round(margin, 3))
    facts = {"margin": said, "floor": f"{campaign.margin_floor.normalize():f}"}
    return [ExcludedItem(each.item.sku, Exclusion.BELOW_MARGIN_FLOOR, facts) for each in priced.items]


def _short(ranked: RankedItem, floor: Decimal) -> ExcludedItem:
    facts = {"left": f"{ranked.available.normalize():f}", "floor": f"{floor.normalize():f}"}
    return ExcludedItem(ranked.sku, Exclusion.BELOW_STOCK_FLOOR, facts)


def _from_fillers(filled: Filled) -> Drafts:
    because = {"code": "fills", "sku": "", "title": ""}
    return Drafts(tuple(Draft(priced, because) for priced in filled.sets), filled.excluded, gap=filled.gap)


def _item(ranked: RankedItem, quantity: Decimal = ONE) -> Item:
    return Item(
        variant_id=ranked.variant_id,
        sku=ranked.sku,
        title=ranked.title,
        quantity=quantity,
        unit_price=ranked.unit_price,
        unit_cost=ranked.unit_cost,
    )
