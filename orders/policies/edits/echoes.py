"""Is what a channel says about an edited order news, or its own old picture of it?

A channel that has not taken an edit yet goes on telling of the order as it was, and once it has, it tells us what we
told it. Neither is a change. Three pictures are compared: theirs, ours, and what the order was before each edit that
the channel has not acknowledged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms.quantities import plain
from orders.policies.edits.state import OrderState

Goods = Mapping[str, float]
"""Units still to be sent, by SKU; lines without SKU by their title."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What somebody says an order is: its goods and where they go."""

    goods: Goods
    address: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class News:
    """Which parts of a channel's message say something new."""

    goods: bool
    address: bool


def count_goods(lines: Iterable[tuple[str, Decimal]]) -> dict[str, float]:
    """Open units by name, nothing left out but nothing."""
    units: dict[str, Decimal] = defaultdict(Decimal)
    for name, quantity in lines:
        units[name] += quantity
    return {name: plain(quantity) for name, quantity in sorted(units.items()) if quantity}


def describe_goods(order: OrderState) -> dict[str, Any]:
    """The picture of an order before it is edited, ready to be stored."""
    goods = count_goods((line.sku or line.title, line.open) for line in order.lines)
    return {"goods": goods, "address": dict(order.address)}


def find_news(theirs: Picture, ours: Picture, unaware: Sequence[Picture]) -> News:
    """What of the channel's picture is neither ours nor one from before an edit that it does not know of."""
    return News(
        goods=theirs.goods != ours.goods and all(theirs.goods != old.goods for old in unaware),
        address=theirs.address != ours.address and all(theirs.address != old.address for old in unaware),
    )
