"""What the new goods of an exchange cost.

Another variant of the same product costs what the old one cost its buyer, discounts included, and what the catalogue
asks more or less for it. Another product costs what the catalogue says. Tax is that of the new goods.
"""

from dataclasses import dataclass
from decimal import Decimal

from oms.money import round_amount
from returns.policies.amounts import NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class OldGoods:
    """Units that come back: `net` is what they cost without tax on top, prices are the catalogue's of today, a unit's;
    None where it has none in the order's currency."""

    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    tax: Decimal
    catalogue_price: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoods:
    """What is sent for them. `tax_rate`: 0.19 is 19 %; None where no table says, then it is taxed as the old was."""

    same_product: bool
    catalogue_price: Decimal | None
    tax_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line of the new order; `discount` and `tax` are the whole line's."""

    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def price_new_goods(old: OldGoods, new: NewGoods, *, tax_included: bool, currency: str) -> NewLine | None:
    """The line that replaces the old goods; None where the catalogue knows no price for another product."""
    rise = _rise(old, new)
    if rise is None:
        return None
    unit_price = max(old.unit_price + rise, NOTHING)
    price = round_amount(old.quantity * unit_price, currency)
    net = price if not new.same_product else old.net + round_amount(old.quantity * rise, currency)
    net = min(max(net, NOTHING), price)
    tax = _tax(old, new, net, tax_included=tax_included, currency=currency)
    return NewLine(old.quantity, unit_price, price - net, tax, net if tax_included else net + tax)


def _rise(old: OldGoods, new: NewGoods) -> Decimal | None:
    """What a unit costs more (or less) than the old one did."""
    if not new.same_product:
        return None if new.catalogue_price is None else new.catalogue_price - old.unit_price
    if old.catalogue_price is None or new.catalogue_price is None:
        return NOTHING
    return new.catalogue_price - old.catalogue_price


def _tax(old: OldGoods, new: NewGoods, net: Decimal, *, tax_included: bool, currency: str) -> Decimal:
    """The same goods at the same price bear the same tax, whatever it was; all else by the table, or in proportion."""
    if new.same_product and net == old.net:
        return old.tax
    if new.tax_rate is not None:
        share = new.tax_rate / (1 + new.tax_rate) if tax_included else new.tax_rate
        return round_amount(net * share, currency)
    return round_amount(old.tax * net / old.net, currency) if old.net else NOTHING
