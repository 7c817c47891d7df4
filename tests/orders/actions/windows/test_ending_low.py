"""When stock runs low the windows end, and whose goods are promised goes out."""

from decimal import Decimal

import pytest

from inventory.actions.watching import set_threshold
from orders.actions.holding import hold_order
from orders.actions.windows.ending_low import end_windows_for
from orders.models import Hold, Order
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, held_order, incoming, line, open_holds, place, placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.statements import statements_made
from tests.make.stock import SKU, count, stocked_variant

pytestmark = pytest.mark.django_db

AT = NOON + ONE_MINUTE


def run_low(sku=SKU, at_units=1_000_000):
    """From now on the SKU counts as low."""
    set_threshold(sku=sku, units=Decimal(at_units), days=None, by=ADA, at=AT)


def end(*skus, at=AT):
    return end_windows_for(skus=skus or [SKU], by="system", at=at)


def test_the_window_ends_and_says_why_and_the_order_goes():
    order = placed_order()
    run_low()
    assert end() == 1
    order.refresh_from_db()
    assert (order.status, order.released_at, order.version, order.updated_at) == ("RELEASED", AT, 2, AT)
    hold = order.holds.get()
    assert (hold.closed_at, hold.closed_by) == (AT, "system")
    assert hold.closed_because == {"code": "low_stock", "skus": [SKU]}
    assert announced(order.number) == ["order.placed", "order.window_ended", "order.released"]
    assert facts_of("order.window_ended") == {"code": "low_stock", "skus": [SKU]}


def test_doing_it_twice_is_harmless():
    placed_order()
    run_low()
    end()
    with nothing_changes():
        assert end() == 0


def test_stock_that_has_recovered_in_the_meantime_ends_nothing():
    placed_order()
    run_low()
    count(on_hand=5_000_000)
    with nothing_changes():
        assert end() == 0


def test_what_else_holds_the_order_still_holds_it():
    order = placed_order(payment=None)
    hold_order(number=order.number, reason="STAFF", by=ADA, at=NOON)
    run_low()
    end()
    order.refresh_from_db()
    assert (order.status, order.released_at, open_holds(order)) == ("HELD", None, ["PAYMENT", "STAFF"])
    assert order.version == 3
    assert announced(order.number)[-1] == "order.window_ended"


def test_only_orders_with_units_of_the_sku_are_ended():
    stocked_variant(), stocked_variant("CAP")
    tee, cap = placed_order([line()]), placed_order([line("CAP")])
    run_low()
    assert end(SKU, "CAP") == 1
    assert (open_holds(tee), open_holds(cap)) == ([], ["EDIT_WINDOW"])


def test_every_sku_that_runs_low_is_named():
    stocked_variant(), stocked_variant("CAP"), stocked_variant("SOCK")
    order = placed_order([line(), line("SOCK"), line("CAP")])
    run_low(), run_low("CAP")
    end("CAP", "SOCK", SKU)
    assert order.holds.get().closed_because["skus"] == ["CAP", SKU]


@pytest.mark.parametrize(("left", "ended"), [(6, False), (5, True)])
def test_a_window_while_stock_lasts_ends_once_no_more_is_left_than_it_asks_for(left, ended):
    order = placed_order()
    Hold.objects.update(above=Decimal(5))
    count(on_hand=left + 1)
    assert end() == int(ended)
    assert (open_holds(order) == []) is ended


def test_a_window_that_has_run_out_is_left_to_the_sweep():
    held_order(until=NOON)
    run_low()
    with nothing_changes():
        assert end(at=NOON + ONE_MINUTE) == 0


def test_an_order_whose_units_wait_for_stock_keeps_its_window():
    """It cannot go out anyhow, and has no unit that another could miss."""
    stocked_variant(on_hand=0)
    channel("amazon", already_sold=True)
    order = placed_order(channel="amazon")
    run_low()
    with nothing_changes():
        assert end() == 0
    assert open_holds(order) == ["EDIT_WINDOW", "STOCK_SHORT"]


def test_a_window_that_opened_after_the_news_was_sent_does_not_close_before_it_opened():
    order = placed_order(at=NOON + ONE_HOUR)
    run_low()
    end(at=NOON)
    hold = order.holds.get()
    assert hold.closed_at == hold.opened_at == NOON + ONE_HOUR


@pytest.mark.django_db(transaction=True)
def test_ending_two_hundred_takes_as_many_statements_as_ending_one():
    channel(), stocked_variant(on_hand=1_000), stocked_variant("CAP", 1_000)

    def statements(number, sku):
        place(*(incoming([line(sku)]) for _ in range(number)))
        run_low(sku)
        with statements_made() as made:
            assert end(sku) == number
        return len(made)

    assert statements(1, SKU) == statements(200, "CAP") == 3
    assert not Order.objects.filter(status="HELD").exists()


def test_more_than_one_go_takes_are_ended_too(monkeypatch):
    monkeypatch.setattr("orders.actions.windows.ending_low.AT_ONCE", 2)
    channel(), stocked_variant(on_hand=1_000)
    place(*(incoming([line()]) for _ in range(5)))
    run_low()
    assert end() == 5
    assert not Hold.objects.filter(closed_at=None).exists()
