"""Two workers, or two people, import the same file at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections
from django.utils import timezone

from inventory.queries.drift import find_drift
from orders.actions.intake.importing import carry_out_run, make_plan, run_import, start_run
from orders.actions.intake.opening import find_sources
from orders.models import ImportRun, Order, QuarantinedMessage
from tests.make.moments import ADA
from tests.make.orders import channel
from tests.make.stock import promises, stocked_variant
from tests.orders.importing.files import own_orders, write_lines

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 60


def at_once(works: int, work: Callable[[], Any]) -> list[Any]:
    """What each of so many threads came to; all begin together."""
    results: list[Any] = []
    start = threading.Barrier(works)

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == works
    return results


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    stocked_variant(on_hand=1_000)
    channel("file", already_sold=True)


def test_of_two_workers_one_works_off_the_run(tmp_path):
    content = write_lines(tmp_path / "o.jsonl", own_orders(COUNT)).read_bytes()
    run = ImportRun(channel=channel("file"), format="jsonl", name="o.jsonl", by=ADA)
    run.file.save("o.jsonl", ContentFile(content))

    reports = at_once(2, lambda: run_import(run_id=run.pk, by=ADA, at=timezone.now()))

    assert [report.statuses for report in reports if report] == [{"placed": COUNT}]
    assert ImportRun.objects.get().state == ImportRun.State.DONE


def test_the_same_file_imported_by_two_at_once_places_each_order_once(tmp_path):
    path = write_lines(tmp_path / "o.jsonl", [*own_orders(COUNT), b"{broken\n"])

    def import_it() -> Counter[str]:
        plan = make_plan(channel=channel("file"), format="jsonl", columns={}, by=ADA, shelf=None)
        found, now = find_sources([str(path)], format="jsonl"), timezone.now()
        run = start_run(plan=plan, found=found, columns={}, at=now)
        return carry_out_run(run, found, plan=plan, watch=lambda progress: True, at=now).statuses

    together = sum(at_once(2, import_it), Counter())

    assert together == {"placed": COUNT, "known": COUNT, "quarantined": 2}
    assert Order.objects.count() == COUNT
    assert promises()[1] == COUNT
    assert QuarantinedMessage.objects.get().seen == 2
    assert find_drift() == []
