"""At how many units the windows that last while stock lasts must be looked at again."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from oms.sql import fetch_all

# The promised rows of these SKUs lead to the orders; few of them are still held, and fewer have such a window.
_LEVELS = """
SELECT v.id, max(h.above)
FROM inventory_variant v
JOIN inventory_reservation r ON r.variant_id = v.id AND r.state = 'PROMISED'
JOIN orders_order o ON o.number = r.reference AND o.status = 'HELD'
JOIN orders_hold h ON h.order_id = o.id AND h.reason = 'EDIT_WINDOW' AND h.closed_at IS NULL AND h.until > %(at)s
WHERE v.sku = ANY(%(skus)s::text[]) AND h.above IS NOT NULL
GROUP BY v.id
"""


def find_watch_levels(skus: Sequence[str], *, at: datetime) -> dict[int, Decimal]:
    """By variant id: the most units that some open window of a held order asks to stay available."""
    return dict(fetch_all(_LEVELS, {"skus": list(skus), "at": at}))
