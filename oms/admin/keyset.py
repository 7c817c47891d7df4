"""Pages by keyset: the next page begins after the last row of this one, so page 10,000 costs what page 1 does."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows, and the tokens of the pages beside them; "" where there is none."""

    rows: list[Row]
    previous: str = ""
    next: str = ""


def slice_page(queryset: QuerySet[Row], *, order: Sequence[str], token: str, size: int) -> Page[Row]:
    """One page of `queryset`. `order` names the columns of a unique sort, all ascending or all with a leading minus.

    A token that nobody gave out shows the first page.
    """
    backward, values = _read(token)
    direction = [_flip(name) for name in order] if backward else list(order)
    rows = queryset.order_by(*direction)
    if values is None:
        found = list(rows[: size + 1])
    else:
        try:
            found = list(rows.filter(_beyond(direction, values))[: size + 1])
        except (ValidationError, ValueError, TypeError, DataError):
            return slice_page(queryset, order=order, token="", size=size)

    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    has_previous, has_next = (more, True) if backward else (values is not None, more)
    return Page(
        rows=found,
        previous=_write("b", order, found[0]) if found and has_previous else "",
        next=_write("n", order, found[-1]) if found and has_next else "",
    )


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes after `values` in a sort by `order`: a range of the first column, so that its index serves."""
    (name, *names), (value, *rest) = order, values
    column, operator = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    after = Q(**{f"{column}__{operator}": value})
    if not names:
        return after
    return Q(**{f"{column}__{operator}e": value}) & (after | _beyond(names, rest))


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _write(direction: str, order: Sequence[str], row: Model) -> str:
    values = [_value(row, name.lstrip("-")) for name in order]
    return direction + base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    for name in path.split(LOOKUP_SEP):
        row = getattr(row, name)
    return row


def _read(token: str) -> tuple[bool, list[Any] | None]:
    """Backward or not, and the values to begin after; None for the first page."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(token[1:] + "=" * (-len(token[1:]) % 4)))
    except (ValueError, binascii.Error):
        return False, None
    if token[0] not in "bn" or not isinstance(values, list):
        return False, None
    return token[0] == "b", values
