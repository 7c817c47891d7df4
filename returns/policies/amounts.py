"""What units of an order's lines cost their buyer: what is given back for them, to the minor unit.

A line's worth is its price less its discounts, with a share of the order's own discount (largest remainder), and its
tax. Units take theirs cumulatively: the first k units of a line are worth round(line × k / quantity) together. So unit
by unit, in whatever parcels they come back, they end exactly at the line's worth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from oms.money import minor_unit, round_amount, split_amount

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was sold; `discount` and `tax` are the whole line's."""

    id: int
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Worth:
    """What units cost. `tax` is part of `value`, whether prices were given with or without it."""

    value: Decimal = NOTHING
    tax: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Taken:
    """Units of a line that other returns speak for, and what they are worth there."""

    quantity: Decimal = NOTHING
    worth: Worth = Worth()


UNTAKEN = Taken()


@dataclass(frozen=True, slots=True)
class LineShare:
    """What a whole line cost. `net` is without the tax that comes on top; `tax` stands apart or within it."""

    quantity: Decimal
    net: Decimal
    tax: Decimal
    tax_included: bool
    currency: str

    @property
    def total(self) -> Decimal:
        return self.net if self.tax_included else self.net + self.tax

    def worth_of(self, quantity: Decimal, taken: Taken = UNTAKEN) -> Worth:
        """What the next `quantity` units are worth beside those taken: the last ones get what is left of the line."""
        reached = self._up_to(taken.quantity + quantity)
        value = min(max(reached.value - taken.worth.value, NOTHING), max(self.total - taken.worth.value, NOTHING))
        return Worth(value, min(max(reached.tax - taken.worth.tax, NOTHING), value))

    def _up_to(self, quantity: Decimal) -> Worth:
        if not self.quantity:
            return Worth()
        part = Fraction(min(quantity, self.quantity)) / Fraction(self.quantity)
        tax = _part_of(self.tax, part, self.currency)
        net = _part_of(self.net, part, self.currency)
        return Worth(net if self.tax_included else net + tax, tax)


def share_lines(
    lines: Sequence[SoldLine], *, order_discount: Decimal, tax_included: bool, currency: str
) -> dict[int, LineShare]:
    """Each line's part of what the order cost, by its id. `order_discount` is what stands on no line.

    A discount beyond what all goods cost went to the shipping: it makes no line's worth negative.
    """
    if not lines:
        return {}
    prices = [max(round_amount(line.quantity * line.unit_price, currency) - line.discount, NOTHING) for line in lines]
    discounts = split_amount(min(order_discount, sum(prices, NOTHING)), prices, currency)
    return {
        line.id: LineShare(line.quantity, price - discount, line.tax, tax_included, currency)
        for line, price, discount in zip(lines, prices, discounts, strict=True)
    }


def restocking_fee(values: Mapping[int, Decimal], percents: Mapping[int, Decimal], *, currency: str) -> Decimal:
    """The fee on items' values, in percent of each; rounded once, half to even."""
    fee = sum((value * percents.get(key, NOTHING) / 100 for key, value in values.items()), NOTHING)
    return round_amount(fee, currency)


def share_by_value(amount: Decimal, *, reached: Decimal, whole: Decimal, before: Decimal, currency: str) -> Decimal:
    """The part of `amount` that falls due once `reached` of `whole` is settled and `before` fell due already.

    Shipping and fees of a return go with its goods: what is settled in two steps adds up to what one would have been.
    """
    part = Fraction(min(reached, whole)) / Fraction(whole) if whole else Fraction(1)
    return max(_part_of(amount, part, currency) - before, NOTHING)


def shipping_share(paid: Decimal, *, goods: Decimal, coming_back: Decimal, before: Decimal, currency: str) -> Decimal:
    """What of the first shipping comes back with goods of that value, where `before` went back with others."""
    return share_by_value(paid, reached=coming_back, whole=goods, before=before, currency=currency)


def _part_of(amount: Decimal, part: Fraction, currency: str) -> Decimal:
    """Rounded half to even, exactly: no digit is lost on the way."""
    unit = minor_unit(currency)
    return round(Fraction(amount) * part / Fraction(unit)) * unit if amount else 0 * unit
