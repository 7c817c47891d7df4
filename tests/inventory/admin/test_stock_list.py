import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Availability, Category, Product
from tests.make.admin import table_rows, text_of
from tests.make.orders import line, placed_order
from tests.make.staff import browser
from tests.make.stock import count, stocked_variant, stocked_variants, warehouse

LIST = "/admin/inventory/availability/"

pytestmark = pytest.mark.django_db


def skus(response) -> list[str]:
    return [row.variant.sku for row in table_rows(response)]


def test_each_sku_shows_what_may_be_sold_and_what_lies_where():
    warehouse("LHR")
    stocked_variant(on_hand=10)
    count(on_hand=5, place="LHR")
    placed_order([line(quantity=3)])

    words = text_of(browser().get(LIST))

    assert "SKU Product Available Promised Sold a day Lasts LEJ LHR" in words
    assert "TEE-M-BLK Linen tee 12 3" in words


def test_skus_stand_in_their_order_over_all_pages():
    wanted = [f"SKU-{number:03}" for number in range(120)]
    stocked_variants(*wanted[::-1])
    client, met, address = browser(), [], LIST

    while address:
        response = client.get(address)
        met += skus(response)
        link = response.context["cl"].next_link
        address = LIST + link if link else ""

    assert met == wanted


def test_fifty_skus_take_as_many_queries_as_five():
    client = browser()
    stocked_variants(*[f"A-{number}" for number in range(5)])

    def count_queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    few = count_queries()
    stocked_variants(*[f"B-{number}" for number in range(45)])

    assert count_queries() == few


def test_low_and_sold_out_skus_have_views():
    stocked_variants("FULL", "LOW", "OUT", on_hand=10)
    placed_order([line("OUT", 10)])
    Availability.objects.filter(variant__sku="LOW").update(low=True)
    client = browser()

    assert skus(client.get(LIST, {"view": "low"})) == ["LOW", "OUT"]
    assert skus(client.get(LIST, {"view": "out"})) == ["OUT"]
    assert skus(client.get(LIST, {"view": "all"})) == ["FULL", "LOW", "OUT"]


def test_skus_are_found_by_their_beginning_or_by_words_of_the_title():
    stocked_variants("COAT-L", "TEE-M")
    Product.objects.filter(variants__sku="TEE-M").update(title="Linen shirt")
    client = browser()

    assert skus(client.get(LIST, {"q": "coa"})) == ["COAT-L"]
    assert skus(client.get(LIST, {"q": "shirt"})) == ["TEE-M"]


def test_filters_leave_one_category_or_one_warehouse():
    warehouse("LHR")
    stocked_variants("COAT-L", "TEE-M")
    tops, lhr = Category.objects.create(code="tops", name="Tops"), warehouse("LHR")
    Product.objects.filter(variants__sku="TEE-M").update(category=tops)
    count("COAT-L", 3, place="LHR")
    client = browser()

    assert skus(client.get(LIST, {"category": tops.pk})) == ["TEE-M"]
    assert skus(client.get(LIST, {"warehouse": lhr.pk, "category": ""}, follow=True)) == ["COAT-L"]


def test_titles_are_escaped():
    stocked_variant()
    Product.objects.update(title="<script>alert(1)</script>")

    assert "<script>alert(1)" not in browser().get(LIST).content.decode()


def test_stock_figures_cannot_be_edited_as_a_form():
    made, client = stocked_variant(on_hand=10), browser(superuser=True)

    client.post(f"{LIST}{made.pk}/change/", {"sellable": "999", "promised": "0"})

    assert client.get(f"{LIST}add/").status_code == 403
    assert Availability.objects.get().sellable == 10


def test_the_ledger_is_found_by_sku_and_cannot_be_changed():
    stocked_variants("COAT-L", "TEE-M")
    client, ledger = browser(superuser=True), "/admin/inventory/stockmovement/"

    [movement] = table_rows(client.get(ledger, {"q": "coat-l"}))

    assert movement.variant.sku == "COAT-L"
    assert client.post(f"{ledger}{movement.pk}/delete/", {"post": "yes"}).status_code == 403
    assert not table_rows(client.get(ledger, {"q": "NOPE"}))


def test_the_ledger_is_narrowed_by_cause_state_and_warehouse():
    stocked_variant(on_hand=10, safety=2)
    client, ledger, lej = browser(), "/admin/inventory/stockmovement/", warehouse()

    assert len(table_rows(client.get(ledger, {"bucket": "safety"}))) == 1
    assert len(table_rows(client.get(ledger, {"cause": "COUNT"}))) == 1
    assert len(table_rows(client.get(ledger, {"warehouse": lej.pk}))) == 2
