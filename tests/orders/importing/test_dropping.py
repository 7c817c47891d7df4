"""Dropped files: taken when they are whole, taken once, and laid aside; none is lost whatever happens in between."""

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import psycopg
import pytest
from django.db import connection

from orders.actions.intake.dropping import _SWEEPING, STABLE_AFTER, sweep_drop_folders
from orders.models import ImportRun, Order, QuarantinedMessage
from orders.queries.drop_folder import drop_folder
from orders.tasks import run_imports, sweep_drops
from tests.make.orders import channel
from tests.make.snapshots import nothing_changes
from tests.make.stock import stocked_variant
from tests.orders.channels.messages import shopify_order
from tests.orders.importing.files import own_orders, row, write_columns, write_csv, write_lines

pytestmark = pytest.mark.django_db

State = ImportRun.State


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.OMS_DATA = tmp_path
    stocked_variant(on_hand=1_000)
    channel("file", connector="FILE", already_sold=True)
    made = drop_folder("file")
    made.mkdir(parents=True)
    return made


def soon() -> datetime:
    """When what was dropped just now has lain still for long enough."""
    return datetime.now(UTC) + STABLE_AFTER


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def take_all() -> int:
    taken = sweep_drop_folders(at=soon())
    run_imports()
    return taken


def test_a_dropped_file_is_taken_and_laid_aside(folder):
    write_lines(folder / "monday.jsonl.gz", own_orders(2))

    assert take_all() == 1

    run = ImportRun.objects.get()
    assert (run.name, run.format, run.state, run.by) == ("monday.jsonl.gz", "jsonl", State.DONE, "channel:file")
    assert files(folder) == ["done/monday.jsonl.gz"]
    assert Order.objects.count() == 2


def test_a_file_that_may_still_be_growing_is_left_alone(folder):
    write_lines(folder / "a.jsonl", own_orders(1))
    with nothing_changes():
        assert sweep_drop_folders(at=datetime.now(UTC) + STABLE_AFTER - timedelta(seconds=1)) == 0
    assert files(folder) == ["a.jsonl"]


def test_parts_hidden_files_links_and_column_maps_are_no_orders(folder, tmp_path):
    outside = write_lines(tmp_path / "secret.jsonl", own_orders(1))
    write_lines(folder / "a.jsonl.part", own_orders(1))
    write_lines(folder / ".b.jsonl", own_orders(1))
    write_columns(folder)
    (folder / "link.jsonl").symlink_to(outside)

    with nothing_changes():
        assert take_all() == 0
    assert outside.exists()


def test_csv_is_read_by_the_map_beside_it(folder):
    write_columns(folder)
    write_csv(folder / "a.csv", row("A1"), row("A2"))
    take_all()
    assert files(folder) == ["columns.toml", "done/a.csv"]
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "columns", "problem"),
    [
        ("a.csv", None, "There is no columns.toml beside it"),
        ("a.csv", "[columns", "columns.toml is no TOML"),
        ("a.csv", '[columns]\nsku = "A"', "there must be a column for"),
        ("a.xlsx", None, "Its name must end in one of .json"),
    ],
)
def test_a_file_that_nobody_can_read_lies_in_failed_and_says_why(folder, name, columns, problem):
    write_csv(folder / name, row())
    if columns:
        write_columns(folder, columns)

    take_all()
    sweep_drop_folders(at=soon())

    run = ImportRun.objects.get()
    assert run.state == State.FAILED
    assert problem in run.problem
    assert f"failed/{name}" in files(folder)


def test_a_file_that_breaks_off_lies_in_failed_and_what_was_read_stands(folder):
    content = b"\n".join(orjson.dumps(each) for each in own_orders(500))
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(content)[:-300])
    take_all()
    assert files(folder) == ["failed/a.jsonl.gz"]
    assert 0 < Order.objects.count() < 500


def test_a_file_with_members_in_quarantine_is_done_they_wait_there(folder):
    write_lines(folder / "a.jsonl", [*own_orders(1), b"{\n"])
    take_all()
    assert files(folder) == ["done/a.jsonl"]
    assert QuarantinedMessage.objects.get().source == "a.jsonl, line 2"


