"""What is said to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def statements_made() -> Iterator[list[str]]:
    """The statements made in the block, without those that frame transactions; filled when it ends."""
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
