"""What is bought together today counts today."""

from math import sqrt

import pytest

from orders.actions.cancelling import cancel_order
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import line, placed_order
from tests.make.recommending import campaign, learned, shelve, shown
from tests.make.statements import statements_made
from upsell.actions.noting_pairs import MOST_ITEMS, note_pairs, note_placed
from upsell.models import RecentPair, Recommender
from upsell.queries.ranked import rank_for_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    for sku in ("tea", "kettle", "cup"):
        shelve(sku, on_hand=100)
    return learned({})


def pairs():
    return {(one, other): weight for one, other, weight in RecentPair.objects.values_list(
        "item__sku", "neighbor__sku", "weight")}  # fmt: skip


def test_each_pair_of_a_basket_is_noted_both_ways_with_the_weight_of_its_size(shop):
    placed_order([line("tea"), line("kettle")])
    noted, more = note_placed(at=NOON)
    assert (noted.orders, noted.pairs, more) == (1, 2, False)
    assert pairs() == {("tea", "kettle"): pytest.approx(1 / sqrt(2)), ("kettle", "tea"): pytest.approx(1 / sqrt(2))}
    assert shown(rank_for_order(placed_order([line("tea")]), campaign(), at=NOON))[0] == "kettle"


def test_no_order_is_noted_twice_and_none_is_left_out(shop):
    placed_order([line("tea"), line("kettle")])
    note_placed(at=NOON)
    assert note_placed(at=NOON)[0].orders == 0
    placed_order([line("tea"), line("cup")])
    placed_order([line("tea"), line("cup")])
    assert note_placed(at=NOON)[0].orders == 2
    assert pairs()["tea", "cup"] == pytest.approx(2 / sqrt(2))
    assert pairs()["tea", "kettle"] == pytest.approx(1 / sqrt(2))


def test_single_items_tests_cancelled_and_old_orders_say_nothing(shop):
    placed_order([line("tea")])
    placed_order([line("tea"), line("kettle")], test=True)
    placed_order([line("tea"), line("kettle")], at=NOON - 90 * ONE_DAY)
    cancelled = placed_order([line("tea"), line("kettle")])
    cancel_order(number=cancelled.number, reason="customer", by=ADA, at=NOON)
    assert note_placed(at=NOON)[0].orders == 0
    assert pairs() == {}


def test_a_wholesale_order_is_left_out_and_named(shop):
    skus = [f"item {number}" for number in range(MOST_ITEMS + 1)]
    for sku in skus:
        shelve(sku)
    order = placed_order([line(sku) for sku in skus])
    noted = note_pairs([order.number], at=NOON)
    assert noted.too_large == {order.number: MOST_ITEMS + 1}
    assert pairs() == {}


def test_where_no_recommender_is_in_use_nothing_is_noted(shop):
    Recommender.objects.update(state="RETIRED")
    placed_order([line("tea"), line("kettle")])
    assert note_placed(at=NOON) == (note_pairs([], at=NOON), False)
    assert pairs() == {}


def test_noting_ten_orders_takes_the_statements_of_one(shop):
    placed_order([line("tea"), line("kettle")])
    with statements_made() as one:
        note_placed(at=NOON)
    for _ in range(10):
        placed_order([line("tea"), line("cup")], at=NOON + ONE_HOUR)
    with statements_made() as ten:
        note_placed(at=NOON + ONE_HOUR)
    assert len(one) == len(ten)
    assert pairs()["tea", "cup"] == pytest.approx(10 / sqrt(2))
