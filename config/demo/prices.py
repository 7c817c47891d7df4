"""What things cost where: price points by currency, shipping, and what the state takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from config.demo.brand import Shop
from config.demo.people import Country
from oms.money import round_amount

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PriceList:
    """A currency's prices: euro times `rate`, to the next `step`, less `charm` (19 becomes 18.90)."""

    rate: Decimal
    step: Decimal
    charm: Decimal = Decimal(0)


PRICE_LISTS = {
    "EUR": PriceList(Decimal(1), Decimal("0.01")),
    "GBP": PriceList(Decimal("0.89"), Decimal(1), Decimal("0.10")),
    "USD": PriceList(Decimal("1.12"), Decimal(1)),
    "JPY": PriceList(Decimal(158), Decimal(100)),
    "CNY": PriceList(Decimal("7.90"), Decimal(5)),
    "KWD": PriceList(Decimal("0.345"), Decimal("0.250")),
    "AED": PriceList(Decimal("4.10"), Decimal(5)),
}
SHOWN_AT = {"PL": ("PLN", "4.2815"), "SE": ("SEK", "11.1340"), "DK": ("DKK", "7.4602")}
"""Presentment currencies of the Shopify shop, and what they are worth."""

FREE_SHIPPING = Decimal(80)
"""Euro of goods from which standard shipping inside Europe costs nothing."""

COST_SHARES = {"outerwear": 34, "knitwear": 36, "bed-linen": 38, "scent-and-care": 24, "paper": 28, "lighting": 42}
USUAL_COST = 32
"""What making a thing costs, in percent of its price with tax, by category."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to send, and its price in euro."""

    name: str
    price: Decimal
    weight: int


AT_HOME = (
    Method("standard", Decimal("4.90"), 78),
    Method("express", Decimal("12.90"), 12),
    Method("pickup point", Decimal("3.90"), 10),
)
METHODS = {
    "amazon-de": (Method("Std DE Dom", Decimal("3.99"), 70), Method("Exp DE Dom", Decimal("7.99"), 30)),
    "woo-uk": (Method("Tracked 48", Decimal("4.50"), 80), Method("Next day", Decimal("7.90"), 20)),
    "bigcommerce-us": (Method("Ground", Decimal("7.00"), 82), Method("Two-day", Decimal("17.00"), 18)),
}
ABROAD = (Method("international", Decimal("14.90"), 85), Method("international express", Decimal("32.00"), 15))


def currency_of(shop: Shop, country: Country) -> str:
    """The shop's own, unless our storefront prices in the buyer's."""
    return country.currency if shop.connector == "API" and country.currency else shop.currency


def price_in(euro: Decimal, currency: str) -> Decimal:
    """The price point in another currency."""
    prices = PRICE_LISTS[currency]
    steps = (euro * prices.rate / prices.step).quantize(Decimal(1), ROUND_HALF_UP)
    return round_amount(max(steps, Decimal(1)) * prices.step - prices.charm, currency)


def cost_of(euro: Decimal, category: str) -> Decimal:
    """What one unit costs the brand, to five cents."""
    share = Decimal(COST_SHARES.get(category, USUAL_COST)) / HUNDRED
    return (euro * share * 20).quantize(Decimal(1), ROUND_HALF_UP) / 20


def methods_for(shop: Shop, country: Country) -> Sequence[Method]:
    if shop.connector == "API" and tax_rate(country, "") == 0:
        return ABROAD
    return METHODS.get(shop.code, AT_HOME)


def is_free(method: Method, goods: Decimal) -> bool:
    """Above the threshold the cheapest ways cost nothing. `goods` in euro."""
    return goods >= FREE_SHIPPING and method.price <= Decimal(7)


def tax_rate(country: Country, province: str) -> Decimal:
    """Per cent."""
    return Decimal(country.tax_added.get(province, country.tax))


def tax_on(amount: Decimal, rate: Decimal, currency: str, *, included: bool) -> Decimal:
    """The tax inside a price, or on top of it."""
    base = HUNDRED + rate if included else HUNDRED
    return round_amount(amount * rate / base, currency)
