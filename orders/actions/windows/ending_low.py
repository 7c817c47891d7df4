"""Ending the edit windows of orders whose stock runs low: they go to the warehouse while there is stock to send."""

from collections.abc import Sequence
from datetime import datetime

from oms import events
from oms.sql import fetch_all
from oms.transactions import transactional
from orders.events import OrderReleased, WindowEnded

AT_ONCE = 1_000
"""Orders a statement."""

# Which windows a SKU's stock ends: where it counts as low, all of them; else those that asked for more to stay
# available than there is. Stock is looked at as it stands now, not as it stood when somebody told of it: where it has
# recovered in the meantime nobody's right to edit is cut short for a shortage that is over, and the next fall is told
# anew. A SKU that is low stays so until it has clearly recovered, so nothing slips through between the two.
_STRUCK = """
    FROM inventory_variant v
    JOIN inventory_availability a ON a.variant_id = v.id
    JOIN inventory_reservation r ON r.variant_id = v.id AND r.state = 'PROMISED'
    JOIN orders_order o ON o.number = r.reference AND o.status = 'HELD'
    JOIN orders_hold h ON h.order_id = o.id AND h.reason = 'EDIT_WINDOW' AND h.closed_at IS NULL AND h.until > %(at)s
    WHERE v.sku = ANY(%(skus)s::text[]) AND (a.low OR a.sellable - a.promised <= h.above)
"""

_LOCK = f"""
WITH struck AS MATERIALIZED (SELECT DISTINCT o.id {_STRUCK})
SELECT o.id FROM orders_order o
WHERE o.id IN (SELECT id FROM struck) AND o.id > %(after)s
ORDER BY o.id LIMIT %(limit)s FOR NO KEY UPDATE
"""  # noqa: S608 - our own text

# A statement of its own: what others did to these orders before we had the locks must be seen.
_END = f"""
WITH struck AS MATERIALIZED (
    SELECT o.id, o.number, h.id AS hold_id, array_agg(DISTINCT v.sku ORDER BY v.sku) AS skus
    {_STRUCK} AND o.id = ANY(%(orders)s::bigint[])
    GROUP BY o.id, h.id
), judged AS MATERIALIZED (
    SELECT struck.*, NOT EXISTS (
        SELECT FROM orders_hold other
        WHERE other.order_id = struck.id AND other.id <> struck.hold_id AND other.closed_at IS NULL
          AND (other.until IS NULL OR other.until > %(at)s)
    ) AS free FROM struck
), ended AS (
    UPDATE orders_hold h
    SET closed_at = greatest(%(at)s, h.opened_at), closed_by = %(by)s,
        closed_because = jsonb_build_object('code', %(because)s::text, 'skus', to_jsonb(judged.skus))
    FROM judged WHERE h.id = judged.hold_id
), touched AS (
    UPDATE orders_order o
    SET status = CASE WHEN judged.free THEN 'RELEASED' ELSE o.status END,
        released_at = CASE WHEN judged.free THEN %(at)s ELSE o.released_at END,
        updated_at = %(at)s, version = o.version + 1
    FROM judged WHERE o.id = judged.id
)
SELECT number, skus, free FROM judged ORDER BY id
"""  # noqa: S608 - our own text


@transactional
def end_windows_for(*, skus: Sequence[str], because: str = "low_stock", by: str, at: datetime) -> int:
    """End the windows of all held orders that have units of these SKUs promised, oldest order first, as far as the
    SKUs' stock asks for it now; release what nothing else holds. How many windows were ended.

    Orders that somebody is working on are waited for: an edit that ends a moment later must not keep its window.
    Doing it twice is harmless. The number of statements grows by the thousand orders only.
    """
    ended = after = 0
    named = list(dict.fromkeys(skus))
    while orders := _lock_orders(named, after=after, at=at):
        parameters = {"skus": named, "orders": orders, "because": because, "by": by, "at": at}
        rows = fetch_all(_END, parameters)
        events.publish(_told(rows, because=because, by=by, at=at))
        ended, after = ended + len(rows), orders[-1]
        if len(orders) < AT_ONCE:
            break
    return ended


def end_windows_of(
    orders: Sequence[int], *, skus: Sequence[str], because: str = "low_stock", by: str, at: datetime
) -> None:
    """The same for these orders alone, which the caller has locked, or made a moment ago."""
    rows = fetch_all(_END, {"skus": list(skus), "orders": list(orders), "because": because, "by": by, "at": at})
    events.publish(_told(rows, because=because, by=by, at=at))


def _lock_orders(skus: Sequence[str], *, after: int, at: datetime) -> list[int]:
    rows = fetch_all(_LOCK, {"skus": list(skus), "after": after, "limit": AT_ONCE, "at": at})
    return [order_id for (order_id,) in rows]


def _told(rows: Sequence[tuple], *, because: str, by: str, at: datetime) -> list[events.Event]:
    told: list[events.Event] = []
    for number, skus, released in rows:
        told.append(WindowEnded(subject=number, by=by, at=at, facts={"code": because, "skus": skus}))
        if released:
            told.append(OrderReleased(subject=number, by=by, at=at))
    return told
