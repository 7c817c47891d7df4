"""Shipping that an offer made free: for as long as something of that offer is on the order."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from orders.policies.edits.state import NOTHING, Deal, LineState


def find_waivers(lines: Iterable[LineState], deals: Mapping[int, Deal]) -> list[Deal]:
    """The deals that make shipping free and of which units are left."""
    kept = (line.offer_item for line in lines if line.offer_item is not None and line.quantity > line.cancelled)
    return [deals[item] for item in kept if item in deals and deals[item].frees_shipping]


def recall_waived(waivers: Iterable[Deal], *, otherwise: Decimal) -> Decimal:
    """What shipping cost before the first of them was taken, where that was noted."""
    noted = (deal.waived_shipping for deal in waivers if deal.waived_shipping is not None)
    return max(noted, default=otherwise)


def price_waived(charged: Decimal, before: Decimal | None, after: Decimal | None) -> Decimal:
    """Free was the way that the order went: another way, or place, costs what the table asks more for it.

    `charged`: what the order pays already; `before` and `after`: what the table says of the old way and the new.
    """
    if before is None or after is None:
        return charged
    return max(charged + after - before, NOTHING)
