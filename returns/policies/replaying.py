"""Which sale a return of the past was of, where the books do not say: of the same buyer and SKU, the newest first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sold:
    """Units that a buyer was sent with an order, by the name the channel calls it."""

    order: str
    at: datetime
    buyer: str
    sku: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class CameBack:
    """One line of a credit note; `place` is its place there."""

    note: str
    place: int
    at: datetime
    buyer: str
    sku: str
    quantity: Decimal
    goods: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """The orders that the units were of, the newest first; with a `reason` none, and it says why."""

    line: CameBack
    parts: tuple[tuple[str, Decimal], ...] = ()
    reason: str = ""


@dataclass(slots=True)
class _Left:
    order: str
    at: datetime
    quantity: Decimal


def match_returns(sold: Iterable[Sold], came_back: Sequence[CameBack]) -> list[Match]:
    """One match a line, in the order of their moments: all units of a line find their sales, or none does.

    Reasons: not_goods, nothing_returned, no_buyer, no_such_sale (to this buyer, before), more_than_sold.
    """
    left: dict[tuple[str, str], list[_Left]] = defaultdict(list)
    for sale in sold:
        if sale.buyer:
            left[sale.buyer, sale.sku].append(_Left(sale.order, sale.at, sale.quantity))
    for sales in left.values():
        sales.sort(key=lambda sale: (sale.at, sale.order), reverse=True)
    return [_match(line, left) for line in sorted(came_back, key=lambda line: (line.at, line.note, line.place))]


def _match(line: CameBack, left: dict[tuple[str, str], list[_Left]]) -> Match:
    if not line.goods:
        return Match(line, reason="not_goods")
    if line.quantity <= 0:
        return Match(line, reason="nothing_returned")
    if not line.buyer:
        return Match(line, reason="no_buyer")
    sales = [sale for sale in left.get((line.buyer, line.sku), ()) if sale.at <= line.at]
    if not sales:
        return Match(line, reason="no_such_sale")
    if sum((sale.quantity for sale in sales), NOTHING) < line.quantity:
        return Match(line, reason="more_than_sold")
    return Match(line, tuple(_take(sales, line.quantity)))


def _take(sales: Sequence[_Left], wanted: Decimal) -> Iterable[tuple[str, Decimal]]:
    for sale in sales:
        units = min(sale.quantity, wanted)
        if units > 0:
            sale.quantity -= units
            wanted -= units
            yield sale.order, units
