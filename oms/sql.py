"""Hand-written SQL on the hot paths: bound by the server, so that PostgreSQL parses and plans each statement once.

Django binds in the client, which makes every statement a new text: half of what placing an order costs went into
planning. Behind a pooler that cannot carry prepared statements set PREPARE_STATEMENTS=0.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from django.db.backends.utils import CursorDebugWrapper

from oms.prepared import run_statement

Parameters = Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True, slots=True)
class JsonQuery:
    """A query whose one row is a JSON document, as text named `document`, and the `version` of what it shows."""

    statement: str
    parameters: Mapping[str, Any]


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
    with database.wrap_database_errors:
        return run_statement(database.connection, text, values)


def _run_watched(database: Any, text: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """The long way, past Django's query log and whoever else listens to statements."""
    raw: Any = _Heard(database.connection)
    with _LoggedCursor(raw, database) if database.queries_logged else database.make_cursor(raw) as cursor:
        cursor.execute(text, values)
        return raw.rows


class _Heard:
    """As much of a cursor as Django needs to hear what is run."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.rows: list[tuple[Any, ...]] = []

    def execute(self, text: str, values: list[Any]) -> None:
        self.rows = run_statement(self._connection, text, values)

    def close(self) -> None:
        """There is nothing to close."""


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
