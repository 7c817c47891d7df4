"""What campaigns would offer with an order in one place: judged and priced, nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from oms.reading import fetch_objects
from orders.models import Order
from upsell.choices import Group, Unoffered
from upsell.models import Campaign
from upsell.policies.assigning import assign_group
from upsell.policies.audience import judge_audience
from upsell.queries.drafting import Draft, Drafts, draft_offers
from upsell.queries.gap import Gap
from upsell.queries.ranked import ExcludedItem
from upsell.queries.standing import Made, Standing, read_audience

MOST_ON_A_PAGE = 3
"""Offers of all campaigns together."""


@dataclass(frozen=True, slots=True)
class Thought:
    """What became of one campaign. `group` None: it had nothing to show, so nobody fell on any side.

    `drafts` are what it shows; those of the holdout are never shown, and none stand here.
    """

    campaign: Campaign
    group: Group | None = None
    unoffered: Unoffered | None = None
    drafts: tuple[Draft, ...] = ()
    excluded: tuple[ExcludedItem, ...] = ()
    recommender_id: int | None = None
    gap: Gap | None = None


@dataclass(slots=True)
class _Page:
    """What campaigns before put there."""

    left: int = MOST_ON_A_PAGE
    skus: set[str] = field(default_factory=set)


def read_running(placement: str) -> list[Campaign]:
    """Those that are switched on for the place, the first to be asked first; their schedules are judged by order."""
    return fetch_objects(Campaign, "WHERE active AND %s = ANY(placements) ORDER BY priority, id", [placement])


def consider(order: Order, campaigns: Sequence[Campaign], standing: Standing, *, at: datetime) -> list[Thought]:
    """One campaign after the other: what a first one shows a second does not show again."""
    page = _Page()
    return [_think(order, campaign, standing, page, at=at) for campaign in campaigns]


def _think(order: Order, campaign: Campaign, standing: Standing, page: _Page, *, at: datetime) -> Thought:
    group = find_group(order, campaign, standing)
    listener = standing.towards(campaign, at=at)
    if unoffered := judge_audience(read_audience(campaign), listener, at=at):
        return Thought(campaign, unoffered=unoffered)
    if group == Group.HOLDOUT and campaign.pk in standing.groups:
        return Thought(campaign, group, Unoffered.HOLDOUT)

    drafted = draft_offers(order, campaign, at=at)
    drafts = _choose(campaign, drafted, standing, page)
    thought = Thought(campaign, group, excluded=drafted.excluded, recommender_id=drafted.recommender_id)
    if not drafts and drafted.gap is None:
        return replace(thought, group=None, unoffered=Unoffered.NOTHING_LEFT)
    if group == Group.HOLDOUT:
        return replace(thought, unoffered=Unoffered.HOLDOUT)
    for draft in drafts:
        page.skus.update(draft.skus)
    page.left -= len(drafts)
    return replace(thought, drafts=drafts, gap=drafted.gap)


def find_group(order: Order, campaign: Campaign, standing: Standing) -> Group:
    """As it was taken down, else as it follows from whose order it is. Tests are shown everything."""
    if order.test:
        return Group.TREATMENT
    if known := standing.groups.get(campaign.pk):
        return Group(known)
    unit = str(order.customer_id) if order.customer_id else order.number
    return assign_group(campaign.salt, unit, campaign.holdout_share)


def _choose(campaign: Campaign, drafted: Drafts, standing: Standing, page: _Page) -> tuple[Draft, ...]:
    """The best that are not refused or taken, and of which nothing stands on the page already."""
    chosen: list[Draft] = []
    seen = set(page.skus)
    for draft in drafted.drafts:
        if len(chosen) == min(campaign.most_shown, page.left):
            break
        made = standing.offered.get((campaign.pk, draft.contents))
        if seen.isdisjoint(draft.skus) and not _is_over(made):
            chosen.append(draft)
            seen.update(draft.skus)
    return tuple(chosen)


def _is_over(made: Made | None) -> bool:
    """Refused or taken: it is not offered again. What ran out, or was withdrawn, may come back."""
    return made is not None and (made.taken or made.state == "REFUSED")
