"""Return terms as values: what an edition holds as JSON, and what it is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from returns.choices import Condition, FinalSale, Method, Resolution

SCOPE = ("product_tag", "category", "customer_tier", "channel", "country")
"""What a row can be for, the most telling first: of two rows that say as much, goods count before people and places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One row. An empty field of its scope fits everything; `category` is a code and fits all that is below it.

    `days` from delivery; `label_fee` is in `fee_currency`, `restocking_percent` and `credit_rate` in percent. Nothing
    that was ever kept has the id 0: that is what the law gives where no row does.
    """

    id: int
    name: str
    category: str = ""
    product_tag: str = ""
    channel: str = ""
    country: str = ""
    customer_tier: str = ""
    days: int
    fallback_days: int = 7
    final_sale: FinalSale | None = None
    conditions: tuple[Condition, ...] = ()
    resolutions: tuple[Resolution, ...] = tuple(Resolution)
    methods: tuple[Method, ...] = (Method.PREPAID_LABEL, Method.OWN_CARRIER)
    label_fee: Decimal = Decimal(0)
    fee_currency: str = ""
    restocking_percent: Decimal = Decimal(0)
    bears: str = "MERCHANT"
    shipping_refund: str = "WHOLE_ORDER"
    credit_rate: Decimal = Decimal(110)
    credit_months: int | None = None

    @property
    def scope(self) -> dict[str, str]:
        """What it is for; empty: for everything."""
        return {name: value for name in SCOPE if (value := getattr(self, name))}

    @property
    def takes_back(self) -> bool:
        """Whether anything comes back under it at all, as far as the merchant decides."""
        return self.days > 0 and self.final_sale is None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What terms are chosen by. `category` is the path of codes from the top down, () for goods in none."""

    category: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    channel: str = ""
    country: str = ""
    tier: str = ""


def read_terms(rows: Sequence[Mapping[str, Any]]) -> tuple[Terms, ...]:
    """The terms of an edition's document; what an older one does not say is as it would be in a new row."""
    return tuple(map(read_row, rows))


def read_row(row: Mapping[str, Any]) -> Terms:
    given = {name: value for name, value in row.items() if name in _PLAIN}
    words: dict[str, Any] = {name: tuple(map(word, row[name])) for name, word in _WORDS.items() if name in row}
    figures: dict[str, Any] = {name: Decimal(row[name]) for name in _FIGURES if name in row}
    final_sale = FinalSale(row["final_sale"]) if row.get("final_sale") else None
    return Terms(**given, **words, **figures, final_sale=final_sale)


_PLAIN = frozenset(
    {"id", "name", *SCOPE, "days", "fallback_days", "fee_currency", "bears", "shipping_refund", "credit_months"}
)
_WORDS = {"conditions": Condition, "resolutions": Resolution, "methods": Method}
_FIGURES = ("label_fee", "restocking_percent", "credit_rate")
