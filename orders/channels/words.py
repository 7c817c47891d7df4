"""The words that an `IncomingOrder` is made of: what an amount, a moment, a country, a text may be.

Compiled checks (pydantic) that call Python only for what a table or a clock must answer.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, GetPydanticSchema, StringConstraints
from pydantic_core import PydanticCustomError, core_schema

from oms import bodies
from oms.countries import COUNTRIES
from oms.currencies import MINOR_UNITS

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No order is older; a date before it is a mistake of the sender's."""
CLOCKS_DIFFER_BY = timedelta(days=1)

MAX_PROPERTIES = 20_000
"""Bytes of JSON that one line's properties may take."""

ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def _known_currency(value: str) -> str:
    if value not in MINOR_UNITS:
        raise PydanticCustomError("unknown_currency", "{code} is not an ISO 4217 currency code.", {"code": value})
    return value


def _known_country(value: str) -> str:
    if value and value not in COUNTRIES:
        raise PydanticCustomError("unknown_country", "{code} is not an ISO 3166 country code.", {"code": value})
    return value


def _possible_moment(value: datetime) -> datetime:
    if not EARLIEST <= value <= datetime.now(UTC) + CLOCKS_DIFFER_BY:
        raise PydanticCustomError("impossible_date", "The moment must lie between the year 2000 and now.")
    return value


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL stores no NUL, and JSON no half of a surrogate pair."""
    try:
        written = orjson.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise PydanticCustomError("not_json", "These properties cannot be written as JSON.") from error
    if len(written) > MAX_PROPERTIES:
        raise PydanticCustomError("properties_too_long", "The properties of a line may take 20,000 bytes.")
    if ESCAPED_NUL.search(written):
        raise PydanticCustomError("nul_character", "Text must not contain the NUL character.")
    return value


def text(length: int, least: int = 0) -> Any:
    """A string without NUL, which PostgreSQL cannot store."""
    return StringConstraints(min_length=least, max_length=length, pattern=r"^[^\x00]*$")


def decimals(code: str, message: str, *, pattern: str, most_places: int, **bounds: Any) -> GetPydanticSchema:
    """A decimal sent as a string or a whole number.

    The pattern counts a string's digits, which is quicker than counting a decimal's.
    """
    within = core_schema.decimal_schema(allow_inf_nan=False, **bounds)
    exact = core_schema.decimal_schema(allow_inf_nan=False, max_digits=16, decimal_places=most_places, **bounds)
    written = core_schema.chain_schema([core_schema.str_schema(strict=True, pattern=pattern), within])
    ready = core_schema.chain_schema([core_schema.is_instance_schema(Decimal), exact])
    whole = core_schema.chain_schema([core_schema.int_schema(strict=True), exact])
    schema = core_schema.union_schema(
        [written, ready, whole], mode="left_to_right", custom_error_type=code, custom_error_message=message
    )
    shape = {"anyOf": [{"type": "string", "pattern": pattern}, {"type": "integer", "minimum": 0}]}
    return GetPydanticSchema(lambda _source, _handler: schema, lambda _schema, _handler: shape)


def units(bound: str, **lower: Decimal) -> GetPydanticSchema:
    """Units of a SKU, to the thousandth."""
    message = f'Send units as a whole number or a string like "2.5": {bound}, at most 1,000,000, to the thousandth.'
    pattern = r"^[0-9]{1,7}(\.[0-9]{1,3})?$"
    return decimals("invalid_quantity", message, pattern=pattern, most_places=3, le=Decimal(1_000_000), **lower)


Amount = Annotated[
    Decimal,
    decimals(
        "invalid_amount",
        'Send an amount as a string like "19.90": not negative, 12 digits at most before the point and 4 after it.',
        pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$",
        most_places=4,
        ge=Decimal(0),
    ),
]
Quantity = Annotated[Decimal, units("more than 0", gt=Decimal(0))]
Units = Annotated[Decimal, units("not negative", ge=Decimal(0))]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_known_currency)]
Country = Annotated[str, text(2), AfterValidator(_known_country)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^([^@\s\x00]+@[^@\s\x00]+)?$"),
]
Moment = Annotated[bodies.Moment, AfterValidator(_possible_moment)]
"""RFC 3339 with its zone, from the year 2000 to a day from now: 1900 and 2100 are somebody's mistake."""
Properties = Annotated[dict[str, Any], AfterValidator(_storable)]
Text40 = Annotated[str, text(40)]
Text60 = Annotated[str, text(60)]
Text100 = Annotated[str, text(100)]
Text120 = Annotated[str, text(120)]
Text200 = Annotated[str, text(200)]
Text255 = Annotated[str, text(255)]
