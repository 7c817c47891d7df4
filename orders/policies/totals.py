"""What an order costs, to the minor unit of its currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms.money import round_amount

LARGEST_TOTAL = Decimal(10) ** 11
"""An order above this is a mistake, and more than the columns hold."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line; `discount` and `tax` are the whole line's."""

    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Extras:
    """What an order costs beside its lines."""

    discount: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    shipping_tax: Decimal = Decimal(0)
    tip: Decimal = Decimal(0)
    duty: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of an order; `total` is what the customer owes."""

    items: Decimal
    discounts: Decimal
    tax: Decimal
    total: Decimal


def add_up(lines: Sequence[PricedLine], extras: Extras, *, tax_included: bool, currency: str) -> Totals:
    """items − discounts + shipping + tip + duty, and + tax unless prices include it.

    A line's price is rounded once, half to even, after multiplying (2.5 m at 3.99).
    """
    items = sum((round_amount(line.quantity * line.unit_price, currency) for line in lines), Decimal(0))
    discounts = sum((line.discount for line in lines), extras.discount)
    tax = sum((line.tax for line in lines), extras.shipping_tax)
    total = items - discounts + extras.shipping + extras.tip + extras.duty
    return Totals(items, discounts, tax, total if tax_included else total + tax)
