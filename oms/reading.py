"""Rows of one table as objects, by statements that PostgreSQL plans once: for hot paths.

Django's own `filter` builds each statement anew and sends it as a new text: five times the Python, a plan every time.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, LiteralString, TypeVar

from django.db import connection, models

from oms.sql import fetch_all

Found = TypeVar("Found", bound=models.Model)


def fetch_objects(model: type[Found], rest: LiteralString, parameters: Sequence[Any]) -> list[Found]:
    """The whole rows. `rest` is what follows FROM <table>: WHERE with %s for each parameter, ORDER BY, FOR …"""
    statement, names, converters = _reader(model, rest)
    rows = fetch_all(statement, parameters)
    if converters:
        rows = [tuple(_convert(row, converters)) for row in rows]
    return [model.from_db("default", names, row) for row in rows]


@cache
def _reader(model: type[models.Model], rest: str) -> tuple[str, list[str], dict[int, list[Any]]]:
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    converters = {place: made for place, field in enumerate(fields) if (made := field.get_db_converters(connection))}
    statement = f"SELECT {columns} FROM {quote(model._meta.db_table)} {rest}"  # noqa: S608 - our own names, no input
    return statement, [field.attname for field in fields], converters


def _convert(row: Sequence[Any], converters: dict[int, list[Any]]) -> Sequence[Any]:
    values = list(row)
    for place, made in converters.items():
        for convert in made:
            values[place] = convert(values[place], None, connection)
    return values
