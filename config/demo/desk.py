"""What was arranged at the desk while orders came and went: campaigns, rates, permissions; and each day's cut-offs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from config.demo.brand import read_table
from config.demo.living import SWEEP, Act
from config.demo.windows import DAY, arrange_campaign
from orders.actions.edits.permitting import save_permission
from orders.actions.edits.rating import save_rate
from orders.actions.releasing import release_due_orders
from orders.models import EditPermission, ShippingRate
from orders.policies.windows.cut_offs import next_cut_off
from orders.queries.windows.facts import read_cut_offs

ANNOUNCED = timedelta(days=6)
"""So long before it begins a campaign is arranged; yesterday, if that is still to come."""
LIVED_DAYS = 5


def list_desk_acts(*, now: datetime) -> Iterator[Act]:
    """None of them later than now."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    for row in read_table("windows")["campaign"]:
        arranged_at = min(midnight + row["starts"] * DAY - ANNOUNCED, now - DAY)
        yield Act(arranged_at, partial(_arrange, row, midnight))
    yield Act(now - 16 * DAY, _promise_express_sooner)
    yield Act(now - 11 * DAY, _trust_bots_with_more)
    yield from _cut_off_acts(now)


def _arrange(row: dict[str, Any], midnight: datetime, at: datetime) -> None:
    arrange_campaign(row, midnight, at=at)


def _promise_express_sooner(at: datetime) -> None:
    """The carrier's new contract, in the two countries that it is for."""
    for rate in ShippingRate.objects.filter(method="express", country__in=["DE", "AT"]).order_by("country"):
        rate.days_most = 1
        save_rate(rate=rate, by="staff:jonas", at=at)


def _trust_bots_with_more(at: datetime) -> None:
    row = EditPermission.objects.filter(actor="BOT", verdict="ALLOW").exclude(limits=None).order_by("position")[0]
    row.limits = {**(row.limits or {}), "EUR": "60"}
    save_permission(permission=row, by="staff:marta", at=at)


def _cut_off_acts(now: datetime) -> Iterator[Act]:
    """Windows that last until a cut-off end with it."""
    cut_offs, moment = read_cut_offs(), now - LIVED_DAYS * DAY
    while (moment := next_cut_off(cut_offs, after=moment) or now) + SWEEP <= now:
        yield Act(moment + SWEEP, _release)


def _release(at: datetime) -> None:
    release_due_orders(by="system", at=at)
