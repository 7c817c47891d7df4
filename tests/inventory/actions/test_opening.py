"""A warehouse that closes takes its stock off sale; one that opens puts it back."""

import pytest

from inventory.actions.opening import close_warehouse, open_warehouse
from inventory.models import Warehouse
from inventory.queries.drift import find_drift
from oms.errors import NotFound
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, line, open_holds, placed_order
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.stock import LEJ, SKU, count, promises, reservations, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def close(code=LEJ):
    return close_warehouse(code=code, by=ADA, at=NOON)


def reopen(code=LEJ):
    return open_warehouse(code=code, by=ADA, at=NOON)


def test_stock_of_a_closed_warehouse_is_off_sale_until_it_opens_again():
    stocked_variant(on_hand=10, safety=2)
    warehouse("MUC")
    count(on_hand=5, place="MUC")

    assert close().active is False
    assert promises() == (5, 0)
    assert reopen().active is True
    assert promises() == (13, 0)
    assert find_drift() == []


def test_closing_and_opening_twice_is_harmless():
    stocked_variant()
    with nothing_changes():
        reopen()
    close()
    with nothing_changes():
        close()


def test_orders_whose_promise_rested_on_a_closed_warehouse_go_short_by_name_and_come_back():
    channel(minutes=0)
    stocked_variant(on_hand=10)
    order = placed_order([line(quantity=4)])
    close()
    assert reservations() == [(order.number, SKU, 4, "SHORT")]
    assert open_holds(order) == ["STOCK_SHORT"]
    assert facts_of("stock.short") == {"references": [order.number], "missing": 4}

    reopen()
    assert reservations() == [(order.number, SKU, 4, "PROMISED")]
    assert find_drift() == []


def test_there_is_no_such_warehouse():
    with nothing_changes(), pytest.raises(NotFound):
        close("NONE")
    assert not Warehouse.objects.exists()
