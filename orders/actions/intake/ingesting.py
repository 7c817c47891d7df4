"""Taking in whole files: each member is taken, known, or kept with its reason; the figures add up to the input."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from oms.models import Channel
from orders.actions.intake.gathering import Gathered, gather_members
from orders.actions.intake.opening import Found, Opened, Source, Unreadable, open_source
from orders.actions.intake.prefetching import read_ahead
from orders.actions.intake.stocking import Shelf, stock_orders
from orders.actions.intake.taking import Said, take_members
from orders.channels.csv_columns import ColumnMap
from orders.channels.incoming import IncomingOrder
from orders.queries.import_report import Counted, FileReport, ImportReport

MOST_ORDERS = 500
MOST_LINES = 5_000
MOST_BYTES = 16 * 2**20
"""A batch is taken once it has so many members, order lines, or bytes."""

GROWTH = 4
"""Whether the planner's statistics are still good is looked at when the orders placed have grown by so much."""

KNOWN_ORDERS = "SELECT reltuples FROM pg_class WHERE oid = 'orders_order'::regclass"
ANALYZE = """
ANALYZE inventory_product, inventory_variant, inventory_availability, inventory_stocklevel, inventory_reservation,
        orders_order, orders_orderline, orders_customer, oms_eventrecord
"""

_CHANGED = ("placed", "updated", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to make of the files. With a `shelf` unknown SKUs are created there; `reference` names the run."""

    channel: Channel
    format: str
    by: str
    columns: ColumnMap | None = None
    shelf: Shelf | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: told after each batch."""

    report: ImportReport
    bytes_read: int
    bytes_total: int
    at: datetime


Watch = Callable[[Progress], bool]
"""Is told of the progress and says whether to go on."""


def ingest_files(found: Found, *, plan: Plan, watch: Watch, at: datetime) -> ImportReport:
    """Take everything that the files hold, in batches, each committed before the next is read.

    A file that cannot be read is named in the report and stops no other. Running it again changes nothing: what was
    placed is known by then.
    """
    report = ImportReport(plan.channel.code, plan.format, started_at=at, left_aside=found.left_aside)
    report.files = [FileReport(path, problem=problem) for path, problem in found.missing.items()]
    journey = _Journey(plan, report, watch, total=sum(source.size for source in found.sources))
    for source in found.sources:
        journey.read_file(source)
        if report.stopped:
            break
    journey.take_batch()
    report.finished_at = journey.now
    report.check()
    return report


@dataclass(slots=True)
class _Journey:
    """One run on its way through the files."""

    plan: Plan
    report: ImportReport
    watch: Watch
    total: int
    batch: list[Gathered] = field(default_factory=list)
    lines: int = 0
    weight: int = 0
    done_bytes: int = 0
    next_look: int = MOST_ORDERS
    begun: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        """The time that was passed in, and what has gone by since."""
        return self.report.started_at + timedelta(seconds=time.monotonic() - self.begun)

    def read_file(self, source: Source) -> None:
        """Read it to its end, or as far as it can be read, taking a batch whenever one is full."""
        file = FileReport(source.name)
        self.report.files.append(file)
        try:
            with open_source(source) as opened:
                try:
                    self._read_opened(source, opened, file)
                finally:
                    file.bytes = opened.bytes_read
        except Unreadable as problem:
            file.problem = str(problem)
        self.done_bytes += max(file.bytes, source.size)

    def _read_opened(self, source: Source, opened: Opened, file: FileReport) -> None:
        plan = self.plan
        members = gather_members(source, opened, channel=plan.channel, format=plan.format, columns=plan.columns)
        with closing(read_ahead(members)) as ahead:
            for gathered in ahead:
                self._add(gathered, file)
                if self._is_full:
                    self.take_batch(opened.bytes_read)
                    if self.report.stopped:
                        return

    def _add(self, gathered: Gathered, file: FileReport) -> None:
        self.report.read(file, rows=gathered.rows)
        self.batch.append(gathered)
        self.weight += len(gathered.member.body)
        self.lines += _count_lines(gathered.member.said)

    @property
    def _is_full(self) -> bool:
        return len(self.batch) >= MOST_ORDERS or self.lines >= MOST_LINES or self.weight >= MOST_BYTES

    def take_batch(self, bytes_of_file: int = 0) -> None:
        """Take what was read, count it, and tell how far it is."""
        if self.batch:
            self._take(self.batch)
            for gathered in self.batch:
                self.report.count(_end_of(gathered))
            self._renew_statistics()
        self.batch, self.lines, self.weight = [], 0, 0
        progress = Progress(self.report, self.done_bytes + bytes_of_file, self.total, self.now)
        self.report.stopped = not self.watch(progress) or self.report.stopped

    def _renew_statistics(self) -> None:
        """A file that fills an empty database outgrows what the planner knows of it long before autovacuum looks."""
        placed = self.report.statuses["placed"]
        if placed < self.next_look:
            return
        self.next_look = placed * GROWTH
        with connection.cursor() as cursor:
            cursor.execute(KNOWN_ORDERS)
            if cursor.fetchone()[0] < placed:
                cursor.execute(ANALYZE)

    def _take(self, batch: Sequence[Gathered]) -> None:
        plan, at = self.plan, self.now
        members = [gathered.member for gathered in batch]
        if plan.shelf:
            orders = [member.said for member in members if isinstance(member.said, IncomingOrder)]
            created = stock_orders(orders, shelf=plan.shelf, reference=plan.reference, by=plan.by, at=at)
            self.report.created_skus += len(created)
        take_members(members, channel=plan.channel, format=plan.format, by=plan.by, at=at)


def _end_of(gathered: Gathered) -> Counted:
    member = gathered.member
    outcome = member.outcome
    assert outcome is not None, "every member comes to an end"
    reject = outcome.reject
    return Counted(
        status=outcome.status,
        rows=gathered.rows,
        lines=_count_lines(member.said) if outcome.status in _CHANGED else 0,
        reason=outcome.reason,
        source=member.source,
        external_id=reject.external_id if reject else "",
        detail=reject.detail if reject else "",
    )


def _count_lines(said: Said) -> int:
    return len(said.lines) if isinstance(said, IncomingOrder) else 0
