"""CSV files: rows to orders, by a column map, in one pass and bounded memory.

    table = Table(reader, header, columns)
    for group in table.split_orders():               # the rows of one order, with their line numbers
        said = table.read_order(group, channel=…)    # or raises NotAnOrder, CannotTake

Rows of one order need not be neighbours, but must stand within `OPEN_GROUPS` orders of each other; an order that comes
back later than that is refused (`rows_apart`), not taken for a new one. `table.to_body(group)` is a group as JSON with
its map, which `read_message` reads again: so it can wait in quarantine.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from orders.channels.csv_columns import BadColumnMap, ColumnMap, read_column_map
from orders.channels.csv_rows import CreditNote, RowReader
from orders.channels.incoming import MAX_LINES
from orders.channels.port import CannotTake, IncomingMessage, NotAnOrder
from orders.channels.reading import is_storable
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


class Reader(Protocol):
    """Rows of cells, and the number of the line that the last one ended on; `csv.reader` is one."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class Table:
    """A file whose header has been read.

    Raises:
        BadColumnMap: the header lacks a column that the map names.
    """

    def __init__(self, reader: Reader, header: list[str], columns: ColumnMap) -> None:
        self._reader = reader
        self._rows = RowReader(columns, header)
        shape = {"columns": columns.model_dump(mode="json", exclude_defaults=True), "header": header}
        self._shape = orjson.dumps(shape)[1:-1]

    def split_orders(self) -> Iterator[RowGroup]:
        """Every row in exactly one group; a row without an id makes one of its own. Blank lines are nothing."""
        place = self._rows.id_place
        open_groups: OrderedDict[str, RowGroup] = OrderedDict()
        seen = _Seen()
        group = RowGroup("")
        for row in self._reader:
            line = self._reader.line_num
            name = row[place] if len(row) > place else ""
            if not name:
                if row:
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
            if len(group.rows) > MAX_LINES:  # too many for an order: it is refused, and what follows with it
                seen.add(name)
                yield open_groups.pop(name)
                group = RowGroup("")
        yield from open_groups.values()

    def read_order(self, group: RowGroup, *, channel: str) -> IncomingMessage:
        """What the group says.

        Raises:
            NotAnOrder: a rule of the map says so, and its reason is the rule's.
            CannotTake
        """
        return self._rows.read(group.rows, group.lines, channel=channel, late=group.late)

    def read_credit_note(self, group: RowGroup) -> CreditNote | None:
        """What the group takes back; None: it is no credit note.

        Raises:
            CannotTake
        """
        return self._rows.read_credit_note(group.rows, group.lines)

    def to_body(self, group: RowGroup) -> bytes:
        """The group with all that `read_message` needs to read it again."""
        rows = orjson.dumps({"rows": group.rows, "lines": group.lines, "late": group.late})
        return b"{%b,%b" % (self._shape, rows[1:])


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
    return isinstance(row, list) and all(isinstance(cell, str) and is_storable(cell) for cell in row)


def _fit(lines: Any, rows: list[list[str]]) -> bool:
    if not isinstance(lines, list) or len(lines) != len(rows):
        return False
    return all(type(line) is int and 0 < line < LAST_LINE for line in lines)
