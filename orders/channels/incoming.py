"""`IncomingOrder`: what every channel's message becomes before anything is done with it.

It is also the body of `POST /orders`. What needs Python runs once an order or once a line, not once a field: an order
of 3 lines takes about 30 µs.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from oms.bodies import Day
from oms.currencies import MINOR_UNITS
from oms.money import fits_minor_unit
from orders.channels.words import (
    Amount,
    Country,
    Currency,
    Email,
    Moment,
    Properties,
    Quantity,
    Text40,
    Text60,
    Text100,
    Text120,
    Text200,
    Text255,
    Units,
    text,
)

MAX_LINES = 5_000
EARLIEST, LATEST = timedelta(days=-1), timedelta(days=731)
"""Between which an order may be wished to leave, from the day (UTC) on which it was placed."""


class Incoming(BaseModel):
    """Unknown fields are errors: a misspelt one would be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IncomingCustomer(Incoming):
    """Who bought. Without `email` the order has no customer, only a name and a phone."""

    email: Email = ""
    name: Text200 = ""
    phone: Text40 = ""
    locale: Annotated[str, text(20)] = ""
    accepts_marketing: bool = False


class IncomingAddress(Incoming):
    """A postal address as it was given; `country` by two letters."""

    name: Text200 = ""
    company: Text200 = ""
    line1: Text255 = ""
    line2: Text255 = ""
    city: Text120 = ""
    province: Text120 = ""
    postal_code: Annotated[str, text(20)] = ""
    country: Country = ""
    phone: Text40 = ""

    @property
    def gaps(self) -> list[str]:
        """What a parcel could not do without and is not there: street, town, country."""
        needed = {"street": self.line1, "town": self.city, "country": self.country}
        return [name for name, value in needed.items() if not value]


class IncomingLine(Incoming):
    """One line. `discount` and `tax` are the whole line's, not a unit's. Only PRODUCT lines take stock."""

    external_id: Text100 = ""
    kind: Literal["PRODUCT", "CUSTOM", "GIFT_CARD", "FEE"] = "PRODUCT"
    sku: Text100 = ""
    title: Text255 = ""
    quantity: Quantity
    unit_price: Amount
    discount: Amount = Decimal(0)
    tax: Amount = Decimal(0)
    cancelled_quantity: Units = Decimal(0)
    fulfilled_quantity: Units = Decimal(0)
    properties: Properties = Field(default_factory=dict)

    @model_validator(mode="after")
    def _makes_sense(self) -> "IncomingLine":
        if not self.sku:
            if self.kind == "PRODUCT":
                raise PydanticCustomError("sku_missing", "A product line needs its SKU.")
            if not self.title:
                raise PydanticCustomError("title_missing", "A line without SKU needs a title.")
        if self.open_quantity < 0:
            raise PydanticCustomError("quantities_do_not_fit", "More was cancelled and shipped than was ordered.")
        return self

    @property
    def open_quantity(self) -> Decimal:
        return self.quantity - self.cancelled_quantity - self.fulfilled_quantity


class IncomingShipping(Incoming):
    """How it travels and what that costs, after shipping discounts."""

    method: Text120 = ""
    amount: Amount = Decimal(0)
    tax: Amount = Decimal(0)


class IncomingPayment(Incoming):
    """One payment; without `amount` it is for the whole total."""

    status: Literal["PENDING", "AUTHORIZED", "PAID", "VOIDED", "FAILED"]
    gateway: Text60 = "manual"
    reference: Text255 = ""
    amount: Amount | None = None
    captured_at: Moment | None = None


class IncomingRefundLine(Incoming):
    """Units of one line (by the line's external id) that a refund was for."""

    line: Text100
    quantity: Quantity


class IncomingRefund(Incoming):
    """Money that the channel has given back already."""

    external_id: Annotated[str, text(100, 1)]
    amount: Amount
    gateway: Text60 = ""
    reason: Text255 = ""
    refunded_at: Moment
    lines: list[IncomingRefundLine] = Field(default_factory=list, max_length=MAX_LINES)


