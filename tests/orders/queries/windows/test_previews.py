"""What changed rules or a campaign would do is seen before it is done."""

import pytest

from inventory.models import Availability
from orders.queries.windows.previews import preview_campaign, preview_rules
from orders.queries.windows.rules import describe_rules, propose_rule
from tests.make.moments import NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import line, placed_order
from tests.make.rules import saved_campaign, saved_rule, unsaved_rule
from tests.make.snapshots import nothing_changes
from tests.make.statements import statements_made
from tests.make.stock import SKU, stocked_variant, stocked_variants

pytestmark = pytest.mark.django_db


def preview(rule, **more):
    with nothing_changes():
        return preview_rules(propose_rule(rule), at=NOON, **more)


def test_each_order_shows_what_it_got_gets_now_and_would_get():
    order = placed_order()
    saved_rule("All of them", minutes=45)
    (seen,) = preview(unsaved_rule("Too late"))
    assert (seen.number, seen.given.rule) == (order.number, "Channel web: 30 minutes")
    assert (seen.now.rule, seen.then.rule, seen.changes) == ("All of them", "All of them", False)


def test_a_rule_that_would_win_shows_what_changes():
    placed_order(), placed_order(tags=["vip"], at=NOON + ONE_MINUTE)
    vip, plain = preview(unsaved_rule("VIP", tags=["vip"], minutes=90))
    assert (vip.then.rule, vip.then.until, vip.changes) == ("VIP", NOON + 91 * ONE_MINUTE, True)
    assert (plain.then.rule, plain.changes) == ("Channel web: 30 minutes", False)


def test_another_rule_with_the_same_window_is_no_change():
    placed_order()
    (seen,) = preview(unsaved_rule("Also half an hour", minutes=30))
    assert (seen.then.rule, seen.changes) == ("Also half an hour", False)


def test_the_most_recent_orders_are_shown_and_no_test_orders():
    stocked_variant(on_hand=100)
    for minutes in range(4):
        placed_order(at=NOON + minutes * ONE_MINUTE)
    placed_order(test=True, at=NOON + ONE_HOUR)
    shown = preview(unsaved_rule(), limit=3)
    assert [seen.placed_at for seen in shown] == [NOON + minutes * ONE_MINUTE for minutes in (3, 2, 1)]


def test_fifty_orders_take_as_many_statements_as_one():
    stocked_variant(on_hand=100)
    document = describe_rules()
    placed_order()
    with statements_made() as one:
        preview_rules(document, at=NOON)
    for _ in range(9):
        placed_order()
    with statements_made() as many:
        preview_rules(document, at=NOON)
    assert len(one) == len(many) == 6


def tiers(campaign, at=NOON):
    with nothing_changes():
        return {tier.name: tier for tier in preview_campaign(describe_rules(), campaign.pk, at=at)}


def sell(sku, velocity):
    Availability.objects.filter(variant__sku=sku).update(velocity=velocity, velocity_at=NOON)


def test_a_campaign_is_shown_tier_by_tier():
    stocked_variants("FAST", "SLOW", "UNSOLD", on_hand=50)
    fast, slow = placed_order([line("FAST")]), placed_order([line("SLOW")])
    sell("FAST", 1_000), sell("SLOW", 0.01)
    campaign = saved_campaign()
    saved_rule("Hot drop", campaign=campaign, velocity_tiers=["hot"], minutes=5)
    seen = tiers(campaign)
    hot, slowest = seen["Hot"], list(seen.values())[-1]
    assert ([order.number for order in hot.orders], hot.skus, hot.sku_count) == ([fast.number], [("FAST", 1)], 1)
    assert (hot.windows, hot.changed) == ([("5 min", 1)], 1)
    assert ([order.number for order in slowest.orders], slowest.changed) == ([slow.number], 0)
    assert slowest.sku_count == 2


def test_a_running_campaign_counts_the_orders_placed_in_its_span():
    stocked_variant(on_hand=50)
    placed_order(at=NOON - 2 * ONE_DAY), placed_order(at=NOON - ONE_HOUR)
    assert sum(len(tier.orders) for tier in tiers(saved_campaign()).values()) == 1


def test_a_campaign_that_has_not_begun_is_tried_on_recent_orders():
    stocked_variant(on_hand=50)
    placed_order(at=NOON - 2 * ONE_DAY), placed_order(at=NOON - ONE_HOUR)
    coming = saved_campaign(starts_at=NOON + ONE_HOUR)
    saved_rule("All", campaign=coming, minutes=5)
    seen = tiers(coming)
    assert sum(len(tier.orders) for tier in seen.values()) == sum(tier.changed for tier in seen.values()) == 2


def test_a_sku_that_sold_long_ago_has_slowed_down():
    stocked_variant(SKU)
    sell(SKU, 1_000)
    campaign = saved_campaign()
    assert tiers(campaign)["Hot"].sku_count == 1
    assert tiers(campaign, at=NOON + 365 * ONE_DAY)["Hot"].sku_count == 0
