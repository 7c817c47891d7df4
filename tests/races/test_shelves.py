"""Counts, receipts and buyers at once: the figures add up, and whoever waited first is served first."""

from threading import Barrier

import pytest

from inventory.actions.moving import Kind
from inventory.models import Availability, Reservation
from inventory.queries.drift import find_drift
from oms.actions.delivering import deliver_deliveries
from orders.actions.cancelling import cancel_order
from orders.models import Hold, Order
from tests.make.moments import ADA, NOON, ONE_SECOND
from tests.make.orders import channel, incoming, line, place, placed_order
from tests.make.stock import available, count, move, promises, receive, stocked_variant
from tests.races.together import PATIENCE, errors_of, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

FAR = NOON.replace(year=2040)


@pytest.fixture(autouse=True)
def _channels():
    channel(), channel("amazon", already_sold=True, minutes=0)


def settle():
    """Run what was queued; afterwards exactly the orders that wait for stock are held for it."""
    deliver_deliveries(at=FAR)
    waiting = set(Reservation.objects.filter(state="SHORT").values_list("reference", flat=True))
    held = Hold.objects.filter(reason="STOCK_SHORT", closed_at=None).values_list("order__number", flat=True)
    assert set(held) == waiting
    assert not Order.objects.filter(status="RELEASED", number__in=waiting).exists()
    assert find_drift() == []


def sell(quantity=1, *, code="amazon", second=0):
    at = NOON + second * ONE_SECOND
    return place(incoming([line(quantity=quantity)], channel=code, placed_at=at.isoformat()), at=at)


def test_counting_against_placing_keeps_every_promise_on_the_shelf():
    stocked_variant(on_hand=60)

    def buy_thirty():
        return [sell(code="amazon") for _ in range(30)]

    def count_down():
        return [count(on_hand=units) for units in (50, 40, 30, 20)]

    assert errors_of(run_together(buy_thirty, buy_thirty, count_down)) == []
    assert promises() == (20, 20)
    assert Reservation.objects.filter(state="SHORT").count() == 40
    settle()


def test_taking_goods_away_against_placing_never_takes_what_is_promised():
    stocked_variant(on_hand=40)

    def take_away():
        return [_attempt(lambda: move(Kind.ADJUST, -1)) for _ in range(30)]

    def buy():
        return [_attempt(lambda: _raise_refusal(sell(code="web"))) for _ in range(30)]

    taken, bought = run_together(take_away, buy)
    assert taken.count("StockPromised") + bought.count("StockShort") == 20
    assert promises() == (40 - taken.count(""), bought.count(""))
    assert available() == 0
    settle()


def test_goods_that_arrive_while_more_is_sold_leave_nobody_waiting_who_could_be_served():
    stocked_variant(on_hand=0)

    def sell_many(first):
        return [sell(1 + second % 3, second=second) for second in range(first, 60, 2)]

    def receive_many():
        return [receive(2) for _ in range(40)]

    outcomes = run_together(lambda: sell_many(0), lambda: sell_many(1), receive_many)
    assert errors_of(outcomes) == []
    row, waiting = Availability.objects.get(), Reservation.objects.filter(state="SHORT").order_by("since", "id")
    assert not waiting or waiting[0].quantity > row.sellable - row.promised
    served = Reservation.objects.filter(state="PROMISED").order_by("-since").first()
    assert served is None or not waiting or served.since <= waiting[0].since or row.sellable < 120
    settle()


def test_cancellations_of_promised_and_of_waiting_orders_at_once_serve_the_rest():
    stocked_variant(on_hand=10)
    numbers = [sell(2, second=second)[0].number for second in range(30)]

    def cancel(some):
        return [cancel_order(number=number, reason="", by=ADA, at=NOON) for number in some]

    assert errors_of(run_together(lambda: cancel(numbers[0:20:2]), lambda: cancel(numbers[1:20:2]))) == []
    assert promises() == (10, 10)
    served = Reservation.objects.filter(state="PROMISED").values_list("reference", flat=True)
    assert sorted(served) == sorted(numbers[20:25])
    settle()


def test_stock_found_short_while_orders_are_freed_leaves_none_released_without_goods():
    stocked_variant(on_hand=0)
    for _ in range(12):
        order = placed_order([line()], channel="amazon")
        receive(1)
        assert errors_of(run_together(lambda: count(on_hand=0), lambda: deliver_deliveries(at=FAR))) == []
        settle()
        cancel_order(number=order.number, reason="", by=ADA, at=NOON)


def test_control_who_adds_up_what_he_has_read_loses_what_others_added():
    def add_one():
        ((units,),) = say("SELECT units FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        say("UPDATE unguarded SET units = %s WHERE id = 1", units + 1)

    looked = Barrier(2)
    with unguarded_table(1, units=0):
        assert errors_of(run_together(add_one, add_one)) == []
        assert say("SELECT units FROM unguarded") == [(1,)]


def _raise_refusal(placements):
    for placement in placements:
        if placement.refusal:
            raise placement.refusal


def _attempt(act):
    """What was refused by name; nothing when it was done."""
    try:
        act()
    except Exception as error:
        return type(error).__name__
    return ""
