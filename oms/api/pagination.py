"""Pages by keyset: the next one begins after the last row of this one, so page 10,000 costs what page 1 costs.

A cursor is the last row's place in the order, signed for its list: a forged or foreign one is refused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import orjson
from django.core import signing
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from oms.api.problems import Problem
from oms.errors import FieldError

Place = tuple[Any, ...]
Row = TypeVar("Row")
AnyModel = TypeVar("AnyModel", bound=Model)

_TYPES: dict[type, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
    int: int,
    str: str,
}


class _Compact:
    """How `signing` writes a cursor's values."""

    def dumps(self, value: Any) -> bytes:
        return orjson.dumps(value, default=str)

    def loads(self, raw: bytes) -> Any:
        return orjson.loads(raw)


@dataclass(frozen=True)
class Keyset:
    """A list's order: columns that together name each row once and are never null, all in the same direction.

    `name` is the list's own (a cursor of another list is refused); `columns` maps each column to its type.
    """

    name: str
    columns: Mapping[str, type]
    descending: bool = False
    _signer: signing.Signer = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_signer", signing.Signer(salt=f"cursor:{self.name}", sep="."))

    def read_cursor(self, cursor: str) -> Place | None:
        """The place after which the page begins; None: at the start.

        Raises:
            Problem: 400 `cursor_invalid`.
        """
        if not cursor:
            return None
        try:
            values = self._signer.unsign_object(cursor, serializer=_Compact)
        except Exception:  # whatever a forger thought of
            detail = "This cursor is none of this list's."
            errors = [FieldError("/cursor", "cursor_invalid", detail)]
            raise Problem(400, "cursor_invalid", detail, errors=errors) from None
        return tuple(_TYPES[type_](value) for type_, value in zip(self.columns.values(), values, strict=True))

    def write_cursor(self, place: Sequence[Any]) -> str:
        return self._signer.sign_object(list(place), serializer=_Compact)

    def narrow(self, queryset: QuerySet[AnyModel, Row], after: Place | None) -> QuerySet[AnyModel, Row]:
        """The queryset in this order, from `after` on."""
        if after is not None:
            here = Func(*map(F, self.columns), function="ROW", output_field=BooleanField())
            there = Func(*map(Value, after), function="ROW", output_field=BooleanField())
            queryset = queryset.filter(LessThan(here, there) if self.descending else GreaterThan(here, there))
        return queryset.order_by(*(f"-{column}" if self.descending else column for column in self.columns))

    def condition(self, after: Place | None, *, names: Sequence[str]) -> tuple[str, list[Any]]:
        """The same for hand-written SQL: a condition on the columns (by `names` as the statement knows them)."""
        if after is None:
            return "TRUE", []
        sign = "<" if self.descending else ">"
        return f"({', '.join(names)}) {sign} ({', '.join(['%s'] * len(after))})", list(after)

    def page(
        self, rows: Sequence[Row], *, limit: int, place: Callable[[Row], Sequence[Any]]
    ) -> tuple[list[Row], str | None]:
        """The page's rows out of up to `limit` + 1 fetched ones, and the cursor of the next page."""
        shown = list(rows[:limit])
        more = len(rows) > limit
        return shown, self.write_cursor(place(shown[-1])) if more else None


def answer_page(results: Iterable[Any], next_cursor: str | None) -> dict[str, Any]:
    """The body of every list."""
    return {"results": list(results), "next_cursor": next_cursor}
