"""Waves: released orders find their warehouses, and it is written down why."""

from decimal import Decimal

import pytest

from inventory.models import Warehouse
from inventory.queries.drift import find_drift
from oms.models import EventRecord
from orders.actions.releasing import end_edit_window
from orders.actions.routing.waving import route_wave
from orders.models import Fulfillment, Order, RoutingDecision, RoutingRule
from orders.policies.routing.choosing import Choice
from orders.policies.routing.problem import Wave
from tests.make.fulfillments import allocated, allocations, carrier_rate, fulfillment, parts, route, routed_order, solve
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import held_order, line, placed_order, released_order
from tests.make.statements import statements_made
from tests.make.stock import SKU, promises, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def test_a_released_order_is_asked_of_the_warehouse_that_has_it_and_its_stock_is_set_apart():
    stocked_variant()

    order = routed_order(lines=[line(quantity=2)])

    assert parts(order) == [("LEJ", "OPEN", "SUBMITTED")]
    assert order.routed_at == NOON
    assert allocations() == [(f"{order.number}-F1", Decimal(2))]
    assert allocated() == 2
    assert promises() == (10, 2)
    assert list(fulfillment(order).lines.values_list("order_line__sku", "quantity")) == [(SKU, Decimal(2))]
    assert find_drift() == []


def test_what_was_decided_is_announced_with_its_cost_and_whom_was_asked():
    order = routed_order()

    routed = EventRecord.objects.get(subject=order.number, type="order.routed")
    requested = EventRecord.objects.get(subject=order.number, type="fulfillment.requested")
    assert routed.facts["fulfillments"] == [{"number": f"{order.number}-F1", "warehouse": "LEJ"}]
    assert requested.facts["lines"][0]["sku"] == SKU


def test_an_order_that_is_held_waits_and_one_that_is_routed_is_not_routed_again():
    held = held_order()
    routed_order()

    assert route() is None
    assert not held.fulfillments.exists()
    assert Fulfillment.objects.count() == 1


def test_of_two_warehouses_the_cheaper_sends_and_the_other_is_noted_with_what_it_would_have_cost():
    warehouse("SZX", country="CN")
    stocked_variant()
    stocked_variant(place="SZX")
    carrier_rate("6.10", warehouse=warehouse("LEJ"))
    carrier_rate("4.00", warehouse=warehouse("SZX"), days=30)

    order = routed_order()

    decision = RoutingDecision.objects.get(order=order)
    assert parts(order) == [("LEJ", "OPEN", "SUBMITTED")]
    (part,) = decision.parts
    assert (part["warehouse"], part["freight"], part["service"]) == ("LEJ", "6.1000", "Standard")
    (other,) = decision.alternatives
    assert other["parts"][0]["warehouse"] == "SZX"
    assert Decimal(other["dearer"]) > 0


def test_an_order_that_no_warehouse_has_whole_goes_in_two_parts_that_add_up():
    stocked_variant("A", 5)
    warehouse("RTM", country="NL")
    stocked_variant("B", 5, place="RTM")

    order = routed_order(lines=[line("A", 2), line("B", 3)])

    assert sorted(parts(order)) == [("LEJ", "OPEN", "SUBMITTED"), ("RTM", "OPEN", "SUBMITTED")]
    sent = order.fulfillments.values_list("warehouse__code", "lines__order_line__sku", "lines__quantity")
    assert sorted(sent) == [("LEJ", "A", 2), ("RTM", "B", 3)]


def test_a_line_may_be_split_between_warehouses():
    warehouse("RTM", country="NL")
    stocked_variant(SKU, 2)
    stocked_variant(SKU, 2, place="RTM")

    order = routed_order(lines=[line(quantity=4)])

    assert sorted(order.fulfillments.values_list("warehouse__code", "lines__quantity")) == [("LEJ", 2), ("RTM", 2)]


@pytest.mark.parametrize(
    ("kind", "fields", "sent_by"),
    [
        (RoutingRule.Kind.FORBID, {}, "RTM"),
        (RoutingRule.Kind.FORBID, {"country": "FR"}, "LEJ"),
        (RoutingRule.Kind.RESERVE, {"tag": "vip"}, "RTM"),
        (RoutingRule.Kind.RESERVE, {"country": "DE"}, "LEJ"),
    ],
)
def test_rules_forbid_and_reserve_a_warehouse(kind: str, fields: dict[str, str], sent_by: str):
    stocked_variant()
    warehouse("RTM", country="NL")
    stocked_variant(place="RTM")
    RoutingRule.objects.create(kind=kind, warehouse=warehouse("LEJ"), **fields)

    assert parts(routed_order()) == [(sent_by, "OPEN", "SUBMITTED")]


