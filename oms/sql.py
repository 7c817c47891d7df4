"""Hand-written SQL on the hot paths: bound by the server, so that PostgreSQL parses and plans each statement once.

Django binds in the client, which makes every statement a new text: half of what placing an order costs went into
planning. Behind a pooler that cannot carry prepared statements set PREPARE_STATEMENTS=0.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import local
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError, connections
from django.db.backends.utils import CursorDebugWrapper
from psycopg import RawCursor
from psycopg.adapt import Loader

Parameters = Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True, slots=True)
class JsonQuery:
    """A query whose one row is a JSON document, as text named `document`, and the `version` of what it shows."""

    statement: str
    parameters: Mapping[str, Any]


LARGE_DOCUMENT = 100_000  # characters: some 50 orders
MOST_KEPT = 50  # cursors; psycopg itself keeps 100 statements prepared


def fetch_all(statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    """Run one statement, seen by Django's query log like any other; all its rows.

    The first statement of a request doubles as the health check of its connection: one that the server has closed in
    the meantime is opened anew. That saves the round trip that Django would make for it.
    """
    database: Any = connections["default"]  # once, for the proxy `connection` looks it up at every attribute
    if database.health_check_done or not database.health_check_enabled or database.in_atomic_block:
        return _run(database, statement, parameters)
    try:
        rows = _run(database, statement, parameters)
    except (InterfaceError, OperationalError):
        if database.is_usable():
            raise
        database.close()
        rows = _run(database, statement, parameters)
    database.health_check_done = True
    return rows


def _run(database: Any, statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    database.ensure_connection()
    text, names = _number_parameters(statement)
    values = [parameters[name] for name in names] if isinstance(parameters, Mapping) else list(parameters)
    if database.queries_logged or database.execute_wrappers:
        return _run_watched(database, text, values)

    database.validate_no_broken_transaction()
    cursor = _cursor_for(database.connection, text, values)
    with database.wrap_database_errors:
        cursor.execute(text, values)
        return _rows_of(cursor)


def _run_watched(database: Any, text: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """The long way, past Django's query log and whoever else listens to statements."""
    raw: Any = RawCursor(database.connection)
    with _LoggedCursor(raw, database) if database.queries_logged else database.make_cursor(raw) as cursor:
        cursor.execute(text, values)
        return _rows_of(raw)


def _rows_of(cursor: Any) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


class _JsonLoader(Loader):
    def load(self, data: Any) -> Any:
        return orjson.loads(data)


class _Kept(local):
    """The cursors of this thread's connection, one a statement.

    psycopg works out anew for each cursor how to write the parameters and read the columns of its statement: with
    Django's own wrapper that was 240,000 instructions of every statement, two fifths of the Python of placing an order.
    """

    connection: Any = None
    cursors: dict[str, Any]


_kept = _Kept()


def _cursor_for(connection: Any, text: str, values: list[Any]) -> Any:
    """Not kept with a large document, which the cursor would keep too until it is used again."""
    for value in values:
        if isinstance(value, str) and len(value) > LARGE_DOCUMENT:
            return RawCursor(connection)
    if _kept.connection is not connection or len(_kept.cursors) >= MOST_KEPT:
        _kept.connection, _kept.cursors = connection, {}
        connection.adapters.register_loader("json", _JsonLoader)  # not jsonb, which Django reads itself
    cursor = _kept.cursors.get(text)
    if cursor is None:
        cursor = _kept.cursors[text] = RawCursor(connection)
    return cursor


def fetch_one(statement: str, parameters: Parameters) -> tuple[Any, ...]:
    """Run one statement that always answers with one row."""
    return fetch_all(statement, parameters)[0]


@cache
def _number_parameters(statement: str) -> tuple[str, list[str]]:
    """The statement in PostgreSQL's own form ($1, $2 …), and which name stands for which number.

    psycopg would look for the placeholders of a long statement again at every call.
    """
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found[1] or str(len(names))
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return re.sub(r"%(?:\((\w+)\))?s", number, statement), names


class _LoggedCursor(CursorDebugWrapper):
    """Logs the statement as it is written: psycopg forgets the text of one that it has prepared."""

    def debug_sql(self, sql: Any = None, params: Any = None, *_: Any, many: bool = False, **__: Any) -> Any:
        return super().debug_sql(sql, params, many=many)
