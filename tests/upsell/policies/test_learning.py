"""From lines of orders to tables, categories that go together, and whether what was learned may be used."""

import numpy as np
import pytest

from tests.make.moments import NOON, ONE_DAY
from upsell.policies.affinities import learn_affinities
from upsell.policies.baskets import Basket, Purchases, gather_baskets, tabulate_purchases
from upsell.policies.evaluating import Case
from upsell.policies.kinships import learn_pulls
from upsell.policies.ranking import rank_items
from upsell.policies.trials import is_clearly_worse, rank_as_product, try_out


def bought(*lines):
    """Order, item, buyer, days ago."""
    columns = [np.array(column) for column in zip(*lines, strict=True)]
    return Purchases(*columns)


LINES = bought((7, 30, 1, 2.0), (7, 10, 1, 2.0), (7, 30, 1, 2.0), (5, 10, 0, 9.0), (9, 20, 1, 0.5), (9, 10, 1, 0.5))


def test_lines_become_baskets_that_hold_an_item_once():
    table, ages = tabulate_purchases(LINES)
    assert table.items == ["10", "20", "30"]
    assert table.matrix.toarray().tolist() == [[1, 0, 0], [1, 0, 1], [1, 1, 0]]
    assert ages.tolist() == [9.0, 2.0, 0.5]


def test_baskets_are_gathered_oldest_first_with_their_buyers():
    assert gather_baskets(LINES, now=NOON) == [
        Basket(frozenset({"10"}), NOON - 9 * ONE_DAY, ""),
        Basket(frozenset({"10", "30"}), NOON - 2 * ONE_DAY, "1"),
        Basket(frozenset({"10", "20"}), NOON - ONE_DAY / 2, "1"),
    ]


def test_categories_pull_what_is_likelier_with_them_than_with_anything():
    """Cups with kettles (1, 2) in thirty baskets, soap and soap (3, 3) in thirty others; 4 with both alike."""
    orders = [number for number in range(60) for _ in range(3)]
    categories = [each for number in range(60) for each in ((1, 2, 4) if number % 2 else (3, 3, 4))]
    pulls = {(one, other): strength for one, other, strength in learn_pulls(np.array(orders), np.array(categories))}
    assert pulls[1, 2] == pytest.approx((30 - 30 * 0.5) / (30 + 10))
    assert pulls[3, 3] == pytest.approx(pulls[1, 2])
    assert not {(1, 3), (2, 3), (1, 4), (4, 1)} & pulls.keys()


def test_where_nothing_stands_on_a_shelf_no_category_pulls():
    assert learn_pulls(np.array([1, 1]), np.array([0, 0])) == []


def tea_shop(times):
    baskets = [{"tea", "kettle"}, {"soap", "towel"}, {"tea", "kettle", "cup"}] * times
    return [Basket(frozenset(items), NOON, "ada") for items in baskets]


def test_the_product_ranks_as_what_was_learned_does():
    shop = tea_shop(10)
    affinities = learn_affinities(_table(shop))
    rank, habits = rank_as_product(affinities, {"ada": {"soap": 3}}), {"soap": 3}
    for basket in ({"tea"}, {"tea", "cup"}, {"soap"}, {"unknown"}):
        expected = [each.item for each in rank_items(affinities, basket, bought=habits)]
        assert list(rank(Case(frozenset(basket), "", "ada"))) == expected


def test_a_trial_asks_for_items_of_later_baskets_and_compares():
    figures = try_out(learn_affinities, _table(tea_shop(10)), tea_shop(10), tea_shop(2))
    assert list(figures) == ["popularity", "item cosine", "ours"]
    assert figures["ours"]["hit_rate"] == 1.0 and figures["ours"]["cases"] == 6
    assert try_out(learn_affinities, _table(tea_shop(10)), tea_shop(10), []) == {}


@pytest.mark.parametrize(
    ("mine", "theirs", "worse"),
    [
        ((0.20, 500), (0.38, 500), True),
        ((0.36, 500), (0.38, 500), False),
        ((0.20, 8), (0.38, 8), False),
        ((0.40, 500), (0.38, 500), False),
    ],
)
def test_a_fifth_fewer_hits_are_worse_where_chance_does_not_explain_them(mine, theirs, worse):
    figures = [{"hit_rate": rate, "cases": cases} for rate, cases in (mine, theirs)]
    assert is_clearly_worse(*figures) is worse
    assert not is_clearly_worse({}, figures[0]) and not is_clearly_worse(figures[0], {})


def _table(baskets):
    places = {name: number for number, name in enumerate(("tea", "kettle", "soap", "towel", "cup"), 1)}
    lines = [(number, places[item], 1, 0.0) for number, basket in enumerate(baskets) for item in sorted(basket.items)]
    table, _ = tabulate_purchases(bought(*lines))
    names = {str(number): name for name, number in places.items()}
    items = [names[item] for item in table.items]
    return type(table)(items, table.matrix, {item: place for place, item in enumerate(items)})
