"""What Morrow & Flax sells."""

from collections import Counter
from decimal import Decimal

from config.demo.catalogue import list_articles, list_categories, list_products
from inventory.models.product import Handling
from inventory.policies.gtin import is_gtin

PRODUCTS = list_products()
VARIANTS = [variant for product in PRODUCTS for variant in product.variants]


def test_there_are_four_hundred_skus_and_each_is_there_once():
    assert len({variant.sku for variant in VARIANTS}) == len(VARIANTS) == 400


def test_every_barcode_is_a_gtin_of_its_own():
    assert all(is_gtin(variant.barcode) for variant in VARIANTS)
    assert len({variant.barcode for variant in VARIANTS}) == 400


def test_the_linen_tee_is_the_one_of_the_documentation():
    [tee] = [product for product in PRODUCTS if product.title == "Linen tee"]
    [medium_black] = [variant for variant in tee.variants if variant.sku == "TEE-M-BLK"]

    assert (tee.category, tee.handling) == ("tops", [])
    assert medium_black.options == {"size": "M", "colour": "black"}
    assert (medium_black.price.amount, medium_black.price.currency) == (Decimal("19.90"), "EUR")
    assert (medium_black.weight_grams, medium_black.hs_code, medium_black.origin) == (180, "610910", "PT")
    assert medium_black.barcode == "4006381333931"


def test_customs_and_carriers_learn_everything_they_ask_for():
    for variant in VARIANTS:
        assert len(variant.hs_code) == 6
        assert variant.origin
        assert variant.weight_grams and variant.length_mm and variant.width_mm and variant.height_mm


def test_every_kind_of_handling_and_every_shelf_is_used():
    handling = {mark for product in PRODUCTS for mark in product.handling}
    shelves = {product.category for product in PRODUCTS}
    parents = {category.parent for category in list_categories()} - {None}

    assert handling == {choice.value for choice in Handling}
    assert shelves | parents == {category.code for category in list_categories()}


def test_every_product_has_words_of_its_own():
    texts = Counter(product.description for product in PRODUCTS)

    assert set(texts.values()) == {1}
    assert all(product.care and product.brand and product.product_type for product in PRODUCTS)


def test_some_articles_are_wanted_far_more_than_others():
    pulls = sorted((article.pull for article in list_articles()), reverse=True)

    assert sum(pulls[:40]) > 0.25 * sum(pulls)
    assert sum(pulls[200:]) < 0.25 * sum(pulls)
