"""Editions are read once, proposals are what would be kept, and the facts are those of the order."""

from datetime import time
from decimal import Decimal

import pytest

from inventory.actions.watching import set_threshold
from inventory.models import Category, Product, Warehouse
from orders.models import Order, WindowRule, WindowRuleSet
from orders.queries.windows.facts import read_order_facts
from orders.queries.windows.rules import (
    as_edition,
    describe_rules,
    edition_numbered,
    newest_edition,
    propose_order,
    propose_rule,
)
from tests.make.moments import ADA, NOON
from tests.make.orders import line, placed_order
from tests.make.rules import saved_campaign, saved_rule, unsaved_rule
from tests.make.statements import statements_made
from tests.make.stock import SKU, stocked_variant

pytestmark = pytest.mark.django_db


def test_before_anything_was_saved_the_edition_is_empty():
    assert (newest_edition().id, newest_edition().all_rules) == (None, ())


def test_an_edition_is_read_once_and_then_only_asked_for():
    saved_rule()
    newest_edition()
    with statements_made() as made:
        newest_edition()
    assert len(made) == 1


def test_an_old_edition_still_says_what_it_said():
    rule = saved_rule(minutes=30)
    old = newest_edition()
    saved_rule("Another")
    assert edition_numbered(old.id).rules == old.rules
    assert [each.minutes for each in edition_numbered(old.id).rules] == [rule.minutes]


def test_every_field_of_a_rule_survives_being_kept():
    kept = {
        "channels": [], "tags": ["VIP"], "available_above": Decimal("2.500"), "cover_at_most": 3.5,
        "currency": "EUR", "value_from": Decimal("49.9000"), "weekdays": [1, 7], "from_time": time(22),
        "until_time": time(6, 30), "cut_off_within": 90, "action": "WHILE_AVAILABLE", "minutes": 45,
        "above": Decimal("5.000"), "active": False,
    }  # fmt: skip
    saved_rule(**kept)
    (rule,) = newest_edition().rules
    assert (rule.tags, rule.weekdays, rule.available_above) == ({"vip"}, {1, 7}, Decimal("2.5"))
    assert (rule.cover_at_most, rule.value_from, rule.until_time) == (3.5, Decimal("49.9"), time(6, 30))
    assert (rule.outcome, rule.cut_off_within) == (("WHILE_AVAILABLE", 45, Decimal(5)), 90)
    assert not rule.active


def proposed(document):
    return [rule.name for rule in as_edition(document).rules]


def test_a_new_rule_is_proposed_last_and_a_changed_one_in_its_place():
    first = saved_rule("First")
    saved_rule("Second")
    first.name = "First, changed"
    assert proposed(propose_rule(first)) == ["First, changed", "Second"]
    assert proposed(propose_rule(unsaved_rule("New"))) == ["First", "Second", "New"]
    assert WindowRule.objects.filter(name="First").exists(), "nothing is written"


def test_a_rule_that_moves_to_a_campaign_is_proposed_there():
    rule, campaign = saved_rule("Moving"), saved_campaign()
    rule.campaign = campaign
    edition = as_edition(propose_rule(rule))
    assert (edition.rules, [each.name for each in edition.campaigns[0].rules]) == ((), ["Moving"])


def test_another_order_is_proposed():
    first, second, _ = (saved_rule(name) for name in ("First", "Second", "Third"))
    assert proposed(propose_order([second.pk, first.pk])) == ["Second", "First", "Third"]


def test_what_stands_is_what_the_newest_edition_kept():
    saved_rule(value_from=Decimal("10.50"), currency="EUR", campaign=saved_campaign())
    assert describe_rules() == WindowRuleSet.objects.first().rules


def read(*, at=NOON):
    return [judged.facts for judged in read_order_facts(Order.objects.order_by("id"), at=at)]


def test_the_facts_are_those_of_the_order():
    stocked_variant(on_hand=10)
    order = placed_order([line(quantity=2)], tags=["vip"], shipping={"method": "express", "amount": "4.90", "tax": "0"})
    (facts,) = read()
    assert (facts.channel, facts.channel_minutes, facts.country) == ("web", 30, "DE")
    assert (facts.tags, facts.shipping_method, facts.placed_at) == (["vip"], "express", NOON)
    assert (facts.value, facts.currency) == (order.total, "EUR")
    (goods,) = facts.lines
    assert (goods.sku, goods.available, goods.low) == (SKU, 8, False)
    assert goods.velocity == pytest.approx(2 / 14)


def test_the_level_is_the_skus_threshold_in_units():
    placed_order()
    set_threshold(sku=SKU, units=Decimal(4), days=None, by=ADA, at=NOON)
    (facts,) = read()
    assert facts.lines[0].level == 4


def test_a_line_is_in_its_category_and_in_all_above_it():
    top = Category.objects.create(code="clothing", name="Clothing")
    shelf = Category.objects.create(code="tees", name="Tees", parent=top)
    placed_order()
    Product.objects.update(category=shelf)
    assert read()[0].categories == {"clothing", "tees"}


def test_a_ring_of_categories_ends():
    one = Category.objects.create(code="one", name="One")
    two = Category.objects.create(code="two", name="Two", parent=one)
    Category.objects.filter(pk=one.pk).update(parent=two)
    placed_order()
    Product.objects.update(category=one)
    assert read()[0].categories == {"one", "two"}


def test_the_next_cut_off_is_that_of_an_open_warehouse():
    placed_order()
    Warehouse.objects.update(cut_off=time(15), time_zone="Europe/Berlin", working_days=[6])
    assert read()[0].next_cut_off == NOON.replace(hour=14)
    Warehouse.objects.update(active=False)
    assert read()[0].next_cut_off is None


def test_a_sku_on_two_lines_is_one_and_a_cancelled_line_is_none():
    stocked_variant(), stocked_variant("CAP")
    order = placed_order([line(), line(), line("CAP")])
    order.lines.filter(sku="CAP").update(cancelled_quantity=1)
    assert [goods.sku for goods in read()[0].lines] == [SKU]


def test_reading_fifty_orders_takes_as_many_statements_as_reading_one():
    stocked_variant(on_hand=100)
    placed_order()
    with statements_made() as one:
        read()
    for _ in range(9):
        placed_order()
    with statements_made() as many:
        read()
    assert len(one) == len(many) == 4
