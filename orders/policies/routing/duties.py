"""What crossing a border costs: an estimate to compare warehouses by, never charged and never declared.

Duty by typical rates of a chapter of the Harmonized System (`tariffs.toml`), import tax at the standard rate, reliefs
for small consignments, customs unions and preferential origin (`borders.toml`), each with its dates. Left out: freight
and insurance in the taxable value, quotas, anti-dumping, excise, reduced tax rates, taxes of states and provinces, fees
of the carrier. Preferential origin is taken at its word; whoever imports must prove it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from oms.money import round_amount
from orders.policies.routing.borders import (
    ANYWHERE,
    Agreement,
    Borders,
    CustomsUnion,
    Relief,
    holding,
    read_borders,
)

Why = Literal[
    "no_border", "union", "customs_union", "nothing", "small", "each_kind", "preference", "duty_free", "dutiable"
]
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Item:
    """Goods of one kind. `value` is of one unit, in the shop's currency, without tax; `origin` "" is not known."""

    hs_code: str
    origin: str
    value: Decimal
    quantity: Decimal

    @property
    def total(self) -> Decimal:
        return self.value * self.quantity

    @property
    def digits(self) -> str:
        return "".join(each for each in self.hs_code if each.isdigit())


@dataclass(frozen=True, slots=True)
class Duties:
    """Both in the shop's currency. `tax_in_price`: the seller charges the tax with the price, the border none.

    `code` is the reason for machines, `why` the same in a sentence.
    """

    duty: Decimal
    tax: Decimal
    tax_in_price: bool
    code: Why
    why: str


def estimate_duty(items: Sequence[Item], *, from_country: str, to_country: str, at: date, currency: str) -> Duties:
    """Duty and import tax of a parcel. Countries by ISO 3166-1; XI is Northern Ireland.

    Raises:
        UnknownCurrency
    """
    borders = read_borders()
    if from_country == to_country:
        return _free("no_border", "It crosses no border.")
    value = sum((item.total for item in items), NOTHING)
    if value <= 0:
        return _free("nothing", "It is worth nothing.")
    union = _find_union(borders, from_country, to_country, at)
    if union and union.one_tax:
        return _free("union", f"It stays inside {union.name}.")

    parcel = _Parcel(borders, items, value, from_country, to_country, at, currency)
    relief = _find_relief(parcel)
    duty, code, why = _find_duty(parcel, relief, union)
    duty = round_amount(duty, currency)
    tax = round_amount(_find_tax(parcel, relief, value + duty), currency)
    in_price = parcel.is_within(relief, relief.sold_taxed_to) if relief else False
    told = f"{why} The seller charges the tax with the price." if in_price and tax else why
    return Duties(duty, tax, in_price and tax > 0, code, told)


def convert_value(amount: Decimal, *, currency: str, into: str, at: date) -> Decimal | None:
    """By the reference rates of the day; None where one of the currencies is not among them."""
    if currency == into:
        return amount
    rates = holding(read_borders().reference_rates, at)[0].rates
    if currency not in rates or into not in rates:
        return None
    return amount * rates[into] / rates[currency]


def _free(code: Why, why: str) -> Duties:
    return Duties(NOTHING, NOTHING, False, code, why)


@dataclass(frozen=True, slots=True)
class _Parcel:
    borders: Borders
    items: Sequence[Item]
    value: Decimal
    sent_from: str
    sent_to: str
    at: date
    currency: str

    def is_within(self, relief: Relief, limit: Decimal | None) -> bool:
        """True up to the limit itself. A limit in a currency of unknown rate is one that nothing is within."""
        if limit is None:
            return False
        here = self.convert(limit, relief.currency)
        return here is not None and self.value <= here

    def convert(self, amount: Decimal, currency: str) -> Decimal | None:
        return convert_value(amount, currency=currency, into=self.currency, at=self.at)

    def origin(self, item: Item) -> str:
        """Where no origin is given, goods are taken to be from where they are sent."""
        return item.origin or self.sent_from


def _find_union(borders: Borders, sent_from: str, sent_to: str, at: date) -> CustomsUnion | None:
    """The closest one that both are in: one with a common tax before one without."""
    both = [each for each in holding(borders.unions, at) if {sent_from, sent_to} <= each.members]
    return max(both, key=lambda union: union.one_tax, default=None)


