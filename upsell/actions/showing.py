"""Showing offers: those that live are read, counted where they stood before, and what was thought is noted with it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from oms.reading import fetch_joined
from orders.models import Order
from upsell.actions.considering import NOTED, as_rows
from upsell.models import Offer
from upsell.queries.considering import Thought
from upsell.queries.whole_offers import PARTS, SELECT, gather_offers

_SHOWN = f"""
WITH o AS (SELECT %(order)s::bigint AS id), {NOTED}, again AS (
    UPDATE upsell_offershowing s SET times = times + 1 FROM upsell_offer f
    WHERE s.offer_id = ANY(%(before)s::bigint[]) AND s.placement = %(placement)s::text
      AND f.id = s.offer_id AND f.state = 'OPEN'
)
{SELECT}
WHERE f.order_id = %(order)s AND f.contents = ANY(%(contents)s::text[]) AND f.state = 'OPEN'
ORDER BY f.id, i.id
"""  # noqa: S608 - our own words, no input


def show_offers(
    order: Order,
    thoughts: Sequence[Thought],
    placement: str,
    *,
    noted: bool,
    before: Collection[int],
    at: datetime,
) -> list[Offer]:
    """What of it lives, in the order of the page, with its items; one statement.

    `noted`: what was thought is on record already. Offers of `before` stood here before, and are shown once more.
    """
    wanted = [(thought.campaign, draft.contents) for thought in thoughts for draft in thought.drafts]
    asked = {
        "order": order.pk,
        "placement": placement,
        "at": at,
        "thoughts": as_rows(() if noted else thoughts),
        "before": list(before),
        "contents": [contents for _, contents in wanted],
    }
    found = gather_offers(fetch_joined(PARTS, _SHOWN, asked))
    by_key = {(offer.campaign_id, offer.contents): offer for offer in found.values()}
    shown = []
    for campaign, contents in wanted:
        if offer := by_key.get((campaign.pk, contents)):
            offer.order, offer.campaign = order, campaign
            shown.append(offer)
    return shown
