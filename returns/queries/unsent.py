"""Goods of an order that have not left, and of which the law lets the customer withdraw."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from orders.models import Order, OrderLine
from returns.policies.terms.statutes import find_statute
from returns.queries.eligibility import judge_lines

GOODS = (OrderLine.Kind.PRODUCT, OrderLine.Kind.CUSTOM)


def read_unsent(order: Order, *, at: datetime) -> Mapping[int, Decimal]:
    """Units by line. The period has not begun, so it cannot be over; what the law exempts (made to order, perishable)
    is left out."""
    statute = find_statute(order.country, order.placed_at)
    if statute is None or order.status == Order.Status.CANCELLED:
        return {}
    lines = [line for line in order.lines.order_by("position") if line.kind in GOODS and line.open_quantity > 0]
    verdicts = judge_lines(order, at=at) if lines else {}
    return {line.pk: line.open_quantity for line in lines if not statute.exempts(verdicts[line.pk].terms)}