class IncomingPresentment(Incoming):
    """What the customer saw, in the customer's currency."""

    currency: Currency
    total: Amount

    @model_validator(mode="after")
    def _makes_sense(self) -> "IncomingPresentment":
        _refuse_excess_decimals(self.total, self.currency)
        return self


class IncomingOrder(Incoming):
    """One order of one channel. Amounts are in `currency`; `total` is the channel's own figure, kept beside ours.

    `updated_at` is the channel's clock: an older message than the last one taken changes nothing.
    """

    channel: Annotated[str, text(40, 1)]
    external_id: Annotated[str, text(100, 1)]
    external_number: Text60 = ""
    placed_at: Moment
    updated_at: Moment | None = None
    currency: Currency
    tax_included: bool = False

    customer: IncomingCustomer | None = None
    shipping_address: IncomingAddress | None = None
    billing_address: IncomingAddress | None = None

    lines: list[IncomingLine] = Field(min_length=1, max_length=MAX_LINES)
    shipping: IncomingShipping = Field(default_factory=IncomingShipping)
    discount: Amount = Decimal(0)
    tip: Amount = Decimal(0)
    duty: Amount = Decimal(0)
    total: Amount | None = None
    presentment: IncomingPresentment | None = None

    payment: IncomingPayment | None = None
    payments: list[IncomingPayment] = Field(default_factory=list, max_length=50)
    refunds: list[IncomingRefund] = Field(default_factory=list, max_length=500)

    tags: list[Annotated[str, text(60, 1)]] = Field(default_factory=list, max_length=250)
    note: Annotated[str, text(5_000)] = ""
    test: bool = False
    ship_after: Day | None = Field(
        default=None, description="Not to leave before this day, on the calendar of the warehouse that sends it."
    )
    fulfilled_at: Moment | None = None
    cancelled_at: Moment | None = None
    cancel_reason: Text255 = ""

    @field_validator("ship_after")
    @classmethod
    def _within_reach(cls, day: date | None, known: ValidationInfo) -> date | None:
        placed_at = known.data.get("placed_at")
        if day is None or placed_at is None:
            return day
        if not is_within_reach(day, placed_at):
            detail = "Name a day from that on which the order was placed, within two years."
            raise PydanticCustomError("ship_after_out_of_reach", detail)
        return day

    @model_validator(mode="after")
    def _makes_sense(self) -> "IncomingOrder":
        amounts = self._amounts()
        if _finest(sum(amounts, Decimal(0))) > MINOR_UNITS[self.currency]:
            for amount in amounts:
                _refuse_excess_decimals(amount, self.currency)
        return self

    def _amounts(self) -> list[Decimal]:
        """Everything that is paid in minor units; a unit price may be finer (0.125 a gram)."""
        amounts = [self.discount, self.tip, self.duty, self.shipping.amount, self.shipping.tax]
        amounts += [amount for line in self.lines for amount in (line.discount, line.tax)]
        amounts += [payment.amount for payment in self.all_payments if payment.amount is not None]
        amounts += [refund.amount for refund in self.refunds]
        return amounts if self.total is None else [*amounts, self.total]

    @property
    def all_payments(self) -> list[IncomingPayment]:
        return [self.payment, *self.payments] if self.payment else self.payments

    @property
    def email(self) -> str:
        return self.customer.email if self.customer else ""

    @property
    def needs_address(self) -> bool:
        """True while something of it must still travel."""
        if self.cancelled_at or self.fulfilled_at:
            return False
        return any(line.kind in ("PRODUCT", "CUSTOM") and line.open_quantity > 0 for line in self.lines)


def is_within_reach(day: date, placed_at: datetime) -> bool:
    """True for a day on which an order that was placed then may be wished to leave."""
    return EARLIEST <= day - placed_at.astimezone(UTC).date() <= LATEST


def _finest(total: Decimal) -> int:
    """Written decimals; a sum has as many as the finest of its parts."""
    exponent = total.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _refuse_excess_decimals(amount: Decimal, currency: str) -> None:
    if not fits_minor_unit(amount, currency):
        facts = {"amount": str(amount), "currency": currency}
        raise PydanticCustomError("too_many_decimals", "{amount} has more decimals than {currency} knows.", facts)
