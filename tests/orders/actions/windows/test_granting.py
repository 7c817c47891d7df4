"""The window that an order is placed with: judged by the rules of the moment, and watched from then on."""

from datetime import time
from decimal import Decimal

import pytest

from inventory.actions.watching import set_threshold
from inventory.models import Availability, Category, Product, Warehouse
from oms.actions.delivering import deliver_deliveries
from orders.actions.windows.arranging import save_rule
from orders.models import Customer, Hold, Order
from orders.queries.windows.rules import newest_edition
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, incoming, line, open_holds, place, placed_order
from tests.make.rules import saved_campaign, saved_rule
from tests.make.snapshots import announced, facts_of
from tests.make.stock import SKU, count, stocked_variant

pytestmark = pytest.mark.django_db

LATER = NOON.replace(year=2040)


def window_of(order):
    return order.holds.get(reason="EDIT_WINDOW")


def watched(sku=SKU):
    return Availability.objects.get(variant__sku=sku).watch_units


def test_the_rule_that_won_and_its_reason_stand_on_the_order():
    saved_rule("German express", countries=["DE"], shipping_methods=["express"], minutes=10)
    order = placed_order(shipping={"method": "Express", "amount": "0", "tax": "0"})
    window = window_of(order)
    edition = newest_edition().id
    assert (window.rule, window.rule_set, window.until) == ("German express", edition, NOON + 10 * ONE_MINUTE)
    assert window.detail == f"10 minutes: rule “German express” (edition {edition})"
    assert window.facts == {"why": "rule", "action": "WINDOW", "minutes": 10}
    assert (order.status, window.staff_only, window.above) == ("HELD", False, None)


def test_a_changed_rule_holds_for_the_next_order():
    rule = saved_rule(minutes=10)
    first = placed_order()
    rule.minutes = 20
    save_rule(rule=rule, by=ADA, at=NOON)
    assert [window_of(order).until - NOON for order in (first, placed_order())] == [10 * ONE_MINUTE, 20 * ONE_MINUTE]


def test_without_a_window_the_order_goes_and_keeps_the_reason():
    saved_rule("Final sale", action="NONE")
    order = placed_order()
    window = window_of(order)
    assert (order.status, order.released_at, open_holds(order)) == ("RELEASED", NOON, [])
    assert (window.closed_at, window.closed_by, window.until) == (NOON, "system", None)
    assert window.closed_because == {"code": "no_window"}
    assert window.detail.startswith("No window: rule “Final sale”")
    assert facts_of("order.placed")["holds"] == []
    assert announced(order.number)[:2] == ["order.placed", "order.released"]


def test_an_order_that_makes_its_sku_low_goes_at_once():
    stocked_variant(on_hand=10)
    set_threshold(sku=SKU, units=Decimal(3), days=None, by=ADA, at=NOON)
    placed = placed_order([line(quantity=6)]), placed_order([line(quantity=1)])
    assert [order.status for order in placed] == ["HELD", "RELEASED"]
    window = window_of(placed[1])
    assert window.facts == {"why": "low_stock", "sku": SKU, "available": 3}
    assert window.closed_because == {"code": "low_stock", "skus": [SKU]}


def test_of_one_batch_that_makes_its_sku_low_all_go_at_once():
    stocked_variant(on_hand=10), channel()
    set_threshold(sku=SKU, units=Decimal(8), days=None, by=ADA, at=NOON)
    place(*(incoming([line()]) for _ in range(3)))
    assert not Order.objects.exclude(status="RELEASED").exists()
    because = {"code": "low_stock", "skus": [SKU]}
    assert list(Hold.objects.values_list("closed_because", flat=True)) == [because, because, because]
    assert announced(Order.objects.earliest("id").number).count("order.window_ended") == 1


def test_what_waits_for_stock_is_judged_by_the_rules_alone():
    stocked_variant(on_hand=0)
    order = placed_order(already_sold=True)
    assert open_holds(order) == ["EDIT_WINDOW", "STOCK_SHORT"]


def test_categories_cut_offs_and_customer_tiers_are_known():
    stocked_variant(), stocked_variant("CAP")
    top = Category.objects.create(code="clothing", name="Clothing")
    Product.objects.filter(variants__sku=SKU).update(category=Category.objects.create(code="t", name="T", parent=top))
    Warehouse.objects.update(cut_off=time(15), time_zone="UTC", working_days=[6])
    Customer.objects.create(email="ada@example.com", tier="gold")
    saved_rule("Gold", customer_tiers=["gold"], categories=["clothing"], cut_off_within=180, action="UNTIL_CUT_OFF")
    saved_rule("All else")
    assert window_of(placed_order()).until == NOON + 3 * ONE_HOUR
    assert window_of(placed_order([line("CAP")])).rule == "All else"


def test_a_campaign_that_runs_decides():
    saved_rule("Usual")
    saved_rule("Drop", campaign=saved_campaign(), minutes=5)
    window = window_of(placed_order())
    assert (window.rule, window.facts["campaign"]) == ("Drop", "Drop")


def test_a_window_while_stock_lasts_watches_its_skus_and_ends_when_they_fall():
    stocked_variant(on_hand=20)
    saved_rule("Plenty", action="WHILE_AVAILABLE", minutes=60, above=Decimal(15))
    order = placed_order()
    assert (watched(), window_of(order).above) == (15, 15)
    count(on_hand=16)
    assert facts_of("stock.fell", SKU) == {"available": 15, "level": 15}
    assert watched() is None
    deliver_deliveries(at=LATER)
    order.refresh_from_db()
    assert (order.status, window_of(order).closed_because) == ("RELEASED", {"code": "low_stock", "skus": [SKU]})
