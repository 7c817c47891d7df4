"""`IncomingOrder`: what every channel's message becomes before anything is done with it.

It is also the body of `POST /orders`. The validators are compiled (pydantic): 3 lines take about 30 µs.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from oms.countries import COUNTRIES
from oms.money import MINOR_UNITS, fits_minor_unit

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No order is older; a date before it is a mistake of the sender's."""

MAX_LINES = 5_000


def _no_float(value: Any) -> Any:
    if isinstance(value, float | bool):
        raise PydanticCustomError("amount_not_a_string", 'Send decimals as strings, like "19.90".')
    return value


def _lower_email(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _known_currency(value: str) -> str:
    if value not in MINOR_UNITS:
        raise PydanticCustomError("unknown_currency", "{code} is not an ISO 4217 currency code.", {"code": value})
    return value


def _known_country(value: str) -> str:
    if value and value not in COUNTRIES:
        raise PydanticCustomError("unknown_country", "{code} is not an ISO 3166 country code.", {"code": value})
    return value


def _possible_moment(value: datetime) -> datetime:
    if not EARLIEST <= value <= datetime.now(UTC) + timedelta(days=1):
        raise PydanticCustomError("impossible_date", "The moment must lie between the year 2000 and now.")
    return value


def text(length: int, least: int = 0) -> Any:
    """A string without NUL, which PostgreSQL cannot store."""
    return StringConstraints(min_length=least, max_length=length, pattern=r"^[^\x00]*$")


Amount = Annotated[
    Decimal, BeforeValidator(_no_float), Field(ge=0, max_digits=16, decimal_places=4, allow_inf_nan=False)
]
Quantity = Annotated[Decimal, BeforeValidator(_no_float), Field(gt=0, le=1_000_000, decimal_places=3)]
Units = Annotated[Decimal, BeforeValidator(_no_float), Field(ge=0, le=1_000_000, decimal_places=3)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_known_currency)]
Country = Annotated[str, text(2), AfterValidator(_known_country)]
Moment = Annotated[AwareDatetime, AfterValidator(_possible_moment)]
Text40, Text60, Text100 = Annotated[str, text(40)], Annotated[str, text(60)], Annotated[str, text(100)]
Text120, Text200, Text255 = Annotated[str, text(120)], Annotated[str, text(200)], Annotated[str, text(255)]


class Incoming(BaseModel):
    """Unknown fields are errors: a misspelt one would be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IncomingCustomer(Incoming):
    """Who bought. Without `email` the order has no customer, only a name and a phone."""

    email: Annotated[
        str, BeforeValidator(_lower_email), StringConstraints(max_length=254, pattern=r"^([^@\s\x00]+@[^@\s\x00]+)?$")
    ] = ""
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
    def is_deliverable(self) -> bool:
        """True when a parcel could be addressed: street, town and country are there."""
        return bool(self.line1 and self.city and self.country)


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
    properties: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _makes_sense(self) -> "IncomingLine":
        if self.kind == "PRODUCT" and not self.sku:
            raise PydanticCustomError("sku_missing", "A product line needs its SKU.")
        if self.kind != "PRODUCT" and not (self.title or self.sku):
            raise PydanticCustomError("title_missing", "A line without SKU needs a title.")
        if self.cancelled_quantity + self.fulfilled_quantity > self.quantity:
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
    fulfilled_at: Moment | None = None
    cancelled_at: Moment | None = None
    cancel_reason: Text255 = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> "IncomingOrder":
        for amount in self._amounts():
            if not fits_minor_unit(amount, self.currency):
                raise PydanticCustomError(
                    "too_many_decimals",
                    "{amount} has more decimals than {currency} knows.",
                    {"amount": str(amount), "currency": self.currency},
                )
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
