"""Opening and closing warehouses from their page."""

import pytest

from inventory.models import Warehouse
from tests.make.admin import text_of
from tests.make.orders import open_holds, placed_order
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said
from tests.make.stock import promises, stocked_variant

pytestmark = pytest.mark.django_db

SWITCH = "/admin/inventory/warehouse/LEJ/switch/"


def test_closing_a_warehouse_asks_first_and_says_what_it_means():
    stocked_variant(on_hand=5)
    ada = browser()
    with nothing_changes():
        page = ada.get(SWITCH)
    assert "Orders whose promise rested on it go short" in text_of(page)


def test_a_closed_warehouse_sells_nothing_and_its_orders_go_short():
    stocked_variant(on_hand=5)
    order = placed_order()
    answer = browser().post(SWITCH)
    assert said(answer)[0].endswith("is closed.")
    assert (promises(), "STOCK_SHORT" in open_holds(order)) == ((0, 0), True)


def test_an_opened_warehouse_sells_again():
    stocked_variant(on_hand=5)
    browser().post(SWITCH)
    browser().post(SWITCH)
    assert (Warehouse.objects.get(code="LEJ").active, promises()) == (True, (5, 0))


def test_support_may_not_close_a_warehouse():
    stocked_variant(on_hand=5)
    helper = browser("sue", role="support")
    with nothing_changes():
        assert helper.post(SWITCH).status_code == 403
