"""Statements that the server has prepared for a connection, run by libpq without the cursors of psycopg.

A cursor works out in every call what kind of statement this is, whether it is prepared, and how to wait for it: half of
the Python of a small statement. libpq waits by itself, without the interpreter's lock.
"""

from itertools import count
from threading import local
from typing import Any

import orjson
from psycopg import Connection, IsolationLevel, OperationalError, pq
from psycopg.adapt import Loader, PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.pq.abc import PGresult

MOST_KEPT = 200
"""Statements of one connection that the server keeps ready."""

LONG = 1_500
"""Characters of a statement that PostgreSQL plans longer (1 ms and more; 5, where it joins a dozen tables) than a round
trip takes: it is prepared before its first run. Else the first visitors after a start would each wait for that.
"""

_names = count()


def run_statement(connection: Connection[Any], text: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """All rows; a transaction is begun if the connection wants one and has none.

    Raises:
        psycopg.Error: as a cursor raises it.
    """
    with connection.lock:
        kept = _keep(connection)
        if not connection.autocommit and connection.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            _check(connection, connection.pgconn.exec_(kept.begin))
        statement = kept.statements.get(text)
        if statement is None:
            statement = kept.add(text)
        return statement.run(values)


class _JsonLoader(Loader):
    def load(self, data: Any) -> Any:
        return orjson.loads(data)


class _Kept(local):
    """What this thread knows of its connection."""

    connection: Any = None
    threshold: int | None
    begin: bytes
    statements: dict[str, "_Statement"]

    def take(self, connection: Connection[Any]) -> None:
        """psycopg itself must prepare nothing: at every rollback it would throw away all that is prepared."""
        self.connection, self.statements = connection, {}
        self.threshold, connection.prepare_threshold = connection.prepare_threshold, None
        level = connection.isolation_level
        words = f" ISOLATION LEVEL {IsolationLevel(level).name.replace('_', ' ')}" if level else ""
        self.begin = f"BEGIN{words}".encode()
        connection.adapters.register_loader("json", _JsonLoader)  # not jsonb, which Django reads itself

    def add(self, text: str) -> "_Statement":
        if len(self.statements) >= MOST_KEPT:
            _check(self.connection, self.connection.pgconn.exec_(b"DEALLOCATE ALL"))
            self.statements = {}
        made = self.statements[text] = _Statement(self.connection, text, self.threshold)
        return made


_kept = _Kept()


def _keep(connection: Connection[Any]) -> _Kept:
    if _kept.connection is not connection:
        _kept.take(connection)
    return _kept


class _Statement:
    """One text on one connection. It is prepared once it has been run a few times (`threshold`; None: never), a long
    one at once, apart for each set of parameter types: an integer's type depends on its size."""

    def __init__(self, connection: Connection[Any], text: str, threshold: int | None) -> None:
        self._connection = connection
        self._text = text.encode()
        self._threshold = 0 if threshold and len(text) >= LONG else threshold
        self._runs = 0
        self._prepared: dict[tuple[int, ...], bytes] = {}
        self._transformer = Transformer(connection)
        self._readable: bytes | None = None
        """The prepared one whose columns the transformer knows how to read: PostgreSQL vouches that they stay."""

    def run(self, values: list[Any]) -> list[tuple[Any, ...]]:
        transformer = self._transformer
        parameters = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types, formats = transformer.types or (), transformer.formats
        name = self._prepared.get(types) or self._prepare(types)
        result = self._send(name, parameters, types, formats)
        if result.status != pq.ExecStatus.TUPLES_OK:
            self._expect_nothing(result)
            return []

        transformer.set_pgresult(result, set_loaders=name is None or name != self._readable)
        self._readable = name
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None, set_loaders=False)  # it would hold the rows until it runs again
        return rows

    def _send(self, name: bytes | None, parameters: Any, types: tuple[int, ...], formats: Any) -> PGresult:
        """Waits for the server, without the interpreter's lock."""
        if name:
            return self._connection.pgconn.exec_prepared(name, parameters, formats)
        return self._connection.pgconn.exec_params(self._text, parameters, types, formats)

    def _prepare(self, types: tuple[int, ...]) -> bytes | None:
        self._runs += 1
        if self._threshold is None or self._runs <= self._threshold:
            return None
        name = f"oms_{next(_names)}".encode()
        _check(self._connection, self._connection.pgconn.prepare(name, self._text, types))
        self._prepared[types] = name
        return name

    def _expect_nothing(self, result: PGresult) -> None:
        """A statement without rows, or a refusal. When a table was altered under it, the next run prepares it anew."""
        try:
            _check(self._connection, result)
        except (FeatureNotSupported, InvalidSqlStatementName):
            self._prepared.clear()
            raise


def _check(connection: Connection[Any], result: PGresult) -> None:
    """
    Raises:
        psycopg.Error: it is not what a statement that went well answers.
    """
    if result.status == pq.ExecStatus.COMMAND_OK:
        return
    if result.error_field(pq.DiagnosticField.SQLSTATE):
        raise error_from_result(result, encoding=connection.info.encoding)
    raise OperationalError(connection.pgconn.get_error_message())  # the server is gone, and had no time to say so
