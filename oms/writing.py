"""Writing many rows of several tables in one statement, and many rows of one table anew.

One JSON document a table, read by `json_to_recordset`: measured as fast as COPY from a few hundred rows on, faster
than arrays, and one round trip for a whole order. Foreign keys may point to rows of the same call: PostgreSQL checks
them at the end of the statement.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault, Value

from oms.events import RECORDED, RECORDING, Event, finish_telling, recording_of
from oms.sql import fetch_all, fetch_one

Row = Mapping[str, Any]
Tables = Mapping[type[models.Model], Sequence[Row]]
Shape = tuple[tuple[type[models.Model], tuple[str, ...]], ...]
Change = tuple[type[models.Model], tuple[str, ...], int | None]
"""A table, its columns, and how many rows at most (None: any number)."""

_FEW = (1, 10)
"""PostgreSQL takes a JSON document for a hundred rows. A statement is planned once, so it is told what few are: else it
reads a table of some thousand rows from end to end to change one of them."""


def insert_rows(tables: Tables) -> dict[type[models.Model], list[int]]:
    """Insert each table's rows (all with the same columns); their ids by table, in the order of the rows.

    Values are JSON, and what `str` makes JSON of (Decimal, date); a column that is left out gets its database default.

    Raises:
        IntegrityError: a constraint refused; nothing of the call was written.
    """
    return write_tables(tables, {})


def write_tables(new: Tables, changed: Tables) -> dict[type[models.Model], list[int]]:
    """What `insert_rows` and `update_tables` do, together in one statement; none of it sees the rest's rows.

    Raises:
        IntegrityError: a constraint refused; nothing of the call was written.
    """
    return _write(new, changed, ())[0]


def _write(
    new: Tables, changed: Tables, told: Sequence[Event]
) -> tuple[dict[type[models.Model], list[int]], tuple[Any, ...]]:
    """The ids of what is new, and how many events were recorded and deliveries queued."""
    new = {model: rows for model, rows in new.items() if rows}
    changed = {model: rows for model, rows in changed.items() if rows}
    if not (new or told):
        update_tables(changed)
        return {}, ()
    documents = [orjson.dumps(rows, default=str).decode() for rows in (*changed.values(), *new.values())]
    if told:
        documents += recording_of(told)
    shape = tuple((model, tuple(rows[0])) for model, rows in new.items())
    answer = fetch_one(_statement(shape, _changes_of(changed), bool(told)), documents)
    return dict(zip(new, answer, strict=False)), answer[len(new) :]


def insert_objects(*objects: models.Model, changed: Tables | None = None, told: Sequence[Event] = ()) -> None:
    """Write new objects, of several tables if need be, in one statement; each has its key afterwards. `changed`: what
    `update_tables` takes, written by the same one. `told`: what is published of it, recorded by the same one.

    Those of one table leave the same columns to the database. What it works out itself (the time of day) is read when
    somebody asks for it.

    Raises:
        IntegrityError: a constraint refused; nothing of the call was written.
        OutsideTransaction, Raced: as `publish` raises them.
    """
    tables: dict[type[models.Model], list[models.Model]] = {}
    for each in objects:
        tables.setdefault(type(each), []).append(each)
    rows = {model: [_given(each) for each in new] for model, new in tables.items()}
    keys, recorded = _write(rows, changed or {}, told)
    for model, new in tables.items():
        for each, key in zip(new, keys[model], strict=True):
            each.pk, each._state.adding, each._state.db = key, False, "default"
            _take_defaults(each)
    if told:
        finish_telling(told, *recorded)


def _take_defaults(new: models.Model) -> None:
    for name, value in list(vars(new).items()):
        if not isinstance(value, DatabaseDefault):
            continue
        (default,) = value.get_source_expressions()
        if isinstance(default, Value):
            setattr(new, name, default.value)
        else:
            del new.__dict__[name]


def _given(new: models.Model) -> Row:
    """Its columns; those left to the database, and to nobody, are left out."""
    given = {column: getattr(new, attname) for column, attname in _columns_of(type(new))}
    return {column: value for column, value in given.items() if not isinstance(value, DatabaseDefault)}


@cache
def _columns_of(model: type[models.Model]) -> list[tuple[str, str]]:
    """All but the key: what the database calls each, and what the object does."""
    return [(str(field.column), field.attname) for field in model._meta.concrete_fields if not field.primary_key]


def as_row(new: models.Model) -> Row:
    """A new object as a row for `insert_rows`, with its key if it has one."""
    key = new._meta.pk
    assert key is not None
    return _given(new) if new.pk is None else {str(key.column): new.pk, **_given(new)}


def update_rows(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write these columns of rows of one table as they are now in Python, by primary key.

    Django's `bulk_update` says the same as a CASE a column: five times the Python, and a new text to plan every time.
    """
    if rows:
        update_tables({type(rows[0]): [as_update(row, columns) for row in rows]})


