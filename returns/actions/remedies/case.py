"""Goods of a return for which the customer is to get something: what every remedy is handed, and writes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from orders.models import Order
from returns.models import Return, ReturnItem, Settlement
from returns.policies.amounts import NOTHING
from returns.policies.figures import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Items that are settled together; their return and its order are locked. `advanced`: the goods are not here yet.

    `key` makes the deed one that happens once.
    """

    of: Return
    items: Sequence[ReturnItem]
    figures: Figures
    advanced: bool
    key: str
    by: str
    at: datetime

    @property
    def order(self) -> Order:
        return self.of.order

    @property
    def reason(self) -> str:
        """What stands with the money."""
        return f"Return {self.of.number}"


def write_settlement(
    case: Case, remedy: str, *, bonus: Decimal = NOTHING, new_order: Order | None = None
) -> Settlement:
    """The settlement of the case; its items are settled by it."""
    settlement = Settlement.objects.create(
        of=case.of,
        key=case.key,
        remedy=remedy,
        value=case.figures.value,
        shipping=case.figures.shipping,
        fees=case.figures.fees,
        given=case.figures.given,
        bonus=bonus,
        currency=case.order.currency,
        order=new_order,
        advanced=case.advanced,
        by=case.by,
        at=case.at,
    )
    for item in case.items:
        item.settlement = settlement
    ReturnItem.objects.filter(id__in=[item.pk for item in case.items]).update(settlement=settlement)
    return settlement
