"""What holds between two countries on one day, picked out of the tables once: a wave asks for it ten thousand times."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from orders.policies.routing.borders import (
    ANYWHERE,
    Agreement,
    Borders,
    CustomsUnion,
    Relief,
    Surcharge,
    holding,
    read_borders,
)

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Reliefs, surcharges and agreements are those of the day for this way, whatever is sent; `rates` are per cent by
    the beginning of a code, `tax_rate` per cent. `union` is the closest one that both are in.
    """

    sent_from: str
    sent_to: str
    union: CustomsUnion | None
    reliefs: Sequence[Relief]
    rates: dict[str, Decimal]
    surcharges: Sequence[Surcharge]
    agreements: Sequence[Agreement]
    tax_rate: Decimal
    _preferences: dict[str, Agreement | None] = field(default_factory=dict)
    _percentages: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def preference(self, origin: str) -> Agreement | None:
        """The agreement that frees goods of this origin. Where no origin is given there is none to prove."""
        if origin not in self._preferences:
            self._preferences[origin] = next((each for each in self.agreements if _made_in(origin, each)), None)
        return self._preferences[origin]

    def percentage(self, digits: str, origin: str) -> Decimal:
        """By the longest beginning of the code that is named, and what is levied on top."""
        asked = digits, origin
        if asked not in self._percentages:
            beginning = max((each for each in self.rates if digits.startswith(each)), key=len)
            on_top = sum((row.rate for row in self.surcharges if _is_levied(row, digits, origin)), NOTHING)
            self._percentages[asked] = self.rates[beginning] + on_top
        return self._percentages[asked]


@lru_cache(maxsize=2_000)
def find_crossing(sent_from: str, sent_to: str, at: date) -> Crossing:
    """Countries by ISO 3166-1; XI is Northern Ireland."""
    borders = read_borders()
    return Crossing(
        sent_from,
        sent_to,
        union=_find_union(borders, sent_from, sent_to, at),
        reliefs=[
            row
            for row in holding(borders.reliefs, at)
            if borders.is_in(sent_to, row.to) and (not row.only_from or sent_from in row.only_from)
        ],
        rates=_find_rates(borders, sent_to, at),
        surcharges=[row for row in holding(borders.surcharges, at) if borders.is_in(sent_to, row.to)],
        agreements=[row for row in holding(borders.agreements, at) if _is_between(borders, row, sent_from, sent_to)],
        tax_rate=_find_tax_rate(borders, sent_to, at),
    )


def _find_union(borders: Borders, sent_from: str, sent_to: str, at: date) -> CustomsUnion | None:
    """One with a common tax before one without."""
    both = [each for each in holding(borders.unions, at) if {sent_from, sent_to} <= each.members]
    return max(both, key=lambda union: union.one_tax, default=None)


def _find_rates(borders: Borders, sent_to: str, at: date) -> dict[str, Decimal]:
    to_here = [row for row in holding(borders.duties, at) if borders.is_in(sent_to, row.to)]
    return (to_here or [row for row in borders.duties if row.to == ANYWHERE])[0].rates


def _find_tax_rate(borders: Borders, sent_to: str, at: date) -> Decimal:
    rows = holding(borders.taxes, at)
    named = next((row.rates[sent_to] for row in rows if sent_to in row.rates), None)
    return named if named is not None else rows[-1].rates[ANYWHERE]


def _is_between(borders: Borders, agreement: Agreement, sent_from: str, sent_to: str) -> bool:
    """From one party to another: inside one of them it says nothing."""
    start = [party for party in agreement.parties if borders.is_in(sent_from, party)]
    end = [party for party in agreement.parties if borders.is_in(sent_to, party)]
    return bool(start and end and start != end)


def _made_in(origin: str, agreement: Agreement) -> bool:
    return any(read_borders().is_in(origin, party) for party in agreement.parties)


def _is_levied(row: Surcharge, digits: str, origin: str) -> bool:
    of_it = (not row.of or origin in row.of) and origin not in row.not_of
    return of_it and (not row.chapters or digits[:2] in row.chapters)
