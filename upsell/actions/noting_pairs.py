"""What is bought together since the recommender in use was trained: read from the log of events, every minute.

Placing an order costs nothing for it. The recommender in use remembers how far it has read; a swap sets that back to
where the new one's learning ended, so that nothing is left out. An order that is cancelled after it was noted counts
until the next training: one basket among the day's says little, and what was wanted together was wanted together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from oms.sql import fetch_all
from oms.transactions import transactional
from upsell.models import Recommender
from upsell.queries.placed import read_placed

MOST_ITEMS = 60
"""A wholesale order of more says nothing of what goes with what, and would make thousands of pairs."""
OLDEST = timedelta(days=60)
"""Orders of the past that are imported today are for the next training."""
AT_ONCE = 500
"""Events looked at in one transaction."""

_NOTE = """
WITH lines AS MATERIALIZED (
    SELECT DISTINCT o.id AS order_id, o.number, o.placed_at, l.variant_id
    FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
    WHERE o.number = ANY(%(numbers)s::text[]) AND NOT o.test AND o.status <> 'CANCELLED'
      AND o.placed_at >= %(since)s AND l.variant_id IS NOT NULL AND l.quantity > l.cancelled_quantity
), sized AS MATERIALIZED (
    SELECT order_id, number, count(*) AS items FROM lines GROUP BY order_id, number
), noted AS (
    INSERT INTO upsell_recentpair (item_id, neighbor_id, weight, last_at)
    SELECT one.variant_id, other.variant_id, sum(1 / sqrt(sized.items)), max(one.placed_at)
    FROM sized
    JOIN lines one USING (order_id)
    JOIN lines other ON other.order_id = one.order_id AND other.variant_id <> one.variant_id
    WHERE sized.items BETWEEN 2 AND %(most)s
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (item_id, neighbor_id) DO UPDATE SET
        weight = upsell_recentpair.weight + excluded.weight,
        last_at = greatest(upsell_recentpair.last_at, excluded.last_at)
    RETURNING 1
)
SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM sized WHERE items BETWEEN 2 AND %(most)s),
       (SELECT json_object_agg(number, items) FROM sized WHERE items > %(most)s)
"""


@dataclass(frozen=True, slots=True)
class Noted:
    """`too_large`: how many items the orders have that were left out for it, by number."""

    orders: int = 0
    pairs: int = 0
    too_large: dict[str, int] = field(default_factory=dict)


def note_pairs(numbers: Sequence[str], *, at: datetime) -> Noted:
    """Add what these orders hold together; each basket weighs 1/√(items), as in training. One statement.

    Twice counts twice: whoever calls it knows what was noted.
    """
    if not numbers:
        return Noted()
    asked = {"numbers": list(numbers), "since": at - OLDEST, "most": MOST_ITEMS}
    pairs, orders, too_large = fetch_all(_NOTE, asked)[0]
    return Noted(orders, pairs, too_large or {})


@transactional
def note_placed(*, at: datetime) -> tuple[Noted, bool]:
    """Note what was placed since the last look, a batch; and whether there is more. Nothing, where none is in use, or
    where somebody else is at it.
    """
    used = Recommender.objects.select_for_update(skip_locked=True, no_key=True)
    mine = used.filter(state=Recommender.State.ACTIVE).first()
    if mine is None:
        return Noted(), False

    log = read_placed((mine.noted_turn, mine.noted_event), limit=AT_ONCE)
    noted = note_pairs(log.numbers, at=at)
    if log.place != (mine.noted_turn, mine.noted_event):
        mine.noted_turn, mine.noted_event = log.place
        mine.save(update_fields=["noted_turn", "noted_event"])
    return noted, log.full
