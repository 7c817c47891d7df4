"""A small Morrow & Flax, loaded twice: once to be undone, once to be looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from config.demo.loading import load_brand
from config.demo.staffing import Credentials
from tests.demo.digest import digest_tables, restart_ids

NOW = datetime(2026, 11, 21, 15, 12, 40, tzinfo=UTC)
ORDERS = 160


class HandOverFailed(Exception):
    """Nobody could take the password."""


@dataclass
class Runs:
    """What the tables said at the end of each run, what was there between the two, and how to get in."""

    first: dict[str, str]
    between: dict[str, str]
    second: dict[str, str]
    credentials: Credentials


@pytest.fixture(scope="module")
def runs(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Runs]:
    """Nothing of it outlives the tests of one module."""
    told = []

    def fail_to_take(_: Credentials) -> None:
        told.append(digest_tables())
        raise HandOverFailed

    with django_db_blocker.unblock(), transaction.atomic():
        restart_ids()
        with pytest.raises(HandOverFailed):
            load_brand(now=NOW, orders=ORDERS, tell=_say_nothing, hand_over=fail_to_take)
        between = digest_tables()
        restart_ids()
        loaded = load_brand(now=NOW, orders=ORDERS, tell=_say_nothing)
        assert loaded
        yield Runs(told[0], between, digest_tables(), loaded.credentials)
        transaction.set_rollback(True)


def _say_nothing(_: str) -> None:
    """Progress is for people."""
