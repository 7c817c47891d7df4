"""What somebody wants to send back, before anybody looked at it."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWish:
    """Units of one line. `reason` is the code of one; `photos` are keys of photos that were sent before."""

    line: int
    quantity: Decimal
    reason: str
    resolution: str
    comment: str = ""
    exchange_sku: str = ""
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnWish:
    """A whole return. One line may stand in several items: two shirts, one too small and one torn.

    `method` "": the first that is offered. `form` names the page that was filled in: sent twice, it is asked for once.
    `note` is for staff; `email` and `locale` "": those of the order.
    """

    items: tuple[ItemWish, ...]
    method: str = ""
    kind: str = "RETURN"
    form: str = ""
    email: str = ""
    locale: str = ""
    note: str = ""

    @property
    def units(self) -> dict[int, Decimal]:
        """How many of each line."""
        units: dict[int, Decimal] = {}
        for item in self.items:
            units[item.line] = units.get(item.line, Decimal(0)) + item.quantity
        return units
