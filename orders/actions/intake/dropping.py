"""Files that are dropped into a channel's folder: each is put on record, taken once, and laid aside when it is done."""

import logging
import os
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from oms.models import Channel
from orders.actions.intake.opening import CSV_NAMES, JSON_NAMES
from orders.channels.registry import FORMAT_OF_CONNECTOR
from orders.models import ImportRun
from orders.queries.drop_folder import COLUMN_MAP, DONE, FAILED, TAKING, drop_folder, run_of_taking, taking_path

log = logging.getLogger(__name__)

STABLE_AFTER = timedelta(seconds=2)
"""So long must nobody have touched a file: one that is still being written is left alone."""

_SWEEPING = 0x64726F70
"""Whoever holds this advisory lock sweeps; "drop" in ASCII."""

State = ImportRun.State


@transaction.atomic
def sweep_drop_folders(*, at: datetime) -> int:
    """Put every file that lies ready on record as a run that waits, and lay aside what is done; how many are new.

    A file is moved in the transaction that records it. If that is undone, the file has no run and is given back by the
    next sweep. Files for a channel that is switched off wait where they are.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEPING])
        if not cursor.fetchone()[0]:
            return 0

    channels = list(Channel.objects.filter(active=True))
    _name_strangers(channels)
    taken = 0
    for channel in channels:
        folder = drop_folder(channel.code)
        if channel.connector == Channel.Connector.FILE:
            folder.mkdir(parents=True, exist_ok=True)
        lay_aside_files(folder)
        for path in _find_ready(folder, at=at):
            taken += _put_on_record(path, channel=channel, at=at)
    return taken


def lay_aside_files(folder: Path) -> None:
    """Move what is taken to `done`, or to `failed`; what was moved without a run is given back."""
    files = {path: run_of_taking(path) for path in _list_files(folder / TAKING)}
    runs = ImportRun.objects.filter(id__in=[number for number, _ in files.values()])
    states = dict(runs.values_list("id", "state"))
    for path, (number, name) in files.items():
        match states.get(number):
            case State.DONE:
                _move(path, folder / DONE / name)
            case State.FAILED:
                _move(path, folder / FAILED / name)
            case None:
                _move(path, folder / name)


def _name_strangers(channels: Iterable[Channel]) -> None:
    known = {channel.code for channel in channels}
    for folder in drop_folder().glob("*/"):
        if folder.name not in known and any(_list_files(folder)):
            log.warning("Files wait in %s, but there is no active channel of that name.", folder)


def _find_ready(folder: Path, *, at: datetime) -> Iterator[Path]:
    """In the order in which they came. The clock of the last change cannot be set by whoever copied the file."""
    waiting = [(path.stat().st_ctime, path) for path in _list_files(folder)]
    for changed, path in sorted(waiting):
        if path.name != COLUMN_MAP and changed <= (at - STABLE_AFTER).timestamp():
            yield path


def _list_files(folder: Path) -> list[Path]:
    """Real files that are whole: no links, nothing hidden, nothing that calls itself a part."""
    if not folder.is_dir():
        return []
    named = [path for path in folder.iterdir() if not path.name.startswith(".") and path.suffix != ".part"]
    return sorted(path for path in named if path.is_file() and not path.is_symlink())


def _put_on_record(path: Path, *, channel: Channel, at: datetime) -> bool:
    format_, columns, problem = _describe(path, channel)
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                channel=channel,
                format=format_,
                name=path.name,
                columns=columns,
                state=State.FAILED if problem else State.WAITING,
                problem=problem,
                finished_at=at if problem else None,
                bytes_total=path.stat().st_size,
                by=channel.actor,
            )
            target = taking_path(run)
            target.parent.mkdir(exist_ok=True)
            path.rename(target)
    except OSError as error:
        log.warning("%s cannot be taken: %s", path, error)
        return False
    return True


def _describe(path: Path, channel: Channel) -> tuple[str, dict[str, Any], str]:
    """Format and column map by the file's name and its channel, and what is wrong with them."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(JSON_NAMES):
        return FORMAT_OF_CONNECTOR.get(channel.connector, "jsonl"), {}, ""
    if not name.endswith(CSV_NAMES):
        return "", {}, f"Its name must end in one of {', '.join(JSON_NAMES + CSV_NAMES)}, or these with .gz behind."
    try:
        return "csv", tomllib.loads((path.parent / COLUMN_MAP).read_text(encoding="utf-8-sig")), ""
    except OSError:
        return "csv", {}, f"There is no {COLUMN_MAP} beside it to say which column is what."
    except ValueError as error:
        return "csv", {}, f"{COLUMN_MAP} is no TOML: {error}."


def _move(path: Path, target: Path) -> None:
    """Nothing that lies there already is overwritten: then the run's number stays in front of the name."""
    target.parent.mkdir(exist_ok=True)
    try:
        os.link(path, target)
    except FileNotFoundError:
        return  # somebody else was faster
    except OSError:  # the name is taken, or the disk knows no links
        path.rename(target.with_name(path.name))
    else:
        path.unlink(missing_ok=True)
