"""Offering something with an order: what campaigns would show is written down, and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch

from oms.events import as_json
from oms.sql import fetch_all
from orders.models import Order
from upsell.actions.making import make_offers
from upsell.choices import Group
from upsell.models import Offer, OfferItem
from upsell.queries.considering import Thought, consider, read_running
from upsell.queries.gap import Gap
from upsell.queries.standing import Standing, read_standing


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page shows: offers with their `items`, best first. `until`: the end of the window, where one is known.

    `words` by language, of the first campaign that shows something; `gap`: what is missing to free shipping.
    """

    offers: tuple[Offer, ...] = ()
    gap: Gap | None = None
    until: datetime | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def offer_to(*, order: Order, placement: str, by: str, at: datetime) -> Offered:
    """What the order is offered in this place. Asked again it is the same, as long as nothing has changed.

    Sides of experiments are taken down before anything is shown. While a change waits nothing is offered: nothing could
    be accepted. Where there is nothing to offer only that is written down.
    """
    campaigns = read_running(placement)
    standing = read_standing(order, at=at) if campaigns else None
    if standing is None or standing.edit_waits:
        return Offered()
    thoughts = consider(order, campaigns, standing, at=at)
    _note_considerations(order, thoughts, placement, at=at)
    shown = [thought for thought in thoughts if thought.group == Group.TREATMENT]
    if _is_news(order, thoughts, standing, placement):
        make_offers(number=order.number, thoughts=thoughts, placement=placement, by=by, at=at)
    offers = _read_shown(shown, order)
    _count_again(offers, standing, placement)
    gap = next((thought.gap for thought in shown if thought.gap), None)
    words: Mapping[str, str] = next((thought.campaign.words for thought in shown if thought.drafts or thought.gap), {})
    return Offered(tuple(offers), gap, standing.until, words)


_CONSIDERED = """
INSERT INTO upsell_consideration AS c
    (order_id, campaign_id, placement, at, shown, excluded, unoffered, model)
SELECT %(order)s, r.campaign, %(placement)s, %(at)s, ARRAY(SELECT jsonb_array_elements_text(r.shown)), r.excluded,
       r.unoffered, r.model
FROM jsonb_to_recordset(%(rows)s::jsonb)
     AS r(campaign bigint, shown jsonb, excluded jsonb, unoffered text, model bigint)
ORDER BY r.campaign
ON CONFLICT ON CONSTRAINT one_consideration_a_place DO UPDATE
SET at = excluded.at, shown = excluded.shown, excluded = excluded.excluded, unoffered = excluded.unoffered,
    model = excluded.model
WHERE (c.shown, c.excluded, c.unoffered, c.model)
      IS DISTINCT FROM (excluded.shown, excluded.excluded, excluded.unoffered, excluded.model)
"""


def _note_considerations(order: Order, thoughts: Sequence[Thought], placement: str, *, at: datetime) -> None:
    """One a campaign; what is thought again, the same, stays as it was first thought."""
    rows = [
        {
            "campaign": thought.campaign.pk,
            "shown": [sku for draft in thought.drafts for sku in draft.skus],
            "excluded": [{"sku": each.sku, "reason": each.reason, "facts": each.facts} for each in thought.excluded],
            "unoffered": thought.unoffered or "",
            "model": thought.recommender_id,
        }
        for thought in thoughts
    ]
    asked = {"order": order.pk, "placement": placement, "at": at, "rows": as_json(rows)}
    fetch_all(_CONSIDERED, asked)


def _is_news(order: Order, thoughts: Sequence[Thought], standing: Standing, placement: str) -> bool:
    """Is there anything to write down: a side, an offer, an offer in a new place?"""
    if not order.test and any(each.group and each.campaign.pk not in standing.groups for each in thoughts):
        return True
    return any(
        (made := standing.offered.get((thought.campaign.pk, draft.contents))) is None
        or made.state != Offer.State.OPEN
        or placement not in made.shown_in
        for thought in thoughts
        for draft in thought.drafts
    )


def _read_shown(thoughts: Sequence[Thought], order: Order) -> list[Offer]:
    """The offers that live of what is shown, in the order of the page, with their items."""
    wanted = [(thought.campaign.pk, draft.contents) for thought in thoughts for draft in thought.drafts]
    if not wanted:
        return []
    items = Prefetch("items", OfferItem.objects.select_related("variant__product"))
    found = Offer.objects.open().filter(order=order, contents__in=[contents for _, contents in wanted])
    by_key = {(each.campaign_id, each.contents): each for each in found.prefetch_related(items)}
    return [by_key[key] for key in wanted if key in by_key]


_SHOWN_AGAIN = "UPDATE upsell_offershowing SET times = times + 1 WHERE offer_id = ANY(%s::bigint[]) AND placement = %s"


def _count_again(offers: Sequence[Offer], standing: Standing, placement: str) -> None:
    """Those that stood here before are shown once more."""
    before = {made.id for made in standing.offered.values() if placement in made.shown_in}
    again = [offer.pk for offer in offers if offer.pk in before]
    if again:
        fetch_all(_SHOWN_AGAIN, [again, placement])
