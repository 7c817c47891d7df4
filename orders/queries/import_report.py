"""What became of everything that a file held: counted while it is imported, shown as a table, kept as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

STATUSES = {
    "placed": "placed",
    "known": "known already",
    "updated": "updated",
    "cancelled": "cancelled",
    "not_an_order": "not an order",
    "quarantined": "quarantined",
}
"""Each member of the input ends in exactly one of these."""


class DoesNotAddUp(AssertionError):
    """A member was counted twice or not at all: a bug of ours, whatever the file holds."""


@dataclass(slots=True)
class FileReport:
    """One file: what was read of it, and why not all of it."""

    name: str
    bytes: int = 0
    members: int = 0
    rows: int = 0
    problem: str = ""


@dataclass(slots=True)
class ReasonReport:
    """How many had one reason, and the first of them."""

    members: int = 0
    rows: int = 0
    source: str = ""
    external_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One member's end: `rows` of a CSV file, `lines` of an order; `external_id` and `detail` of what was not taken."""

    status: str
    rows: int = 0
    lines: int = 0
    reason: str = ""
    source: str = ""
    external_id: str = ""
    detail: str = ""


@dataclass(slots=True)
class ImportReport:
    """The sum of a run so far. `members` and `rows` were read; each is counted again under what became of it."""

    channel: str
    format: str
    started_at: datetime
    finished_at: datetime | None = None
    members: int = 0
    rows: int = 0
    lines: int = 0
    created_skus: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    rows_by_status: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, dict[str, ReasonReport]] = field(default_factory=dict)
    files: list[FileReport] = field(default_factory=list)
    left_aside: list[str] = field(default_factory=list)
    interrupted: list[dict[str, int]] = field(default_factory=list)
    stopped: bool = False

    def read(self, file: FileReport, *, rows: int) -> None:
        """One member more was read from the file."""
        self.members += 1
        self.rows += rows
        file.members += 1
        file.rows += rows

    def count(self, end: Counted) -> None:
        """What became of one member."""
        self.statuses[end.status] += 1
        self.rows_by_status[end.status] += end.rows
        self.lines += end.lines
        if not end.reason:
            return
        named = self.reasons.setdefault(end.status, {}).setdefault(
            end.reason, ReasonReport(source=end.source, external_id=end.external_id, detail=end.detail)
        )
        named.members += 1
        named.rows += end.rows

    def check(self) -> None:
        """Raises:
        DoesNotAddUp: what was read is not what was counted.
        """
        if self.statuses.keys() - STATUSES.keys():
            raise DoesNotAddUp(f"No such status: {', '.join(self.statuses.keys() - STATUSES.keys())}.")
        for word, read, counted in (
            ("members", self.members, self.statuses.total()),
            ("rows", self.rows, self.rows_by_status.total()),
        ):
            if read != counted:
                raise DoesNotAddUp(f"{read} {word} were read, {counted} are accounted for.")

    @property
    def problems(self) -> dict[str, str]:
        """Why, by name, of each file that was not read to its end."""
        return {file.name: file.problem for file in self.files if file.problem}

    def seconds(self, at: datetime) -> float:
        return ((self.finished_at or at) - self.started_at) / timedelta(seconds=1)

    def as_json(self, *, at: datetime) -> dict[str, Any]:
        """The whole report for machines; `at` is now, for a run that is not finished."""
        seconds = self.seconds(at)
        return {
            "channel": self.channel,
            "format": self.format,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "seconds": round(seconds, 3),
            "stopped": self.stopped,
            "members": self.members,
            **{status: self.statuses[status] for status in STATUSES},
            "rows": self.rows,
            "rows_by_status": {status: self.rows_by_status[status] for status in STATUSES},
            "lines": self.lines,
            "lines_per_second": round(self.lines / seconds, 1) if seconds > 0 else None,
            "created_skus": self.created_skus,
            "quarantined_by_reason": self._reasons("quarantined"),
            "not_an_order_by_reason": self._reasons("not_an_order"),
            "files": [
                {"name": f.name, "bytes": f.bytes, "members": f.members, "rows": f.rows, "problem": f.problem}
                for f in self.files
            ],
            "left_aside": self.left_aside,
            "interrupted": self.interrupted,
        }

    def _reasons(self, status: str) -> dict[str, Any]:
        named = sorted(self.reasons.get(status, {}).items(), key=lambda each: (-each[1].members, each[0]))
        return {
            reason: {
                "members": found.members,
                "rows": found.rows,
                "example": {"source": found.source, "external_id": found.external_id, "detail": found.detail},
            }
            for reason, found in named
        }


def describe_report(report: ImportReport, *, at: datetime) -> Iterator[str]:
    """The report for people: aligned lines, without colours."""
    with_rows = bool(report.rows)
    yield _line("", "members", "rows" if with_rows else "")
    for status, words in STATUSES.items():
        yield _line(words, report.statuses[status], report.rows_by_status[status] if with_rows else "")
        for reason, found in sorted(report.reasons.get(status, {}).items(), key=lambda each: -each[1].members):
            yield _line(f"    {reason}", found.members, found.rows if with_rows else "")
    yield _line("read", report.members, report.rows if with_rows else "")
    yield ""
    yield from _describe_examples(report)
    yield from _describe_files(report)
    if report.created_skus:
        yield f"Created {report.created_skus:,} SKUs, with stock."
    seconds = report.seconds(at)
    pace = f", {report.lines / seconds:,.0f} a second" if seconds > 0 else ""
    yield f"{report.lines:,} order lines in {seconds:,.1f} s{pace}."


def _describe_examples(report: ImportReport) -> Iterator[str]:
    for reason, found in report.reasons.get("quarantined", {}).items():
        yield f"{reason}, for example {found.source}:"
        yield f"    {found.detail}"
    if report.reasons.get("quarantined"):
        yield ""


def _describe_files(report: ImportReport) -> Iterator[str]:
    for name, problem in report.problems.items():
        yield f"Not read to the end: {name}: {problem}"
    if report.left_aside:
        yield f"Left aside, by their names no {report.format}: {', '.join(report.left_aside[:5])}" + (
            f" and {len(report.left_aside) - 5} more" if len(report.left_aside) > 5 else ""
        )


def _line(words: str, members: int | str, rows: int | str) -> str:
    shown = [f"{figure:>12,}" if isinstance(figure, int) else f"{figure:>12}" for figure in (members, rows)]
    return f"{words:<34}{''.join(shown)}".rstrip()
