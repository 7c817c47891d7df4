"""Orders whose customers may be told that there is still room in the parcel, with everything that speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from oms.sql import fetch_all

# An order counts once a campaign's share of its window is over, or too little is left of it for any mail.
_WAITING = """
SELECT o.id
FROM orders_hold h JOIN orders_order o ON o.id = h.order_id
WHERE h.reason = 'EDIT_WINDOW' AND h.closed_at IS NULL AND NOT h.staff_only AND h.until > %(at)s
  AND (h.opened_at + (h.until - h.opened_at) * %(share)s <= %(at)s OR h.until - %(least)s < %(at)s)
  AND o.id > %(after)s
  AND NOT EXISTS (SELECT FROM upsell_roommail m WHERE m.order_id = o.id)
ORDER BY o.id LIMIT %(limit)s
FOR NO KEY UPDATE OF o SKIP LOCKED
"""

# Read under the locks: who had them before may have decided meanwhile.
_FACTS = """
SELECT o.id, h.opened_at, h.until,
    o.status, o.test, lower(o.email), o.country, o.self_service, o.refunded > 0 OR o.credited > 0,
    coalesce(c.accepts_marketing AND c.email = lower(o.email), FALSE),
    EXISTS (SELECT FROM upsell_optout x WHERE x.email = lower(o.email)),
    EXISTS (SELECT FROM orders_hold w WHERE w.order_id = o.id AND w.id <> h.id AND w.closed_at IS NULL
            AND (w.until IS NULL OR w.until > %(at)s)),
    EXISTS (SELECT FROM upsell_refusal r WHERE r.scope = 'ALL' AND r.taken_back_at IS NULL
            AND (r.customer_id = o.customer_id OR r.order_id = o.id))
FROM orders_order o
JOIN orders_hold h ON h.order_id = o.id AND h.reason = 'EDIT_WINDOW' AND h.closed_at IS NULL AND NOT h.staff_only
    AND h.until > %(at)s
LEFT JOIN orders_customer c ON c.id = o.customer_id
WHERE o.id = ANY(%(orders)s) AND NOT EXISTS (SELECT FROM upsell_roommail m WHERE m.order_id = o.id)
ORDER BY o.id
"""

# Whoever's window ended before the moment of their mail: why they heard nothing, in the order of `find_objection`.
_MISSED = """
INSERT INTO upsell_roommail (order_id, campaign_id, withheld, decided_at)
SELECT o.id, %(campaign)s::bigint,
       CASE WHEN o.test THEN 'TEST' WHEN o.email = '' THEN 'NO_ADDRESS'
            WHEN o.status <> 'CANCELLED' AND (o.refunded > 0 OR o.credited > 0) THEN 'REFUNDED'
            ELSE 'NOT_EDITABLE' END,
       %(at)s
FROM orders_order o
WHERE o.updated_at > %(since)s AND o.status <> 'HELD'
  AND EXISTS (SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.reason = 'EDIT_WINDOW' AND NOT h.staff_only
              AND h.closed_at > %(since)s)
  AND NOT EXISTS (SELECT FROM upsell_roommail m WHERE m.order_id = o.id)
ORDER BY o.id LIMIT %(limit)s
ON CONFLICT (order_id) DO NOTHING
RETURNING order_id
"""


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """`consented`: to marketing, with the very address that the order's mail goes to. `held`: something else holds the
    order, too. `given_back`: money was returned, or is not owed any more.
    """

    order: int
    opened_at: datetime
    until: datetime
    status: str
    test: bool
    email: str
    country: str
    self_service: str
    given_back: bool
    consented: bool
    unsubscribed: bool
    held: bool
    refuses_all: bool


def lock_waiting(*, share: Decimal, least: timedelta, after: int, at: datetime, limit: int) -> list[int]:
    """Lock the next orders, by id, that nobody else looks at now and of whom nothing was decided yet."""
    asked = {"share": float(share), "least": least, "after": after, "at": at, "limit": limit}
    return [row[0] for row in fetch_all(_WAITING, asked)]


def read_room_facts(orders: Sequence[int], *, at: datetime) -> list[RoomFacts]:
    """Of orders that are locked. Whose mail was decided upon before they were, is left out."""
    return [RoomFacts(*row) for row in fetch_all(_FACTS, {"orders": list(orders), "at": at})]


def note_missed(*, campaign: int, since: datetime, at: datetime, limit: int) -> int:
    """Write down why nobody was told of orders whose windows ended since then; how many there were. One statement."""
    return len(fetch_all(_MISSED, {"campaign": campaign, "since": since, "at": at, "limit": limit}))
