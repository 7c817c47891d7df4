"""`GET /return-terms`: open to all, in plain words and as data."""

from typing import Any

import pytest
from django.test import Client

from oms.api import throttling
from tests.make.stock import SKU, stocked_variant
from tests.make.terms import category, saved_terms, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    throttling.visitors.forget()


def ask(language: str = "en", **query: str) -> Any:
    return Client(headers={"accept-language": language}).get("/api/v1/return-terms", {"country": "DE"} | query)


def test_a_buyer_reads_the_terms_of_a_sku_without_any_key():
    saved_terms("All", 30)
    saved_terms("Tops", 60, category=category("tops"), conditions=["UNWORN"], label_fee="4.90", fee_currency="EUR",
                country="DE", bears="DEDUCTED")  # fmt: skip
    stocked_variant()
    shelve(SKU, category("tops"))

    answer = ask(sku=SKU)

    assert answer.status_code == 200
    (terms,) = answer.json()["terms"]
    assert (terms["name"], terms["days"], terms["conditions"]) == ("Tops", 60, ["UNWORN"])
    assert terms["label_fee"] == {"amount": "4.90", "currency": "EUR"}
    assert "You have 60 days from delivery" in terms["sentences"][0]
    assert answer.json()["law"]["citation"] == "Directive 2011/83/EU, article 9"


def test_the_words_are_in_the_language_that_is_asked_for():
    saved_terms()

    answer = ask("zh-CN,zh;q=0.9")

    assert answer.json()["language"] == "zh-hans"
    assert "30 天" in answer.json()["terms"][0]["sentences"][0]


def test_without_a_sku_every_kind_of_goods_is_named_once_and_the_rest_last():
    clothing = category("clothing")
    category("tops", parent=clothing)
    category("lamps")
    saved_terms("All", 30)
    saved_terms("Clothing", 60, category=clothing)
    saved_terms("Sale", 14, product_tag="sale")

    named = [(terms["tag"], terms["categories"], terms["days"]) for terms in ask().json()["terms"]]

    assert named == [("sale", [], 14), ("", ["Clothing"], 60), ("", [], 30)]


def test_what_a_law_gives_is_said_where_it_holds():
    saved_terms("Intimate", 0, final_sale="INTIMATE", category=category("briefs"), country="US")
    saved_terms("Intimate, Germany", 0, final_sale="INTIMATE", category=category("briefs"), country="DE")

    german, american = ask().json(), ask(country="US").json()

    assert (german["terms"][0]["days"], german["terms"][0]["conditions"]) == (14, ["SEAL_UNBROKEN"])
    assert (american["terms"][0]["final_sale"], american["law"]) == ("INTIMATE", None)


def test_who_has_the_same_already_gets_no_body_again():
    saved_terms()
    first = ask()
    again = Client(headers={"if-none-match": first["ETag"], "accept-language": "en"}).get(
        "/api/v1/return-terms", {"country": "DE"}
    )
    saved_terms("Germany", 60, country="DE")

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "public, max-age=300"
    assert ask()["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"country": "XX"}, 400, "query_invalid"),
        ({"country": ""}, 400, "query_invalid"),
        ({"sku": "NONE"}, 404, "not_found"),
        ({"channel": "none"}, 404, "not_found"),
        ({"colour": "red"}, 400, "query_invalid"),
    ],
)
def test_what_is_not_there_is_refused_and_never_kept_by_a_cache(query, status, code):
    answer = ask(**query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "Cache-Control" not in answer


def test_who_asks_too_often_is_told_to_wait():
    answers = [ask(country="XX").status_code for _ in range(throttling.VISITS + 1)]

    assert set(answers[:-1]) == {400}
    assert answers[-1] == 429


def test_with_no_terms_the_law_alone_is_told():
    assert [terms["name"] for terms in ask().json()["terms"]] == ["Right of withdrawal (EU)"]
    assert ask(country="US").json()["terms"] == []
