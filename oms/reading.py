"""Rows of one table as objects, by statements that PostgreSQL plans once: for hot paths.

Django's own `filter` builds each statement anew and sends it as a new text: five times the Python, a plan every time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, LiteralString, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from oms.sql import fetch_all

Found = TypeVar("Found", bound=models.Model)
Other = TypeVar("Other", bound=models.Model)


def fetch_objects(model: type[Found], rest: LiteralString, parameters: Sequence[Any]) -> list[Found]:
    """The whole rows. `rest` is what follows FROM <table>: WHERE with %s for each parameter, ORDER BY, FOR …"""
    reader = _reader(model)
    return [reader.read(row) for row in fetch_all(_select(model, rest), parameters)]


def fetch_both(
    first: tuple[type[Found], LiteralString], second: tuple[type[Other], LiteralString], parameters: Sequence[Any]
) -> tuple[list[Found], list[Other]]:
    """Rows of two tables in one statement, each with its `rest` (WHERE …) and in the order of its keys."""
    one, two = _reader(first[0]), _reader(second[0])
    found: list[Found] = []
    others: list[Other] = []
    for row in fetch_all(_select_both(*first, *second), parameters):
        if row[one.key] is not None:
            found.append(one.read(row[: len(one.names)]))
        else:
            others.append(two.read(row[len(one.names) :]))
    return found, others


@cache
def _select_both(first: type[models.Model], rest: str, second: type[models.Model], other: str) -> str:
    """No row of one goes with a row of the other: each comes beside nothing."""
    keys = f"one.{_reader(first).names[_reader(first).key]}, two.{_reader(second).names[_reader(second).key]}"
    one, two = _select(first, rest), _select(second, other)
    return f"SELECT one.*, two.* FROM ({one}) AS one FULL JOIN ({two}) AS two ON FALSE ORDER BY {keys}"  # noqa: S608


@cache
def _select(model: type[models.Model], rest: str) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    return f"SELECT {columns} FROM {quote(model._meta.db_table)} {rest}"  # noqa: S608 - our own names, no input


@dataclass(frozen=True, slots=True)
class _Reader:
    """How rows of a table become objects; `key` is the place of the primary key."""

    model: Any
    names: list[str]
    key: int
    converters: dict[int, list[Any]]

    def read(self, row: Sequence[Any]) -> Any:
        """What `Model.from_db` makes of a whole row. That one asks of each column whether it is there, and announces
        each object twice: a tenth of the Python of a small request."""
        found = self.model.__new__(self.model)
        values = _convert(row, self.converters) if self.converters else row
        found.__dict__.update(zip(self.names, values, strict=True))
        state = found._state = ModelState()
        state.adding, state.db = False, "default"
        return found


@cache
def _reader(model: type[models.Model]) -> _Reader:
    fields = model._meta.concrete_fields
    converters = {place: made for place, field in enumerate(fields) if (made := field.get_db_converters(connection))}
    names = [field.attname for field in fields]
    key = next(place for place, field in enumerate(fields) if field.primary_key)
    return _Reader(model, names, key, converters)


def _convert(row: Sequence[Any], converters: dict[int, list[Any]]) -> Sequence[Any]:
    values = list(row)
    for place, made in converters.items():
        for convert in made:
            values[place] = convert(values[place], None, connection)
    return values
