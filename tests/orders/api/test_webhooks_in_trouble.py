"""When the database fails in the middle of a message, the channel must send it again, and nothing is half done."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, connections

from inventory.models import Availability
from oms.models import Channel
from orders.models import Order, QuarantinedMessage
from tests.make.snapshots import nothing_changes
from tests.make.stock import promises, stocked_variant
from tests.orders.api.hooks import SECRET, Sender
from tests.orders.channels.messages import shopify_order

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 10
"""Seconds."""


@pytest.fixture
def channel() -> Sender:
    stocked_variant()
    Channel.objects.create(code="shop", name="Shop", connector="SHOPIFY", already_sold=True, webhook_secret=SECRET)
    return Sender("shop", "SHOPIFY")


@contextmanager
def database_gone() -> Iterator[None]:
    """Nobody answers at the database's address."""
    settings = connection.settings_dict
    host = settings["HOST"]
    connection.close()
    settings["HOST"] = "/nowhere"
    try:
        yield
    finally:
        settings["HOST"] = host
        connection.close()


@contextmanager
def another_session() -> Iterator[psycopg.Connection]:
    """A session of its own, beside the one of the test."""
    with psycopg.connect(**_address()) as session:
        yield session


def _address() -> dict[str, str]:
    names = ("dbname", "host", "port", "user", "password")
    parameters = connection.get_connection_params()
    return {name: parameters[name] for name in names if name in parameters}


def wait_until_blocked(session: psycopg.Connection) -> int:
    """The server process that waits for a lock of this session."""
    question = "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    for _ in range(PATIENCE * 100):
        if row := session.execute(question).fetchone():
            return row[0]
        session.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("Nobody waits for the lock.")


def test_while_the_database_is_away_the_channel_is_told_to_send_again(channel):
    with nothing_changes(), database_gone():
        answer = channel.send("orders/create", shopify_order())

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert channel.results("orders/create", shopify_order()) == [("placed", None)]


def test_a_connection_lost_in_the_middle_leaves_nothing_and_the_next_try_everything(channel):
    """The order's rows are written, its stock is about to be promised: then the connection breaks."""
    answers = []

    def send() -> None:
        answers.append(channel.send("orders/create", shopify_order()))
        connections.close_all()

    with nothing_changes(), another_session() as session:
        session.execute(f"SELECT FROM {Availability._meta.db_table} FOR UPDATE")
        thread = threading.Thread(target=send)
        thread.start()
        session.execute("SELECT pg_terminate_backend(%s)", [wait_until_blocked(session)])
        thread.join(PATIENCE)

    assert [answer.status_code for answer in answers] == [503]
    assert channel.results("orders/create", shopify_order()) == [("placed", None)]
    assert Order.objects.count() == 1
    assert promises()[1] == 2
    assert not QuarantinedMessage.objects.exists()
