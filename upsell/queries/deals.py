"""What was agreed about offers, as the planning of edits asks for it: one statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.errors import Refused
from oms.sql import fetch_all
from orders.policies.edits.state import Deal
from upsell.choices import DiscountKind
from upsell.errors import EnoughAccepted, OfferEnded, OfferTaken
from upsell.models import Offer
from upsell.policies.audience import MOST_ACCEPTED

State = Offer.State

_DEALS = """
WITH taken AS MATERIALIZED (
    SELECT campaign_id, count(*) AS offers FROM upsell_offer
    WHERE order_id = %(order)s AND state IN ('ACCEPTED', 'AWAITING_PAYMENT') GROUP BY campaign_id
), alive AS MATERIALIZED (
    SELECT EXISTS (
        SELECT FROM orders_order o JOIN orders_hold h ON h.order_id = o.id
        WHERE o.id = %(order)s AND o.status = 'HELD' AND h.reason = 'EDIT_WINDOW' AND h.closed_at IS NULL
          AND NOT h.staff_only AND (h.until IS NULL OR h.until > %(at)s)
    ) AS open
)
SELECT i.id, i.sku, i.quantity, i.unit_price, i.discount, f.frees_shipping, f.waived_shipping, c.discount_kind,
       f.id, f.state, f.edit_id, f.campaign_id, c.active, c.most_accepted, alive.open,
       ARRAY(SELECT each.id FROM upsell_offeritem each WHERE each.offer_id = f.id),
       coalesce((SELECT offers FROM taken WHERE taken.campaign_id = f.campaign_id), 0),
       coalesce((SELECT sum(offers) FROM taken), 0)
FROM upsell_offeritem i
JOIN upsell_offer f ON f.id = i.offer_id AND f.order_id = %(order)s
JOIN upsell_campaign c ON c.id = f.campaign_id
CROSS JOIN alive
WHERE i.id = ANY(%(items)s::bigint[])
ORDER BY f.id, i.id
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """An offer of which an item is asked for. `taken_here` and `taken`: of its campaign, and of all, with the order."""

    id: int
    state: str
    edit: int | None
    campaign: int
    running: bool
    most: int
    window_open: bool
    items: list[int]
    taken_here: int
    taken: int


def read_deals(order_id: int, items: Collection[int], at: datetime) -> Mapping[int, Deal]:
    """Of items that were offered with the order; under its lock, so that nobody takes one more beside.

    An item that is a line already is among them with its terms; only whoever asks for it again minds its refusal.
    """
    rows = fetch_all(_DEALS, {"order": order_id, "items": sorted(items), "at": at})
    refusals = _judge([_Asked(*fields) for fields in dict.fromkeys(_fields(row) for row in rows)], set(items))
    return {row[0]: _deal(row, refusals.get(row[8])) for row in rows}


def _fields(row: tuple[Any, ...]) -> tuple[Any, ...]:
    *fields, items, here, taken = row[8:]
    return (*fields, tuple(items), here, taken)


def _judge(offers: Collection[_Asked], asked: Collection[int]) -> dict[int, Refused]:
    """By offer. Those that are asked for together count together."""
    refusals: dict[int, Refused] = {}
    more: dict[int, int] = {}
    for offer in offers:
        here = more.get(offer.campaign, 0)
        refusal = _judge_life(offer) or _judge_count(offer, here=here, beside=sum(more.values()))
        if refusal is None and not set(asked).issuperset(offer.items):
            refusal = OfferEnded(offer.id, state=offer.state, because="only_whole")
        if refusal is None:
            more[offer.campaign] = here + 1
        else:
            refusals[offer.id] = refusal
    return refusals


def _judge_life(offer: _Asked) -> Refused | None:
    if offer.state == State.ACCEPTED:
        return OfferTaken(offer.id, edit=offer.edit)
    if offer.state == State.AWAITING_PAYMENT:
        return OfferEnded(offer.id, state=offer.state, because="waits_for_payment")
    if offer.state == State.REFUSED:
        return OfferEnded(offer.id, state=offer.state, because="refused")
    if not offer.window_open:
        return OfferEnded(offer.id, state=State.EXPIRED, because="window_closed")
    if offer.state != State.OPEN or not offer.running:
        return OfferEnded(offer.id, state=State.WITHDRAWN, because="withdrawn")
    return None


def _judge_count(offer: _Asked, *, here: int, beside: int) -> Refused | None:
    if offer.taken_here + here >= offer.most:
        return EnoughAccepted(offer.most)
    if offer.taken + beside >= MOST_ACCEPTED:
        return EnoughAccepted(MOST_ACCEPTED)
    return None


def _deal(row: tuple[Any, ...], refusal: Refused | None) -> Deal:
    item, sku, quantity, unit_price, discount, frees_shipping, waived_shipping, kind = row[:8]
    items = row[-3] if kind == DiscountKind.BUNDLE_PRICE else ()
    return Deal(
        item=item,
        sku=sku,
        quantity=quantity,
        unit_price=unit_price,
        discount=discount,
        together=frozenset(items),
        frees_shipping=frees_shipping,
        waived_shipping=waived_shipping,
        refusal=refusal,
    )
