"""Many rows of several tables in one statement."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.models import Availability, Product, Variant
from oms.reading import fetch_objects
from oms.sql import fetch_one
from oms.writing import insert_objects, insert_rows, update_rows

pytestmark = pytest.mark.django_db


def product(id_, title="Linen tee", **fields):
    return {"id": id_, "title": title, "handling": ["fragile"], "tags": [], **fields}


def variant(id_, product_id, sku, **fields):
    return {"id": id_, "product_id": product_id, "sku": sku, "options": {"size": "M"}, "price": None, **fields}


def test_rows_of_several_tables_may_point_to_each_other(django_assert_num_queries):
    rows = {
        Product: [product(1)],
        Variant: [variant(11, 1, "TEE", price=Decimal("19.90"), currency="EUR")],
        Availability: [{"variant_id": 11}],
    }
    with django_assert_num_queries(1):
        insert_rows(rows)
    tee = Variant.objects.select_related("product", "availability").get()
    assert (tee.price, tee.options, tee.product.handling) == (Decimal("19.90"), {"size": "M"}, ["fragile"])
    assert (tee.availability.sellable, tee.divisible, tee.active) == (0, False, True)


def test_ids_come_in_the_order_of_the_rows():
    rows = [{"title": f"Product {place}", "handling": [], "tags": []} for place in range(300)]
    ids = insert_rows({Product: rows})[Product]
    titles = Product.objects.in_bulk(ids)
    assert [titles[id_].title for id_ in ids] == [row["title"] for row in rows]


def test_a_table_without_rows_is_left_out():
    assert insert_rows({}) == {}
    assert insert_rows({Product: []}) == {}
    assert list(insert_rows({Product: [product(1)], Variant: []})) == [Product]


def test_text_of_any_kind_arrives_as_it_was():
    title = "Größe 38 ½ \"quoted\" 'single' \\ {curly} [square], 漢字 🧵 \t\n NULL"
    insert_rows({Product: [product(1, title)]})
    assert Product.objects.get().title == title


def test_a_row_that_a_constraint_refuses_leaves_nothing_of_the_call():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows({Product: [product(1)], Variant: [variant(1, 1, "TEE"), variant(2, 1, "")]})
    assert not Product.objects.exists()


def test_a_statement_that_returns_nothing_answers_with_no_row():
    assert fetch_one("SELECT %s::int + 1", [41]) == (42,)


def test_new_objects_of_several_tables_are_written_in_one_statement(django_assert_num_queries):
    linen, wool = Product(title="Linen tee"), Product(title="Wool socks")
    with django_assert_num_queries(1):
        insert_objects(linen, wool)
    assert (linen.pk, wool.pk) == tuple(Product.objects.order_by("id").values_list("id", flat=True))
    assert Product.objects.get(pk=wool.pk).title == "Wool socks"


def test_what_the_database_fills_in_stands_on_the_object(django_assert_num_queries):
    product = Product(title="Linen tee")
    insert_objects(product)
    with django_assert_num_queries(0):
        assert (product.active, product.handling) == (True, [])
    with django_assert_num_queries(1):
        assert product.created_at is not None


def test_rows_are_written_anew_and_only_in_the_columns_that_are_named(django_assert_num_queries):
    tee = Variant.objects.get(pk=insert_rows({Product: [product(1)], Variant: [variant(11, 1, "TEE")]})[Variant][0])
    tee.price, tee.currency, tee.sku = Decimal("19.90"), "EUR", "OTHER"
    with django_assert_num_queries(1):
        update_rows([tee], ["price", "currency"])
    tee.refresh_from_db()
    assert (tee.price, tee.currency, tee.sku) == (Decimal("19.90"), "EUR", "TEE")


@pytest.mark.parametrize("count", [1, 2, 10, 11])
def test_however_many_rows_are_changed_each_of_them_is(count):
    insert_rows({Product: [product(id_) for id_ in range(1, 13)]})
    changed = list(Product.objects.order_by("id")[:count])
    for each in changed:
        each.title = f"Product {each.pk}"
    update_rows(changed, ["title"])
    titles = list(Product.objects.order_by("id").values_list("title", flat=True))
    assert titles == [f"Product {place}" for place in range(1, count + 1)] + ["Linen tee"] * (12 - count)


def test_one_row_of_many_is_found_by_its_key(django_assert_num_queries):
    insert_rows({Product: [product(id_) for id_ in range(1, 3_001)]})
    first = Product.objects.get(pk=7)
    with django_assert_num_queries(1) as captured:
        update_rows([first], ["title"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_product")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE changing AS {captured[0]['sql']}")
        cursor.execute("EXPLAIN EXECUTE changing('[]')")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on inventory_product" not in plan


def test_writing_nothing_says_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        update_rows([], ["price"])
        insert_objects()


def test_objects_are_read_as_django_reads_them(django_assert_num_queries):
    insert_rows({Product: [product(1), product(2)], Variant: [variant(11, 1, "A"), variant(12, 2, "B")]})
    with django_assert_num_queries(1):
        found = fetch_objects(Variant, "WHERE sku <> %s ORDER BY sku DESC", ["C"])
    known = [Variant.objects.get(sku="B"), Variant.objects.get(sku="A")]
    assert found == known
    assert _values(found[0]) == _values(known[0])
    assert (found[0]._state.adding, found[0]._state.db) == (False, "default")
    assert (found[0].options, found[0].product.title) == ({"size": "M"}, "Linen tee")


def _values(model):
    return {name: value for name, value in vars(model).items() if name != "_state"}


def test_an_object_that_was_read_is_written_again():
    insert_rows({Product: [product(1), product(2)], Variant: [variant(11, 1, "A")]})
    (found,) = fetch_objects(Variant, "WHERE sku = %s", ["A"])
    found.product = Product.objects.get(pk=2)
    found.save()
    assert Variant.objects.get().product_id == 2
