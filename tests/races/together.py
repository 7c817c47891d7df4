"""Real threads on real connections. What a control does without a lock shows that there is a race to lose."""

import queue
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection, connections

PATIENCE = 30
"""Seconds after which a thread that waits for another gives up."""

Work = Callable[[], Any]


def run_together(*works: Work) -> list[Any]:
    """Each in a thread and on a connection of its own, from the same moment on; what came out, or what was raised."""
    start = Barrier(len(works))

    def run(work: Work) -> Any:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return work()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def race_over(items: Sequence[Any], *acts: Callable[[Any], Any]) -> list[list[Any]]:
    """Every act in a thread of its own; for each item they start at the same moment. What came out, item by item."""
    start = Barrier(len(acts))

    def run(act: Callable[[Any], Any]) -> list[Any]:
        done = []
        for item in items:
            start.wait(PATIENCE)
            try:
                done.append(act(item))
            except Exception as error:
                done.append(error)
        return done

    lanes = run_together(*[lambda act=act: run(act) for act in acts])
    return [list(outcomes) for outcomes in zip(*lanes, strict=True)]


def share_out(items: Iterable[Any], act: Callable[[Any], Any], *, workers: int = 16) -> list[Any]:
    """So many workers take the items one after the other; what came out of each, in no order."""
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)

    def work() -> list[Any]:
        done = []
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return done
            try:
                done.append(act(item))
            except Exception as error:
                done.append(error)

    return [each for done in run_together(*[work] * workers) for each in done]


def errors_of(outcomes: Sequence[Any]) -> list[Exception]:
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


@contextmanager
def unguarded_table(rows: int, **columns: int) -> Iterator[str]:
    """A table that nothing guards, for controls: `id` from 1, and columns of whole numbers."""
    declared = ", ".join(f"{name} int NOT NULL DEFAULT {value}" for name, value in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE unguarded (id int PRIMARY KEY, {declared})")
        cursor.execute("INSERT INTO unguarded (id) SELECT generate_series(1, %s)", [rows])
    try:
        yield "unguarded"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE unguarded")


def say(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """One statement of a control, by itself."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
