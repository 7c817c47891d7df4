"""`kill -9` in the middle of an import: each batch is there whole or not at all, and the next run goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from inventory.models import Availability
from inventory.queries.drift import find_drift
from oms.models import EventRecord
from orders.actions.intake.importing import run_import
from orders.actions.intake.ingesting import MOST_ORDERS
from orders.models import ImportRun, Order, OrderLine
from tests.make.moments import ADA
from tests.make.orders import channel, line
from tests.make.stock import promises, stocked_variant
from tests.orders.importing.files import import_orders, own_orders, write_lines

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60
"""Seconds."""

BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


@contextmanager
def command_at_work(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py import_orders` in a process of its own, on the database of the tests."""
    names = {"DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY, "HTTPS": "0"}
    command = [sys.executable, "manage.py", "import_orders", "--channel", "file", "--format", "jsonl", str(path)]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, **names},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def database_url() -> str:
    """The way to the tests' own database, on the cluster that the tests were given."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def wait_until_blocked() -> None:
    with connection.cursor() as cursor:
        for _ in range(PATIENCE * 20):
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("The import never came to the locked SKU.")


def test_a_killed_import_has_taken_whole_batches_and_the_next_one_goes_on(tmp_path):
    stocked_variant("FIRST", 10_000)
    stocked_variant("SECOND", 10_000)
    channel("file", already_sold=True)
    first, second = own_orders(MOST_ORDERS, lines=[line("FIRST")]), own_orders(20, lines=[line("SECOND")])
    path = write_lines(tmp_path / "o.jsonl", [*first, *second])

    with command_at_work(path) as process, transaction.atomic():
        Availability.objects.select_for_update().get(variant__sku="SECOND")
        wait_until_blocked()
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)

    assert Order.objects.count() == OrderLine.objects.count() == MOST_ORDERS
    assert EventRecord.objects.filter(type="order.placed").count() == MOST_ORDERS
    assert (promises("FIRST")[1], promises("SECOND")[1]) == (MOST_ORDERS, 0)
    assert find_drift() == []

    told = import_orders(path)
    assert told.statuses == {"placed": 20, "known": MOST_ORDERS}
    assert (promises("FIRST")[1], promises("SECOND")[1]) == (MOST_ORDERS, 20)

    left_behind = ImportRun.objects.earliest("id")
    assert left_behind.state == ImportRun.State.RUNNING
    run_import(run_id=left_behind.pk, by=ADA, at=timezone.now() + timedelta(hours=1))
    left_behind.refresh_from_db()
    assert left_behind.state == ImportRun.State.FAILED
