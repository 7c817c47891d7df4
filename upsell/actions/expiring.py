"""Ending offers whose time is over. Whoever reads one judges by the order's window; this keeps the books."""

from datetime import datetime

from oms.sql import fetch_one
from oms.transactions import transactional

AT_ONCE = 5_000

# Orders are locked first, as everywhere; one that somebody is changing has its turn with the next sweep.
_EXPIRE = """
WITH over AS MATERIALIZED (
    SELECT f.id, f.order_id,
           CASE WHEN o.status <> 'CANCELLED' AND c.active AND (o.status <> 'HELD' OR h.id IS NULL)
                THEN 'EXPIRED' ELSE 'WITHDRAWN' END AS state
    FROM upsell_offer f
    JOIN orders_order o ON o.id = f.order_id
    JOIN upsell_campaign c ON c.id = f.campaign_id
    LEFT JOIN orders_hold h ON h.order_id = o.id AND h.reason = 'EDIT_WINDOW' AND h.closed_at IS NULL
        AND NOT h.staff_only AND (h.until IS NULL OR h.until > %(at)s)
    WHERE f.state = 'OPEN' AND (
        h.id IS NULL OR o.status <> 'HELD' OR NOT c.active OR NOT o.test AND EXISTS (
            SELECT FROM upsell_offeritem i JOIN inventory_availability a ON a.variant_id = i.variant_id
            WHERE i.offer_id = f.id AND a.sellable - a.promised < i.quantity
        )
    )
    ORDER BY f.id LIMIT %(most)s
), locked AS MATERIALIZED (
    SELECT id FROM orders_order WHERE id IN (SELECT order_id FROM over) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), ended AS (
    UPDATE upsell_offer f SET state = over.state, ended_at = %(at)s, ended_by = 'system'
    FROM over WHERE f.id = over.id AND f.state = 'OPEN' AND f.order_id IN (SELECT id FROM locked)
    RETURNING f.id
)
SELECT count(*) FROM ended
"""


@transactional
def expire_offers(*, at: datetime) -> int:
    """Those whose window closed ran out; those of cancelled orders, of campaigns that were switched off and of goods
    that are gone are withdrawn, and may come back. How many there were.
    """
    (ended,) = fetch_one(_EXPIRE, {"at": at, "most": AT_ONCE})
    return int(ended)
