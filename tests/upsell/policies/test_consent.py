"""Who may be mailed about more goods, by the law of where they live."""

from datetime import date

import pytest

from upsell.policies.consent import Practice, find_law, judge_consent, read_laws

TODAY = date(2026, 11, 22)
USUAL = Practice(postal_address=True)
ASKS_AT_CHECKOUT = Practice(similar_goods=True, postal_address=True)


def judge(country, *, consented=False, practice=USUAL, day=TODAY):
    return judge_consent(country, consented=consented, practice=practice, day=day)


@pytest.mark.parametrize("country", ["DE", "GB", "CA", "CN", "CH", "KR", "BR", ""])
def test_where_the_law_asks_for_consent_or_is_not_known_nobody_is_mailed_without(country):
    assert judge(country).allowed is False
    assert judge(country).because == "no_consent"
    assert judge(country, consented=True).allowed is True


def test_in_the_usa_a_buyer_may_be_mailed_until_they_object():
    assert (judge("US").allowed, judge("US").because) == (True, "opt_out")


@pytest.mark.parametrize("country", ["US", "CA"])
def test_where_the_law_asks_for_a_postal_address_a_mail_without_one_is_not_sent(country):
    ruling = judge(country, consented=True, practice=Practice())
    assert (ruling.allowed, ruling.because) == (False, "no_postal_address")
    assert ruling.citation


@pytest.mark.parametrize(
    ("country", "allowed"), [("DE", True), ("GB", True), ("CN", False), ("JP", False), ("", False)]
)
def test_similar_goods_count_only_where_the_law_knows_them_and_the_shop_says_so(country, allowed):
    assert judge(country, practice=ASKS_AT_CHECKOUT).allowed is allowed
    assert judge(country).allowed is False


def test_advertising_is_marked_where_the_law_asks_for_it():
    assert judge("CN", consented=True).mark == "AD"
    assert judge("KR", consented=True).mark == "(광고)"
    assert judge("DE", consented=True).mark == ""


def test_a_law_counts_from_the_day_on_which_it_began():
    assert find_law("CA", date(2014, 6, 30)) is None
    assert find_law("CA", date(2014, 7, 1)).code == "CA"


def test_every_law_says_where_it_says_so():
    for law in read_laws():
        assert law.sources["rule"], law.code
        assert not law.postal or law.sources["postal"], law.code
        assert not law.mark or law.sources["mark"], law.code
        assert not law.similar or law.sources["similar"], law.code
        assert law.begins < law.checked, law.code


def test_no_two_laws_hold_in_one_country_on_one_day():
    countries = [country for law in read_laws() if law.holds(TODAY) for country in law.countries]
    assert len(countries) == len(set(countries))
