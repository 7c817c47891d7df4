"""`manage.py import_orders --channel CODE --format FORMAT PATH…`: whole files in, and what became of each member."""

import gc
import json
import os
import signal
import sys
import tomllib
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from oms.errors import Refused
from oms.models import Channel
from orders.actions.intake.importing import carry_out_run, make_plan, start_run
from orders.actions.intake.ingesting import Plan, Progress
from orders.actions.intake.opening import find_sources
from orders.actions.intake.stocking import find_shelf
from orders.channels.csv_columns import BadColumnMap
from orders.channels.registry import MAPPINGS
from orders.management.progress import ProgressBar
from orders.queries.import_report import ImportReport, describe_report

BY = "system:import_orders"

NOTES = """
Files may be packed with gzip. A folder is searched to its depth; "-" is standard input. JSON holds an order, a list of
orders, {"orders": [...]}, or one of these in {"_source": ..., "body": ...}; a .jsonl file holds one order a line.
CSV is UTF-8, or UTF-16 with a byte order mark; a byte that is no UTF-8 is read as Windows-1252. A column map says which
column is what; docs/examples/uci_online_retail.toml is one.

Running it again is harmless: what is here is known and stays as it is. What cannot be taken waits in quarantine.
Exit code: 0, 1 if a file could not be read (or, with --strict, if something was quarantined), 130 if stopped.
"""


class Command(BaseCommand):
    help = "Take orders from files into a channel, and say what became of each."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=NOTES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, or - for standard input")
        parser.add_argument("--channel", required=True, metavar="CODE", help="the channel the orders belong to")
        parser.add_argument("--format", required=True, choices=MAPPINGS, help="how they are written")
        parser.add_argument("--columns", metavar="MAP.toml", help="CSV: which column is what")
        parser.add_argument("--report", metavar="FILE.json", help="write the report there, too")
        parser.add_argument("--create-skus", action="store_true", help="create unknown SKUs, with stock enough")
        parser.add_argument("--category", default="", metavar="CODE", help="of the SKUs created; none unless named")
        parser.add_argument("--warehouse", default="", metavar="CODE", help="of their stock; the first active one")
        parser.add_argument("--strict", action="store_true", help="fail if anything was quarantined")

    def handle(self, *args: Any, **options: Any) -> None:
        started_at = timezone.now()
        columns = _read_columns(options["columns"])
        plan = _plan(options, columns)
        _refuse_unwritable(options["report"])
        found = find_sources(options["paths"], format=plan.format)

        bar = ProgressBar(self.stderr)
        with _calm_memory(), _stop_politely() as stop:

            def watch(progress: Progress) -> bool:
                bar.draw(progress)
                return not stop.asked

            try:
                run = start_run(plan=plan, found=found, columns=columns, at=started_at)
                report = carry_out_run(run, found, plan=plan, watch=watch, at=started_at)
            except (OperationalError, InterfaceError) as error:
                message = f"The database went away ({error}). Run it again: what was placed is known by then."
                raise CommandError(message) from error
            finally:
                bar.close()
        self._tell(report, options)

    def _tell(self, report: ImportReport, options: dict[str, Any]) -> None:
        now = report.finished_at or timezone.now()
        for line in describe_report(report, at=now):
            self.stdout.write(line)
        if path := options["report"]:
            _write_whole(Path(path), json.dumps(report.as_json(at=now), indent=2, ensure_ascii=False) + "\n")

        quarantined = report.statuses["quarantined"]
        if report.stopped:
            raise CommandError("Stopped. Run it again to go on: what was placed is known by then.", returncode=130)
        if report.problems:
            raise CommandError(f"{len(report.problems)} of {len(report.files)} files could not be read to the end.")
        if options["strict"] and quarantined:
            raise CommandError(f"{quarantined} of {report.members} members were quarantined.")


def _read_columns(path: str | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"The column map {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"The column map {path} is no TOML: {error}.") from None


def _plan(options: dict[str, Any], columns: dict[str, Any]) -> Plan:
    channel = Channel.objects.filter(code=options["channel"]).first()
    if channel is None:
        known = ", ".join(Channel.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no channel {options['channel']}. Channels: {known}.")
    try:
        shelf = None
        if options["create_skus"]:
            shelf = find_shelf(warehouse=options["warehouse"], category=options["category"])
        return make_plan(channel=channel, format=options["format"], columns=columns, shelf=shelf, by=BY)
    except Refused as refusal:
        raise CommandError(refusal.message) from None
    except BadColumnMap as error:
        raise CommandError(f"The column map {options['columns']} is wrong: {error}") from None


def _refuse_unwritable(path: str | None) -> None:
    """Before anything is taken: a report that cannot be written at the end would be lost."""
    if path and not os.access(Path(path).absolute().parent, os.W_OK):
        raise CommandError(f"The report cannot be written to {path}.")


def _write_whole(path: Path, text: str) -> None:
    """Whole or not at all: nobody reads half a report."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


class _Stop:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, signal_number: int, frame: FrameType | None) -> None:
        """The batch at hand is finished; whoever asks a second time does not want to wait for that."""
        if self.asked:
            sys.exit(130)
        self.asked = True


@contextmanager
def _stop_politely() -> Iterator[_Stop]:
    stop = _Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _calm_memory() -> Iterator[None]:
    """A batch makes a million small objects and drops them all: collecting cycles in between only costs time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
