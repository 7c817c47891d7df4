"""Runs of an import: who works on which, how far it is, and what became of it. A run that was cut off is taken up."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from oms.errors import Refused
from oms.models import Channel
from orders.actions.intake.ingesting import Plan, Progress, Watch, ingest_files
from orders.actions.intake.opening import Found, Source
from orders.actions.intake.stocking import Shelf, find_shelf
from orders.channels.csv_columns import BadColumnMap, read_column_map
from orders.errors import ImportImpossible
from orders.models import ImportRun
from orders.queries.drop_folder import taking_path
from orders.queries.import_report import STATUSES, ImportReport

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Renewed with each batch; a worker that died gives its run back after it."""

TELL_EVERY = timedelta(seconds=1)

MOST_ATTEMPTS = 5
"""A run that cost so many workers their lives is given up."""

State = ImportRun.State


def find_due_run(*, at: datetime) -> ImportRun | None:
    """The oldest run that waits, or that a worker left behind."""
    return ImportRun.objects.filter(_is_due(at)).order_by("id").first()


def _is_due(at: datetime) -> Q:
    return Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lte=at)


def run_import(*, run_id: int, by: str, at: datetime) -> ImportReport | None:
    """Work off a run whose file is kept here; None when somebody else is at it, or when it cannot begin.

    A run that was cut off begins anew: what it placed is known by then, and nothing is taken twice.
    """
    run = _lease_run(run_id, at=at)
    if run is None:
        return None
    try:
        plan, found = _plan_run(run, by=by)
    except (Refused, BadColumnMap) as refusal:
        _end_run(run, state=State.FAILED, problem=str(refusal), at=at)
        return None
    try:
        return carry_out_run(run, found, plan=plan, watch=lambda progress: True, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # it stands in the run and in the log; other runs must not wait for this one
        return None


@transaction.atomic
def _lease_run(run_id: int, *, at: datetime) -> ImportRun | None:
    due = ImportRun.objects.select_related("channel").select_for_update(skip_locked=True, of=("self",))
    run = due.filter(_is_due(at), id=run_id).first()
    if run is None:
        return None
    if run.state == State.RUNNING:
        earlier = run.report.get("interrupted", [])
        run.report = {"interrupted": [*earlier, {status: run.report.get(status, 0) for status in STATUSES}]}
    run.state, run.started_at, run.leased_until = State.RUNNING, run.started_at or at, at + LEASE
    run.save(update_fields=["state", "started_at", "leased_until", "report"])
    return run


def _plan_run(run: ImportRun, *, by: str) -> tuple[Plan, Found]:
    path = Path(run.file.path) if run.file else taking_path(run)
    if len(run.report.get("interrupted", [])) >= MOST_ATTEMPTS:
        raise ImportImpossible(f"It was cut off {MOST_ATTEMPTS} times. Look into the log of the workers.")
    if not path.is_file():
        raise ImportImpossible("Its file is not kept here, so nobody can take it up. Import the file again.")
    plan = make_plan(
        channel=run.channel,
        format=run.format,
        columns=run.columns,
        by=by,
        shelf=find_shelf() if run.create_skus else None,
    )
    return plan, Found([Source(run.name, path, path.stat().st_size)])


def make_plan(*, channel: Channel, format: str, columns: dict[str, Any], by: str, shelf: Shelf | None) -> Plan:
    """What to make of files for this channel.

    Raises:
        ImportImpossible: the channel is switched off, or CSV comes without a column map.
        BadColumnMap: the map is wrong.
    """
    if not channel.active:
        raise ImportImpossible(f"Channel {channel.code} is switched off. Switch it on, then import.")
    if format == "csv" and not columns:
        raise ImportImpossible("A CSV file needs a column map that says which column is what.")
    mapped = read_column_map(columns) if format == "csv" else None
    return Plan(channel=channel, format=format, columns=mapped, shelf=shelf, by=by)


def start_run(*, plan: Plan, found: Found, columns: dict[str, Any], at: datetime) -> ImportRun:
    """A run of files that are not kept here: whoever starts it carries it out at once."""
    names = [source.name for source in found.sources] or list(found.missing)
    return ImportRun.objects.create(
        channel=plan.channel,
        format=plan.format,
        name=(names[0] if len(names) == 1 else f"{len(names)} files from {names[0]} on")[-255:],
        columns=columns,
        create_skus=plan.shelf is not None,
        state=State.RUNNING,
        bytes_total=sum(source.size for source in found.sources),
        by=plan.by,
        started_at=at,
        leased_until=at + LEASE,
    )


def carry_out_run(run: ImportRun, found: Found, *, plan: Plan, watch: Watch, at: datetime) -> ImportReport:
    """Work off a leased run and write down how it ended. `watch` is told of the progress, too, and may stop it.

    When the database goes away the run stays as it is: it is taken up again when its lease has run out.
    """
    record = _Record(run, watch)
    try:
        report = ingest_files(found, plan=replace(plan, reference=f"import {run.pk}"), watch=record, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("Import %s failed.", run.pk)
        _end_run(run, state=State.FAILED, problem=f"A fault of ours ended it: {type(error).__name__}: {error}", at=at)
        raise
    record.note(report)
    problem = " ".join(f"{name}: {why}" for name, why in report.problems.items())
    if report.stopped:
        problem = f"Stopped after {report.members} members; import it again to go on. {problem}".strip()
    ended_at = report.finished_at or at
    _end_run(run, state=State.FAILED if problem else State.DONE, problem=problem, at=ended_at, report=report)
    return report


class _Record:
    """Writes the progress of a run down, once a second at most, and renews the lease with it."""

    def __init__(self, run: ImportRun, watch: Watch) -> None:
        self.run = run
        self._watch = watch
        self._earlier = run.report.get("interrupted", [])
        self._told_at: datetime | None = None

    def note(self, report: ImportReport) -> None:
        report.interrupted = self._earlier

    def __call__(self, progress: Progress) -> bool:
        """False when the watch wants to stop, or when somebody else has taken up the run meanwhile."""
        going_on = self._watch(progress)
        if self._told_at and progress.at - self._told_at < TELL_EVERY:
            return going_on
        self._told_at = progress.at
        self.note(progress.report)
        return _renew_lease(self.run, progress) and going_on


def _renew_lease(run: ImportRun, progress: Progress) -> bool:
    """True while the lease was ours to renew."""
    until = progress.at + LEASE
    ours = ImportRun.objects.filter(id=run.pk, state=State.RUNNING, leased_until=run.leased_until)
    renewed = ours.update(
        leased_until=until, bytes_read=progress.bytes_read, report=progress.report.as_json(at=progress.at)
    )
    if renewed:
        run.leased_until = until
    return bool(renewed)


def _end_run(run: ImportRun, *, state: str, problem: str, at: datetime, report: ImportReport | None = None) -> None:
    """Unless somebody else has it by now: then the end is theirs to write."""
    written: dict[str, Any] = {"state": state, "problem": problem, "finished_at": at, "leased_until": None}
    if report:
        written |= {"report": report.as_json(at=at), "bytes_read": sum(file.bytes for file in report.files)}
    ImportRun.objects.filter(id=run.pk, state=State.RUNNING, leased_until=run.leased_until).update(**written)
