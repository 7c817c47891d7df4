"""The public page of return terms."""

import pytest

from tests.make.portal import visitor, words_of
from tests.make.terms import category, saved_terms

pytestmark = pytest.mark.django_db


def test_a_buyer_reads_what_comes_back_before_buying():
    saved_terms("All", 30)
    saved_terms("Made to measure", 0, final_sale="CUSTOM", category=category("suits"), country="DE")

    words = words_of(visitor().get("/returns/terms/DE"))

    assert "What comes back from Germany" in words
    assert "Suits Final sale This is made for you" in words
    assert "Everything else 30 days" in words
    assert "Directive 2011/83/EU, article 9" in words


def test_the_same_page_is_there_in_chinese():
    saved_terms("All", 30)

    assert "从德国退货的规定" in words_of(visitor("zh-hans").get("/returns/terms/DE"))


def test_the_country_that_is_chosen_has_an_address_of_its_own():
    assert visitor().get("/returns/terms/", {"country": "CN"})["Location"] == "/returns/terms/CN"


def test_where_nothing_is_promised_the_page_says_so():
    assert "no terms of return for this country yet" in words_of(visitor().get("/returns/terms/US"))


@pytest.mark.parametrize("path", ["/returns/terms/XX", "/returns/terms/?country=<script>"])
def test_a_country_that_there_is_not_has_no_page(path):
    assert visitor().get(path).status_code == 404
