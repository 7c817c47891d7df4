"""What may come back, and what is offered for it: the terms, beneath them the law, beside them claims."""

from collections.abc import Sequence
from decimal import Decimal

from orders.models import Order
from returns.choices import Method, Resolution
from returns.models import Return
from returns.policies.methods import NOTHING, Surroundings, Way, offer_ways
from returns.queries.eligibility import LineVerdict

CLAIMABLE = ("window_closed", "final_sale", "no_returns", "not_delivered")
"""What stands against a return, and not against a claim: it was sent, and nobody was given anything for it yet."""


def find_order_fault(order: Order) -> str:
    """Why nothing of the order can come back at all; "" where something may."""
    if order.test:
        return "test_order"
    if order.status == Order.Status.CANCELLED:
        return "order_cancelled"
    if order.total > 0 and order.paid <= 0:
        return "order_not_paid"
    return ""


def is_eligible(judged: LineVerdict, kind: str, *, merchant_fault: bool = False) -> bool:
    """By the terms; a withdrawal by the law alone. What was damaged, wrong or lost may be claimed after any window,
    as long as the law makes the seller answer for it."""
    if kind == Return.Kind.WITHDRAWAL:
        return judged.statutory
    if judged.verdict.eligible:
        return True
    return kind == Return.Kind.CLAIM and merchant_fault and is_claimable(judged)


def is_claimable(judged: LineVerdict) -> bool:
    """Whether it may be claimed that it came damaged or wrong, though it cannot simply come back any more."""
    return judged.claimable and judged.verdict.code in CLAIMABLE


def offered_resolutions(judged: LineVerdict, kind: str) -> tuple[str, ...]:
    """A claim may be made good in any way. The refund that the law grants is always there."""
    if kind == Return.Kind.CLAIM:
        return tuple(Resolution)
    offered = tuple(judged.terms.resolutions)
    return (Resolution.REFUND, *offered) if judged.statutory and Resolution.REFUND not in offered else offered


def offered_ways(
    judged: Sequence[LineVerdict], around: Surroundings, *, label_fee: Decimal = NOTHING
) -> tuple[Way, ...]:
    """Ways back that the terms of all these items allow and the surroundings make possible: one at least. What a quote
    shows, and what a request may name."""
    allowed = set(Method)
    for each in judged:
        allowed &= set(each.terms.methods)
    return offer_ways(allowed, around, label_fee=label_fee)
