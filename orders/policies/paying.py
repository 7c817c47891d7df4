"""Where an order stands financially, in Shopify's words."""

from decimal import Decimal


def judge_financial_status(
    *, total: Decimal, paid: Decimal, refunded: Decimal, authorized: Decimal, voided: bool
) -> str:
    """PENDING, AUTHORIZED, PARTIALLY_PAID, PAID, PARTIALLY_REFUNDED, REFUNDED or VOIDED.

    An order that costs nothing is paid. `voided` says that a payment was given up and none is left.
    """
    if refunded > 0:
        return "REFUNDED" if refunded >= paid else "PARTIALLY_REFUNDED"
    if paid >= total:
        return "PAID"
    if paid > 0:
        return "PARTIALLY_PAID"
    if authorized > 0:
        return "AUTHORIZED"
    return "VOIDED" if voided else "PENDING"


def may_ship_unpaid(financial_status: str) -> bool:
    """An authorized order may go: its money is kept for us. One that is not paid in full waits."""
    return financial_status not in ("PENDING", "PARTIALLY_PAID", "VOIDED")
