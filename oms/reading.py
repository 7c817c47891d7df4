"""Rows of one table as objects, by statements that PostgreSQL plans once: for hot paths.

Django's own `filter` builds each statement anew and sends it as a new text: five times the Python, a plan every time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, LiteralString, NamedTuple, TypeVar

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


class Part(NamedTuple):
    """A table of a join: the name that the statement gives it, and the columns that are read of it, its key among them;
    none named: all.
    """

    name: str
    model: type[models.Model]
    columns: frozenset[str] = frozenset()


def fetch_joined(parts: tuple[Part, ...], statement: LiteralString, parameters: Mapping[str, Any]) -> list[list[Any]]:
    """Rows of several tables beside each other, as objects: one a row, however often it stands there; None where a LEFT
    JOIN found none.

    The statement has `{columns}` where those of the parts are to stand. What is not read of a row Django reads once
    somebody asks for it.
    """
    readers: list[tuple[_Reader, dict[Any, Any]]] = [(_reader(part.model, part.columns), {}) for part in parts]
    return [_read_beside(readers, row) for row in fetch_all(_select_joined(parts, statement), parameters)]


def _read_beside(readers: Sequence[tuple["_Reader", dict[Any, Any]]], row: Sequence[Any]) -> list[Any]:
    """Each with the objects that were made so far, by key: what stands beside several is one object."""
    found, start = [], 0
    for reader, made in readers:
        end, key = start + len(reader.names), row[start + reader.key]
        if key is not None and key not in made:
            made[key] = reader.read(row[start:end])
        found.append(made.get(key))
        start = end
    return found


@cache
def _select_joined(parts: tuple[Part, ...], statement: str) -> str:
    quote = connection.ops.quote_name
    columns = [f"{part.name}.{quote(name)}" for part in parts for name in _reader(part.model, part.columns).columns]
    return statement.replace("{columns}", ", ".join(columns))


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
    """How rows of a table become objects: in the order of the model's fields; `key` is the primary key's place."""

    model: Any
    names: list[str]
    columns: list[str]
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
def _reader(model: type[models.Model], wanted: frozenset[str] = frozenset()) -> _Reader:
    fields = [field for field in model._meta.concrete_fields if not wanted or field.column in wanted]
    converters = {place: made for place, field in enumerate(fields) if (made := field.get_db_converters(connection))}
    names, columns = [field.attname for field in fields], [str(field.column) for field in fields]
    key = next(place for place, field in enumerate(fields) if field.primary_key)
    return _Reader(model, names, columns, key, converters)


def _convert(row: Sequence[Any], converters: dict[int, list[Any]]) -> Sequence[Any]:
    values = list(row)
    for place, made in converters.items():
        for convert in made:
            values[place] = convert(values[place], None, connection)
    return values


def attach(row: models.Model, relation: str, related: list[Any]) -> None:
    """Of a row what stands on its other side, which was read with it: as `prefetch_related` leaves it."""
    found: Any = getattr(row, relation).get_queryset()
    found._result_cache, found._prefetch_done = related, True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found
