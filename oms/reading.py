"""Rows of one table as objects, by statements that PostgreSQL plans once: for hot paths.

Django's own `filter` builds each statement anew and sends it as a new text: five times the Python, a plan every time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, LiteralString, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from oms.sql import fetch_all

Found = TypeVar("Found", bound=models.Model)


def fetch_objects(model: type[Found], rest: LiteralString, parameters: Sequence[Any]) -> list[Found]:
    """The whole rows. `rest` is what follows FROM <table>: WHERE with %s for each parameter, ORDER BY, FOR …"""
    reader = _reader(model)
    return [reader.read(row) for row in fetch_all(_select(model, rest), parameters)]


def fetch_several(
    wanted: Sequence[tuple[type[models.Model], LiteralString]], parameters: Sequence[Any]
) -> list[list[Any]]:
    """Rows of several tables in one statement: of each table those of its `rest`, in the order of their keys."""
    statement, readers = _select_several(tuple(wanted))
    found: list[list[Any]] = [[] for _ in readers]
    for row in fetch_all(statement, parameters):
        place, start, reader = next(each for each in readers if row[each[1] + each[2].key] is not None)
        found[place].append(reader.read(row[start : start + len(reader.names)]))
    return found


@cache
def _select_several(wanted: tuple[tuple[type[models.Model], str], ...]) -> tuple[str, list[tuple[int, int, "_Reader"]]]:
    """The statement; and of each table its place, where its columns begin, and how they become objects. No row of one
    goes with a row of another: each comes beside nothing."""
    readers = [_reader(model) for model, _ in wanted]
    starts = accumulate((len(reader.names) for reader in readers), initial=0)
    columns = ", ".join(f"t{place}.*" for place in range(len(wanted)))
    first, *others = (f"({_select(model, rest)}) AS t{place}" for place, (model, rest) in enumerate(wanted))
    joined = first + "".join(f" FULL JOIN {each} ON FALSE" for each in others)
    keys = ", ".join(f"t{place}.{reader.names[reader.key]}" for place, reader in enumerate(readers))
    statement = f"SELECT {columns} FROM {joined} ORDER BY {keys}"  # noqa: S608
    return statement, list(zip(range(len(wanted)), starts, readers, strict=False))


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
