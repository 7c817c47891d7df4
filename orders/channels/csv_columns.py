"""The column map of a CSV file: which column is what, and which rows are no order. Written in TOML or as JSON.

    [columns]    our name = the file's column; order fields are read from an order's first row
    [constants]  our name = a value for every order
    [dates]      format (strptime) and zone of moments that name none
    [countries]  the file's country = its ISO 3166 code, or "" where it has none
    [[codes]]    SKUs that are no products (postage, discounts, vouchers), and what to make of their lines
    [[rules]]    orders that are none; the first whose conditions all hold decides

An example stands in `docs/examples/uci_online_retail.toml`.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from oms.pointers import pointer_errors

LINE_COLUMNS = ("line_id", "sku", "title", "quantity", "unit_price", "line_discount", "line_tax")
CUSTOMER_COLUMNS = ("email", "customer_name", "phone", "locale")
ADDRESS_COLUMNS = ("name", "company", "line1", "line2", "city", "province", "postal_code", "country")
AMOUNT_COLUMNS = ("discount", "tip", "duty", "total", "shipping_amount", "shipping_tax")
MOMENT_COLUMNS = ("placed_at", "updated_at", "cancelled_at", "fulfilled_at", "ship_after")
TEXT_COLUMNS = (
    *("external_id", "external_number", "currency", "shipping_method", "note", "tags", "cancel_reason", "cancels"),
    *("payment_status", "payment_gateway", "payment_reference"),
)
ORDER_COLUMNS = (*TEXT_COLUMNS, *MOMENT_COLUMNS, *AMOUNT_COLUMNS, *CUSTOMER_COLUMNS, *ADDRESS_COLUMNS)


class BadColumnMap(ValueError):
    """The map is wrong, or it does not fit the file; the message says where."""


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dates(_Words):
    """How moments are written; without a format by ISO 8601."""

    format: str = ""
    zone: str = "UTC"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{zone} is no time zone") from error
        return zone


class Codes(_Words):
    """SKUs, named or by pattern, that are no products. Upper and lower case are the same."""

    match: tuple[str, ...] = ()
    pattern: str = ""
    kind: Literal["FEE", "GIFT_CARD", "CUSTOM", "DISCOUNT"]

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        return _checked(pattern)

    @model_validator(mode="after")
    def _names_something(self) -> "Codes":
        if not (self.match or self.pattern):
            raise ValueError("name the codes by match or by pattern")
        return self


class Conditions(_Words):
    """What must hold of an order's rows, all of it."""

    external_id: str = Field(default="", description="A pattern that the id fits from its beginning.")
    every_price: Literal["zero", ""] = ""
    every_quantity: Literal["negative", ""] = ""
    customer: bool | None = Field(default=None, description="Whether anybody is named as the buyer.")
    goods: bool | None = Field(default=None, description="Whether any line is more than a fee or a discount.")

    @model_validator(mode="after")
    def _asks_something(self) -> "Conditions":
        if not self.model_dump(exclude_defaults=True):
            raise ValueError("name a condition: without one every order would be none")
        return self

    @field_validator("external_id")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        return _checked(pattern)


class Rule(_Words):
    """An order that is none. A cancellation needs the column `cancels`, which names the order it cancels."""

    when: Conditions
    then: Literal["not_an_order", "cancellation"]
    reason: str = Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")
    detail: str = ""


class Constants(_Words):
    """Values of every order."""

    currency: str = Field(default="", pattern="^([A-Z]{3})?$")
    country: str = Field(default="", pattern="^([A-Z]{2})?$")
    tax_included: bool = False
    payment_status: str = ""
    payment_gateway: str = "manual"
    shipping_method: str = ""
    fulfilled: bool = Field(default=False, description="The orders are history: each was sent when it was placed.")
    test: bool = False
    tags: tuple[str, ...] = ()


class ColumnMap(_Words):
    """See the module."""

    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    decimal_comma: bool = False
    columns: dict[str, str]
    constants: Constants = Constants()
    dates: Dates = Dates()
    countries: dict[str, str] = Field(default_factory=dict)
    codes: tuple[Codes, ...] = ()
    rules: tuple[Rule, ...] = ()

    @field_validator("columns")
    @classmethod
    def _known_and_whole(cls, columns: dict[str, str]) -> dict[str, str]:
        if strangers := sorted(columns.keys() - {*ORDER_COLUMNS, *LINE_COLUMNS}):
            raise ValueError(f"there is no field {', '.join(strangers)}")
        if missing := sorted({"external_id", "placed_at", "sku", "quantity", "unit_price"} - columns.keys()):
            raise ValueError(f"there must be a column for {', '.join(missing)}")
        return columns

    @model_validator(mode="after")
    def _has_a_currency(self) -> "ColumnMap":
        if not self.constants.currency and "currency" not in self.columns:
            raise ValueError("name the currency: a column or a constant")
        return self


def read_column_map(document: Mapping[str, Any]) -> ColumnMap:
    """The map in a TOML or JSON document.

    Raises:
        BadColumnMap: with every mistake and its place.
    """
    try:
        return ColumnMap.model_validate(document)
    except ValidationError as error:
        wrong = [f"{each.pointer or '/'}: {each.detail}" for each in pointer_errors(error, document)]
        raise BadColumnMap(" ".join(wrong)) from None


def _checked(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern} is no pattern: {error}") from error
    return pattern
