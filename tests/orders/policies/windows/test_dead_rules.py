"""Rules that can never win, and rules in each other's way."""

from datetime import time
from decimal import Decimal

import pytest

from orders.policies.windows.dead_rules import find_dead_rules, find_overlaps
from tests.make.windows import campaign, edition, rule


def found(*rules, **lists):
    return [(finding.kind, finding.rule.name) for finding in find_dead_rules(edition(*rules, **lists))]


IMPOSSIBLE = [
    {"available_above": Decimal(5), "available_at_most": Decimal(5)},
    {"cover_above": 3.0, "cover_at_most": 2.0},
    {"currency": "EUR", "value_from": Decimal(50), "value_below": Decimal(50)},
    {"from_time": time(9), "until_time": time(9)},
    {"available_at_most": Decimal(0)},
    {"cover_at_most": 0.0},
    {"cut_off_within": 0},
    {"velocity_tiers": {"frozen"}},
    {"velocity_tiers": {"slow"}, "available_above": Decimal(100), "cover_at_most": 30.0},
]


@pytest.mark.parametrize("conditions", IMPOSSIBLE, ids=",".join)
def test_a_rule_whose_conditions_exclude_each_other_is_dead(conditions):
    assert found(rule("Never", **conditions), rule("Usual")) == [("impossible", "Never")]


POSSIBLE = [
    {"available_above": Decimal(5), "available_at_most": Decimal(6)},
    {"velocity_tiers": {"slow", "regular"}, "available_above": Decimal(100), "cover_at_most": 30.0},
    {"velocity_tiers": {"hot"}, "available_above": Decimal(100_000), "cover_at_most": 0.1},
    {"velocity_tiers": {"hot", "frozen"}},
    {"from_time": time(22), "until_time": time(0)},
]


@pytest.mark.parametrize("conditions", POSSIBLE, ids=",".join)
def test_a_rule_that_some_order_fits_is_not_called_dead(conditions):
    assert found(rule("Rare", **conditions), rule("Usual", minutes=5)) == []


COVERED = [
    ({}, {"countries": {"DE"}}),
    ({"countries": {"DE", "AT"}}, {"countries": {"DE"}, "channels": {"web"}}),
    ({"tags": {"vip", "gift"}}, {"tags": {"vip"}}),
    ({"available_above": Decimal(5)}, {"available_above": Decimal(9)}),
    ({"available_at_most": Decimal(9)}, {"available_at_most": Decimal(5), "weekdays": {1}}),
    ({"weekdays": {6, 7}}, {"weekdays": {7}}),
    ({"currency": "EUR", "value_from": Decimal(5)}, {"currency": "EUR", "value_from": Decimal(9)}),
    ({"from_time": time(22), "until_time": time(6)}, {"from_time": time(23), "until_time": time(5)}),
    ({"from_time": time(22), "until_time": time(6)}, {"from_time": time(1), "until_time": time(2)}),
    ({"cut_off_within": 60}, {"cut_off_within": 30}),
]


@pytest.mark.parametrize(("first", "second"), COVERED)
def test_a_rule_below_one_that_takes_all_it_fits_is_dead(first, second):
    wide, narrow = rule("Wide", **first), rule("Narrow", minutes=5, **second)
    assert found(wide, narrow) == [("covered", "Narrow")]
    assert found(narrow, wide) == []


NOT_COVERED = [
    ({"countries": {"DE"}}, {}),
    ({"countries": {"DE"}}, {"channels": {"web"}}),
    ({"tags": {"vip"}}, {"tags": {"vip", "gift"}}),
    ({"available_above": Decimal(9)}, {"available_above": Decimal(5)}),
    ({"currency": "EUR", "value_from": Decimal(5)}, {"currency": "USD", "value_from": Decimal(9)}),
    ({"from_time": time(9), "until_time": time(17)}, {"from_time": time(16), "until_time": time(18)}),
    ({"from_time": time(9), "until_time": time(17)}, {"from_time": time(16), "until_time": time(10)}),
]


@pytest.mark.parametrize(("first", "second"), NOT_COVERED)
def test_a_rule_that_fits_an_order_of_its_own_lives(first, second):
    assert found(rule("First", **first), rule("Second", minutes=5, **second)) == []


def test_the_same_orders_with_another_window_are_a_contradiction():
    day, week = rule("Day", minutes=60, countries={"DE"}), rule("Week", minutes=90, countries={"DE"})
    (finding,) = find_dead_rules(edition(day, week))
    assert (finding.kind, finding.other) == ("contradicts", day)
    assert finding.sentence == (
        "“Week” contradicts “Day”: the same orders, but 90 minutes instead of 60 minutes. The earlier one always wins."
    )


def test_the_same_rule_twice_is_only_needless():
    assert found(rule("One", countries={"DE"}), rule("Two", countries={"DE"})) == [("covered", "Two")]


def test_a_rule_that_is_switched_off_neither_covers_nor_is_dead():
    assert found(rule("Off", active=False), rule("On"), rule("Off too", active=False)) == []


def test_a_campaigns_rules_do_not_cover_the_usual_ones():
    drop = campaign(rule("All of it"), rule("Never asked", countries={"DE"}))
    assert found(rule("Usual"), campaigns=[drop]) == [("covered", "Never asked")]


def overlapping(*rules):
    return [(finding.other.name, finding.rule.name) for finding in find_overlaps(edition(*rules))]


def test_rules_that_cross_are_pointed_out_where_their_windows_differ():
    german, web = rule("German", countries={"DE"}), rule("Web", minutes=5, channels={"web"})
    assert overlapping(german, web) == [("German", "Web")]
    assert overlapping(german, rule("Web", channels={"web"})) == []


APART = [
    ({"countries": {"DE"}}, {"countries": {"FR"}}),
    ({"available_at_most": Decimal(5)}, {"available_above": Decimal(5), "countries": {"FR"}}),
    ({"currency": "EUR", "value_from": Decimal(1)}, {"currency": "USD", "value_from": Decimal(1)}),
    ({"from_time": time(9), "until_time": time(12)}, {"from_time": time(12), "until_time": time(18)}),
]


@pytest.mark.parametrize(("first", "second"), APART)
def test_rules_for_different_orders_do_not_cross(first, second):
    assert overlapping(rule("One", **first), rule("Other", minutes=5, **second)) == []


def test_the_exception_above_the_rule_is_how_lists_are_meant():
    assert overlapping(rule("Sale", minutes=5, tags={"sale"}), rule("All else")) == []
