"""What inventory refuses, and why.

Refused
├── StockShort            not enough can be promised; names each SKU and what is left
├── StockPromised         the units are promised to orders and cannot be taken away
├── StockNotThere         the shelf does not hold that many
├── NotAllocated          that many were not set apart for it
Invalid
├── UnknownStock          no such SKU or warehouse
└── SkuTaken              another product has it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms.errors import FieldError, Invalid, Refused
from oms.quantities import plain


@dataclass(frozen=True, slots=True)
class Shortage:
    """One SKU that cannot be promised in full."""

    sku: str
    wanted: Decimal
    available: Decimal

    def as_facts(self) -> dict[str, object]:
        return {"sku": self.sku, "wanted": plain(self.wanted), "available": plain(self.available)}


class StockShort(Refused):
    """Not enough of some SKU is left to promise."""

    code = "stock_short"

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        parts = [f"{s.sku}: {plain(s.wanted)} wanted, {plain(s.available)} left" for s in shortages]
        super().__init__(f"Not enough stock. {'; '.join(parts)}.", skus=[s.as_facts() for s in shortages])
        self.shortages = list(shortages)


class StockPromised(Refused):
    """Taking these units away would break promises that were made to orders."""

    code = "stock_promised"


class NotAllocated(Refused):
    """More units should leave than were set apart for this fulfillment."""

    code = "not_allocated"


class StockNotThere(Refused):
    """The level does not hold what should leave it."""

    code = "stock_not_there"


class UnknownStock(Invalid):
    """No such SKU or warehouse."""

    code = "unknown_stock"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(error.detail for error in errors), errors=errors)


class SkuTaken(Invalid):
    """Another product has this SKU, or the product that has it is not the same in every field."""

    code = "sku_taken"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.detail for error in errors), errors=errors)
