"""A purchase as it happened: who, where, what, and how it was paid; and the sixty days of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from config.demo.baskets import Item, Shelf, fill_basket
from config.demo.brand import Shop
from config.demo.dice import pick, roll
from config.demo.people import Clientele, Country, Person, country_named
from config.demo.prices import Method, methods_for

BANK_TRANSFER = "manual"
COMPANIES = {
    "DE": ("Café Morgenrot", "Studio Nordhof", "Praxis am Markt"),
    "FR": ("Atelier du Quai", "Maison Blanchet"),
    "GB": ("The Corner Practice", "Hollow Lane Studio"),
    "US": ("Pine Street Pottery", "Juniper Yoga"),
}


@dataclass(slots=True, kw_only=True)
class Sale:
    """One purchase. `number` counts them from 0 and gives it dice of its own. Amounts in euro."""

    number: int
    at: datetime
    shop: Shop
    country: Country
    buyer: Person
    items: list[Item]
    method: Method
    gateway: str
    promotion: bool = False
    voucher: Decimal = Decimal(0)
    tip: Decimal = Decimal(0)
    prepaid_duty: bool = False
    company: str = ""
    note: str = ""
    tags: list[str] = field(default_factory=list)
    test: bool = False
    # What goes wrong on purpose.
    paid_share: Decimal = Decimal(1)
    declined: bool = False
    misstated: Decimal = Decimal(0)
    lost_fields: Sequence[str] = ()
    more_than_there_is: bool = False

    @property
    def recorded_at(self) -> datetime:
        """When we heard of it: a webhook takes seconds, a marketplace that is asked takes minutes."""
        slowest = 240 if self.shop.connector == "AMAZON" else 9
        return self.at + timedelta(seconds=roll("lag", self.number).randint(1, slowest))

    @property
    def awaits_money(self) -> bool:
        return self.gateway == BANK_TRANSFER or self.declined or self.paid_share < 1

    @property
    def only_authorized(self) -> bool:
        """Captured when it leaves."""
        return self.gateway == "braintree"


class Market:
    """Where purchases come from, one after the other."""

    def __init__(self, *, without: Sequence[str]) -> None:
        self.clientele = Clientele()
        self.everything = Shelf()
        self.in_stock = Shelf(without=without)

    def make_sale(self, number: int, at: datetime, shop: Shop, *, promotion: bool, recent: bool) -> Sale:
        """Somebody buys. What is sold out today has not been bought recently."""
        dice = roll("sale", number)
        country = country_named(pick(dice, shop.countries))
        buyer = self.clientele.choose_buyer(shop, country, dice)
        methods = methods_for(shop, country)
        sale = Sale(
            number=number,
            at=at,
            shop=shop,
            country=country,
            buyer=buyer,
            items=fill_basket(self.in_stock if recent else self.everything, dice, extras=not shop.is_marketplace),
            method=dice.choices(methods, [method.weight for method in methods])[0],
            gateway=pick(dice, shop.gateways),
            promotion=promotion and not shop.is_marketplace,
        )
        _add_wishes(sale, dice)
        return sale


def _add_wishes(sale: Sale, dice: Random) -> None:
    """What only some orders have."""
    own = not sale.shop.is_marketplace
    if own and not sale.promotion and dice.random() < 0.07:
        sale.voucher = Decimal(10)
        sale.tags.append("welcome-10")
    if sale.promotion:
        sale.tags.append("linen-week")
    if own and dice.random() < 0.02:
        sale.tip = Decimal(dice.choice((1, 2, 5)))
    if sale.country.notes and dice.random() < 0.07:
        sale.note = dice.choice(sale.country.notes)
    if any(item.kind == "FEE" for item in sale.items):
        sale.tags.append("gift")
    if own and sale.country.code in COMPANIES and dice.random() < 0.05:
        sale.company = dice.choice(COMPANIES[sale.country.code])
        sale.tags.append("business")
    sale.prepaid_duty = bool(sale.country.duty_share) and dice.random() < 0.6
