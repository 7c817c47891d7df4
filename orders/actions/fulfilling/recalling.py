"""Fulfillments that must not go on as they are: the order is held, or the goods are not there."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from oms.sql import fetch_all
from oms.transactions import transactional
from orders.actions.fulfilling.accepting import lock_fulfillments
from orders.actions.fulfilling.picking import note_broken
from orders.actions.fulfilling.withdrawing import withdraw_fulfillments
from orders.models import Fulfillment, Order


@transactional
def recall_held(*, number: str, by: str, at: datetime) -> None:
    """Take a held order back from warehouses that have not accepted it; one that was released meanwhile goes on."""
    order = Order.objects.locked(number)
    if order.status == Order.Status.HELD:
        withdraw_fulfillments(order, because="held", by=by, at=at)


@transactional
def recall_fulfillments(*, numbers: Sequence[str], because: str, by: str, at: datetime) -> None:
    """Route these anew, as far as no warehouse has accepted them; in a warehouse's hands only the units that were
    found missing.
    """
    live = [each for each in lock_fulfillments(numbers) if each.status in Fulfillment.LIVE]
    orders = {each.order_id: each.order for each in live if not each.is_in_hand}
    for order in orders.values():
        withdraw_fulfillments(order, because=because, by=by, at=at)
    note_broken([each for each in live if each.is_in_hand], _read_broken(numbers), by=by, at=at)


_BROKEN = """
SELECT part, variant_id, sum(quantity) FROM inventory_allocation
WHERE part = ANY(%(parts)s::text[]) AND state = 'BROKEN' GROUP BY 1, 2
"""


def _read_broken(numbers: Sequence[str]) -> dict[str, dict[int, Decimal]]:
    broken: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for part, variant_id, units in fetch_all(_BROKEN, {"parts": list(numbers)}):
        broken[part][variant_id] = units
    return broken
