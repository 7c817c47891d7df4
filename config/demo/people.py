"""Who buys: invented people with the names, scripts, streets and habits of where they live."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from config.demo.brand import Shop, read_table

MAILS = ("mail.example", "post.example", "inbox.example")
"""The top level .example belongs to nobody (RFC 2606): no mail can ever arrive."""
REGULARS = 0.36
"""Share of orders by people who have bought before."""
MOST_LOYAL = 4
"""After so many purchases nobody gets more likely to buy again."""
CONSENT = 0.42
AREAS = {"CA": 415, "NY": 718, "WA": 206, "OR": 503, "IL": 312, "TX": 512, "MA": 617, "CO": 303, "MN": 612, "ME": 207}

_WITHOUT_ACCENT = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ı": "i", "ð": "d", "æ": "ae"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """How people there are named, where they live, and what the state takes.

    `tax` is per cent of value added tax that prices include; `tax_added` per cent of sales tax by province, on top;
    `duty` the share of the goods' value that is paid at the border.
    """

    code: str
    locale: str
    names: Sequence[Sequence[str]]
    places: Sequence[str]
    notes: Sequence[str]
    line: str
    tax: str = "0"
    tax_added: dict[str, str] = field(default_factory=dict)
    duty: str = "0"
    phone: str = ""
    currency: str = ""
    family_first: str | None = None

    @property
    def duty_share(self) -> Decimal:
        return Decimal(self.duty)


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer, as orders name them."""

    country: Country
    email: str
    name: str
    phone: str
    accepts_marketing: bool
    address: dict[str, str]

    def as_customer(self) -> dict[str, Any]:
        return {
            "email": self.email,
            "name": self.name,
            "phone": self.phone,
            "locale": self.country.locale,
            "accepts_marketing": self.accepts_marketing,
        }


@dataclass(slots=True)
class Clientele:
    """Everybody who has bought; those who bought more often come back more often."""

    buyers: dict[tuple[str, bool], list[Person]] = field(default_factory=lambda: defaultdict(list))
    emails: set[str] = field(default_factory=set)

    def choose_buyer(self, shop: Shop, country: Country, dice: Random) -> Person:
        """A regular of that country, or somebody new. Marketplaces keep their customers' addresses to themselves."""
        known = self.buyers[country.code, shop.is_marketplace]
        if known and dice.random() < REGULARS:
            person = dice.choice(known)
        else:
            person = self._meet(country, shop.is_marketplace, dice)
        if known.count(person) < MOST_LOYAL:
            known.append(person)
        return person

    def _meet(self, country: Country, marketplace: bool, dice: Random) -> Person:
        given, family, latin = _name(country, dice)
        name = f"{given} {family}" if country.family_first is None else f"{family}{country.family_first}{given}"
        email = f"{dice.getrandbits(56):014x}@marketplace.example" if marketplace else self._email(latin, dice)
        self.emails.add(email)
        address = _address(country, name, dice)
        phone = _phone(country, address["province"], dice)
        consent = dice.random() < CONSENT and not marketplace
        return Person(country, email, name, phone, consent, address)

    def _email(self, latin: str, dice: Random) -> str:
        mail, number = dice.choice(MAILS), 1
        while (email := f"{latin}{number if number > 1 else ''}@{mail}") in self.emails:
            number += 1
        return email


@cache
def country_named(code: str) -> Country:
    table = read_table("europe") | read_table("overseas")
    return Country(code=code, **table[code])


def _name(country: Country, dice: Random) -> tuple[str, str, str]:
    """Given name, family name, and both as they stand in an e-mail address."""
    group = dice.choice(country.names)
    given, family = (dice.choice(names.split(", ")).partition(":") for names in group)
    latin = ".".join(_plain(latin or native) for native, _, latin in (given, family))
    return given[0], family[0], latin


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.translate(_WITHOUT_ACCENT)).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.lower() if letter.isalnum())


def _address(country: Country, name: str, dice: Random) -> dict[str, str]:
    postal_code, city, province, streets = (part.strip() for part in dice.choice(country.places).split("|"))
    street = dice.choice(streets.split(";")).strip()
    line1 = country.line.format(street=street, n=dice.randint(2, 98), m=dice.randint(1, 40), a=dice.randint(1, 9))
    return {
        "name": name,
        "line1": line1,
        "city": city,
        "province": province,
        "postal_code": postal_code,
        "country": country.code,
    }


def _phone(country: Country, province: str, dice: Random) -> str:
    """Half of the people leave one, in a range that is kept for fiction."""
    if not country.phone or dice.random() < 0.5:
        return ""
    return country.phone.format(n=dice.randint(0, 99), m=dice.randint(0, 99), area=AREAS.get(province, 212))
