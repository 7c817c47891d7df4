"""CSV files: rows to orders, by a column map, in one pass and bounded memory.

    table = open_table(open_text(stream, columns), columns)
    for group in table.split_orders():               # the rows of one order, with their line numbers
        said = table.read_order(group, channel=…)    # or raises NotAnOrder, CannotTake

Rows of one order need not be neighbours, but must stand within `OPEN_GROUPS` orders of each other; an order that comes
back later than that is refused (`rows_apart`), not taken for a new one. `group.to_body()` is a group as JSON with its
map, which `read_message` reads again: so it can wait in quarantine.
"""

import csv
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from typing import Any, BinaryIO, TextIO

import orjson

from orders.channels.csv_columns import BadColumnMap, ColumnMap, read_column_map
from orders.channels.csv_rows import RowReader
from orders.channels.port import CannotTake, IncomingMessage, NotAnOrder
from orders.channels.reasons import cannot_take

OPEN_GROUPS = 100
LAST_LINE = 10**12
REMEMBERED = 500_000
"""Orders whose ids are remembered, to see that one comes back: at least so many, at most twice."""


def verify_signature(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Files are dropped or uploaded by people who may; nobody calls us with one, so nothing is ever proven."""
    return False


@dataclass(slots=True)
class RowGroup:
    """The rows of one order. `late`: other rows of it have been handed out before."""

    external_id: str
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    late: bool = False


@dataclass(slots=True)
class _Seen:
    """Which ids were handed out, in two generations: the older is forgotten when the younger is full."""

    younger: set[int] = field(default_factory=set)
    older: set[int] = field(default_factory=set)

    def __contains__(self, name: str) -> bool:
        return hash(name) in self.younger or hash(name) in self.older

    def add(self, name: str) -> None:
        if len(self.younger) >= REMEMBERED:
            self.younger, self.older = set(), self.younger
        self.younger.add(hash(name))


class Table:
    """A file whose header has been read."""

    def __init__(self, reader: Any, header: list[str], columns: ColumnMap) -> None:
        self.header = header
        self.columns = columns
        self._reader = reader
        self._rows = RowReader(columns, header)

    def split_orders(self) -> Iterator[RowGroup]:
        """Every row of the file in exactly one group. A row without an id makes a group of its own, without id."""
        place = self._rows.id_place
        open_groups: OrderedDict[str, RowGroup] = OrderedDict()
        seen = _Seen()
        group = RowGroup("")
        for line, row in self._read_rows():
            name = row[place] if len(row) > place else ""
            if not name:
                yield RowGroup("", [row], [line])
                continue
            if name != group.external_id:
                group = open_groups.get(name) or RowGroup(name, late=name in seen)
                open_groups[name] = group
                if len(open_groups) > OPEN_GROUPS:
                    oldest, done = open_groups.popitem(last=False)
                    seen.add(oldest)
                    yield done
            group.rows.append(row)
            group.lines.append(line)
        yield from open_groups.values()

    def _read_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line they end on. What is no CSV at all is told as one cell; blank lines are nothing."""
        reader = self._reader
        while True:
            try:
                for row in reader:
                    if row:
                        yield reader.line_num, row
                return
            except csv.Error as error:
                yield reader.line_num, [f"unreadable: {error}"]

    def read_order(self, group: RowGroup, *, channel: str) -> IncomingMessage:
        """What the group says.

        Raises:
            NotAnOrder: a rule of the map says so, and its reason is the rule's.
            CannotTake
        """
        return self._rows.read(group.rows, group.lines, channel=channel, late=group.late)

    def to_body(self, group: RowGroup) -> bytes:
        """The group with all that `read_message` needs to read it again."""
        columns = self.columns.model_dump(mode="json", exclude_defaults=True)
        rows = {"rows": group.rows, "lines": group.lines, "late": group.late}
        return orjson.dumps({"columns": columns, "header": self.header, **rows})


def open_text(stream: BinaryIO, columns: ColumnMap) -> TextIO:
    """The file's text. Bytes that are not of its encoding become U+FFFD, by which the order with them is refused."""
    return TextIOWrapper(stream, encoding=columns.encoding, errors="replace", newline="")


def open_table(lines: Iterable[str], columns: ColumnMap) -> Table:
    """Read the header.

    Raises:
        BadColumnMap: the file is empty, or lacks a column that the map names.
    """
    reader = csv.reader(lines, delimiter=columns.delimiter)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise BadColumnMap(f"The first line is no header: {error}.") from None
    return Table(reader, [name.strip().removeprefix("\ufeff") for name in header], columns)


def read_message(body: Any, *, channel: str, topic: str = "") -> list[IncomingMessage | CannotTake]:
    """One group, as `Table.to_body` wrote it."""
    if not (isinstance(body, dict) and body.keys() >= {"columns", "header", "rows"}):
        raise NotAnOrder
    header, rows, lines = body["header"], body["rows"], body.get("lines", [])
    if not (_are_texts(header) and isinstance(rows, list) and rows and all(_are_texts(row) for row in rows)):
        raise cannot_take("unexpected_shape", place="/rows", wanted="a list of rows", found=rows)
    try:
        reader = RowReader(read_column_map(body["columns"]), header)
    except BadColumnMap as error:
        raise cannot_take("bad_column_map", problem=error) from None
    return [reader.read(rows, lines if _fit(lines, rows) else [], channel=channel, late=body.get("late") is True)]


def _are_texts(row: Any) -> bool:
    return isinstance(row, list) and all(isinstance(cell, str) for cell in row)


def _fit(lines: Any, rows: list[list[str]]) -> bool:
    if not isinstance(lines, list) or len(lines) != len(rows):
        return False
    return all(type(line) is int and 0 < line < LAST_LINE for line in lines)
