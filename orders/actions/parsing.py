"""Parsing CSV so that one broken line costs its own order and no other."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from orders.actions.opening import Unreadable, open_text
from orders.channels.csv_columns import BadColumnMap, ColumnMap
from orders.channels.csv_file import Table

LONGEST_LINE = 2**20
"""Characters. What is longer is no row."""

DELIMITERS = ",;\t|"
_QUOTE = '"'


def open_rows(stream: BinaryIO, columns: ColumnMap) -> Table:
    """The table in the stream. Where the map names no delimiter, it is the one that the header has most of.

    Raises:
        BadColumnMap: the file is empty, or lacks a column that the map names.
    """
    text = open_text(stream, encoding=columns.encoding if "encoding" in columns.model_fields_set else "")
    first = text.readline(LONGEST_LINE)
    delimiter = columns.delimiter if "delimiter" in columns.model_fields_set else sniff_delimiter(first)
    reader = RowsInTrouble(text, first=first, delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    if not any(header):
        raise BadColumnMap("The file is empty: it has not even a header.")
    reader.width = len(header)
    return Table(reader, header, columns)


def sniff_delimiter(header: str) -> str:
    """The delimiter that stands most often outside of quotes."""
    bare = "".join(header.split(_QUOTE)[::2])
    return max(DELIMITERS, key=bare.count)


class RowsInTrouble:
    """The rows of a CSV file. A line that cannot be parsed is given as the cells it seems to have, one too many.

    A quote that is never closed would swallow the lines behind it: they are read again, without the line it stands in.
    """

    def __init__(self, text: io.TextIOBase, *, first: str, delimiter: str) -> None:
        self.width = 0
        self.line_num = 0
        self._text = text
        self._delimiter = delimiter
        self._again = deque([first] if first else [])
        self._taken: list[str] = []
        self._reader = self._start()

    def __iter__(self) -> "RowsInTrouble":
        return self

    def __next__(self) -> list[str]:
        self._taken.clear()
        try:
            row = next(self._reader)
        except csv.Error:
            row = self._give_up_line()
        else:
            self.line_num += len(self._taken)
        return row

    def _start(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        """Every line, those that were taken back first; what the row at hand has taken is remembered."""
        while True:
            line = self._again.popleft() if self._again else self._text.readline(LONGEST_LINE)
            if not line:
                return
            if len(line) == LONGEST_LINE:
                raise Unreadable(f"Line {self.line_num + len(self._taken) + 1} is too long for a row of an order.")
            self._taken.append(line)
            yield line

    def _give_up_line(self) -> list[str]:
        broken, *innocent = self._taken
        self._again.extendleft(reversed(innocent))
        self._reader = self._start()
        self.line_num += 1
        cells = broken.rstrip("\r\n").split(self._delimiter)
        return cells if len(cells) != self.width else [*cells, ""]
