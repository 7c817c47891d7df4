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
    is left out, and so is what was withdrawn from already."""
    statute = find_statute(order.country, order.placed_at)
    if statute is None or order.status == Order.Status.CANCELLED:
        return {}
    lines = [line for line in order.lines.order_by("position") if line.kind in GOODS and line.open_quantity > 0]
    verdicts = judge_lines(order, at=at) if lines else {}
    waiting = read_waiting(order) if lines else {}
    unsent = {
        line.pk: line.open_quantity - waiting.get(line.pk, Decimal(0))
        for line in lines
        if not statute.exempts(verdicts[line.pk].terms)
    }
    return {line: units for line, units in unsent.items() if units > 0}


def read_waiting(order: Order) -> Mapping[int, Decimal]:
    """Units by line of statements that are not done yet."""
    waiting: dict[int, Decimal] = {}
    for items in order.withdrawals.filter(ended_at=None).values_list("items", flat=True):
        for item in items:
            waiting[item["line"]] = waiting.get(item["line"], Decimal(0)) + Decimal(item["quantity"])
    return waiting
