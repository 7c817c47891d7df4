"""Rules, and what became of them, as operators read them."""

from datetime import time
from decimal import Decimal

import pytest

from orders.policies.windows.changes import compare_editions
from orders.policies.windows.rules import say_outcome
from orders.policies.windows.words import say_conditions
from tests.make.windows import rule

SAID = [
    ({"channels": {"web", "app"}}, "channel app, web"),
    ({"countries": {"DE", "AT", "CH", "FR", "IT"}}, "to AT, CH, DE, FR and 1 more"),
    ({"shipping_methods": {"express"}}, "sent by express"),
    ({"tags": {"vip"}}, "tagged vip"),
    ({"customer_tiers": {"gold"}}, "customer tier gold"),
    ({"currency": "EUR", "value_from": Decimal("49.90")}, "value from 49.9 EUR"),
    ({"currency": "EUR", "value_from": Decimal(5), "value_below": Decimal(9)}, "value from 5 and below 9 EUR"),
    ({"categories": {"tees"}}, "in category tees"),
    ({"skus": {"TEE"}}, "with TEE"),
    ({"velocity_tiers": {"hot"}}, "tier hot"),
    ({"available_above": Decimal("2.5")}, "more than 2.5 available"),
    ({"cover_at_most": 3.0}, "at most 3 days of cover"),
    ({"weekdays": {7, 1}}, "on Mon, Sun"),
    ({"from_time": time(22), "until_time": time(0)}, "22:00 to 00:00"),
    ({"cut_off_within": 90}, "cut-off within 90 minutes"),
]


@pytest.mark.parametrize(("conditions", "said"), SAID, ids=lambda case: case if isinstance(case, str) else "")
def test_each_condition_is_said_in_words(conditions, said):
    assert say_conditions(rule(**conditions)) == [said]


def test_a_rule_without_conditions_says_nothing():
    assert say_conditions(rule()) == []


OUTCOMES = [
    ({}, "30 minutes"),
    ({"action": "STAFF_ONLY"}, "30 minutes for staff only"),
    ({"action": "WHILE_AVAILABLE", "above": Decimal(5)}, "30 minutes, while more than 5 are available"),
    ({"action": "UNTIL_CUT_OFF"}, "until the next cut-off"),
    ({"action": "NONE"}, "none, released at once"),
]


@pytest.mark.parametrize(("fields", "said"), OUTCOMES)
def test_each_outcome_is_said_in_words(fields, said):
    assert say_outcome(rule(**fields)) == said


def row(id, name, **fields):
    return {"id": id, "name": name, "active": True, "minutes": 30, "tags": []} | fields


def document(*rules, campaigns=(), tiers=()):
    return {"rules": list(rules), "campaigns": list(campaigns), "tiers": list(tiers)}


def changes(before, after):
    return [(change.kind, change.what, list(change.fields)) for change in compare_editions(before, after)]


def test_what_came_went_and_changed_is_told_apart():
    before = document(row(1, "Kept"), row(2, "Gone"), row(3, "Changed"))
    after = document(row(1, "Kept"), row(3, "Changed", minutes=5, active=False, tags=["vip"]), row(4, "New"))
    assert changes(before, after) == [
        ("changed", "Rule “Changed”", [("active", "yes", "no"), ("minutes", "30", "5"), ("tags", "–", "vip")]),
        ("added", "Rule “New”", []),
        ("removed", "Rule “Gone”", []),
    ]


def test_another_order_of_the_list_is_a_change():
    one, two = row(1, "One"), row(2, "Two")
    assert changes(document(one, two), document(two, one)) == [("moved", "Order of the usual rules: Two, One", [])]


def test_a_rule_that_was_put_between_others_moved_nothing():
    one, two = row(1, "One"), row(2, "Two")
    assert [kind for kind, *_ in changes(document(one, two), document(one, row(3, "Between"), two))] == ["added"]


def test_campaigns_and_tiers_are_compared_too():
    drop = {"id": 1, "name": "Drop", "ends_at": "2026-11-22", "rules": [row(9, "Special")]}
    hot = {"id": 1, "name": "Hot", "from_units_a_day": 5.0}
    before = document(campaigns=[drop], tiers=[hot])
    after = document(campaigns=[drop | {"ends_at": "2026-11-21", "rules": []}], tiers=[])
    assert changes(before, after) == [
        ("removed", "Rule “Special”", []),
        ("changed", "Campaign “Drop”", [("ends at", "2026-11-22", "2026-11-21")]),
        ("removed", "Tier “Hot”", []),
    ]


def test_the_same_twice_is_no_difference():
    assert changes(document(row(1, "One")), document(row(1, "One"))) == []
