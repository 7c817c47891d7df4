"""Parsing CSV so that one broken line costs its own order and no other."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from orders.actions.intake.opening import Stream, Unreadable, open_text
from orders.channels.csv_columns import BadColumnMap, ColumnMap
from orders.channels.csv_file import Table

LONGEST_LINE = 2**20
"""Characters. What is longer is no row."""

AT_ONCE = 1_000
"""Lines that are parsed together as long as none of them is in trouble."""

DELIMITERS = ",;\t|"
_QUOTE = '"'

Row = list[str]


def open_rows(stream: Stream, columns: ColumnMap) -> Table:
    """The table in the stream. Where the map names no delimiter, it is the one that the header has most of.

    Raises:
        BadColumnMap: the file is empty, or lacks a column that the map names.
    """
    text = open_text(stream, encoding=columns.encoding if "encoding" in columns.model_fields_set else "")
    first = text.readline(LONGEST_LINE)
    delimiter = columns.delimiter if "delimiter" in columns.model_fields_set else sniff_delimiter(first)
    reader = PatientReader(text, first=first, delimiter=delimiter)
    header = [name.strip() for name in reader.read_header()]
    if not any(header):
        raise BadColumnMap("The file is empty: it has not even a header.")
    return Table(reader, header, columns)


def sniff_delimiter(header: str) -> str:
    """The delimiter that stands most often outside of quotes."""
    bare = "".join(header.split(_QUOTE)[::2])
    return max(DELIMITERS, key=bare.count)


class PatientReader:
    """The rows of a CSV file, and the line that the last one ended on.

    A line that cannot be parsed is given as the cells it seems to have, never as many as the header has. A quote that
    is not closed would swallow the lines behind it: they are read again, without the line it stands in.
    """

    def __init__(self, text: TextIO, *, first: str, delimiter: str) -> None:
        self.line_num = 0
        self._text = text
        self._delimiter = delimiter
        self._width = 0
        self._again = deque([first] if first else [])
        self._taken: list[str] = []
        self._reader = self._read_lines()

    def read_header(self) -> Row:
        header = self._next_row() if self._again else []
        self._width = len(header)
        return header

    def __iter__(self) -> Iterator[Row]:
        while True:
            yield from self._read_slowly()
            lines = self._read_ahead()
            if not lines:
                return
            rows = self._parse_together(lines)
            if rows is None:
                self._again.extend(lines)
                continue
            for row in rows:
                self.line_num += 1
                yield row

    def _parse_together(self, lines: list[str]) -> list[Row] | None:
        """Quick, and right where each line is a row; None where they are not."""
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None
        return rows if len(rows) == len(lines) else None

    def _read_slowly(self) -> Iterator[Row]:
        """Row by row, until all that was read ahead is used up."""
        while self._again:
            yield self._next_row()

    def _next_row(self) -> Row:
        self._taken.clear()
        try:
            row = next(self._reader)
        except csv.Error:
            return self._give_up_line()
        self.line_num += len(self._taken)
        return row

    def _give_up_line(self) -> Row:
        broken, *innocent = self._taken
        self._again.extendleft(reversed(innocent))
        self._reader = self._read_lines()
        self.line_num += 1
        cells = broken.rstrip("\r\n").split(self._delimiter)
        return cells if len(cells) != self._width else [*cells, ""]

    def _read_lines(self) -> Iterator[Row]:
        return csv.reader(self._take_lines(), delimiter=self._delimiter, strict=True)

    def _take_lines(self) -> Iterator[str]:
        """Line by line, those first that were read before; what the row at hand has taken is remembered."""
        while line := self._again.popleft() if self._again else self._read_line():
            self._taken.append(line)
            yield line

    def _read_line(self) -> str:
        return next(iter(self._read_ahead(1)), "")

    def _read_ahead(self, most: int = AT_ONCE) -> list[str]:
        lines = [line for _ in range(most) if (line := self._text.readline(LONGEST_LINE))]
        if lines and len(max(lines, key=len)) == LONGEST_LINE:
            raise Unreadable(f"A line after line {self.line_num} is too long to be a row.")
        return lines
