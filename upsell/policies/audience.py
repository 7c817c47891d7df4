"""Whether a campaign speaks to an order at all, whatever it has to offer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from upsell.choices import Buyers, Unoffered


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a campaign is for, and when. Empty collections mean all, None no limit; `currency` is of its amounts."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    channels: Collection[str] = ()
    countries: Collection[str] = ()
    tiers: Collection[str] = ()
    order_tags: Collection[str] = ()
    categories: Collection[str] = ()
    buyers: str = Buyers.ALL
    least_total: Decimal | None = None
    most_total: Decimal | None = None
    currency: str = ""
    most_accepted: int = 3
    orders_per_customer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """An order as campaigns see it. `categories`: of what is in it, and all above them.

    `window_open`: the customer can still change it; `accepted` counts offers of all campaigns, those
    that wait for their payment too, `accepted_here` this campaign's; `shown_with` the customer's other orders with
    which this campaign was shown lately.
    """

    channel: str
    country: str
    tier: str
    tags: Collection[str]
    categories: Collection[str]
    total: Decimal
    currency: str
    earlier_orders: int
    window_open: bool
    accepted: int = 0
    accepted_here: int = 0
    shown_with: int = 0
    refuses_all: bool = False


MOST_ACCEPTED = 3
"""Offers an order, of all campaigns together."""


def judge_audience(audience: Audience, order: Listener, *, at: datetime) -> Unoffered | None:
    """Why nothing is offered; None: it may be."""
    if not order.window_open:
        return Unoffered.WINDOW_CLOSED
    if not _runs(audience, at):
        return Unoffered.NOT_RUNNING
    if not (_fits_order(audience, order) and _fits_buyer(audience, order) and _fits_amounts(audience, order)):
        return Unoffered.OTHER_AUDIENCE
    if order.refuses_all:
        return Unoffered.ALL_REFUSED
    if order.accepted >= MOST_ACCEPTED or order.accepted_here >= audience.most_accepted:
        return Unoffered.ENOUGH_ACCEPTED
    if audience.orders_per_customer is not None and order.shown_with >= audience.orders_per_customer:
        return Unoffered.SHOWN_TOO_OFTEN
    return None


def _runs(audience: Audience, at: datetime) -> bool:
    begun = audience.starts_at is None or audience.starts_at <= at
    return begun and (audience.ends_at is None or at < audience.ends_at)


def _fits_order(audience: Audience, order: Listener) -> bool:
    return (
        _among(order.channel, audience.channels)
        and _among(order.country, audience.countries)
        and (not audience.order_tags or not set(audience.order_tags).isdisjoint(order.tags))
        and (not audience.categories or not set(audience.categories).isdisjoint(order.categories))
    )


def _fits_buyer(audience: Audience, order: Listener) -> bool:
    if audience.buyers == Buyers.FIRST_ORDER and order.earlier_orders:
        return False
    if audience.buyers == Buyers.RETURNING and not order.earlier_orders:
        return False
    return _among(order.tier, audience.tiers)


def _fits_amounts(audience: Audience, order: Listener) -> bool:
    if audience.currency and audience.currency != order.currency:
        return False
    above = audience.least_total is None or order.total >= audience.least_total
    return above and (audience.most_total is None or order.total <= audience.most_total)


def _among(value: str, allowed: Collection[str]) -> bool:
    return not allowed or value in allowed
