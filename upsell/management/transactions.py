"""Baskets out of transaction files, as a shop or a researcher has them."""

import csv
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orders.actions.intake.opening import find_sources, open_source, open_text
from orders.actions.intake.parsing import open_rows
from orders.channels.csv_columns import BadColumnMap, ColumnMap, read_column_map
from orders.channels.csv_file import Table
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, NotAnOrder
from upsell.policies.baskets import Basket

NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)


class NoBaskets(ValueError):
    """The file or its map cannot be read; the message says why."""


def read_orders(path: str, columns: ColumnMap) -> list[Basket]:
    """The products that were bought, an order a basket, oldest first. What is no order, or cannot be taken, is none.

    Raises:
        NoBaskets; orders.actions.intake.opening.Unreadable.
    """
    baskets = []
    for source in _sources(path):
        with open_source(source) as opened:
            try:
                table = open_rows(opened.stream, columns)
            except BadColumnMap as error:
                raise NoBaskets(str(error)) from None
            baskets += [basket for basket in _read_table(table) if basket.items]
    return sorted(baskets, key=lambda basket: basket.at)


def read_bare_baskets(path: str) -> list[Basket]:
    """A basket a line, its items between commas, in the order of the file.

    Raises:
        NoBaskets; orders.actions.intake.opening.Unreadable.
    """
    baskets = []
    for source in _sources(path):
        with open_source(source) as opened:
            text = open_text(opened.stream)  # by a name, so that it is not closed before its stream is
            for row in csv.reader(text):
                items = frozenset(cell.strip() for cell in row if cell.strip())
                if items:
                    baskets.append(Basket(items, NO_DAY))
    return baskets


def read_columns(path: str) -> ColumnMap:
    """Raises:
    NoBaskets
    """
    try:
        return read_column_map(tomllib.loads(Path(path).read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise NoBaskets(f"The column map {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, BadColumnMap) as error:
        raise NoBaskets(f"The column map {path}: {error}.") from None


def _sources(path: str) -> list[Any]:
    found = find_sources([path], format="csv")
    if found.missing:
        raise NoBaskets(f"{path}: {found.missing[path]}")
    return found.sources


def _read_table(table: Table) -> Iterator[Basket]:
    for group in table.split_orders():
        try:
            said = table.read_order(group, channel="evaluation")
        except (NotAnOrder, CannotTake):
            continue
        if isinstance(said, IncomingOrder):
            items = frozenset(line.sku for line in said.lines if line.kind == "PRODUCT" and line.unit_price > 0)
            buyer = (said.customer.email or said.customer.name) if said.customer else ""
            yield Basket(items, said.placed_at, buyer)
