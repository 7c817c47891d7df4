"""What speaks for an offer, layer by layer."""

import pytest

from upsell.policies.blending import CATEGORY, HABIT, RECENT, Layers, blend


def test_what_is_bought_together_says_so_before_anything_else():
    assert blend(Layers(learned=0.3, bought=1, category=1.0)).code == "bought_with"
    assert blend(Layers(recent=50.0)).code == "bought_with"


def test_a_habit_speaks_where_the_basket_says_less():
    blended = blend(Layers(learned=0.01, bought=3))
    assert blended.code == "bought_before"
    assert blended.score > HABIT


def test_a_kind_speaks_for_what_nobody_bought_yet_and_speed_where_nothing_else_does():
    assert blend(Layers(category=0.5, pace=3.0)).code == "same_kind"
    assert blend(Layers(category=0.5)).score == pytest.approx(CATEGORY / 2)
    assert blend(Layers(pace=3.0)).code == "popular"
    assert blend(Layers(pace=3.0)).score < blend(Layers(category=0.5)).score


def test_what_is_recent_grows_with_each_basket_and_never_beyond_its_share():
    scores = [blend(Layers(recent=weight)).score for weight in (0.7, 1.4, 7.0, 700.0)]
    assert scores == sorted(scores)
    assert scores[0] < RECENT / 5 and scores[-1] < RECENT
