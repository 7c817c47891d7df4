"""What planning an edit looks at: the order as it stands, and what could become part of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from oms.errors import Refused
from oms.money import round_amount

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """A line of the order. `id` None: it is new. `discount` and `tax` are the whole line's, weight one unit's.

    `offer_item`: what was offered and became this line; `follows`: the line of which a new one takes units.
    """

    id: int | None
    position: int
    kind: str
    variant_id: int | None
    product_id: int | None
    sku: str
    title: str
    options: Mapping[str, Any] = field(default_factory=dict)
    quantity: Decimal
    cancelled: Decimal = NOTHING
    fulfilled: Decimal = NOTHING
    unit_price: Decimal
    discount: Decimal = NOTHING
    tax: Decimal = NOTHING
    weight_grams: int = 0
    offer_item: int | None = None
    follows: int | None = None

    @property
    def settled(self) -> Decimal:
        """Units that can change no more: shipped, or cancelled elsewhere."""
        return self.cancelled + self.fulfilled

    @property
    def open(self) -> Decimal:
        """Units still to be sent."""
        return self.quantity - self.settled

    def value(self, currency: str) -> Decimal:
        """What its units cost before any discount."""
        return round_amount(self.quantity * self.unit_price, currency)

    def net(self, currency: str) -> Decimal:
        """What they cost after the line's own discount."""
        return self.value(currency) - self.discount


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """The order as it stands. `authorized`: promised by a bank, not captured; `leaving`: on its way back for good."""

    number: str
    version: int
    channel_id: int
    currency: str
    tax_included: bool
    address: Mapping[str, str]
    email: str
    phone: str
    shipping_method: str
    shipping_total: Decimal
    shipping_tax: Decimal
    discount_total: Decimal
    tax_total: Decimal
    tip_total: Decimal
    duty_total: Decimal
    total: Decimal
    credited: Decimal
    paid: Decimal
    refunded: Decimal
    authorized: Decimal
    leaving: Decimal = NOTHING
    lines: tuple[LineState, ...]

    @property
    def extra_discount(self) -> Decimal:
        """What was taken off the order as a whole."""
        return self.discount_total - sum((line.discount for line in self.lines), NOTHING)

    @property
    def covered(self) -> Decimal:
        """Money that is here, or kept for us."""
        return self.paid - self.refunded - self.leaving + self.authorized

    @property
    def country(self) -> str:
        return self.address.get("country", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A SKU of the catalogue; `available` to a new buyer, `low_at` the level at which it counts as low."""

    variant_id: int
    product_id: int
    sku: str
    title: str
    options: Mapping[str, Any]
    price: Decimal | None
    currency: str
    category_id: int | None
    divisible: bool
    active: bool
    weight_grams: int
    available: Decimal
    low: bool
    low_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A row of the shipping rate table. Weights in grams, from inclusive, below exclusive."""

    channel_id: int | None
    country: str
    method: str
    title: str
    currency: str
    price: Decimal
    free_from: Decimal | None
    weight_from: int
    weight_below: int | None
    tax_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """A row of the tax table; the rate is a share: 0.19."""

    country: str
    province: str
    category_id: int | None
    rate: Decimal
    from_date: date
    until_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What was offered with the order, by whoever makes offers: so many units at a price, `discount` off all of them.

    `together`: the items of a bundle, this one among them: its discount holds while something of each is left.
    `waived_shipping`: what shipping cost before the offer made it free. `refusal`: why it cannot be taken (any more).
    """

    item: int
    sku: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = NOTHING
    together: frozenset[int] = frozenset()
    frees_shipping: bool = False
    waived_shipping: Decimal | None = None
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an edit may draw on. Choices by SKU: those that the operations name, and those of the order's lines.

    Deals by item: those that the operations name, and those that became lines of the order.
    """

    choices: Mapping[str, Choice]
    rates: tuple[Rate, ...]
    taxes: tuple[TaxRow, ...]
    today: date
    deals: Mapping[int, Deal] = field(default_factory=dict)
