"""Runs: one worker each, taken up again when a worker died, and an end that is written down in any case."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from orders.actions.intake import importing
from orders.actions.intake.importing import (
    LEASE,
    MOST_ATTEMPTS,
    carry_out_run,
    find_due_run,
    make_plan,
    run_import,
    start_run,
)
from orders.actions.intake.opening import find_sources
from orders.models import ImportRun, Order
from orders.tasks import run_imports
from tests.make.moments import ADA, NOON, ONE_SECOND
from tests.make.orders import channel, line
from tests.make.snapshots import nothing_changes
from tests.make.stock import stocked_variant, warehouse
from tests.orders.importing.files import own_orders, write_lines

pytestmark = pytest.mark.django_db

State = ImportRun.State


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.OMS_DATA = tmp_path
    stocked_variant(on_hand=1_000)
    channel("file", already_sold=True)


def uploaded(folder: Path, count: int = 3, **fields: Any) -> ImportRun:
    """A run that waits with so many orders in its file."""
    content = write_lines(
        folder / "o.jsonl", own_orders(count, lines=[line(fields.pop("sku", "TEE-M-BLK"))])
    ).read_bytes()
    run = ImportRun(channel=channel("file"), format="jsonl", name="o.jsonl", by=ADA, bytes_total=len(content), **fields)
    run.file.save("o.jsonl", ContentFile(content))
    run.refresh_from_db()
    return run


def work_off(run: ImportRun, *, at: datetime = NOON) -> Any:
    report = run_import(run_id=run.pk, by=run.by, at=at)
    run.refresh_from_db()
    return report


def test_a_run_that_waits_is_worked_off_in_the_name_of_who_asked(tmp_path):
    run = uploaded(tmp_path)

    report = work_off(run)

    assert report.statuses == {"placed": 3}
    assert (run.state, run.problem, run.leased_until) == (State.DONE, "", None)
    assert (run.bytes_read, run.report["placed"]) == (run.bytes_total, 3)
    assert run.started_at == NOON <= run.finished_at
    assert Order.objects.count() == 3


def test_a_run_that_is_done_is_not_worked_off_again(tmp_path):
    run = uploaded(tmp_path)
    work_off(run)
    with nothing_changes():
        assert work_off(run) is None


def test_a_run_that_somebody_works_on_is_left_alone(tmp_path):
    run = uploaded(tmp_path, state=State.RUNNING, leased_until=NOON + ONE_SECOND)
    with nothing_changes():
        assert work_off(run) is None
        assert find_due_run(at=NOON) is None


def test_a_run_whose_worker_died_is_taken_up_and_skips_what_is_known(tmp_path):
    run = uploaded(tmp_path)
    work_off(run)
    died = {"state": State.RUNNING, "leased_until": NOON + LEASE, "report": {"placed": 2, "members": 2}}
    ImportRun.objects.update(**died)
    Order.objects.order_by("id").last().delete()

    assert find_due_run(at=NOON + LEASE) == run
    report = work_off(run, at=NOON + LEASE)

    assert report.statuses == {"known": 2, "placed": 1}
    assert run.state == State.DONE
    assert run.report["interrupted"] == [
        {"placed": 2, "known": 0, "updated": 0, "cancelled": 0, "not_an_order": 0, "quarantined": 0}
    ]


def test_a_run_that_costs_every_worker_its_life_is_given_up(tmp_path):
    run = uploaded(tmp_path, state=State.RUNNING, leased_until=NOON, report={"interrupted": [{}] * (MOST_ATTEMPTS - 1)})
    assert work_off(run) is None
    assert (run.state, run.problem) == (State.FAILED, "It was cut off 5 times. Look into the log of the workers.")
    assert not Order.objects.exists()


def test_a_run_from_a_command_that_died_says_what_to_do(tmp_path):
    path = write_lines(tmp_path / "o.jsonl", own_orders(1))
    plan = make_plan(channel=channel("file"), format="jsonl", columns={}, by=ADA, shelf=None)
    start_run(plan=plan, found=find_sources([str(path)], format="jsonl"), columns={}, at=NOON)

    assert run_import(run_id=ImportRun.objects.get().pk, by=ADA, at=NOON + LEASE) is None

    run = ImportRun.objects.get()
    assert run.state == State.FAILED
    assert run.problem == "Its file is not kept here, so nobody can take it up. Import the file again."


def test_a_channel_that_was_switched_off_meanwhile_takes_nothing(tmp_path):
    run = uploaded(tmp_path)
    type(run.channel).objects.update(active=False)
    assert work_off(run) is None
    assert (run.state, run.problem) == (State.FAILED, "Channel file is switched off. Switch it on, then import.")


def test_a_wrong_column_map_ends_the_run_with_its_mistake(tmp_path):
    run = uploaded(tmp_path, columns={"columns": {"sku": "A"}})
    ImportRun.objects.update(format="csv")
    assert work_off(run) is None
    assert run.state == State.FAILED
    assert "there must be a column for" in run.problem


def test_a_run_may_create_skus(tmp_path):
    warehouse()
    report = work_off(uploaded(tmp_path, sku="NEW", create_skus=True))
    assert (report.created_skus, report.statuses) == (1, {"placed": 3})


def start_run_of_three_batches(folder, monkeypatch):
    """Each of them told of."""
    monkeypatch.setattr("orders.actions.intake.ingesting.MOST_ORDERS", 2)
    monkeypatch.setattr(importing, "TELL_EVERY", timedelta(0))
    path = write_lines(folder / "o.jsonl", own_orders(6))
    plan = make_plan(channel=channel("file"), format="jsonl", columns={}, by=ADA, shelf=None)
    found = find_sources([str(path)], format="jsonl")
    run = start_run(plan=plan, found=found, columns={}, at=NOON)
    return run, found, plan


def test_how_far_it_is_can_be_seen_while_it_runs(tmp_path, monkeypatch):
    run, found, plan = start_run_of_three_batches(tmp_path, monkeypatch)
    seen = []
    leases = []

    def watch(progress):
        known = ImportRun.objects.get()
        seen.append(known.report.get("placed"))
        leases.append(known.leased_until)
        return True

    carry_out_run(run, found, plan=plan, watch=watch, at=NOON)

    assert seen == [None, 2, 4, 6]
    assert leases == sorted(leases)
    assert leases[0] < leases[-1]


def test_whoever_lost_the_lease_stops_and_leaves_the_end_to_the_other(tmp_path, monkeypatch):
    run, found, plan = start_run_of_three_batches(tmp_path, monkeypatch)

    def lose(progress):
        ImportRun.objects.update(leased_until=NOON + timedelta(hours=1))
        return True

    report = carry_out_run(run, found, plan=plan, watch=lose, at=NOON)

    assert report.stopped
    assert report.statuses == {"placed": 2}
    assert ImportRun.objects.get().state == State.RUNNING


def test_a_fault_of_ours_ends_the_run_and_keeps_what_was_placed(tmp_path):
    path = write_lines(tmp_path / "o.jsonl", own_orders(1))
    plan = make_plan(channel=channel("file"), format="jsonl", columns={}, by=ADA, shelf=None)
    found = find_sources([str(path)], format="jsonl")
    run = start_run(plan=plan, found=found, columns={}, at=NOON)

    def crash(progress):
        raise ZeroDivisionError("nobody foresaw this")

    with pytest.raises(ZeroDivisionError):
        carry_out_run(run, found, plan=plan, watch=crash, at=NOON)

    ended = ImportRun.objects.get()
    assert ended.state == State.FAILED
    assert ended.problem == "A fault of ours ended it: ZeroDivisionError: nobody foresaw this"
    assert Order.objects.count() == 1


def test_the_workers_take_every_run_the_oldest_first(tmp_path):
    first, second = uploaded(tmp_path), uploaded(tmp_path, 2)
    assert run_imports() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.DONE, State.DONE)
    assert first.finished_at <= second.finished_at
    assert run_imports() == 0
