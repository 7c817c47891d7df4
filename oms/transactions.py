"""A transaction that is run again when it lost a race."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

import psycopg.errors
from django.db import OperationalError, transaction

from oms.errors import Raced

Params = ParamSpec("Params")
Result = TypeVar("Result")

_whole: ContextVar[bool] = ContextVar("whole", default=False)
"""True inside a durable transaction: whatever its work raises undoes all of it."""

_LOST_RACES = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


def run_transaction(work: Callable[[], Result], *, attempts: int = 5, durable: bool = False) -> Result:
    """Run `work` in one transaction; when it loses a race, roll back and run it again.

    Inside an open transaction `work` runs once, in a savepoint: only the owner of a transaction can begin it anew. A
    `durable` one is always the owner: what `work` wrote is committed, or undone, when this returns.

    Raises:
        Raced: when all attempts lost.
        RuntimeError: a durable one was asked for inside another transaction.
    """
    if not durable and transaction.get_connection().in_atomic_block:
        with transaction.atomic():
            return work()

    for attempt in range(1, attempts + 1):
        try:
            with transaction.atomic(durable=durable), _known_as_whole(durable):
                return work()
        except Raced:
            if attempt == attempts:
                raise
        except OperationalError as error:
            if attempt == attempts or not isinstance(error.__cause__, _LOST_RACES):
                raise
        time.sleep(random.uniform(0, 0.005 * attempt))  # noqa: S311 - spreads the losers, guards nothing
    raise AssertionError("unreachable")


@contextmanager
def _known_as_whole(whole: bool) -> Iterator[None]:
    before = _whole.set(whole)
    try:
        yield
    finally:
        _whole.reset(before)


def transactional(action: Callable[Params, Result]) -> Callable[Params, Result]:
    """An action as a transaction of its own, run again when it loses a race; inside another one, a savepoint.

    Inside a durable one it is just a part, without a savepoint's two round trips: its refusal undoes the whole, and who
    catches it there and goes on is stopped by Django at the next statement.
    """

    @wraps(action)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        if _whole.get() and transaction.get_connection().in_atomic_block:
            with transaction.atomic(savepoint=False):
                return action(*args, **kwargs)
        return run_transaction(lambda: action(*args, **kwargs))

    return run