def _find_relief(parcel: _Parcel) -> Relief | None:
    """The row of the day for this destination, dispatch and goods; one item that it is not for is enough to lose it."""
    for relief in holding(parcel.borders.reliefs, parcel.at):
        if not parcel.borders.is_in(parcel.sent_to, relief.to):
            continue
        if relief.only_from and parcel.sent_from not in relief.only_from:
            continue
        if any(parcel.origin(item) in relief.not_of or item.digits[:2] in relief.not_in for item in parcel.items):
            continue
        return relief
    return None


def _find_duty(parcel: _Parcel, relief: Relief | None, union: CustomsUnion | None) -> tuple[Decimal, Why, str]:
    if union:
        return NOTHING, "customs_union", f"No duty inside {union.name}."
    if relief and parcel.is_within(relief, relief.duty_free_to):
        return NOTHING, "small", f"No duty up to {relief.duty_free_to} {relief.currency}."
    paying = [item for item in parcel.items if not _find_preference(parcel, item)]
    if not paying:
        agreement = _find_preference(parcel, parcel.items[0])
        return NOTHING, "preference", f"No duty by its origin: {agreement.name if agreement else ''}."
    if relief and relief.each_kind is not None and parcel.is_within(relief, relief.each_kind_to):
        each = parcel.convert(relief.each_kind, relief.currency) or NOTHING
        kinds = {item.digits[:6] for item in paying}
        currency = relief.currency
        why = f"{relief.each_kind} {currency} for each kind of goods up to {relief.each_kind_to} {currency}."
        return each * len(kinds), "each_kind", why
    duty = sum((item.total * _rate_of(parcel, item) / 100 for item in paying), NOTHING)
    if not duty:
        return NOTHING, "duty_free", "These goods are free of duty there."
    shares = sorted({_rate_of(parcel, item).normalize() for item in paying})
    return duty, "dutiable", f"Duty of about {_tell_span(shares)} % of the value."


def _find_preference(parcel: _Parcel, item: Item) -> Agreement | None:
    """Where no origin is given there is none to prove."""
    is_in = parcel.borders.is_in
    for agreement in holding(parcel.borders.agreements, parcel.at):
        start = [party for party in agreement.parties if is_in(parcel.sent_from, party)]
        end = [party for party in agreement.parties if is_in(parcel.sent_to, party)]
        made = any(is_in(item.origin, party) for party in agreement.parties)
        if start and end and start != end and made:
            return agreement
    return None


def _rate_of(parcel: _Parcel, item: Item) -> Decimal:
    """Per cent: by the longest beginning of the code that is named, and what is levied on top."""
    to_here = [row for row in holding(parcel.borders.duties, parcel.at) if parcel.borders.is_in(parcel.sent_to, row.to)]
    rates = (to_here or [row for row in parcel.borders.duties if row.to == ANYWHERE])[0].rates
    beginning = max((each for each in rates if item.digits.startswith(each)), key=len)
    return rates[beginning] + sum(_surcharges(parcel, item), NOTHING)


def _surcharges(parcel: _Parcel, item: Item) -> Iterable[Decimal]:
    origin = parcel.origin(item)
    for row in holding(parcel.borders.surcharges, parcel.at):
        of_it = (not row.of or origin in row.of) and origin not in row.not_of
        in_it = not row.chapters or item.digits[:2] in row.chapters
        if of_it and in_it and parcel.borders.is_in(parcel.sent_to, row.to):
            yield row.rate


def _find_tax(parcel: _Parcel, relief: Relief | None, base: Decimal) -> Decimal:
    rows = holding(parcel.borders.taxes, parcel.at)
    named = next((row.rates[parcel.sent_to] for row in rows if parcel.sent_to in row.rates), None)
    tax = base * (named if named is not None else rows[-1].rates[ANYWHERE]) / 100
    if relief is None:
        return tax
    if parcel.is_within(relief, relief.tax_free_to):
        return NOTHING
    if relief.tax_share is not None and parcel.is_within(relief, relief.tax_share_to):
        return tax * relief.tax_share / 100
    if relief.tax_below is not None:
        waived = parcel.convert(relief.tax_below, relief.currency)
        return NOTHING if waived is not None and tax <= waived else tax
    return tax


def _tell_span(shares: Sequence[Decimal]) -> str:
    return f"{shares[0]:f}" if len(shares) == 1 else f"{shares[0]:f} to {shares[-1]:f}"