def as_update(row: models.Model, columns: Sequence[str]) -> Row:
    """These columns of the row as they are now, with its key as `pk`: what `update_tables` takes."""
    return {"pk": row.pk, **{column: getattr(row, column) for column in columns}}


def update_tables(tables: Tables) -> None:
    """Write columns of rows of several tables in one statement. Each row has its `pk`, and the columns of its table's
    first one.

    Raises:
        IntegrityError: a constraint refused; nothing of the call was written.
    """
    tables = {model: rows for model, rows in tables.items() if rows}
    if not tables:
        return
    fetch_all(_updates(_changes_of(tables)), [orjson.dumps(rows, default=str).decode() for rows in tables.values()])


def _changes_of(changed: Tables) -> tuple[Change, ...]:
    return tuple(
        (model, tuple(column for column in rows[0] if column != "pk"), _most_of(len(rows)))
        for model, rows in changed.items()
    )


def _most_of(rows: int) -> int | None:
    return next((few for few in _FEW if rows <= few), None)


@cache
def _updates(changes: tuple[Change, ...]) -> str:
    *first, last = (_update(*change) for change in changes)
    ahead = ",\n".join(f"u{place} AS ({update})" for place, update in enumerate(first))
    return f"WITH {ahead}\n{last}" if ahead else last


def _update(model: type[models.Model], columns: tuple[str, ...], most: int | None) -> str:
    quote = connection.ops.quote_name
    fields = {field.column: field for field in model._meta.concrete_fields}
    types = ", ".join(f"{quote(column)} {fields[column].rel_db_type(connection)}" for column in columns)
    changes = ", ".join(f"{quote(column)} = r.{quote(column)}" for column in columns)
    key = model._meta.pk
    assert key is not None
    rows = f"json_to_recordset(%s::json) AS r(pk {key.rel_db_type(connection)}, {types})"
    rows = f"(SELECT * FROM {rows} LIMIT {most}) AS r" if most else rows
    return f"UPDATE {quote(model._meta.db_table)} AS t SET {changes} FROM {rows} WHERE t.{quote(key.attname)} = r.pk"


@cache
def _statement(new: Shape, changed: tuple[Change, ...], told: bool) -> str:
    updates = [f"u{place} AS ({_update(*change)})" for place, change in enumerate(changed)]
    inserts = [f"t{place} AS ({_insert(model, columns)})" for place, (model, columns) in enumerate(new)]
    ids = [f"(SELECT array_agg(pk) FROM t{place})" for place in range(len(new))]
    parts = ",\n".join([*updates, *inserts, RECORDING] if told else [*updates, *inserts])
    return f"WITH {parts}\nSELECT {', '.join([*ids, RECORDED] if told else ids)}"


def _insert(model: type[models.Model], columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    fields = {field.column: field for field in model._meta.concrete_fields}
    names = ", ".join(map(quote, columns))
    types = ", ".join(f"{quote(column)} {fields[column].rel_db_type(connection)}" for column in columns)
    key = model._meta.pk
    assert key is not None
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) "
        f"SELECT {names} FROM json_to_recordset(%s::json) AS r({types}) RETURNING {quote(key.attname)} AS pk"
    )