def test_a_preference_is_worth_so_much_and_no_more():
    stocked_variant()
    warehouse("RTM", country="NL")
    stocked_variant(place="RTM")
    carrier_rate("5.00", warehouse=warehouse("LEJ"))
    carrier_rate("8.00", warehouse=warehouse("RTM"))
    rule = RoutingRule.objects.create(kind="PREFER", warehouse=warehouse("RTM"), amount=Decimal(2))

    assert parts(routed_order()) == [("LEJ", "OPEN", "SUBMITTED")]

    RoutingRule.objects.filter(id=rule.pk).update(amount=Decimal(4))
    assert parts(routed_order()) == [("RTM", "OPEN", "SUBMITTED")]


def test_a_closed_warehouse_is_never_used_and_a_full_one_sends_with_its_next_van():
    stocked_variant()
    Warehouse.objects.filter(code="LEJ").update(daily_capacity=1)

    first, second = routed_order(), routed_order()

    vans = [fulfillment(first).ship_by, fulfillment(second).ship_by]
    assert vans[0] is not None and vans[1] is not None and vans[0] < vans[1]


def test_an_order_that_nobody_can_send_waits_is_told_once_and_is_looked_at_again():
    stocked_variant()
    rule = RoutingRule.objects.create(kind="FORBID", warehouse=warehouse("LEJ"))
    order = routed_order()

    assert (order.status, order.routed_at) == (Order.Status.RELEASED, None)
    assert order.route_after is not None and order.route_after > NOON
    told = EventRecord.objects.get(subject=order.number, type="order.unroutable")
    assert told.facts["reasons"][0]["code"] == "forbidden"

    route(at=NOON + ONE_HOUR)
    assert EventRecord.objects.filter(type="order.unroutable").count() == 1

    rule.delete()
    route(at=NOON + 2 * ONE_HOUR)
    assert parts(order) == [("LEJ", "OPEN", "SUBMITTED")]


def test_a_wave_takes_as_many_statements_for_two_orders_as_for_twenty():
    stocked_variant(SKU, 1000)
    for each in range(2):
        released_order(external_id=f"few-{each}")
    with statements_made() as few:
        route()
    for each in range(20):
        released_order(external_id=f"many-{each}")
    with statements_made() as many:
        route()

    assert len(few) == len(many)
    assert Fulfillment.objects.count() == 22


def test_the_orders_of_a_wave_share_what_there_is():
    stocked_variant(SKU, 3)
    warehouse("RTM", country="NL")
    stocked_variant(SKU, 10, place="RTM")
    orders = [released_order(lines=[line(quantity=2)]) for _ in range(3)]

    wave = route()

    assert wave is not None and (wave.orders, wave.routed, wave.unrouted) == (3, 3, 0)
    sent = [parts(order)[0][0] for order in orders]
    assert sorted(sent) == ["LEJ", "RTM", "RTM"]
    assert find_drift() == []


def test_an_order_that_changed_while_the_solvers_thought_is_left_for_the_next_wave():
    order = released_order()

    def think_long(wave: Wave) -> Choice:
        Order.objects.filter(id=order.pk).update(version=order.version + 1)
        return solve(wave)

    wave = route_wave(solve=think_long, by=ADA, at=NOON)

    assert wave is not None and wave.routed == 0
    assert not order.fulfillments.exists()
    assert allocations() == []
    route()
    assert order.fulfillments.count() == 1


def test_an_order_of_nothing_but_a_gift_card_is_closed_for_there_is_nothing_to_send():
    stocked_variant()
    order = placed_order(lines=[line("", kind="GIFT_CARD", title="Gift card")])
    end_edit_window(number=order.number, by=ADA, at=NOON)

    route()

    order.refresh_from_db()
    assert (order.status, order.fulfillment_status) == ("CLOSED", "FULFILLED")
    assert not order.fulfillments.exists()
