"""Goods of an order that have not left, and of which the law lets the customer withdraw."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from oms.sql import fetch_all
from orders.models import Order, OrderLine
from returns.policies.terms.statutes import find_statute
from returns.queries.eligibility import judge_lines

GOODS = (OrderLine.Kind.PRODUCT, OrderLine.Kind.CUSTOM)


def read_unsent(order: Order, *, at: datetime) -> Mapping[int, Decimal]:
    """Units by line. The period has not begun, so it cannot be over; what the law exempts (made to order, perishable)
    is left out, and so is what was withdrawn from already."""
    statute = find_statute(order.country, order.placed_at)
    if statute is None or order.status == Order.Status.CANCELLED:
        return {}
    open_units = fetch_all(_OPEN_UNITS, [order.pk, list(GOODS)])
    verdicts = judge_lines(order, at=at) if open_units else {}
    return {line: units for line, units in open_units if units > 0 and not statute.exempts(verdicts[line].terms)}


def read_waiting(order: Order) -> Mapping[int, Decimal]:
    """Units by line of statements that are not done yet."""
    waiting: dict[int, Decimal] = {}
    for (items,) in fetch_all(_WAITING, [order.pk]):
        for item in items:
            waiting[item["line"]] = waiting.get(item["line"], Decimal(0)) + Decimal(item["quantity"])
    return waiting


_WAITING = "SELECT items::json FROM returns_withdrawal WHERE order_id = %s AND ended_at IS NULL"
_OPEN_UNITS = """
SELECT id, quantity - cancelled_quantity - fulfilled_quantity - coalesce((
    SELECT sum((said ->> 'quantity')::numeric)
    FROM returns_withdrawal w, jsonb_array_elements(w.items) AS said
    WHERE w.order_id = l.order_id AND w.ended_at IS NULL AND (said ->> 'line')::bigint = l.id
), 0)
FROM orders_orderline l
WHERE order_id = %s AND kind = ANY(%s) AND quantity > cancelled_quantity + fulfilled_quantity ORDER BY position
"""
