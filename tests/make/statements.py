"""What is said to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK")
"""Each transaction has its own. A savepoint is a statement like any other: it is a round trip, and its end another."""


@contextmanager
def statements_made() -> Iterator[list[str]]:
    """The statements made in the block, without those that frame the transaction; filled when it ends."""
    made: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield made
    made.extend(sql for query in queries if not (sql := query["sql"]).startswith(_FRAMES))


@contextmanager
def commits_made() -> Iterator[list[str]]:
    """The commits made in the block; filled when it ends."""
    made: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield made
    made.extend(query["sql"] for query in queries if query["sql"].startswith("COMMIT"))


def rows_touched(sql: str) -> int:
    """How many rows the statement reads, those that it throws away included; it is run for that."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.replace('%', '%%')}")
        ((plan,),) = cursor.fetchall()
    return _rows_of(plan[0]["Plan"])


def _rows_of(node: dict[str, Any]) -> int:
    thrown_away = sum(node.get(f"Rows Removed by {reason}", 0) for reason in ("Filter", "Index Recheck", "Join Filter"))
    return int((node["Actual Rows"] + thrown_away) * node["Actual Loops"]) + sum(map(_rows_of, node.get("Plans", ())))
