"""What customs want to know of a parcel, and on which paper.

Postal items carry a CN 22 or a CN 23 (Universal Postal Convention, Regulations, article 20-001): a CN 22 up to 2 kg and
300 SDR, a CN 23 above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from orders.policies.routing.borders import read_borders

_OUTSIDE = {
    "ES": ("35", "38", "51", "52"),  # Canary Islands (for VAT), Ceuta, Melilla
    "FI": ("22",),  # Åland (for VAT)
    "FR": ("971", "972", "973", "974", "976"),
    "IT": ("23041",),  # Livigno
    "DE": ("27498", "78266"),  # Heligoland, Büsingen
    "GR": ("630",),  # Mount Athos
}
"""Postal codes inside a member state that need a declaration all the same."""

CN22_GRAMS = 2_000
CN22_ITEMS = 4
"""Rows of the form."""
CN22_VALUES = {
    currency: Decimal(value)
    for currency, value in {
        "EUR": 350,
        "USD": 380,
        "GBP": 270,
        "CHF": 320,
        "SEK": 3_600,
        "NOK": 3_700,
        "DKK": 2_600,
        "PLN": 1_400,
        "CZK": 8_300,
        "CAD": 520,
        "AUD": 570,
        "JPY": 54_000,
        "CNY": 2_600,
        "HKD": 2_900,
        "SGD": 480,
    }.items()
}
"""About 300 SDR, rounded down. A CN 23 is right above and never wrong, so it is taken for any other currency."""
IOSS_EUROS = Decimal(150)


class Reason(StrEnum):
    """The categories of CN 22 and CN 23."""

    GIFT = "gift"
    DOCUMENTS = "documents"
    SALE = "sale of goods"
    SAMPLE = "commercial sample"
    RETURN = "returned goods"
    OTHER = "other"


class Form(StrEnum):
    CN22 = "CN 22"
    CN23 = "CN 23"


@dataclass(frozen=True, slots=True)
class DeclaredItem:
    """Units of one thing. `unit_value` is in the declaration's currency, net of the tax that exports do not bear."""

    description: str
    quantity: Decimal
    unit_value: Decimal
    grams: int
    hs_code: str
    origin: str
    sku: str = ""

    @property
    def value(self) -> Decimal:
        return self.quantity * self.unit_value


@dataclass(frozen=True, slots=True)
class Declaration:
    """The content of one parcel."""

    items: Sequence[DeclaredItem]
    currency: str
    signed_on: date
    signed_by: str
    reason: Reason = Reason.SALE
    gross_grams: int | None = None

    @property
    def value(self) -> Decimal:
        return sum((item.value for item in self.items), Decimal(0))

    @property
    def net_grams(self) -> int:
        return sum(item.grams for item in self.items)

    @property
    def grams(self) -> int:
        """With its packing, where that is known."""
        return max(self.gross_grams or 0, self.net_grams)


def needs_declaration(*, origin: str, destination: str, postal_code: str = "") -> bool:
    """True between two customs territories, and where a place inside one is not part of it."""
    if postal_code.replace(" ", "").startswith(_OUTSIDE.get(destination, ())):
        return True
    return origin != destination and not any({origin, destination} <= members for members in _territories().values())


@cache
def _territories() -> dict[str, frozenset[str]]:
    """Customs territories of several countries that tax as one, by their code."""
    return {union.code: union.members for union in read_borders().unions if union.one_tax}


def choose_form(declaration: Declaration) -> Form:
    """The postal form for this content."""
    limit = CN22_VALUES.get(declaration.currency)
    if limit is None or declaration.value > limit or declaration.grams > CN22_GRAMS:
        return Form.CN23
    return Form.CN22 if len(declaration.items) <= CN22_ITEMS else Form.CN23


def covered_by_ioss(declaration: Declaration, *, origin: str, destination: str) -> bool:
    """Goods for a customer in the EU from outside, worth 150 euros at most: their VAT was paid at the sale."""
    union = _territories()["EU"]
    imported = destination in union and origin not in union
    return imported and declaration.currency == "EUR" and declaration.value <= IOSS_EUROS


def list_gaps(declaration: Declaration) -> list[str]:
    """What an officer would miss, as sentences; empty when nothing."""
    missing = {"HS code": "hs_code", "country of origin": "origin", "weight": "grams"}
    return [
        f"{item.sku or item.description} has no {name}."
        for item in declaration.items
        for name, field in missing.items()
        if not getattr(item, field)
    ]
