"""Hand-written SQL on the hot paths: bound by the server, so that PostgreSQL parses and plans each statement once.

Django binds in the client, which makes every statement a new text: half of what placing an order costs went into
planning. Behind a pooler that cannot carry prepared statements set PREPARE_STATEMENTS=0.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.backends.utils import CursorDebugWrapper
from psycopg import Cursor

Parameters = Mapping[str, Any] | Sequence[Any]


def fetch_all(statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    """Run one statement, seen by Django's query log like any other; all its rows.

    The first statement of a request doubles as the health check of its connection: one that the server has closed in
    the meantime is opened anew. That saves the round trip that Django would make for it.
    """
    health: Any = connection  # its type hints do not know the two flags
    if health.health_check_done or not health.health_check_enabled or connection.in_atomic_block:
        return _run(statement, parameters)
    try:
        rows = _run(statement, parameters)
    except (InterfaceError, OperationalError):
        if connection.is_usable():
            raise
        connection.close()
        rows = _run(statement, parameters)
    health.health_check_done = True
    return rows


def _run(statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    raw: Any = Cursor(connection.connection)
    cursor = _LoggedCursor(raw, connection) if connection.queries_logged else connection.make_cursor(raw)
    with cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if raw.pgresult and raw.pgresult.nfields else []


def fetch_one(statement: str, parameters: Parameters) -> tuple[Any, ...]:
    """Run one statement that always answers with one row."""
    return fetch_all(statement, parameters)[0]


class _LoggedCursor(CursorDebugWrapper):
    """Logs the statement as it is written: psycopg forgets the text of one that it has prepared."""

    def debug_sql(self, sql: Any = None, params: Any = None, *_: Any, many: bool = False, **__: Any) -> Any:
        return super().debug_sql(sql, params, many=many)