def test_a_channel_of_another_system_gets_its_own_format(folder):
    channel("shop", connector="SHOPIFY", already_sold=True)
    drop_folder("shop").mkdir()
    (drop_folder("shop") / "export.json").write_bytes(orjson.dumps([shopify_order()]))
    take_all()
    assert ImportRun.objects.get().format == "shopify"
    assert Order.objects.get().channel.code == "shop"


def test_the_same_name_again_overwrites_nothing(folder):
    for _ in range(3):
        write_lines(folder / "daily.jsonl", own_orders(1))
        take_all()
    second, third = ImportRun.objects.order_by("id")[1:]
    assert files(folder) == [
        "done/daily.jsonl",
        f"done/{second.pk}-daily.jsonl",
        f"done/{third.pk}-daily.jsonl",
    ] or set(files(folder)) == {"done/daily.jsonl", f"done/{second.pk}-daily.jsonl", f"done/{third.pk}-daily.jsonl"}
    assert Order.objects.count() == 3


def test_files_for_a_channel_that_is_switched_off_or_unknown_wait(folder, caplog):
    channel("old", connector="FILE", active=False)
    for code in ("old", "nowhere"):
        drop_folder(code).mkdir()
        write_lines(drop_folder(code) / "a.jsonl", own_orders(1))
    with nothing_changes():
        assert take_all() == 0
    assert [files(drop_folder(code)) for code in ("old", "nowhere")] == [["a.jsonl"], ["a.jsonl"]]
    assert "no active channel of that name" in caplog.text


def test_a_file_channel_finds_its_folder_made(folder):
    channel("new", connector="FILE")
    sweep_drop_folders(at=soon())
    assert drop_folder("new").is_dir()


def test_a_sweep_that_was_cut_off_gives_the_file_back(folder):
    """It had moved the file, but its run was never committed."""
    (folder / "taking").mkdir()
    write_lines(folder / "taking" / "987654-a.jsonl", own_orders(1))

    sweep_drop_folders(at=soon())
    assert files(folder) == ["a.jsonl"]

    take_all()
    assert files(folder) == ["done/a.jsonl"]
    assert Order.objects.count() == 1


def test_a_worker_that_died_before_laying_aside_is_followed_by_one_that_does(folder):
    write_lines(folder / "a.jsonl", own_orders(1))
    sweep_drop_folders(at=soon())
    run = ImportRun.objects.get()
    assert files(folder) == [f"taking/{run.pk}-a.jsonl"]
    ImportRun.objects.update(state=State.DONE)

    sweep_drop_folders(at=soon())

    assert files(folder) == ["done/a.jsonl"]


def test_a_worker_that_died_in_the_middle_is_followed_by_one_that_goes_on(folder):
    write_lines(folder / "a.jsonl", own_orders(2))
    sweep_drop_folders(at=soon())
    ImportRun.objects.update(state=State.RUNNING, leased_until=datetime.now(UTC))
    run_imports()
    assert files(folder) == ["done/a.jsonl"]
    assert Order.objects.count() == 2


def test_files_are_taken_in_the_order_in_which_they_came(folder):
    for name in ("z.jsonl", "a.jsonl"):
        write_lines(folder / name, own_orders(1))
        os.utime(folder / name)
    take_all()
    assert list(ImportRun.objects.order_by("id").values_list("name", flat=True)) == ["z.jsonl", "a.jsonl"]


def test_the_task_leaves_what_was_dropped_just_now_for_the_next_look(folder):
    write_lines(folder / "a.jsonl", own_orders(1))
    assert sweep_drops() == 0
    assert files(folder) == ["a.jsonl"]


@contextmanager
def another_sweep() -> Iterator[None]:
    parameters = connection.get_connection_params()
    names = ("dbname", "host", "port", "user", "password")
    with psycopg.connect(**{name: parameters[name] for name in names if name in parameters}) as session:
        session.execute("SELECT pg_advisory_xact_lock(%s)", [_SWEEPING])
        yield


def test_two_sweeps_at_once_are_one(folder):
    write_lines(folder / "a.jsonl", own_orders(1))
    with another_sweep(), nothing_changes():
        assert sweep_drop_folders(at=soon()) == 0
    assert files(folder) == ["a.jsonl"]
    assert sweep_drop_folders(at=soon()) == 1
