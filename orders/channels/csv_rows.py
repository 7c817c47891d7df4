"""The rows of one order into an `IncomingOrder`, as a column map says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from orders.channels.reasons import cannot_take, quote

Row = Sequence[str]
PRODUCT = "PRODUCT"


@lru_cache(maxsize=50_000)
def _number(cell: str, decimal_comma: bool) -> Decimal | None:
    """The number in a cell; None when it is empty or none. Cached: prices and quantities come again and again."""
    try:
        return read_decimal(cell.replace(".", "").replace(",", ".") if decimal_comma else cell)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Credited:
    """One line of a credit note: so many units of what kind of thing."""

    sku: str
    kind: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What a buyer gave back, as the books have it: of which order it was, they do not say."""

    external_id: str
    at: datetime
    buyer: str
    lines: tuple[Credited, ...]


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

    def read(self, rows: Sequence[Row], lines: Sequence[int], *, channel: str, late: bool) -> IncomingMessage:
        """What these rows say. `lines`: where each stands in the file; `late`: others of the order came before.

        Raises:
            NotAnOrder: by one of the map's rules.
            CannotTake
        """
        names = [f"line {line}" for line in lines] or [f"row {place}" for place in range(1, len(rows) + 1)]
        external_id = rows[0][self.id_place].strip() if len(rows[0]) > self.id_place else ""
        try:
            self._check(rows, names, external_id, late)
            for rule, pattern in self._rules:
                if self._holds(rule, pattern, rows):
                    return self._apply(rule, rows[0], external_id)
            return build_order(self._read_fields(rows, names, channel))
        except CannotTake as refusal:
            refusal.external_id = refusal.external_id or quote(external_id, most=100)
            raise

    def read_credit_note(self, rows: Sequence[Row], lines: Sequence[int]) -> CreditNote | None:
        """What these rows take back, where a rule of the map takes them for a cancellation; None: they are none.

        Raises:
            CannotTake
        """
        rules = ((rule, pattern) for rule, pattern in self._rules if self._holds(rule, pattern, rows))
        rule, _ = next(rules, (None, None))
        if rule is None or rule.then != "cancellation":
            return None
        names = [f"line {line}" for line in lines]
        self._check(rows, names, rows[0][self.id_place].strip(), late=False)
        at = self._moment(rows[0], "placed_at")
        if at is None:
            raise cannot_take("unreadable_date", place=self.columns.columns["placed_at"], found="")
        buyer = self._customer(rows[0])
        return CreditNote(
            rows[0][self.id_place].strip(),
            at,
            buyer.get("email") or buyer.get("name", ""),
            tuple(self._read_credited(row, name) for row, name in zip(rows, names, strict=True)),
        )

    def _read_credited(self, row: Row, name: str) -> Credited:
        sku = row[self.places["sku"]].strip()
        return Credited(sku, self._kinds(sku), abs(self._needed(row, "quantity", name)))

    def _check(self, rows: Sequence[Row], names: Sequence[str], external_id: str, late: bool) -> None:
        for row, name in zip(rows, names, strict=True):
            if len(row) != self.width:
                raise cannot_take("row_malformed", place=name, found=len(row), wanted=self.width)
        if not external_id:
            raise cannot_take("external_id_missing")
        if late:
            raise cannot_take("rows_apart", external_id=external_id)
        if "\ufffd" in "".join(chain.from_iterable(rows)):
            raise cannot_take("undecodable", encoding=self.columns.encoding)
        first = self._steady(rows[0])
        for row in rows:
            if self._steady(row) != first:
                raise self._refuse_disagreement(rows[0], row)

    def _refuse_disagreement(self, first: Row, other: Row) -> CannotTake:
        for name, place in self.places.items():
            if name in ORDER_COLUMNS and name not in MOMENT_COLUMNS and first[place] != other[place]:
                column = self.columns.columns[name]
                return cannot_take("rows_disagree", place=column, found=first[place], wanted=other[place])
        raise AssertionError("The rows agree.")

    def _holds(self, rule: Rule, pattern: re.Pattern[str], rows: Sequence[Row]) -> bool:
        when = rule.when
        if when.external_id and not pattern.match(rows[0][self.id_place].strip()):
            return False
        if when.every_price and any(self._number(row, "unit_price") != 0 for row in rows):
            return False
        if when.every_quantity and not all((self._number(row, "quantity") or 0) < 0 for row in rows):
            return False
        if when.customer is not None and when.customer != bool(self._customer(rows[0])):
            return False
        kinds = (self._kinds(row[self.places["sku"]]) for row in rows)
        return when.goods is None or when.goods == any(kind not in ("FEE", "DISCOUNT") for kind in kinds)

    def _apply(self, rule: Rule, row: Row, external_id: str) -> IncomingCancellation:
        if rule.then == "not_an_order":
            raise NotAnOrder(rule.detail or rule.reason.replace("_", " "), reason=rule.reason)
        cancelled = Part({"cancels": self._text(row, "cancels")}).identity("cancels")
        if not cancelled:
            raise cannot_take("cancellation_without_order", external_id=external_id)
        return IncomingCancellation(cancelled, self._moment(row, "placed_at"), rule.reason)

    def _read_fields(self, rows: Sequence[Row], names: Sequence[str], channel: str) -> Fields:
        row, constants = rows[0], self.columns.constants
        placed_at = self._moment(row, "placed_at")
        currency = Part({"currency": self._text(row, "currency") or constants.currency}).currency("currency")
        lines, taken_off = self._read_lines(rows, names, currency)
        amounts = {name: self._amount(row, name) for name in AMOUNT_COLUMNS if name in self.places}
        tags = [tag.strip()[:60] for tag in re.split("[;,]", self._text(row, "tags")) if tag.strip()]
        return {
            "channel": channel,
            "external_id": row[self.id_place].strip(),
            "external_number": self._text(row, "external_number"),
            "placed_at": placed_at,
            "updated_at": self._moment(row, "updated_at"),
            "currency": currency,
            "tax_included": constants.tax_included,
            "customer": self._customer(row) or None,
            "shipping_address": self._address(row),
            "lines": lines,
            "shipping": {
                "method": self._text(row, "shipping_method") or constants.shipping_method,
                "amount": amounts.get("shipping_amount") or Decimal(0),
                "tax": amounts.get("shipping_tax") or Decimal(0),
            },
            "discount": (amounts.get("discount") or Decimal(0)) + taken_off,
            "tip": amounts.get("tip") or Decimal(0),
            "duty": amounts.get("duty") or Decimal(0),
            "total": amounts.get("total"),
            "payment": self._payment(row),
            "tags": [*tags, *constants.tags],
            "note": self._text(row, "note")[:5_000],
            "test": constants.test,
            "ship_after": self._day(row, "ship_after"),
            "fulfilled_at": self._moment(row, "fulfilled_at") or (placed_at if constants.fulfilled else None),
            "cancelled_at": self._moment(row, "cancelled_at"),
            "cancel_reason": self._text(row, "cancel_reason")[:255],
        }

    def _read_lines(self, rows: Sequence[Row], names: Sequence[str], currency: str) -> tuple[list[Fields], Decimal]:
        """The lines, and what discount rows take off."""
        lines, taken_off = [], Decimal(0)
        for row, name in zip(rows, names, strict=True):
            sku = row[self.places["sku"]].strip()
            kind = self._kinds(sku)
            quantity, price = self._needed(row, "quantity", name), self._needed(row, "unit_price", name)
            if kind == "DISCOUNT":
                taken_off += abs(round_amount(quantity * price, currency))
                continue
            if quantity < 0:
                raise cannot_take("negative_quantity", place=f"Quantity of {name}", found=quantity)
            if price < 0:
                raise cannot_take("negative_amount", place=f"Price of {name}", found=price)
            lines.append(self._line(row, sku, kind, quantity, price))
        if not lines:
            raise cannot_take("no_lines")
        return lines, taken_off

    def _line(self, row: Row, sku: str, kind: str, quantity: Decimal, price: Decimal) -> Fields:
        title = self._text(row, "title")[:255]
        line: Fields = {"sku": sku, "title": title, "quantity": quantity, "unit_price": price}
        if kind != PRODUCT:
            line |= {"kind": kind, "title": title or sku}
        elif not sku:
            raise cannot_take("sku_missing", title=title or "A line")
        if "line_id" in self.places:
            line["external_id"] = self._text(row, "line_id")
        for name, field in (("line_discount", "discount"), ("line_tax", "tax")):
            if name in self.places:
                line[field] = self._amount(row, name) or Decimal(0)
        return line

    def _customer(self, row: Row) -> dict[str, str]:
        """Empty when nobody is named."""
        fields = {"email": "email", "customer_name": "name", "phone": "phone", "locale": "locale"}
        customer = {field: self._text(row, name) for name, field in fields.items() if name in self.places}
        return customer if any(customer.values()) else {}

    def _address(self, row: Row) -> Fields | None:
        """A country without a code of its own stands in the province, so that nobody's word is lost."""
        address = {name: self._text(row, name) for name in ADDRESS_COLUMNS if name in self.places}
        written = address.get("country", "")
        address["country"] = self._country(written) or ("" if written else self.columns.constants.country)
        if written and not address["country"]:
            address["province"] = address.get("province") or written
        return address if any(address.values()) else None

    def _country(self, written: str) -> str:
        if not written or not self.columns.countries:
            return Part({"country": written}).country("country")
        if written not in self.columns.countries:
            raise cannot_take("unknown_country", place=self.columns.columns["country"], found=written)
        return self.columns.countries[written]

    def _payment(self, row: Row) -> Fields | None:
        status = (self._text(row, "payment_status") or self.columns.constants.payment_status).upper()
        gateway = self._text(row, "payment_gateway") or self.columns.constants.payment_gateway
        return (
            {"status": status, "gateway": gateway, "reference": self._text(row, "payment_reference")}
            if status
            else None
        )

    def _text(self, row: Row, name: str) -> str:
        place = self.places.get(name)
        return clean(row[place]) if place is not None else ""

    def _number(self, row: Row, name: str) -> Decimal | None:
        return _number(row[self.places[name]], self.columns.decimal_comma)

    def _needed(self, row: Row, name: str, line: str) -> Decimal:
        number = self._number(row, name)
        if number is None:
            found = row[self.places[name]]
            raise cannot_take("unreadable_amount", place=f"{self.columns.columns[name]} of {line}", found=found)
        return number

    def _amount(self, row: Row, name: str) -> Decimal | None:
        """An amount that may be left empty."""
        return self._needed(row, name, "the order") if row[self.places[name]].strip() else None

    def _moment(self, row: Row, name: str) -> datetime | None:
        """In the map's zone. An hour that the clocks run through twice is taken for the first time."""
        written = self._text(row, name)
        if not written:
            return None
        form = self.columns.dates.format
        try:
            moment = datetime.strptime(written, form) if form else datetime.fromisoformat(written)  # noqa: DTZ007 - below
        except ValueError:
            raise cannot_take("unreadable_date", place=self.columns.columns[name], found=written) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def _day(self, row: Row, name: str) -> date | None:
        """Written as moments are, or as a day alone."""
        moment = self._moment(row, name)
        return moment.date() if moment else None


def _kinds_by_sku(columns: ColumnMap) -> Callable[[str], str]:
    """What a SKU's line is: a product, unless the map names the code."""
    named = {code.upper(): codes.kind for codes in columns.codes for code in codes.match}
    patterns = [(re.compile(codes.pattern, re.IGNORECASE), codes.kind) for codes in columns.codes if codes.pattern]

    @lru_cache(maxsize=100_000)
    def kind_of(sku: str) -> str:
        code = sku.strip()
        if kind := named.get(code.upper()):
            return kind
        return next((kind for pattern, kind in patterns if pattern.fullmatch(code)), PRODUCT)

    return kind_of
