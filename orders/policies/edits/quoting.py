"""What shipping costs and which tax applies, by the merchant's own tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from oms.money import minor_unit, round_amount
from orders.policies.edits.state import NOTHING, OrderState, Rate, TaxRow

_PLACES = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent where. Value of the goods after discounts; weight in grams."""

    channel_id: int
    country: str
    method: str
    currency: str
    value: Decimal
    weight: int


def parcel_of(order: OrderState) -> Parcel:
    """The order as it stands: what of it is not cancelled, sent the way it is to be sent."""
    kept = [line for line in order.lines if line.quantity - line.cancelled > 0]
    value = sum((line.value(order.currency) - line.discount for line in kept), NOTHING) - order.extra_discount
    weight = sum(int(line.weight_grams * (line.quantity - line.cancelled)) for line in kept)
    return Parcel(order.channel_id, order.country, order.shipping_method, order.currency, value, weight)


def quote_shipping(parcel: Parcel, rates: Iterable[Rate]) -> tuple[Decimal, Rate] | None:
    """The price and its row; None when the table says nothing of such a parcel.

    The most particular row wins (channel, then country); of equals the cheapest.
    """
    fitting = [rate for rate in rates if _fits(rate, parcel)]
    if not fitting:
        return None
    offers = [(_price(rate, parcel.value), rate) for rate in fitting]
    return min(offers, key=lambda offer: (offer[1].channel_id is None, offer[1].country == "", offer[0]))


def find_methods(parcel: Parcel, rates: Sequence[Rate]) -> list[tuple[Decimal, Rate]]:
    """Each method that could carry the parcel, the cheapest first."""
    methods = dict.fromkeys(rate.method for rate in rates)
    offers = (quote_shipping(replace(parcel, method=method), rates) for method in methods)
    return sorted((offer for offer in offers if offer), key=lambda offer: (offer[0], offer[1].method))


def _fits(rate: Rate, parcel: Parcel) -> bool:
    return (
        rate.method == parcel.method
        and rate.currency == parcel.currency
        and rate.channel_id in (None, parcel.channel_id)
        and rate.country in ("", parcel.country)
        and rate.weight_from <= parcel.weight
        and (rate.weight_below is None or parcel.weight < rate.weight_below)
    )


def _price(rate: Rate, value: Decimal) -> Decimal:
    return NOTHING if rate.free_from is not None and value >= rate.free_from else rate.price


def find_tax_rate(
    taxes: Iterable[TaxRow], *, country: str, province: str, category_id: int | None, on: date
) -> Decimal | None:
    """The rate for goods of this category there on that day; None when the table does not know."""
    row = find_tax_row(taxes, country=country, province=province, category_id=category_id, on=on)
    return row.rate if row else None


def find_tax_row(
    taxes: Iterable[TaxRow], *, country: str, province: str, category_id: int | None, on: date
) -> TaxRow | None:
    """The row that decides: province before country, category before all goods; of two that hold, the newer."""
    fitting = [
        row
        for row in taxes
        if row.country == country
        and row.province in ("", province)
        and row.category_id in (None, category_id)
        and row.from_date <= on
        and (row.until_date is None or on <= row.until_date)
    ]
    return max(fitting, key=lambda row: (row.province != "", row.category_id is not None, row.from_date), default=None)


def tax_on(net: Decimal, rate: Decimal, *, included: bool, currency: str) -> Decimal:
    """Tax on an amount after discounts: contained in it, or to be added."""
    return round_amount(net * rate / (1 + rate) if included else net * rate, currency)


def find_common_rate(order: OrderState) -> Decimal | None:
    """The one rate that explains the tax of every line, to a minor unit; None where there is none.

    Channels tell amounts, not rates: the shortest decimal that gives all of them back is taken.
    """
    taxed = [(line.net(order.currency), line.tax) for line in order.lines if line.quantity]
    taxed = [(net, tax) for net, tax in taxed if net > 0]
    if not taxed:
        return None
    net, tax = max(taxed)
    base = net - tax if order.tax_included else net
    if base <= 0:
        return None
    unit = minor_unit(order.currency)
    for places in _PLACES:
        rate = round(tax / base, places)
        told = (tax_on(n, rate, included=order.tax_included, currency=order.currency) for n, _ in taxed)
        if all(abs(ours - theirs) <= unit for ours, (_, theirs) in zip(told, taxed, strict=True)):
            return rate
    return None
