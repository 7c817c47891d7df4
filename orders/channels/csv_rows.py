"""The rows of one order into an `IncomingOrder`, as a column map says."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from oms.money import round_amount
from orders.channels.building import Fields, build_order
from orders.channels.csv_columns import (
    ADDRESS_COLUMNS,
    AMOUNT_COLUMNS,
    MOMENT_COLUMNS,
    ORDER_COLUMNS,
    BadColumnMap,
    ColumnMap,
    Rule,
)
from orders.channels.port import CannotTake, IncomingCancellation, IncomingMessage, NotAnOrder
from orders.channels.reading import Part, clean, read_decimal
from orders.channels.reasons import cannot_take

Row = Sequence[str]
PRODUCT = "PRODUCT"


@lru_cache(maxsize=50_000)
def _number(cell: str, decimal_comma: bool) -> Decimal | None:
    """The number in a cell; None when it is empty or none. Cached: prices and quantities come again and again."""
    try:
        return read_decimal(cell.replace(".", "").replace(",", ".") if decimal_comma else cell)
    except ValueError:
        return None


class RowReader:
    """A column map bound to a header. It keeps no row."""

    def __init__(self, columns: ColumnMap, header: Row) -> None:
        places = {name: place for place, name in enumerate(header)}
        if missing := sorted(set(columns.columns.values()) - places.keys()):
            raise BadColumnMap(f"The file has no column {', '.join(missing)}; it has {', '.join(header) or 'none'}.")
        self.columns = columns
        self.width = len(header)
        self.places = {name: places[column] for name, column in columns.columns.items()}
        self.id_place = self.places["external_id"]
        self._zone = ZoneInfo(columns.dates.zone)
        self._kinds = _kinds_by_sku(columns)
        self._rules = [(rule, re.compile(rule.when.external_id)) for rule in columns.rules]
        self._steady = self._steady_columns()

    def _steady_columns(self) -> Callable[[Row], Any]:
        """What all rows of an order must agree on: everything of the order but its moments (typed while it ran)."""
        names = [name for name in self.places if name in ORDER_COLUMNS and name not in MOMENT_COLUMNS]
        return itemgetter(*(self.places[name] for name in names))
