"""Offering something with an order: what campaigns would show is written down, and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from oms import events
from oms.money import round_amount
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import insert_objects
from orders.models import Order
from upsell.choices import Group
from upsell.events import OfferShown
from upsell.models import Consideration, Exposure, Offer, OfferItem, OfferShowing
from upsell.queries.considering import Thought, consider, read_running
from upsell.queries.drafting import Draft
from upsell.queries.gap import Gap
from upsell.queries.sold import read_sold, reckon
from upsell.queries.standing import Made, Standing, read_standing

State = Offer.State


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
        _take_down(number=order.number, thoughts=thoughts, placement=placement, by=by, at=at)
    offers = _read_shown(order, shown)
    _count_again(offers, standing, placement)
    gap = next((thought.gap for thought in shown if thought.gap), None)
    words = next((thought.campaign.words for thought in shown if thought.drafts or thought.gap), {})
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
    asked = {"order": order.pk, "placement": placement, "at": at, "rows": events.as_json(rows)}
    fetch_all(_CONSIDERED, asked)


def _is_news(order: Order, thoughts: Sequence[Thought], standing: Standing, placement: str) -> bool:
    """Is there anything to write down: a side, an offer, an offer in a new place?"""
    if not order.test and any(each.group and each.campaign.pk not in standing.groups for each in thoughts):
        return True
    return any(
        (made := standing.offered.get((thought.campaign.pk, draft.contents))) is None
        or made.state != State.OPEN
        or placement not in made.shown_in
        for thought in thoughts
        for draft in thought.drafts
    )


@transactional
def _take_down(*, number: str, thoughts: Sequence[Thought], placement: str, by: str, at: datetime) -> None:
    """Under the order's lock: in another tab the same may have been thought in the meantime."""
    order = Order.objects.locked(number)
    standing = read_standing(order, at=at)
    if standing.edit_waits or not standing.listener.window_open:
        return
    exposures = _new_exposures(order, thoughts, standing, placement, at=at)
    wanted = [(each.campaign.pk, draft) for each in thoughts for draft in each.drafts]
    made = {key: standing.offered.get(key) for key in ((campaign, draft.contents) for campaign, draft in wanted)}
    new = [
        _new_offer(order, campaign, draft, rank=rank, at=at)
        for rank, (campaign, draft) in enumerate(wanted)
        if made[campaign, draft.contents] is None
    ]
    insert_objects(*exposures, *new)
    offers = {(each.campaign_id, each.contents): each for each in new}
    _fill(offers, wanted)
    _offer_anew([(each, draft) for campaign, draft in wanted if (each := made[campaign, draft.contents])])
    _show_first(order, wanted, made, offers, placement, by=by, at=at)


def _new_exposures(
    order: Order, thoughts: Sequence[Thought], standing: Standing, placement: str, *, at: datetime
) -> list[Exposure]:
    """Who fell on which side, with what the order was worth before anything was shown. Tests fall on none."""
    new = [each for each in thoughts if each.group and each.campaign.pk not in standing.groups]
    if order.test or not new:
        return []
    worth = reckon(read_sold([order.pk])).orders[order.pk]
    return [
        Exposure(
            campaign=each.campaign,
            order=order,
            group=each.group,
            placement=placement,
            currency=order.currency,
            assigned_at=at,
            baseline=worth.revenue,
            baseline_margin=worth.margin,
            net_revenue=worth.revenue,
            net_margin=worth.margin,
            counted_at=at,
        )
        for each in new
    ]
