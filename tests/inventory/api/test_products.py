"""The catalogue over HTTP."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from inventory.api.shapes import ProductPageShape, ProductShape
from inventory.models import Availability, Category, Product, Variant
from oms.models import EventRecord
from tests.make.goods import describe_product, fresh_sku, make_variant
from tests.make.partners import Partner, make_partner

pytestmark = pytest.mark.django_db

TEE = {
    "title": "Linen tee",
    "category": "tops",
    "handling": ["keep_dry"],
    "variants": [
        {
            "sku": "TEE-M-BLK",
            "options": {"size": "M", "colour": "black"},
            "price": {"amount": "19.90", "currency": "EUR"},
            "weight_grams": 180,
            "hs_code": "610910",
            "origin": "PT",
            "barcode": "4006381333931",
        }
    ],
}


@pytest.fixture
def partner() -> Partner:
    Category.objects.create(code="tops", name="Tops")
    return make_partner("stock:read", "stock:write")


def errors_of(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.content
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_a_product_enters_the_catalogue_with_its_promise_rows(partner):
    answer = partner.post("/products", TEE)
    body = ProductShape.model_validate_json(answer.content, extra="forbid").model_dump(mode="json")
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/products/{body['id']}"
    assert TEE.items() <= ({"variants": TEE["variants"]} | {k: v for k, v in body.items() if k != "variants"}).items()
    assert TEE["variants"][0].items() <= body["variants"][0].items()
    assert Availability.objects.get().variant.sku == "TEE-M-BLK"
    assert partner.get(f"/products/{body['id']}").json() == answer.json()


def test_a_new_product_is_announced(partner):
    product_id = partner.post("/products", TEE).json()["id"]
    record = EventRecord.objects.get(type="product.created")
    assert (record.subject, record.by) == (str(product_id), partner.key.actor)
    assert record.facts == {"title": "Linen tee", "category": "tops", "skus": ["TEE-M-BLK"]}


def test_the_same_product_again_is_the_same_product(partner):
    first = partner.post("/products", TEE)
    second = partner.post("/products", TEE)
    assert (second.status_code, second.json()) == (200, first.json())
    assert Product.objects.count() == EventRecord.objects.filter(type="product.created").count() == 1


def test_a_taken_sku_is_refused_and_nothing_changes(partner):
    partner.post("/products", TEE)
    answer = partner.post("/products", describe_product("NEW", "TEE-M-BLK"))
    assert errors_of(answer) == [("/variants/1/sku", "sku_taken")]
    assert answer.json()["code"] == "sku_taken"
    assert Variant.objects.count() == 1


def test_a_taken_handle_and_an_unknown_category_are_refused(partner):
    partner.post("/products", describe_product(handle="tee"))
    answer = partner.post("/products", describe_product(handle="tee", category="socks"))
    assert errors_of(answer) == [("/category", "unknown_category"), ("/handle", "handle_taken")]
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"sku": ""}, "/sku", "string_too_short"),
        ({"sku": " x"}, "/sku", "string_pattern_mismatch"),
        ({"sku": 5}, "/sku", "string_type"),
        ({"barcode": "4006381333932"}, "/barcode", "barcode_invalid"),
        ({"barcode": "123"}, "/barcode", "string_pattern_mismatch"),
        ({"hs_code": "61091"}, "/hs_code", "string_pattern_mismatch"),
        ({"hs_code": "6109.10"}, "/hs_code", "string_pattern_mismatch"),
        ({"origin": "ZZ"}, "/origin", "unknown_country"),
        ({"origin": "pt"}, "/origin", "string_pattern_mismatch"),
        ({"price": {"amount": "1.999", "currency": "EUR"}}, "/price", "too_many_decimals"),
        ({"price": {"amount": "1.5", "currency": "JPY"}}, "/price", "too_many_decimals"),
        ({"price": {"amount": 19.9, "currency": "EUR"}}, "/price/amount", "amount_not_a_string"),
        ({"price": {"amount": "-1", "currency": "EUR"}}, "/price/amount", "amount_not_a_string"),
        ({"price": {"amount": "1", "currency": "XXY"}}, "/price/currency", "unknown_currency"),
        ({"weight_grams": -1}, "/weight_grams", "greater_than_equal"),
        ({"weight_grams": 2**31}, "/weight_grams", "less_than_equal"),
        ({"weight_grams": "5"}, "/weight_grams", "int_type"),
        ({"active": "yes"}, "/active", "bool_type"),
        ({"options": {"size": 1}}, "/options/size", "string_type"),
        ({"colour": "black"}, "/colour", "extra_forbidden"),
    ],
)
def test_what_is_wrong_with_a_variant_is_pointed_at(partner, changes, pointer, code):
    answer = partner.post("/products", describe_product(variants=[{"sku": "A"} | changes]))
    assert errors_of(answer)[0] == (f"/variants/0{pointer}", code)
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": " "}, "/title"),
        ({"title": "x" * 256}, "/title"),
        ({"variants": []}, "/variants"),
        ({"variants": [{"sku": "A"}, {"sku": "A"}]}, ""),
        ({"handling": ["explosive"]}, "/handling/0"),
        ({"tags": [""]}, "/tags/0"),
        ({"handle": "with space"}, "/handle"),
    ],
)
def test_what_is_wrong_with_a_product_is_pointed_at(partner, changes, pointer):
    assert errors_of(partner.post("/products", describe_product() | changes))[0][0] == pointer


def test_each_member_of_a_batch_stands_alone_and_is_answered_in_its_place(partner):
    partner.post("/products", TEE)
    twin = describe_product("TWIN")
    batch = [TEE, describe_product("A", category="socks"), 5, twin, twin, describe_product("TWIN", title="Other")]
    results = partner.post("/products/batch", {"products": batch}).json()["results"]
    assert [result["status"] for result in results] == ["known", "refused", "refused", "created", "known", "refused"]
    assert results[1]["errors"][0]["pointer"] == "/category"
    assert results[3]["id"] == results[4]["id"] == Product.objects.get(variants__sku="TWIN").id
    assert [error["code"] for error in results[5]["errors"]] == ["sku_taken"]
    assert Product.objects.count() == 2


def test_a_batch_of_any_size_takes_as_many_statements(partner):
    counts = []
    for size in (2, 200):
        batch = [describe_product(fresh_sku(), fresh_sku()) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert partner.post("/products/batch", {"products": batch}).status_code == 200
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    assert counts == [4, 4]


@pytest.mark.parametrize("size", [0, 501])
def test_a_batch_has_one_to_five_hundred_members(partner, size):
    assert errors_of(partner.post("/products/batch", {"products": [{}] * size}))[0][0] == "/products"


def test_products_are_listed_page_by_page(partner):
    skus = [make_variant().sku for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        answer = partner.get(f"/products?limit=2&cursor={cursor}")
        page = ProductPageShape.model_validate_json(answer.content, extra="forbid")
        seen += [variant.sku for product in page.results for variant in product.variants]
        cursor = page.next_cursor
    assert seen == skus


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lin", ["A-1"]),
        ("q=b-", ["B-2"]),
        ("sku=A-1", ["A-1"]),
        ("sku=A", []),
        ("category=tops", ["A-1"]),
        ("category=nothing", []),
        ("active=false", ["B-2"]),
        ("active=true&q=wool", []),
        ("", ["A-1", "B-2"]),
    ],
)
def test_products_are_found(partner, query, found):
    partner.post("/products", describe_product("A-1", title="Linen tee", category="tops"))
    partner.post("/products", describe_product("B-2", title="Wool scarf", active=False))
    results = partner.get(f"/products?{query}").json()["results"]
    assert [product["variants"][0]["sku"] for product in results] == found


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=251",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "limit=",
        "limit=%D9%A3",
        "limit=1&limit=2",
        "active=1",
        "colour=red",
        "q=%00",
    ],
)
def test_a_query_that_makes_no_sense_is_malformed(partner, query):
    answer = partner.get(f"/products?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "query_invalid")
    assert answer.json()["errors"][0]["pointer"] == "/" + query.partition("=")[0]


def test_a_cursor_of_another_list_is_refused(partner):
    make_variant(), make_variant()
    cursor = partner.get("/stock?limit=1").json()["next_cursor"]
    answer = partner.get(f"/products?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


def test_a_page_takes_as_many_statements_however_long_it_is(partner, django_assert_num_queries):
    for count in (1, 10):
        for _ in range(count):
            make_variant()
        with django_assert_num_queries(3):  # the key, the products, their variants
            partner.get("/products")


@pytest.mark.parametrize("product_id", ["0", "99999999999999999999999", "tee"])
def test_a_product_that_is_not_there_is_not_found(partner, product_id):
    assert partner.get(f"/products/{product_id}").status_code == 404


def test_reading_and_writing_the_catalogue_are_two_scopes():
    assert make_partner("stock:read").post("/products", TEE).status_code == 403
    assert make_partner("stock:write").get("/products").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_the_same_product_at_once_one_creates_it():
    partner, statuses = make_partner(), []

    def bring() -> None:
        try:
            statuses.append(
                Partner(partner.key, partner.secret).post("/products", describe_product("SAME")).status_code
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(statuses) == [200] * 5 + [201]
    assert Product.objects.count() == Availability.objects.count() == 1


def test_categories_make_a_tree_and_the_same_again_is_the_same(partner):
    assert partner.post("/categories", {"code": "tees", "name": "Tees", "parent": "tops"}).status_code == 201
    assert partner.post("/categories", {"code": "tees", "name": "Tees", "parent": "tops"}).status_code == 200
    assert errors_of(partner.post("/categories", {"code": "tees", "name": "Other"})) == [("/code", "category_taken")]
    assert errors_of(partner.post("/categories", {"code": "x", "name": "X", "parent": "no"})) == [
        ("/parent", "unknown_category")
    ]
    assert [category["code"] for category in partner.get("/categories").json()["results"]] == ["tees", "tops"]


def test_what_a_unit_costs_is_kept_and_shown_to_those_who_keep_the_catalogue_alone(partner):
    cost = {"amount": "7.40", "currency": "EUR"}
    body = TEE | {"variants": [TEE["variants"][0] | {"unit_cost": cost}]}
    made = partner.post("/products", body).json()
    assert made["variants"][0]["unit_cost"] == cost
    assert str(Variant.objects.get().unit_cost) == "7.4000"

    reader = make_partner("stock:read")
    (told,) = reader.get("/products").json()["results"]
    assert told["variants"][0]["unit_cost"] is None
    assert told["variants"][0]["price"] == TEE["variants"][0]["price"]


def test_a_cost_in_another_currency_than_the_price_is_refused_and_nothing_is_kept(partner):
    body = TEE | {"variants": [TEE["variants"][0] | {"unit_cost": {"amount": "7.40", "currency": "USD"}}]}
    assert errors_of(partner.post("/products", body)) == [("/variants/0", "currencies_differ")]
    assert not Variant.objects.exists()
