from datetime import date

import pytest

from returns.choices import FinalSale, Method, Resolution
from returns.policies.terms.floors import find_undercut, find_undercuts
from returns.policies.terms.statutes import find_statute, list_statutes
from tests.make.terms import terms

TODAY = date(2026, 11, 22)
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


@pytest.mark.parametrize(
    ("countries", "days"), [(EU, 14), (["NO", "IS", "LI", "GB"], 14), (["CN", "TW", "KR", "BR"], 7)]
)
def test_the_law_gives_so_many_days(countries, days):
    assert {find_statute(country, TODAY).days for country in countries} == {days}


def test_nothing_is_claimed_where_no_law_is_known_or_before_it_began():
    assert find_statute("US", TODAY) is None
    assert find_statute("CH", TODAY) is None
    assert find_statute("DE", date(2014, 6, 12)) is None


def test_every_statute_says_where_it_stands():
    for statute in list_statutes(TODAY):
        assert statute.cite("days")
        assert all(exemption.citation for exemption in statute.exemptions.values())


@pytest.mark.parametrize(
    ("less", "field", "citation"),
    [
        ({"days": 13}, "days", "article 9"),
        ({"resolutions": (Resolution.STORE_CREDIT,)}, "resolutions", "article 13(1)"),
        ({"restocking_percent": 15}, "restocking_percent", "14(1)"),
        ({"shipping_refund": "NEVER"}, "shipping_refund", "article 13(1) and (2)"),
        ({"methods": (Method.IN_STORE,)}, "methods", "14(1)"),
    ],
)
def test_terms_that_give_less_than_european_law_are_found_with_its_text(less, field, citation):
    undercut = find_undercut(terms(**less), "DE", TODAY)

    assert undercut.field == field
    assert citation in undercut.citation
    assert undercut.citation in undercut.sentence


def test_a_label_fee_is_the_customers_own_cost_in_europe_but_not_in_taiwan():
    fee = terms(label_fee=4, fee_currency="EUR", bears="DEDUCTED")

    assert find_undercut(fee, "DE", TODAY) is None
    assert find_undercut(fee, "TW", TODAY).field == "bears"


def test_a_final_sale_stands_only_for_a_reason_that_the_law_accepts():
    assert find_undercut(terms(days=0, final_sale=FinalSale.CUSTOM), "DE", TODAY) is None
    assert find_undercut(terms(days=0, final_sale=FinalSale.CUSTOM), "BR", TODAY).field == "final_sale"
    assert find_undercut(terms(days=0, final_sale=FinalSale.INTIMATE), "KR", TODAY).field == "final_sale"


def test_a_row_for_everywhere_is_held_to_the_law_of_everywhere():
    found = find_undercuts([terms(days=7)], TODAY, {})

    assert {undercut.statute.code for undercut in found} == {"EU", "GB"}


def test_a_row_that_never_governs_a_country_is_not_held_to_its_law():
    everywhere = terms("All", 7, category="lamps")
    countries = [terms(country, 14, category="lamps", country=country) for country in [*EU, "NO", "IS", "LI", "GB"]]

    assert not find_undercuts([everywhere, *countries], TODAY, {"lamps": ("lamps",)})
    assert [u.country for u in find_undercuts([everywhere, *countries[1:]], TODAY, {})] == ["AT"]


def test_a_less_specific_row_for_the_country_is_no_shield():
    everywhere, german = terms("Lamps", 7, category="lamps"), terms("DE", 14, country="DE")

    assert "EU" in {undercut.statute.code for undercut in find_undercuts([everywhere, german], TODAY, {})}
