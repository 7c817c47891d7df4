"""An order as campaigns see it, and what was offered with it so far: one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from oms.sql import fetch_all
from orders.models import Order
from upsell.models import Campaign
from upsell.policies.audience import Audience, Listener

# What other tabs, people and clocks change meanwhile.
_WINDOW = """
    (SELECT json_build_object('until', h.until) FROM orders_hold h
     JOIN o ON o.status = 'HELD' AND o.self_service <> 'CONTROL'
     WHERE h.order_id = %(order)s AND h.reason = 'EDIT_WINDOW' AND h.closed_at IS NULL AND NOT h.staff_only
       AND (h.until IS NULL OR h.until > %(at)s))
"""
_EDIT_WAITS = """
    EXISTS (SELECT FROM orders_edit
            WHERE order_id = %(order)s AND state IN ('AWAITING_APPROVAL', 'AWAITING_PAYMENT'))
"""
# An exchange is the same purchase as the order for whose goods it is.
_SIDES = """
    (WITH RECURSIVE bought AS (
        SELECT %(order)s::bigint AS id
        UNION
        SELECT earlier.order_id
        FROM bought
        JOIN orders_orderline line ON line.order_id = bought.id AND line.follows_id IS NOT NULL
        JOIN orders_orderline earlier ON earlier.id = line.follows_id
     ) SELECT json_object_agg(campaign_id, "group") FROM upsell_exposure WHERE order_id IN (SELECT id FROM bought))
"""
_OFFERS = """
    (SELECT json_agg(json_build_object('id', f.id, 'campaign', f.campaign_id, 'contents', f.contents,
        'state', f.state, 'shown_in', ARRAY(SELECT placement FROM upsell_offershowing WHERE offer_id = f.id)))
     FROM upsell_offer f WHERE f.order_id = %(order)s)
"""
# Whoever's orders are looked through for how often a campaign was shown: the newest of them.
_STANDING = f"""
WITH RECURSIVE o AS MATERIALIZED (
    SELECT id, customer_id, status, self_service, placed_at FROM orders_order WHERE id = %(order)s
), kinds AS (
    SELECT DISTINCT p.category_id AS id
    FROM orders_orderline l
    JOIN inventory_variant v ON v.id = l.variant_id JOIN inventory_product p ON p.id = v.product_id
    WHERE l.order_id = %(order)s AND l.quantity > l.cancelled_quantity AND p.category_id IS NOT NULL
    UNION
    SELECT c.parent_id FROM kinds JOIN inventory_category c ON c.id = kinds.id WHERE c.parent_id IS NOT NULL
), theirs AS MATERIALIZED (
    SELECT h.id, h.placed_at, h.status FROM orders_order h JOIN o ON h.customer_id = o.customer_id AND h.id <> o.id
    WHERE NOT h.test ORDER BY h.placed_at DESC LIMIT 100
)
SELECT
    {_WINDOW},
    {_EDIT_WAITS},
    ARRAY(SELECT c.code FROM kinds JOIN inventory_category c ON c.id = kinds.id),
    (SELECT coalesce(c.tier, '') FROM o LEFT JOIN orders_customer c ON c.id = o.customer_id),
    (SELECT count(*) FROM theirs, o WHERE theirs.placed_at < o.placed_at AND theirs.status <> 'CANCELLED'),
    (SELECT json_object_agg(shown.campaign_id, shown.moments) FROM (
        SELECT e.campaign_id, json_agg(e.assigned_at) AS moments
        FROM theirs JOIN upsell_exposure e ON e.order_id = theirs.id GROUP BY e.campaign_id
    ) AS shown),
    {_SIDES},
    {_OFFERS},
    EXISTS (SELECT FROM upsell_refusal r, o WHERE r.scope = 'ALL' AND r.taken_back_at IS NULL
            AND (r.customer_id = o.customer_id OR r.order_id = o.id))
