"""Figures of a ranking, on cases small enough to count by hand."""

from datetime import UTC, datetime

from upsell.policies.baskets import Basket
from upsell.policies.evaluating import Case, hide_items, score_ranking

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_one_item_of_each_basket_of_two_or_more_is_hidden_the_same_by_the_same_seed():
    found = [Basket(frozenset(items), NOW, "ada") for items in ("abc", "d", "ef")]
    cases = hide_items(found, seed=4)
    assert cases == hide_items(found, seed=4)
    assert [case.basket | {case.hidden} for case in cases] == [frozenset("abc"), frozenset("ef")]
    assert all(case.hidden not in case.basket and case.customer == "ada" for case in cases)


def test_hits_places_and_coverage_are_those_counted_by_hand():
    answers = {"first": "xyz", "third": "zyx", "none": "ab"}
    cases = [Case(frozenset({name}), "x", "") for name in answers]
    score = score_ranking(lambda case: list(answers[min(case.basket)]), cases, catalogue=10)
    assert (score.hit_rate, score.cases) == (2 / 3, 3)
    assert score.reciprocal_rank == (1 + 1 / 3) / 3
    assert score.coverage == 5 / 10


def test_what_stands_behind_the_tenth_place_is_not_offered():
    score = score_ranking(lambda case: [str(place) for place in range(11)], [Case(frozenset(), "10", "")], catalogue=11)
    assert (score.hit_rate, score.coverage) == (0, 10 / 11)


def test_no_cases_have_no_figures():
    score = score_ranking(lambda case: [], [], catalogue=0)
    assert (score.hit_rate, score.coverage, score.milliseconds_p95) == (0, 0, 0)
