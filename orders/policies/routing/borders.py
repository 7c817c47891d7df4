"""The tables that duties are estimated by, each row with the days between which it holds and where it is written.

Territories are countries or customs unions: a union's code stands for all its members.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

HERE = Path(__file__).parent
ANYWHERE = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """`since` is the first day, `until` the first day on which it no longer holds."""

    source: str
    since: date = date.min
    until: date = date.max

    def holds(self, at: date) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomsUnion(Row):
    """No duty among its members; with `one_tax` no import tax either."""

    code: str
    name: str
    members: frozenset[str]
    one_tax: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement(Row):
    """No duty on what originates in one of the parties and is sent from one to another."""

    name: str
    parties: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Relief(Row):
    """What is different for goods of little value. Limits are inclusive, in `currency`.

    `each_kind` is paid up to `each_kind_to` by each kind of goods (six digits) instead of its duty. `sold_taxed_to`:
    the seller charges the tax with the price. `tax_share`: per cent of the tax that is due up to `tax_share_to`.
    `tax_below`: a tax of no more than this is waived.
    """

    to: str
    currency: str
    duty_free_to: Decimal | None = None
    tax_free_to: Decimal | None = None
    sold_taxed_to: Decimal | None = None
    each_kind: Decimal | None = None
    each_kind_to: Decimal | None = None
    tax_share: Decimal | None = None
    tax_share_to: Decimal | None = None
    tax_below: Decimal | None = None
    only_from: Sequence[str] = ()
    not_of: Sequence[str] = ()
    not_in: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Surcharge(Row):
    """Per cent on top of the duty, of goods of some origins, in some chapters; empty: of all."""

    to: str
    rate: Decimal
    of: Sequence[str] = ()
    not_of: Sequence[str] = ()
    chapters: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates(Row):
    """Per cent by the beginning of a code, by country, or units for a euro by currency."""

    rates: dict[str, Decimal] = field(default_factory=dict)
    to: str = ANYWHERE


@dataclass(frozen=True, slots=True)
class Borders:
    unions: Sequence[CustomsUnion]
    agreements: Sequence[Agreement]
    reliefs: Sequence[Relief]
    surcharges: Sequence[Surcharge]
    duties: Sequence[Rates]
    taxes: Sequence[Rates]
    reference_rates: Sequence[Rates]

    def is_in(self, country: str, territory: str) -> bool:
        """True for the country itself, and for a member of the union of that code."""
        return country == territory or any(country in each.members for each in self.unions if each.code == territory)


class _Dated(Protocol):
    def holds(self, at: date) -> bool: ...


Held = TypeVar("Held", bound=_Dated)


def holding(rows: Iterable[Held], at: date) -> list[Held]:
    return [row for row in rows if row.holds(at)]


@cache
def read_borders() -> Borders:
    written = _read("borders.toml") | _read("tariffs.toml")
    unions = [CustomsUnion(**{**row, "members": frozenset(row["members"])}) for row in written["unions"]]
    nested = {union.code: union.members for union in unions}
    expanded = [
        CustomsUnion(
            code=union.code,
            name=union.name,
            members=union.members.union(*(nested.get(member, frozenset()) for member in union.members)),
            one_tax=union.one_tax,
            source=union.source,
            since=union.since,
            until=union.until,
        )
        for union in unions
    ]
    return Borders(
        unions=expanded,
        agreements=[Agreement(**row) for row in written["agreements"]],
        reliefs=[Relief(**row) for row in written["reliefs"]],
        surcharges=[Surcharge(**row) for row in written["surcharges"]],
        duties=[Rates(**row) for row in written["duties"]],
        taxes=[Rates(**row) for row in written["taxes"]],
        reference_rates=[Rates(**row) for row in written["reference_rates"]],
    )


def _read(name: str) -> dict[str, list[dict[str, Any]]]:
    tables = tomllib.loads((HERE / name).read_text(encoding="utf-8"), parse_float=Decimal)
    return {table: [_read_row(row) for row in rows] for table, rows in tables.items()}


def _read_row(row: dict[str, Any]) -> dict[str, Any]:
    """`from` is no name in Python; whole numbers are amounts, too."""
    read: dict[str, Any] = {"since" if key == "from" else key: _to_amount(value) for key, value in row.items()}
    if "rates" in read:
        read["rates"] = {key: _to_amount(value) for key, value in read["rates"].items()}
    return read


def _to_amount(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
