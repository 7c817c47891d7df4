"""What orders do when they are told that stock runs low."""

from decimal import Decimal

import pytest

from inventory.actions.watching import set_threshold, watch_stock
from inventory.events import StockFell, StockRanLow
from inventory.models import Availability
from orders.models import Hold
from orders.reactions.low_stock import end_windows_of_fallen_skus, end_windows_of_low_skus
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, line, open_holds, placed_order
from tests.make.snapshots import announced, nothing_changes
from tests.make.stock import SKU, count, stocked_variant

pytestmark = pytest.mark.django_db

AT = NOON + ONE_MINUTE


def watched():
    return Availability.objects.get(variant__sku=SKU).watch_units


def order_that_asks_for(units):
    """A held order of one unit whose window lasts while more than so many are left."""
    order = placed_order([line()])
    Hold.objects.filter(order=order).update(above=units)
    return order


def tell_fallen():
    end_windows_of_fallen_skus([StockFell(subject=SKU, by=ADA, at=AT, facts={})])


def test_low_stock_sends_its_orders_out():
    order = placed_order()
    set_threshold(sku=SKU, units=Decimal(50), days=None, by=ADA, at=AT)
    told = [StockRanLow(subject=SKU, by=ADA, at=AT, facts={})]
    end_windows_of_low_skus(told)
    assert open_holds(order) == []
    with nothing_changes():
        end_windows_of_low_skus(told)


def test_stock_that_falls_ends_who_asked_for_more_and_watches_for_the_others():
    stocked_variant(on_hand=20)
    channel()
    high, low = order_that_asks_for(15), order_that_asks_for(3)
    count(on_hand=12)
    tell_fallen()
    assert (open_holds(high), open_holds(low)) == ([], ["EDIT_WINDOW"])
    assert watched() == 3


def test_where_nobody_asks_nothing_is_watched():
    stocked_variant(on_hand=20)
    order_that_asks_for(15)
    count(on_hand=5)
    tell_fallen()
    assert watched() is None


def test_stock_that_fell_on_while_nobody_watched_is_told_again():
    stocked_variant(on_hand=20)
    order_that_asks_for(15)
    count(on_hand=18)
    watch_stock({Availability.objects.get().variant_id: Decimal(18)}, by=ADA, at=AT)
    assert (announced(SKU)[-1], watched()) == ("stock.fell", None)
