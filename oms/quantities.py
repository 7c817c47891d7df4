"""Quantities: units of a SKU, exact to the thousandth."""

from decimal import Decimal


def plain(quantity: Decimal) -> int | float:
    """A quantity as people and JSON write it: 3, not 3.000. Exact: a thousandth below 10⁹ fits a double."""
    whole = int(quantity)
    return whole if whole == quantity else float(quantity)
