"""Item to item: what goes together is found, and what only seems to is not."""

import random
from datetime import UTC, datetime

import numpy as np
import pytest

from upsell.policies.affinities import NEIGHBORS, learn_affinities
from upsell.policies.baskets import Basket, count_purchases, tabulate
from upsell.policies.blending import HABIT
from upsell.policies.ranking import rank_items

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def baskets(*sets, times=1):
    return [Basket(frozenset(items), NOW) for items in sets for _ in range(times)]


def learn(found, **rest):
    return learn_affinities(tabulate(found), **rest)


def names(ranked):
    return [each.item for each in ranked]


def tea_shop():
    """Kettles go with tea; everybody takes a bag."""
    return baskets({"tea", "kettle", "bag"}, {"tea", "kettle"}, {"soap", "towel", "bag"}, {"soap", "towel"}, times=20)


def test_what_is_bought_together_is_offered_together_and_says_with_what():
    [first, *_] = rank_items(learn(tea_shop()), {"tea"})
    assert (first.item, first.because) == ("kettle", "tea")


def test_what_has_only_a_third_thing_in_common_is_not_offered():
    """Tea and a towel meet in no basket; both go with the bag."""
    assert "towel" not in names(rank_items(learn(tea_shop()), {"tea"}))


def test_the_same_baskets_in_any_order_teach_the_same():
    found = tea_shop()
    shuffled = random.Random(3).sample(found, len(found))
    once, again = learn(found), learn(shuffled)
    assert once.table.items == again.table.items
    assert np.allclose(once.strength.toarray(), again.strength.toarray(), atol=1e-5)


def test_what_is_in_the_basket_or_excluded_is_never_offered():
    offered = names(rank_items(learn(tea_shop()), {"tea"}, excluded={"kettle"}, bought={"kettle": 9, "tea": 9}))
    assert not {"tea", "kettle"} & set(offered)


def test_a_habit_counts_where_the_basket_says_nothing():
    [only] = rank_items(learn(tea_shop()), {"unknown"}, bought={"soap": 1, "gone": 4})
    assert (only.item, only.because) == ("soap", "")
    assert only.score == pytest.approx(HABIT * np.log(2))


def test_a_wholesale_order_of_everything_does_not_decide():
    everything = Basket(frozenset(f"item {number}" for number in range(300)) | {"tea", "candle"}, NOW)
    [first, *_] = rank_items(learn([*tea_shop(), everything]), {"tea"})
    assert first.item == "kettle"


def test_an_old_basket_counts_less():
    found = baskets({"tea", "kettle"}, {"tea", "cup"}, times=10)
    ages = np.array([2_000.0] * 10 + [0.0] * 10)
    assert names(rank_items(learn(found, ages=ages), {"tea"}))[0] == "cup"
    assert names(rank_items(learn(found, ages=ages[::-1]), {"tea"}))[0] == "kettle"


def test_the_long_tail_has_neighbors_too():
    found = [*tea_shop(), *baskets({"rare lamp", "rare bulb"}, times=2)]
    learned = learn(found, densest=5)
    assert names(rank_items(learned, {"rare lamp"})) == ["rare bulb"]
    assert names(rank_items(learned, {"tea"}))[0] == "kettle"


def test_no_item_has_more_neighbors_than_are_kept():
    dice = random.Random(5)
    found = [Basket(frozenset(f"i{dice.randrange(80)}" for _ in range(6)), NOW) for _ in range(2_000)]
    for densest in (0, 40, 4_000):
        strength = learn(found, densest=densest).strength
        assert np.diff(strength.indptr).max() <= 2 * NEIGHBORS
        assert strength.data.min() > 0
        assert not strength.diagonal().any()


def test_the_closed_form_is_that_of_the_paper():
    """B = I − P · diag(1 / diag P), by the straight way, without weights of size: all baskets have two items."""
    dice = random.Random(8)
    found = [Basket(frozenset(dice.sample("abcdefgh", 2)), NOW) for _ in range(400)]
    learned = learn(found, ridge=7.0)
    x = learned.table.matrix.toarray() / 2**0.25
    p = np.linalg.inv(x.T @ x + 7.0 * np.eye(8))
    straight = -p / np.diag(p)
    np.fill_diagonal(straight, 0)
    assert np.allclose(learned.strength.toarray(), np.maximum(straight, 0), atol=1e-4)


def test_purchases_are_counted_by_customer_a_basket_once():
    found = [Basket(frozenset({"tea"}), NOW, "ada"), Basket(frozenset({"tea", "cup"}), NOW, "ada"), *tea_shop()]
    assert count_purchases(found) == {"ada": {"tea": 2, "cup": 1}}
