"""Rules are kept as the operator orders them, and every change is an edition."""

from datetime import time
from decimal import Decimal

import pytest

from inventory.models import Category
from oms.errors import Invalid, NotFound
from orders.actions.windows.arranging import adopt_zone, delete_rule, reorder_rules, save_rule, switch_rule
from orders.models import WindowRule, WindowRuleSet
from orders.policies.windows.changes import compare_editions
from orders.queries.windows.rules import newest_edition
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel
from tests.make.rules import saved_campaign, saved_rule, unsaved_rule
from tests.make.snapshots import nothing_changes
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


def names():
    return [rule.name for rule in newest_edition().rules]


@pytest.fixture
def moved(settings):
    """A shop that had rules in Berlin, and then went to Shanghai."""
    settings.TIME_ZONE = "Europe/Berlin"
    saved_rule("Night", from_time=time(22), until_time=time(6))
    settings.TIME_ZONE = "Asia/Shanghai"


def test_rules_follow_the_shop_to_another_zone_by_a_new_edition(moved):
    before = WindowRuleSet.objects.first()
    assert adopt_zone(by="system", at=NOON) is True
    after = WindowRuleSet.objects.first()
    assert (before.rules["zone"], after.rules["zone"], after.by) == ("Europe/Berlin", "Asia/Shanghai", "system")
    assert after.rules["rules"] == before.rules["rules"]
    (change,) = compare_editions(before.rules, after.rules)
    assert (change.what, change.fields) == (
        "Weekdays and times of day",
        [("time zone", "Europe/Berlin", "Asia/Shanghai")],
    )


def test_a_zone_is_adopted_once(moved):
    adopt_zone(by="system", at=NOON)
    with nothing_changes():
        assert adopt_zone(by="system", at=NOON) is False


def test_without_rules_there_is_no_zone_to_adopt():
    with nothing_changes():
        assert adopt_zone(by="system", at=NOON) is False


def test_a_saved_rule_is_a_new_edition_by_and_at_whom_it_was_saved():
    saved_rule("Express", shipping_methods=["Express"], minutes=10)
    edition = WindowRuleSet.objects.get()
    assert (edition.by, edition.at) == (ADA, NOON)
    (rule,) = newest_edition().rules
    assert (newest_edition().id, rule.name, rule.minutes) == (edition.pk, "Express", 10)
    assert rule.shipping_methods == {"express"}


def test_a_new_rule_stands_last():
    for name in ("First", "Second", "Third"):
        saved_rule(name)
    assert names() == ["First", "Second", "Third"]
    assert list(WindowRule.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_saving_a_rule_as_it_was_makes_no_edition():
    rule = saved_rule()
    with nothing_changes():
        save_rule(rule=rule, by=ADA, at=NOON + ONE_MINUTE)


def test_a_rule_that_moves_to_a_campaign_stands_last_there():
    moving, campaign = saved_rule("Moving"), saved_campaign()
    saved_rule("There already", campaign=campaign)
    moving.campaign = campaign
    save_rule(rule=moving, by=ADA, at=NOON)
    edition = newest_edition()
    assert edition.rules == ()
    assert [rule.name for rule in edition.campaigns[0].rules] == ["There already", "Moving"]


UNKNOWN = [
    ({"channels": ["web", "moon"]}, "/channels", "unknown_channel", "There is no channel moon."),
    ({"categories": ["hats"]}, "/categories", "unknown_category", "There is no category hats."),
    ({"skus": ["NOPE"]}, "/skus", "unknown_SKU", "There is no SKU NOPE."),
    ({"velocity_tiers": ["frozen"]}, "/velocity_tiers", "unknown_velocity_tier", "There is no velocity tier frozen."),
    ({"countries": ["XX"]}, "/countries", "unknown_country", "There is no country XX."),
    (
        {"currency": "XXQ", "value_from": Decimal(1)},
        "/currency",
        "unknown_currency",
        "There is no currency XXQ.",
    ),
]


@pytest.mark.parametrize(("fields", "pointer", "code", "detail"), UNKNOWN, ids=lambda case: str(case)[:20])
def test_a_rule_that_names_what_does_not_exist_is_refused(fields, pointer, code, detail):
    channel()
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        saved_rule(**fields)
    (error,) = refusal.value.errors
    assert (error.pointer, error.code, error.detail) == (pointer, code, detail)


HALF = [
    {"action": "WINDOW", "minutes": None},
    {"action": "WINDOW", "minutes": 0},
    {"action": "WHILE_AVAILABLE", "minutes": 5},
    {"action": "NONE", "minutes": 5},
    {"value_from": Decimal(5)},
    {"from_time": time(9)},
    {"from_time": time(9), "until_time": time(9)},
    {"weekdays": [8]},
    {"name": ""},
]


@pytest.mark.parametrize("fields", HALF, ids=str)
def test_a_rule_that_does_not_say_all_it_must_is_refused(fields):
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        save_rule(rule=unsaved_rule(**fields), by=ADA, at=NOON)
    assert refusal.value.errors


def test_what_a_rule_names_may_exist():
    channel(), stocked_variant("CAP")
    Category.objects.create(code="hats", name="Hats")
    rule = saved_rule(channels=["web"], categories=["hats"], skus=["CAP"], countries=["DE"], velocity_tiers=["hot"])
    assert WindowRule.objects.get() == rule


def test_rules_are_put_in_order_in_one_edition():
    first, second, third = (saved_rule(name) for name in ("First", "Second", "Third"))
    before = WindowRuleSet.objects.count()
    reorder_rules(rule_ids=[third.pk, first.pk, second.pk], by=ADA, at=NOON)
    assert names() == ["Third", "First", "Second"]
    assert WindowRuleSet.objects.count() == before + 1


def test_rules_that_are_not_named_keep_their_order_behind():
    *_, third = (saved_rule(name) for name in ("First", "Second", "Third"))
    reorder_rules(rule_ids=[third.pk], by=ADA, at=NOON)
    assert names() == ["Third", "First", "Second"]


def test_putting_rules_in_the_order_they_have_changes_nothing():
    ids = [saved_rule(name).pk for name in ("First", "Second")]
    with nothing_changes():
        reorder_rules(rule_ids=ids, by=ADA, at=NOON)


def test_a_rule_that_is_gone_or_of_another_list_cannot_be_put_in_order():
    usual, special = saved_rule(), saved_rule(campaign=saved_campaign())
    with nothing_changes(), pytest.raises(NotFound):
        reorder_rules(rule_ids=[usual.pk, 0], by=ADA, at=NOON)
    with nothing_changes(), pytest.raises(Invalid):
        reorder_rules(rule_ids=[usual.pk, special.pk], by=ADA, at=NOON)


def test_a_rule_is_switched_off_and_on_again():
    rule = saved_rule()
    switch_rule(rule_id=rule.pk, active=False, by=ADA, at=NOON)
    assert [each.active for each in newest_edition().rules] == [False]
    with nothing_changes():
        switch_rule(rule_id=rule.pk, active=False, by=ADA, at=NOON)
    switch_rule(rule_id=rule.pk, active=True, by=ADA, at=NOON)
    assert [each.active for each in newest_edition().rules] == [True]


def test_a_rule_is_taken_away_once():
    rule = saved_rule()
    delete_rule(rule_id=rule.pk, by=ADA, at=NOON)
    assert names() == []
    with nothing_changes():
        delete_rule(rule_id=rule.pk, by=ADA, at=NOON)


def test_a_rule_that_is_gone_is_not_switched():
    with nothing_changes(), pytest.raises(NotFound):
        switch_rule(rule_id=0, active=True, by=ADA, at=NOON)