FROM o
"""  # noqa: S608 - our own words, no input
_AFRESH = f"""
WITH o AS MATERIALIZED (SELECT id, status, self_service FROM orders_order WHERE id = %(order)s)
SELECT {_WINDOW}, {_EDIT_WAITS}, {_SIDES}, {_OFFERS},
       ARRAY(SELECT nextval('upsell_offer_id_seq') FROM generate_series(1, %(wanted)s::int))
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Standing:
    """`until`: the end of its edit window, where one is known. `offered`: by campaign and contents; `groups`: by
    campaign, the side on which it fell, or the order for whose goods it is the exchange: they are one purchase.
    """

    listener: Listener
    until: datetime | None
    edit_waits: bool
    groups: Mapping[int, str]
    offered: Mapping[tuple[int, str], "Made"]
    shown_with: Mapping[int, Sequence[datetime]]

    def towards(self, campaign: Campaign, *, at: datetime) -> Listener:
        """The order as this campaign sees it."""
        since = at - timedelta(days=campaign.within_days)
        taken = [each for each in self.offered.values() if each.taken and each.campaign == campaign.pk]
        lately = [moment for moment in self.shown_with.get(campaign.pk, ()) if moment >= since]
        return replace(self.listener, accepted_here=len(taken), shown_with=len(lately))


@dataclass(frozen=True, slots=True)
class Made:
    """An offer that was made before."""

    id: int
    campaign: int
    contents: str
    state: str
    shown_in: Sequence[str]

    @property
    def taken(self) -> bool:
        return self.state in ("ACCEPTED", "AWAITING_PAYMENT")


def read_standing(order: Order, *, at: datetime) -> Standing:
    """As it is at that moment; the order's own columns are those of `order`, its channel must be loaded."""
    (row,) = fetch_all(_STANDING, {"order": order.pk, "at": at})
    window, edit_waits, categories, tier, earlier, shown_with, groups, offers, refuses_all = row
    made = _made(offers)
    listener = Listener(
        channel=order.channel.code,
        country=order.country,
        tier=tier,
        tags=order.tags,
        categories=categories,
        total=order.total,
        currency=order.currency,
        earlier_orders=earlier,
        window_open=window is not None,
        accepted=sum(each.taken for each in made),
        refuses_all=refuses_all,
    )
    return Standing(
        listener=listener,
        until=datetime.fromisoformat(window["until"]) if window and window["until"] else None,
        edit_waits=edit_waits,
        groups=_by_campaign(groups),
        offered=_by_key(made),
        shown_with={int(campaign): _moments(stamps) for campaign, stamps in (shown_with or {}).items()},
    )


@dataclass(frozen=True, slots=True)
class Afresh:
    """What may have become of an order since it was looked at. `open`: something can still be offered with it.

    `ids`: numbers that no offer has, drawn for those to be made.
    """

    open: bool
    groups: Mapping[int, str]
    offered: Mapping[tuple[int, str], "Made"]
    ids: Sequence[int]


def read_afresh(order: Order, *, wanted: int, at: datetime) -> Afresh:
    """Under the order's lock; numbers for so many offers as are wanted."""
    (row,) = fetch_all(_AFRESH, {"order": order.pk, "at": at, "wanted": wanted})
    window, edit_waits, groups, offers, ids = row
    return Afresh(window is not None and not edit_waits, _by_campaign(groups), _by_key(_made(offers)), ids)


def _made(offers: Sequence[Mapping[str, Any]] | None) -> list[Made]:
    return [Made(**each) for each in offers or ()]


def _by_key(made: Sequence[Made]) -> dict[tuple[int, str], Made]:
    return {(each.campaign, each.contents): each for each in made}


def _by_campaign(groups: Mapping[str, str] | None) -> dict[int, str]:
    return {int(campaign): group for campaign, group in (groups or {}).items()}


def read_audience(campaign: Campaign) -> Audience:
    """The campaign's rules of whom it speaks to."""
    return Audience(
        starts_at=campaign.starts_at,
        ends_at=campaign.ends_at,
        channels=campaign.channels,
        countries=campaign.countries,
        tiers=campaign.tiers,
        order_tags=campaign.order_tags,
        categories=campaign.categories,
        buyers=campaign.buyers,
        least_total=campaign.least_total,
        most_total=campaign.most_total,
        currency=campaign.currency,
        most_accepted=campaign.most_accepted,
        orders_per_customer=campaign.orders_per_customer,
    )


def _moments(stamps: Sequence[Any]) -> list[datetime]:
    return [datetime.fromisoformat(stamp) for stamp in stamps]
