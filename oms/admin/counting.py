"""How many rows there are, without counting a million of them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

LIMIT = 10_000


def count_up_to(queryset: QuerySet, limit: int = LIMIT) -> int:
    """The exact number up to `limit`; `limit` + 1 stands for more."""
    return queryset.order_by().values("pk")[: limit + 1].count()


def count_each_up_to(querysets: Sequence[QuerySet], limit: int) -> list[int]:
    """The same for several tables, in one statement."""
    parts: list[str] = []
    parameters: list[Any] = []
    for queryset in querysets:
        sql, values = queryset.order_by().values("pk")[: limit + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django's own text
        parameters += values
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return list(cursor.fetchone())


def estimate_rows(model: type[Model]) -> int:
    """The planner's own estimate of a whole table; 0 while it was never analysed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        return max(0, cursor.fetchone()[0])


def say_count(number: int, *, noun: str, nouns: str, limit: int = LIMIT) -> str:
    """ "1 order", "1,200 orders", "more than 10,000 orders"."""
    if number > limit:
        return f"more than {limit:,} {nouns}"
    return f"{number:,} {noun if number == 1 else nouns}"


def list_distinct(model: type[Model], column: str) -> list[str]:
    """The values of an indexed column, hopping from one to the next: as many steps as values, not as rows."""
    table, name = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE hop AS (
                (SELECT {name} AS value FROM {table} ORDER BY {name} LIMIT 1)
                UNION ALL
                SELECT (SELECT {name} FROM {table} WHERE {name} > hop.value ORDER BY {name} LIMIT 1)
                FROM hop WHERE hop.value IS NOT NULL
            )
            SELECT value FROM hop WHERE value IS NOT NULL
            """  # noqa: S608 - names of our own model, no input
        )
        return [value for (value,) in cursor.fetchall()]
