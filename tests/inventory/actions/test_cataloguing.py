"""Products enter the catalogue, each standing alone."""

import pytest

from inventory.actions.cataloguing import create_category, create_products
from inventory.incoming import IncomingCategory, IncomingProduct
from inventory.models import Availability, Category, Product, Variant
from oms.errors import Invalid
from tests.make.moments import ADA, NOON
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db


def product(*skus, title="Linen tee", **fields):
    return IncomingProduct.model_validate({"title": title, "variants": [{"sku": sku} for sku in skus]} | fields)


def create(*products):
    return create_products(products, by=ADA, at=NOON)


def category(code, name, parent=None):
    return create_category(IncomingCategory(code=code, name=name, parent=parent), by=ADA, at=NOON)


def test_a_product_comes_with_its_variants_and_a_promise_row_for_each():
    (outcome,) = create(product("TEE-S", "TEE-M"))
    made = Product.objects.get(pk=outcome.product_id)
    assert (outcome.status, made.title) == ("created", "Linen tee")
    assert list(made.variants.values_list("sku", flat=True)) == ["TEE-M", "TEE-S"]
    assert list(Availability.objects.values_list("sellable", "promised")) == [(0, 0), (0, 0)]
    assert announced(str(made.pk)) == ["product.created"]
    assert facts_of("product.created") == {"title": "Linen tee", "category": None, "skus": ["TEE-S", "TEE-M"]}


def test_the_same_product_again_is_known_and_changes_nothing():
    (first,) = create(product("TEE-S", brand="Lina"))
    with nothing_changes():
        (second,) = create(product("TEE-S", brand="Lina"))
    assert (second.status, second.product_id) == ("known", first.product_id)


def test_a_sku_of_another_product_is_refused_and_the_others_are_made():
    create(product("TEE-S"))
    refused, made = create(product("CAP", "TEE-S", title="Cap"), product("MUG", title="Mug"))
    assert [(error.pointer, error.code) for error in refused.errors] == [("/variants/1/sku", "sku_taken")]
    assert made.status == "created"
    assert set(Variant.objects.values_list("sku", flat=True)) == {"TEE-S", "MUG"}


def test_two_products_of_one_batch_cannot_have_one_sku():
    first, second, again = create(product("TEE"), product("TEE", title="Tee"), product("TEE"))
    assert (first.status, second.status, again.status) == ("created", "refused", "known")
    assert Variant.objects.count() == 1


def test_an_unknown_category_or_a_taken_handle_is_pointed_at():
    create(product("TEE", handle="tee"))
    with nothing_changes():
        (outcome,) = create(product("CAP", handle="tee", category="hats"))
    assert [(e.pointer, e.code) for e in outcome.errors] == [
        ("/category", "unknown_category"),
        ("/handle", "handle_taken"),
    ]


def test_a_product_stands_in_its_category():
    category("tops", "Tops")
    (outcome,) = create(product("TEE", category="tops"))
    assert Product.objects.get(pk=outcome.product_id).category.code == "tops"


@pytest.mark.django_db(transaction=True)
def test_three_hundred_products_take_as_many_statements_as_three():
    def statements(products):
        with statements_made() as made:
            create(*products)
        return len(made)

    few = statements([product(f"A{place}") for place in range(3)])
    assert few == statements([product(f"B{place}") for place in range(300)]) <= 4


def test_a_category_is_made_once():
    made, new = category("tops", "Tops")
    assert new
    with nothing_changes():
        assert category("tops", "Tops") == (made, False)


def test_a_category_stands_below_another():
    category("tops", "Tops")
    made, _ = category("tees", "Tees", parent="tops")
    assert made.parent.code == "tops"


def test_another_name_for_a_code_or_an_unknown_parent_is_refused_and_changes_nothing():
    category("tops", "Tops")
    for wrong in (("tops", "Bottoms", None), ("tops", "Tops", "tops"), ("tees", "Tees", "none")):
        with nothing_changes(), pytest.raises(Invalid):
            category(*wrong)
    assert Category.objects.count() == 1
