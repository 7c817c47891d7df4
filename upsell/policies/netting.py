"""What is left of an order, and of an offer within it, after all that was cancelled, sent back and given back.

Revenue is without tax. A line's is its price less its discount and its share of the order's own discount; of it counts
what its units kept. What was given back for no unit in particular (a refund out of goodwill) is borne by all that is
left, in proportion. Margin is revenue less what the kept units cost us: nobody knows it while one cost is not known.

What an exchange brings stands in the stead of what came back for it. Of the order that brings it no more counts than
was paid of it: until the old goods are settled these count, from then on the new ones, and never both.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from oms.money import minor_unit, round_amount

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """`left`: units neither cancelled nor sent back. `offer`: the offer that put the line there, if one did."""

    quantity: Decimal
    left: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    unit_cost: Decimal | None
    offer: int | None = None


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """`discount`: all of the order's, those on its lines included. `given`: bonus on store credit for its goods.

    `paid`: less what was paid back; only of an order that follows another.
    """

    currency: str
    tax_included: bool
    total: Decimal
    tax: Decimal
    discount: Decimal
    credited: Decimal
    given: Decimal
    lines: Sequence[SoldLine]
    paid: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Net:
    """`margin` None: a cost is not known. `kept`: units."""

    revenue: Decimal
    margin: Decimal | None
    kept: Decimal


Part = tuple[SoldOrder, Collection[SoldLine]]
"""Some lines of an order."""


def net_order(order: SoldOrder) -> Net:
    """All that the order brought, shipping included: its total less what was credited, without tax, less the bonus."""
    owed = order.total - order.credited
    counts = owed if order.paid is None else min(owed, order.paid)
    revenue = Fraction(counts) * _without_tax(order) - Fraction(order.given)
    return _net(order, revenue, order.lines)


def net_offer(
    order: SoldOrder, lines: Collection[SoldLine], *, waived: Decimal | None = None, later: Collection[Part] = ()
) -> Net:
    """What the lines of one offer brought, and those `later` that are in their stead. `waived`: the shipping, with tax,
    that it took off while some of it is kept.
    """
    revenue = _sum_worths(order, lines)
    if waived and any(line.left for line in (*lines, *(line for _, more in later for line in more))):
        revenue -= Fraction(waived) * _without_tax(order)
    return add_nets([_net(order, revenue, lines), *(_net(each, _sum_worths(each, more), more) for each, more in later)])


def add_nets(nets: Collection[Net]) -> Net:
    """Those of one currency; one margin that nobody knows makes the sum unknown."""
    known = [each.margin for each in nets if each.margin is not None]
    return Net(
        sum((each.revenue for each in nets), Decimal(0)),
        sum(known, Decimal(0)) if len(known) == len(nets) else None,
        sum((each.kept for each in nets), Decimal(0)),
    )


def _net(order: SoldOrder, revenue: Fraction, lines: Collection[SoldLine]) -> Net:
    kept = [line for line in lines if line.left]
    known = all(line.unit_cost is not None for line in kept)
    cost = sum((Fraction(line.unit_cost or 0) * Fraction(line.left) for line in kept), NOTHING)
    units = sum((line.left for line in kept), Decimal(0))
    return Net(_in_money(revenue, order), _in_money(revenue - cost, order) if known else None, units)


def _sum_worths(order: SoldOrder, lines: Collection[SoldLine]) -> Fraction:
    """What is left of them, less their share of what was given back for no unit in particular."""
    worths = _net_worths(order)
    borne = 1 - _share_given_back(order, worths)
    return sum((_kept_part(line) * worths[id(line)] for line in lines), NOTHING) * borne


def _net_worths(order: SoldOrder) -> dict[int, Fraction]:
    """What each whole line is worth without tax, by its identity: price less discounts."""
    prices = {id(line): _price(line, order.currency) for line in order.lines}
    on_lines = sum((Fraction(line.discount) for line in order.lines), NOTHING)
    whole = sum(prices.values(), NOTHING)
    shared = min(max(Fraction(order.discount) - on_lines, NOTHING), whole)
    part = shared / whole if whole else NOTHING
    included = 1 if order.tax_included else 0
    return {id(line): prices[id(line)] * (1 - part) - included * Fraction(line.tax) for line in order.lines}


def _share_given_back(order: SoldOrder, worths: dict[int, Fraction]) -> Fraction:
    """The share of all that is left that was credited without a unit to show for it."""
    gross = [(_kept_part(line), worths[id(line)] + Fraction(line.tax)) for line in order.lines]
    gone = sum(((1 - kept) * worth for kept, worth in gross), NOTHING)
    left = Fraction(order.total) - gone
    beyond = Fraction(order.credited) - gone
    return min(max(beyond, NOTHING) / left, Fraction(1)) if left > 0 else NOTHING


def _price(line: SoldLine, currency: str) -> Fraction:
    return max(Fraction(round_amount(line.quantity * line.unit_price, currency) - line.discount), NOTHING)


def _kept_part(line: SoldLine) -> Fraction:
    return Fraction(line.left) / Fraction(line.quantity) if line.quantity else NOTHING


def _without_tax(order: SoldOrder) -> Fraction:
    """The share of the total that is not tax."""
    return 1 - Fraction(order.tax) / Fraction(order.total) if order.total else Fraction(1)


def _in_money(amount: Fraction, order: SoldOrder) -> Decimal:
    unit = minor_unit(order.currency)
    return round(amount / Fraction(unit)) * unit
