"""Which other sizes and colours of an offered product can be had at the offer's terms."""

from datetime import datetime

from inventory.models import Variant
from upsell.choices import Source
from upsell.models import Offer
from upsell.policies.blending import blend
from upsell.policies.excluding import judge_candidate
from upsell.queries.candidates import read_named_candidates
from upsell.queries.final_sale import read_final_sales
from upsell.queries.ranked import RankedItem, as_item, read_rules


def list_choices(offer: Offer, *, at: datetime) -> list[RankedItem]:
    """What may be offered of its product, by SKU; nothing where a list names what is offered, or where it is alone.

    Judged like anything that is offered: stock and margin keep their floors. Three statements.
    """
    items = list(offer.items.all())
    if offer.campaign.source != Source.RECOMMENDER or len(items) != 1:
        return []
    skus = Variant.objects.filter(product__variants=items[0].variant_id, active=True).order_by("sku")
    found = read_named_candidates(offer.order, list(skus.values_list("sku", flat=True)), at=at).found
    rules, final = (
        read_rules(offer.order, offer.campaign),
        read_final_sales(offer.order, [f.facts for f in found], at=at),
    )
    allowed = [each for each in found if judge_candidate(each.facts, rules) is None]
    choices = [as_item(blend(each.layers), each) for each in allowed if each.facts.variant_id not in final]
    return choices if len(choices) > 1 else []
