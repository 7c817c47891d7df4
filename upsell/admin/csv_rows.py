"""Rows as CSV, streamed however many there are; nothing in them runs in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


class _Echo:
    """A file that hands back each row as it is written."""

    def write(self, row: str) -> str:
        return row


def stream_rows(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """`name`, with today's date, is what the file is called."""
    named = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _write(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )


def guard(value: Any) -> str:
    """As text; a word that a spreadsheet would run is made to be read. Numbers stay numbers."""
    said = str(value)
    return f"'{said}" if isinstance(value, str) and said.startswith(_RUNS) else said


def _write(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([guard(value) for value in row])
