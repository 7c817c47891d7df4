"""What crossing a border costs: an estimate to compare warehouses by, never charged and never declared.

Duty by typical rates of a chapter of the Harmonized System (`tariffs.toml`), import tax at the standard rate, reliefs
for small consignments, customs unions and preferential origin (`borders.toml`), each with its dates. Left out: freight
and insurance in the taxable value, quotas, anti-dumping, excise, reduced tax rates, taxes of states and provinces, fees
of the carrier. Preferential origin is taken at its word; whoever imports must prove it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from oms.money import round_amount
from orders.policies.routing.borders import Relief, holding, read_borders
from orders.policies.routing.crossings import Crossing, find_crossing

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
        return self.hs_code if self.hs_code.isdecimal() else "".join(each for each in self.hs_code if each.isdigit())


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
    if from_country == to_country:
        return _free("no_border", "It crosses no border.")
    value = sum((item.total for item in items), NOTHING)
    if value <= 0:
        return _free("nothing", "It is worth nothing.")
    crossing = find_crossing(from_country, to_country, at)
    if crossing.union and crossing.union.one_tax:
        return _free("union", f"It stays inside {crossing.union.name}.")

    parcel = _Parcel(crossing, items, value, at, currency)
    relief = _find_relief(parcel)
    duty, code, why = _find_duty(parcel, relief)
    duty = round_amount(duty, currency)
    tax = round_amount(_find_tax(parcel, relief, value + duty), currency)
    in_price = parcel.is_within(relief, relief.sold_taxed_to) if relief else False
    told = f"{why} The seller charges the tax with the price." if in_price and tax else why
    return Duties(duty, tax, in_price and tax > 0, code, told)


def convert_value(amount: Decimal, *, currency: str, into: str, at: date) -> Decimal | None:
    """By the reference rates of the day; None where one of the currencies is not among them."""
    if currency == into:
        return amount
    rates = _read_rates(at)
    if currency not in rates or into not in rates:
        return None
    return amount * rates[into] / rates[currency]


@lru_cache(maxsize=100)
def _read_rates(at: date) -> dict[str, Decimal]:
    return holding(read_borders().reference_rates, at)[0].rates


def _free(code: Why, why: str) -> Duties:
    return Duties(NOTHING, NOTHING, False, code, why)


@dataclass(frozen=True, slots=True)
class _Parcel:
    crossing: Crossing
    items: Sequence[Item]
    value: Decimal
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
        return item.origin or self.crossing.sent_from

    def percentage(self, item: Item) -> Decimal:
        return self.crossing.percentage(item.digits, self.origin(item))


def _find_relief(parcel: _Parcel) -> Relief | None:
    """The first row that is for these goods; one item that it is not for is enough to lose it."""
    for relief in parcel.crossing.reliefs:
        if any(parcel.origin(item) in relief.not_of or item.digits[:2] in relief.not_in for item in parcel.items):
            continue
        return relief
    return None


def _find_duty(parcel: _Parcel, relief: Relief | None) -> tuple[Decimal, Why, str]:
    crossing = parcel.crossing
    if crossing.union:
        return NOTHING, "customs_union", f"No duty inside {crossing.union.name}."
    if relief and parcel.is_within(relief, relief.duty_free_to):
        return NOTHING, "small", f"No duty up to {relief.duty_free_to} {relief.currency}."
    paying = [item for item in parcel.items if not crossing.preference(item.origin)]
    if not paying:
        agreement = crossing.preference(parcel.items[0].origin)
        return NOTHING, "preference", f"No duty by its origin: {agreement.name if agreement else ''}."
    if relief and relief.each_kind is not None and parcel.is_within(relief, relief.each_kind_to):
        each = parcel.convert(relief.each_kind, relief.currency) or NOTHING
        kinds = {item.digits[:6] for item in paying}
        currency = relief.currency
        why = f"{relief.each_kind} {currency} for each kind of goods up to {relief.each_kind_to} {currency}."
        return each * len(kinds), "each_kind", why
    duty = sum((item.total * parcel.percentage(item) / 100 for item in paying), NOTHING)
    if not duty:
        return NOTHING, "duty_free", "These goods are free of duty there."
    shares = sorted({parcel.percentage(item).normalize() for item in paying})
    return duty, "dutiable", f"Duty of about {_tell_span(shares)} % of the value."


def _find_tax(parcel: _Parcel, relief: Relief | None, base: Decimal) -> Decimal:
    tax = base * parcel.crossing.tax_rate / 100
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
