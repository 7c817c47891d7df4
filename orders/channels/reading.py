"""Reading foreign JSON: tolerant in form (19.9, "19.90", null, missing), exact in value, and never with a surprise.

Whatever stands in a document, a reader answers with a value or refuses with a place and a reason.
"""

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

import orjson

from oms.countries import COUNTRIES
from oms.currencies import MINOR_UNITS
from orders.channels.reasons import cannot_take

LARGEST = Decimal(10) ** 11
"""From here on a number is a mistake; below, a float and every product of two numbers is exact."""
SMALLEST = Decimal("1e-9")
"""Nearer to zero than this, but not zero, a number is a mistake, too."""
LARGEST_ID = 10**20
LONGEST_ID = 100

_DECIMAL = re.compile(r"[+-]?(\d{1,15}(\.\d{0,20})?|\.\d{1,20})", re.ASCII)
_FINEST = Decimal("0.0001")
_OTHER_NAMES = {"UK": "GB", "EL": "GR"}
"""Codes in wide use (the EU's own) that ISO 3166 writes differently."""


def parse_json(raw: bytes) -> Any:
    """The document in these bytes; a byte order mark is forgiven.

    Raises:
        CannotTake: broken_json
    """
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise cannot_take("broken_json", problem=f"{error.msg} (line {error.lineno}, column {error.colno})") from None


def unwrap(document: Any) -> Any:
    """What an envelope {"_source": …, "body": …} holds; any other document is its own content."""
    if isinstance(document, dict) and "body" in document and document.keys() <= {"_source", "body"}:
        return document["body"]
    return document


def split_document(document: Any) -> list[Any]:
    """The members of a list of orders; any other document is its own only member.

    Those of {"orders": […]} stand as {"order": …}: each still says that it means to be an order.
    """
    content = unwrap(document)
    if isinstance(content, dict) and content.keys() == {"orders"} and isinstance(content["orders"], list):
        return [{"order": member} for member in content["orders"]] or [content]
    return content if isinstance(content, list) and content else [content]


def read_decimal(value: str | float | Decimal) -> Decimal:
    """The number that was written, zeros beyond the fourth decimal left out.

    A float stands for its shortest decimal, which is what the sender wrote (up to 15 digits).

    Raises:
        ValueError: it is none, or beyond 10¹¹, or within 10⁻⁹ of zero.
    """
    if isinstance(value, str):
        text = value.strip()
        if not _DECIMAL.fullmatch(text):
            raise ValueError(value)
        number = Decimal(text)
    elif isinstance(value, float):
        number = Decimal(repr(value)) if isfinite(value) else LARGEST
    else:
        number = Decimal(value)
    if not number.is_finite() or abs(number) >= LARGEST or (number and abs(number) < SMALLEST):
        raise ValueError(value)
    return _tidy(number)


def _tidy(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -4 <= exponent <= 0:
        return number
    rounded = number.quantize(_FINEST)
    return rounded if rounded == number else number


def is_storable(value: str) -> bool:
    """False for half of a surrogate pair, which JSON can smuggle in and no database takes."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean(value: str) -> str:
    """Without surrounding blanks and without NUL, which PostgreSQL cannot store and no person typed."""
    return value.replace("\x00", "").strip() if "\x00" in value else value.strip()


class Part:
    """A JSON object inside a message, and where it stands there. Nothing in it is trusted to be of any type."""

    __slots__ = ("place", "value")

    def __init__(self, value: dict[str, Any], place: str = "") -> None:
        self.value = value
        self.place = place

    def has(self, name: str) -> bool:
        """True when it is there and is neither null nor empty."""
        return self.value.get(name) not in (None, "", [], {})

    def at(self, name: str) -> str:
        """The place of a member, as a JSON pointer."""
        return f"{self.place}/{name}"

    def text(self, name: str) -> str:
        """A string, or a whole number written out; empty when missing."""
        value = self.value.get(name)
        if value is None:
            return ""
        if isinstance(value, str) and is_storable(value):
            return clean(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_ID:
            return str(value)
        raise cannot_take("unexpected_shape", place=self.at(name), wanted="text", found=value)

    def identity(self, name: str) -> str:
        """An id of something: text of 100 letters at most; empty when missing."""
        text = self.text(name)
        if len(text) > LONGEST_ID:
            raise cannot_take(
                "unexpected_shape", place=self.at(name), wanted="an id of 100 letters at most", found=text
            )
        return text

    def words(self, name: str, most: int) -> str:
        """Text that may be cut without harm: a title, a note, a reason."""
        text = self.text(name)
        return text if len(text) <= most else text[: most - 1] + "…"

    def amount(self, name: str) -> Decimal | None:
        """A number; None when missing or empty."""
        value = self.value.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool):
            try:
                return read_decimal(value)
            except ValueError:
                pass
        raise cannot_take("unreadable_amount", place=self.at(name), found=value)

    def sum_of(self, *names: str) -> Decimal:
        """These amounts together; what is missing is zero."""
        return sum((self.amount(name) or Decimal(0) for name in names), Decimal(0))

    def moment(self, name: str, *, zone: tzinfo | None = None) -> datetime | None:
        """A moment by ISO 8601 or RFC 2822; None when missing. `zone` holds where the text names none."""
        text = self.text(name)
        if not text or text.startswith("0000-00-00"):
            return None
        moment = _read_moment(text)
        if moment is None:
            raise cannot_take("unreadable_date", place=self.at(name), found=text)
        if moment.tzinfo is None:
            if zone is None:
                raise cannot_take("date_without_zone", place=self.at(name), found=text)
            moment = moment.replace(tzinfo=zone)
        return moment

    def flag(self, name: str) -> bool:
        """True or false; false when missing. Some channels write it as a word or as 0 and 1."""
        value = self.value.get(name)
        if value is None or value == "":
            return False
        word = str(value).lower() if isinstance(value, bool | str) or value in (0, 1) else ""
        if word in ("true", "1", "yes"):
            return True
        if word in ("false", "0", "no"):
            return False
        raise cannot_take("unexpected_shape", place=self.at(name), wanted="true or false", found=value)

    def part(self, name: str) -> "Part":
        """An object; empty when missing."""
        value = self.value.get(name)
        if value is None or value in ("", []):  # PHP writes an empty object as a list
            value = {}
        if not isinstance(value, dict):
            raise cannot_take("unexpected_shape", place=self.at(name), wanted="an object", found=value)
        return Part(value, self.at(name))

    def parts(self, name: str) -> list["Part"]:
        """A list of objects; empty when missing."""
        value = self.value.get(name)
        if value is None or value in ("", {}):
            return []
        if not isinstance(value, list):
            raise cannot_take("unexpected_shape", place=self.at(name), wanted="a list", found=value)
        return list(_parts_of(value, self.at(name)))

    def currency(self, name: str) -> str:
        """An ISO 4217 code; empty when missing."""
        code = self.text(name).upper()
        if code and code not in MINOR_UNITS:
            raise cannot_take("unknown_currency", place=self.at(name), found=code)
        return code

    def country(self, name: str) -> str:
        """An ISO 3166 code; empty when missing."""
        code = self.text(name).upper()
        code = _OTHER_NAMES.get(code, code)
        if code and code not in COUNTRIES:
            raise cannot_take("unknown_country", place=self.at(name), found=code)
        return code


def _parts_of(values: list[Any], place: str) -> Iterator[Part]:
    for position, value in enumerate(values):
        if not isinstance(value, dict):
            raise cannot_take("unexpected_shape", place=f"{place}/{position}", wanted="an object", found=value)
        yield Part(value, f"{place}/{position}")


def _read_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
