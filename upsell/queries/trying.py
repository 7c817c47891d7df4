"""What a campaign would show with orders that there are, before it is switched on. Nothing is written, nobody falls on
a side."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef

from orders.models import Hold, Order
from upsell.choices import Group, Unoffered
from upsell.models import Campaign
from upsell.queries.considering import Thought, consider, find_group
from upsell.queries.standing import Standing, read_standing

MOST = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """One order: what it would be shown, or why not; `held_out` says that it would see nothing of what it could."""

    order: Order
    thought: Thought
    held_out: bool


def list_orders_to_try(*, at: datetime, most: int = MOST) -> tuple[list[int], bool]:
    """Ids of orders whose windows are open, the newest first, and True; else the last orders, and False."""
    window = Hold.objects.filter(order=OuterRef("pk"), reason=Hold.Reason.EDIT_WINDOW, closed_at=None, staff_only=False)
    real = Order.objects.filter(test=False).order_by("-placed_at", "-id")
    held = real.filter(Exists(window.open(at=at)), status=Order.Status.HELD)
    if found := list(held.values_list("id", flat=True)[:most]):
        return found, True
    return list(real.exclude(status=Order.Status.CANCELLED).values_list("id", flat=True)[:most]), False


def try_campaign(campaign: Campaign, orders: Sequence[Order], *, at: datetime) -> list[Trial]:
    """Each order as if its window were open, this campaign alone were on and had begun."""
    begun = copy(campaign)
    begun.starts_at = begun.ends_at = None
    return [_try(begun, order, at=at) for order in orders]


def _try(campaign: Campaign, order: Order, *, at: datetime) -> Trial:
    standing = _as_if_open(read_standing(order, at=at))
    shown_all = copy(campaign)
    shown_all.holdout_share = 0
    (thought,) = consider(order, [shown_all], replace(standing, groups={}), at=at)
    held_out = bool(thought.drafts) and find_group(order, campaign, standing) == Group.HOLDOUT
    return Trial(order, thought, held_out)


def _as_if_open(standing: Standing) -> Standing:
    return replace(standing, edit_waits=False, listener=replace(standing.listener, window_open=True))


def count_trials(trials: Sequence[Trial]) -> dict[str, int]:
    """How many would see something, would be held out, and would see nothing, by why."""
    found = {"shown": 0, "held_out": 0}
    for trial in trials:
        why = trial.thought.unoffered or Unoffered.NOTHING_LEFT
        key = "held_out" if trial.held_out else "shown" if trial.thought.drafts else why.value
        found[key] = found.get(key, 0) + 1
    return found
