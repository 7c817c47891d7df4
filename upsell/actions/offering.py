"""Offering something with an order: what campaigns would show is written down, and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from orders.models import Order
from upsell.actions.making import make_offers
from upsell.actions.showing import show_offers
from upsell.choices import Group
from upsell.models import Offer
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
    news = _is_news(order, thoughts, standing, placement)
    if news:
        make_offers(order=order, thoughts=thoughts, placement=placement, by=by, at=at)
    before = [made.id for made in standing.offered.values() if placement in made.shown_in]
    offers = show_offers(order, thoughts, placement, noted=news, before=before, at=at)
    shown = [thought for thought in thoughts if thought.group == Group.TREATMENT]
    gap = next((thought.gap for thought in shown if thought.gap), None)
    words: Mapping[str, str] = next((thought.campaign.words for thought in shown if thought.drafts or thought.gap), {})
    return Offered(tuple(offers), gap, standing.until, words)


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
