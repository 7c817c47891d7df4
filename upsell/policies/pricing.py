"""What an offer costs: its items at their usual price, less what the campaign takes off."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms.money import round_amount, split_amount
from upsell.choices import DiscountKind

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """A campaign's discount. `amount`: a percentage, an amount off one unit, or the price of all of it, by its kind."""

    kind: str = DiscountKind.NONE
    amount: Decimal = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """So many units to offer, at the usual price of one; `unit_cost` None: it is not known."""

    variant_id: int
    sku: str
    title: str
    quantity: Decimal
    unit_price: Decimal
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PricedItem:
    """`discount` is taken off all of its units."""

    item: Item
    discount: Decimal


@dataclass(frozen=True, slots=True)
class Priced:
    """`price` is what all of it costs, `saving` what it costs less than usual."""

    items: tuple[PricedItem, ...]
    price: Decimal
    saving: Decimal
    frees_shipping: bool


def price_offer(terms: Terms, items: Sequence[Item], currency: str) -> Priced:
    """Discounts are in whole minor units, never more than an item costs, and add up to the saving to the last of them.

    The price of a bundle is never above that of its parts.
    """
    values = [round_amount(item.quantity * item.unit_price, currency) for item in items]
    discounts = _discount(terms, items, values, currency)
    saving = sum(discounts, NOTHING)
    priced = tuple(PricedItem(item, discount) for item, discount in zip(items, discounts, strict=True))
    return Priced(priced, sum(values, NOTHING) - saving, saving, terms.kind == DiscountKind.FREE_SHIPPING)


def _discount(terms: Terms, items: Sequence[Item], values: Sequence[Decimal], currency: str) -> list[Decimal]:
    match terms.kind:
        case DiscountKind.PERCENTAGE:
            return [round_amount(value * min(terms.amount, Decimal(100)) / 100, currency) for value in values]
        case DiscountKind.AMOUNT:
            off = [round_amount(item.quantity * terms.amount, currency) for item in items]
            return [min(each, value) for each, value in zip(off, values, strict=True)]
        case DiscountKind.BUNDLE_PRICE:
            saving = max(sum(values, NOTHING) - round_amount(terms.amount, currency), NOTHING)
            return split_amount(saving, values, currency)
    return [NOTHING for _ in items]


def find_margin(priced: Priced, *, tax_share: Decimal) -> Decimal | None:
    """What is left of the price without tax once its units are paid, as a share of it; None: a cost is not known."""
    net, cost = priced.price * (1 - tax_share), NOTHING
    for each in priced.items:
        if each.item.unit_cost is None:
            return None
        cost += each.item.quantity * each.item.unit_cost
    return (net - cost) / net if net > 0 else Decimal(-1)
