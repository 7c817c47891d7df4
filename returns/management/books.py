"""Sales and credit notes out of a file of transactions, as its column map reads them."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orders.actions.intake.opening import find_sources, open_source
from orders.actions.intake.parsing import open_rows
from orders.channels.csv_columns import BadColumnMap, ColumnMap, read_column_map
from orders.channels.csv_file import RowGroup, Table
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, NotAnOrder
from returns.policies.replaying import CameBack, Sold

PRODUCT = "PRODUCT"


class NoBooks(ValueError):
    """The files or their map cannot be read; the message says why."""


@dataclass(slots=True)
class Books:
    """`lines` are all lines of credit notes; those of notes that cannot be read stand in `unreadable`, by reason."""

    sold: list[Sold] = field(default_factory=list)
    came_back: list[CameBack] = field(default_factory=list)
    notes: int = 0
    lines: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)


def read_books(paths: Sequence[str], columns: str) -> Books:
    """Raises:
    NoBooks; orders.actions.intake.opening.Unreadable.
    """
    column_map = _read_columns(columns)
    found = find_sources(paths, format="csv")
    if found.missing:
        raise NoBooks("; ".join(f"{path}: {problem}" for path, problem in found.missing.items()))
    books = Books()
    for source in found.sources:
        with open_source(source) as opened:
            try:
                table = open_rows(opened.stream, column_map)
            except BadColumnMap as error:
                raise NoBooks(f"{source.name}: {error}") from None
            for group in table.split_orders():
                _read_group(table, group, books)
    return books


def _read_columns(path: str) -> ColumnMap:
    try:
        return read_column_map(tomllib.loads(Path(path).read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise NoBooks(f"The column map {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, BadColumnMap) as error:
        raise NoBooks(f"The column map {path}: {error}.") from None


def _read_group(table: Table, group: RowGroup, books: Books) -> None:
    """A credit note that cannot be read is counted with its reason; a sale that cannot be is none that we have."""
    try:
        note = table.read_credit_note(group)
    except CannotTake as refusal:
        books.notes += 1
        books.lines += len(group.rows)
        books.unreadable[refusal.reason] += len(group.rows)
        return
    if note is None:
        _read_sale(table, group, books)
        return
    books.notes += 1
    books.lines += len(note.lines)
    books.came_back += [
        CameBack(note.external_id, place, note.at, note.buyer, line.sku, line.quantity, goods=line.kind == PRODUCT)
        for place, line in enumerate(note.lines)
    ]


def _read_sale(table: Table, group: RowGroup, books: Books) -> None:
    try:
        said = table.read_order(group, channel="books")
    except (NotAnOrder, CannotTake):
        return
    if isinstance(said, IncomingOrder) and said.customer:
        buyer = said.customer.email or said.customer.name
        books.sold += [
            Sold(said.external_id, said.placed_at, buyer, line.sku, line.quantity)
            for line in said.lines
            if line.kind == PRODUCT
        ]
