"""SKUs made up for imported history: there, with stock enough, and nothing real is touched."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.actions.cataloguing import create_category
from inventory.incoming import IncomingCategory
from inventory.models import Product, StockMovement, Variant
from inventory.queries.drift import find_drift
from oms.errors import NotFound
from orders.actions.intake.stocking import AHEAD, TAG, find_shelf, stock_orders
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming, line, open_holds, place
from tests.make.snapshots import nothing_changes
from tests.make.stock import available, stocked_variant, variant, warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground():
    warehouse()
    channel("web", minutes=0, already_sold=True)


def stock(*orders, **shelf):
    return stock_orders(orders, shelf=find_shelf(**shelf), reference="import 7", by=ADA, at=NOON)


def test_an_unknown_sku_is_created_with_the_title_of_its_line_and_more_than_enough_stock():
    order = incoming([line("NEW", 3, title="Blue lantern"), line("NEW", 2)])

    assert stock(order) == ["NEW"]

    product = Product.objects.get()
    assert (product.title, product.tags, product.category) == ("Blue lantern", [TAG], None)
    assert available("NEW") == 5 * AHEAD
    movement = StockMovement.objects.get()
    assert (movement.by, movement.reference) == (ADA, "import 7")
    assert movement.note == "Stock for imported orders (--create-skus)"
    assert find_drift() == []


def test_later_orders_top_up_what_an_import_made():
    stock(incoming([line("NEW", 1)]))
    big = incoming([line("NEW", 50)])

    assert stock(big) == []
    (placement,) = place(big)

    assert open_holds(placement.number) == []
    assert available("NEW") == 50 * AHEAD - 50


def test_the_stock_of_real_goods_stays_real():
    stocked_variant("REAL", 2)
    order = incoming([line("REAL", 5)])

    with nothing_changes():
        assert stock(order) == []

    (placement,) = place(order, already_sold=True)
    assert open_holds(placement.number) == ["STOCK_SHORT"]


def test_an_order_that_is_here_already_needs_nothing():
    order = incoming([line("NEW", 3)])
    stock(order)
    place(order)
    more = order.model_copy(update={"lines": incoming([line("NEW", 900), line("OTHER")]).lines})
    with nothing_changes():
        assert stock(more) == []


def test_who_waits_for_an_imported_sku_is_counted_in():
    variant("NEW")
    Product.objects.update(tags=[TAG])
    (waiting,) = place(incoming([line("NEW", 7)]), already_sold=True)
    assert open_holds(waiting.number) == ["STOCK_SHORT"]

    order = incoming([line("NEW", 1)])
    stock(order)

    (placement,) = place(order)
    assert open_holds(placement.number) == []


def test_what_was_cancelled_or_is_a_test_needs_a_sku_but_no_stock():
    cancelled = incoming([line("GONE", 3)], cancelled_at=NOON.isoformat())
    assert sorted(stock(cancelled, incoming([line("TRIAL", 3)], test=True))) == ["GONE", "TRIAL"]
    assert (available("GONE"), available("TRIAL")) == (0, 0)


def test_what_will_be_quarantined_for_its_address_takes_no_stock():
    assert stock(incoming([line("NEW", 3)], shipping_address=None)) == ["NEW"]
    assert available("NEW") == 0


def test_what_was_sent_long_ago_is_history_to_replay_and_gets_stock():
    stock(incoming([line("OLD", 3)], fulfilled_at=NOON.isoformat()))
    assert available("OLD") == 3 * AHEAD


def test_a_sku_that_is_sold_by_the_metre_is_divisible():
    stock(incoming([line("CLOTH", "2.5")]))
    assert Variant.objects.get().divisible
    assert available("CLOTH") == Decimal("2.5") * AHEAD


@pytest.mark.parametrize("kind", ["FEE", "GIFT_CARD", "CUSTOM"])
def test_what_is_no_product_gets_no_sku(kind):
    with nothing_changes():
        assert stock(incoming([line("POST", 1, kind=kind, title="Postage")])) == []


def test_a_sku_that_no_catalogue_can_hold_is_left_for_quarantine():
    assert stock(incoming([line(" blank before"), line("NEW")])) == ["NEW"]


def test_two_orders_of_a_batch_that_name_the_same_sku_make_one():
    first, second = incoming([line("NEW", 1)]), incoming([line("NEW", 2)])
    assert stock(first, second, first) == ["NEW"]
    assert available("NEW") == 3 * AHEAD


def test_category_and_warehouse_may_be_named():
    create_category(IncomingCategory(code="history", name="History"), by=ADA, at=NOON)
    warehouse("MUC")
    stock(incoming([line("NEW")]), warehouse="MUC", category="history")
    assert Product.objects.get().category.code == "history"
    assert StockMovement.objects.get().warehouse.code == "MUC"


def test_without_a_name_the_first_active_warehouse_is_taken():
    warehouse("AAA", active=False)
    assert find_shelf().warehouse == "LEJ"


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"warehouse": "MARS"}, "There is no active warehouse MARS. Active warehouses: LEJ."),
        ({"category": "hats"}, "There is no category hats. Categories: none."),
    ],
)
def test_a_shelf_that_is_not_there_is_refused(named, sentence):
    with pytest.raises(NotFound, match=sentence):
        find_shelf(**named)


def test_more_orders_take_no_more_statements():
    def statements(count: int, name: str) -> int:
        orders = [incoming([line(f"{name}-{place}", 2), line("SHARED", count)]) for place in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            stock(*orders)
        return len(queries)

    assert statements(40, "B") <= statements(2, "A")
