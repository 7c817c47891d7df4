"""Words that bodies and queries are made of: strict types, and a JSON schema that says exactly what is taken."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from oms.countries import COUNTRIES
from oms.currencies import MINOR_UNITS
from oms.money import fits_minor_unit

LARGEST_INTEGER = 2**31 - 1
AMOUNT = r"[0-9]{1,12}(\.[0-9]{1,4})?"


class Body(BaseModel):
    """Unknown fields are errors: a misspelt one would be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def text(most: int, *, least: int = 0, pattern: str | None = None) -> Any:
    """A string's limits. NUL never gets this far: `oms.api.parsing` refuses it."""
    return StringConstraints(strict=True, min_length=least, max_length=most, pattern=pattern)


def member_of(words: frozenset[str], code: str, meant: str) -> Callable[[str], str]:
    """A validator: the value is one of many words, too many to list in a schema."""

    def refuse_stranger(value: str) -> str:
        if value not in words:
            raise PydanticCustomError(code, "{value} is not {meant}.", {"value": value, "meant": meant})
        return value

    return refuse_stranger


def _decimal_text(value: Any) -> Any:
    if not (isinstance(value, str) and re.fullmatch(AMOUNT, value)):
        raise PydanticCustomError("amount_not_a_string", 'Send amounts as strings, like "19.90".')
    return value


def exact_number(value: Any) -> Any:
    """A JSON number becomes the decimal that was written; a string or true is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("not_a_number", "Send a number.")
    return str(value)


_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", re.ASCII)


def _moment(value: Any) -> Any:
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.match(value)):
        return value
    raise PydanticCustomError("not_a_moment", "Send a moment like 2026-11-21T09:30:00Z.")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: Any) -> Any:
    """A moment is none: in which zone it would be that day is nobody's to guess."""
    if (isinstance(value, date) and not isinstance(value, datetime)) or (
        isinstance(value, str) and _DAY.fullmatch(value)
    ):
        return value
    raise PydanticCustomError("not_a_day", "Send a day like 2026-12-03.")


def _flag(value: Any) -> Any:
    if value not in ("true", "false"):
        raise PydanticCustomError("not_a_flag", "Send true or false.")
    return value == "true"


def _digits(value: Any) -> Any:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10):
        raise PydanticCustomError("not_a_whole_number", "Send a whole number.")
    return int(value)


AmountText = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    WithJsonSchema({"type": "string", "pattern": f"^{AMOUNT}$", "examples": ["19.90"]}),
]
CurrencyCode = Annotated[
    str,
    text(3, pattern="^[A-Z]{3}$"),
    AfterValidator(member_of(frozenset(MINOR_UNITS), "unknown_currency", "an ISO 4217 currency")),
]
CountryCode = Annotated[
    str, text(2, pattern="^[A-Z]{2}$"), AfterValidator(member_of(COUNTRIES, "unknown_country", "an ISO 3166 country"))
]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
"""RFC 3339 with its zone; seconds since 1970, which pydantic would take too, are not."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day of the calendar, without a zone."""
WholeNumber = Annotated[StrictInt, Field(ge=0, le=LARGEST_INTEGER)]

Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
"""In a query string."""
PageSize = Annotated[int, Field(ge=1, le=250), BeforeValidator(_digits)]
"""In a query string."""


class MoneyBody(Body):
    """An amount in its currency's minor unit."""

    amount: AmountText
    currency: CurrencyCode

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not fits_minor_unit(self.amount, self.currency):
            raise PydanticCustomError(
                "too_many_decimals",
                "{amount} has more decimals than {currency} knows.",
                {"amount": str(self.amount), "currency": self.currency},
            )
        return self


class PageQuery(Body):
    """What every list takes."""

    limit: Annotated[PageSize, Field(description="Results on a page.")] = 50
    cursor: Annotated[str, text(1_000), Field(description="`next_cursor` of the page before.")] = ""
