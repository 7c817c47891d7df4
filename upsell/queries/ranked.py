"""What to offer with an order, best first, and what not, with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.models import Order
from upsell.choices import Exclusion
from upsell.models import Campaign
from upsell.policies.blending import Blend, blend
from upsell.policies.excluding import CandidateRules, Facts, judge_candidate
from upsell.queries.candidates import Candidate, read_candidates, read_cold_candidates, read_named_candidates
from upsell.queries.final_sale import read_final_sales
from upsell.queries.sizing import fit_sizes

MOST_RANKED = 12
"""As many as any page shows, and some for whoever asks after it."""
MOST_EXCLUDED = 30
OF_ONE_VARIANT = frozenset(
    {
        *(Exclusion.NOT_SOLD, Exclusion.NO_PRICE, Exclusion.OUT_OF_STOCK),
        *(Exclusion.BELOW_STOCK_FLOOR, Exclusion.BELOW_MARGIN_FLOOR),
    }
)
"""What keeps one variant out, while another of its product may be offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedItem:
    """Something to offer, at its price on the shelf in the order's currency. `because` has a code, a SKU, a title;
    and where it is in the customer's own size that, and where it is `known_from`.
    """

    variant_id: int
    product_id: int
    sku: str
    title: str
    options: Mapping[str, Any]
    score: float
    because: Mapping[str, str]
    unit_price: Decimal
    unit_cost: Decimal | None
    available: Decimal
    category_id: int | None


@dataclass(frozen=True, slots=True)
class ExcludedItem:
    """Something that would have been offered, were it not for this."""

    sku: str
    reason: Exclusion
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Both best first. Of a product one variant is shown; what ranks below all that is shown was not excluded."""

    shown: tuple[RankedItem, ...]
    excluded: tuple[ExcludedItem, ...]
    recommender_id: int | None


def rank_for_order(order: Order, campaign: Campaign, *, at: datetime) -> Ranking:
    """By what was learned; where that is too little, the best sellers of the order's kinds fill up. What comes in sizes
    is shown in the customer's.
    """
    read, rules = read_candidates(order, at=at), read_rules(order, campaign)
    found = fit_sizes(order, _sorted(read.found), at=at)
    shown, excluded = judge_candidates(found, rules, order=order, at=at)
    if len(shown) < campaign.most_shown:
        known = {each.facts.variant_id for each in read.found}
        more = [each for each in read_cold_candidates(order, at=at).found if each.facts.variant_id not in known]
        found = fit_sizes(order, _sorted([*read.found, *more]), at=at)
        shown, excluded = judge_candidates(found, rules, order=order, at=at)
    return Ranking(shown, excluded, read.recommender_id)


def judge_list(order: Order, campaign: Campaign, skus: Sequence[str], *, at: datetime) -> Ranking:
    """What of a list may be offered, in the order of the list."""
    found = [(blend(each.layers), each) for each in read_named_candidates(order, skus, at=at).found]
    shown, excluded = judge_candidates(found, read_rules(order, campaign), order=order, at=at)
    return Ranking(shown, excluded, None)


def read_rules(order: Order, campaign: Campaign) -> CandidateRules:
    """What the campaign demands of each item with this order; no statement."""
    included = order.tax_included and order.total > 0
    return CandidateRules(
        currency=order.currency,
        stock_floor=campaign.stock_floor,
        margin_floor=campaign.margin_floor,
        discount_kind=campaign.discount_kind,
        discount=campaign.discount,
        tax_share=order.tax_total / order.total if included else Decimal(0),
        ignored_times=campaign.ignored_times,
    )


def judge_candidates(
    found: Sequence[tuple[Blend, Candidate]], rules: CandidateRules, *, order: Order, at: datetime
) -> tuple[tuple[RankedItem, ...], tuple[ExcludedItem, ...]]:
    """Which are shown and which are excluded, in their order; what keeps a whole product out is said of it once."""
    final = read_final_sales(order, [each.facts for _, each in found], at=at)
    shown: dict[int, RankedItem] = {}
    excluded: dict[tuple[int, str], ExcludedItem] = {}
    for blended, each in found:
        facts = each.facts
        if facts.product_id in shown:
            continue
        if reason := final.get(facts.variant_id):
            facts = replace(facts, final_sale=reason)
        if judged := judge_candidate(facts, rules):
            about = facts.variant_id if judged.reason in OF_ONE_VARIANT else facts.product_id
            excluded.setdefault((about, judged.reason), ExcludedItem(facts.sku, judged.reason, judged.facts))
        else:
            shown[facts.product_id] = as_item(blended, each)
        if len(shown) == MOST_RANKED:
            break
    return tuple(shown.values()), tuple(excluded.values())[:MOST_EXCLUDED]


def _sorted(found: Iterable[Candidate]) -> list[tuple[Blend, Candidate]]:
    """Best first; equal ones by SKU."""
    blended = [(blend(each.layers), each) for each in found]
    return sorted(blended, key=lambda pair: (-pair[0].score, pair[1].facts.sku))


def as_item(blended: Blend, each: Candidate) -> RankedItem:
    """As it is shown; only of what may be."""
    facts = each.facts
    assert facts.price is not None  # what has none was excluded
    return RankedItem(
        variant_id=facts.variant_id,
        product_id=facts.product_id,
        sku=facts.sku,
        title=facts.title,
        options=each.options,
        score=blended.score,
        because=_say_why(blended, each),
        unit_price=facts.price,
        unit_cost=facts.unit_cost,
        available=facts.left,
        category_id=facts.category_id,
    )


def _say_why(blended: Blend, each: Candidate) -> dict[str, str]:
    speaks = blended.code == "bought_with"
    title = each.category if blended.code == "same_kind" else ""
    size = {"size": each.match.size, "known_from": each.match.known_from} if each.match else {}
    return {
        "code": blended.code,
        "sku": each.speaker_sku if speaks else "",
        "title": each.speaker_title if speaks else title,
        **size,
    }
