"""Routing, as staff read it and change it: the panel of an order, by hand, once more, rules and waves."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Warehouse
from oms.models import EventRecord
from orders.models import Fulfillment, Order, RoutingDecision, RoutingRule, RoutingWave
from tests.make.admin import text_of
from tests.make.fulfillments import accepted, carrier_rate, fulfillment, parts, route, routed_order, ship
from tests.make.orders import line, released_order
from tests.make.staff import browser, said
from tests.make.stock import SKU, count, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def page(order: Order) -> str:
    return f"/admin/orders/order/{order.number}/change/"


def read(order: Order) -> str:
    return text_of(browser().get(page(order)))


def in_two_places() -> None:
    """Ten shirts in Leipzig, four in Rotterdam, where freight is dearer."""
    stocked_variant()
    warehouse("RTM", country="NL")
    count(on_hand=4, safety=1, place="RTM")
    carrier_rate("6.10", warehouse=Warehouse.objects.get(code="LEJ"))
    carrier_rate("7.30", warehouse=Warehouse.objects.get(code="RTM"))


def by_hand(order: Order, note: str = "He asked for it", client=None, **units: int):
    line_id = order.lines.get().pk
    fields = {f"{line_id}-{code}": quantity for code, quantity in units.items()}
    return (client or browser()).post(f"/admin/orders/order/{order.number}/route/", fields | {"note": note})


def test_the_decision_is_told_with_its_cost_and_the_next_best():
    in_two_places()
    order = routed_order()

    words = read(order)

    assert "freight 6.10 with Standard, one parcel 1.50" in words
    assert "Rtm 1.20 dearer: freight 7.30 with Standard" in words
    assert "Decided in wave" in words
    assert "Lej is to send it" in words


def test_an_order_that_nobody_can_send_says_what_is_missing_and_what_helps():
    in_two_places()
    RoutingRule.objects.create(kind="FORBID", warehouse=Warehouse.objects.get(code="LEJ"))
    RoutingRule.objects.create(kind="FORBID", warehouse=Warehouse.objects.get(code="RTM"))
    order = released_order()
    route()

    words = read(order)

    assert "Nobody can send it." in words
    assert "A rule forbids Lej for this order." in words
    assert "change the rule or rate that stands in the way" in words
    assert "nobody can send it: see what is missing under Routing" in words


def test_a_released_order_waits_for_its_way_for_seconds():
    assert "It gets its way within seconds." in read(released_order())


def test_parcels_stand_with_their_fulfillment():
    each = fulfillment()
    ship(each.number, carrier="UPS", tracking_number="1Z999AA10123456784")

    words = read(each.order)

    assert f"{each.number} shipped" in words
    assert "1Z999AA10123456784" in words
    assert "Its parcel has left: handed over." in words


def test_the_form_shows_who_has_how_many():
    in_two_places()
    order = routed_order(lines=[line(quantity=2)])

    words = text_of(browser().get(f"/admin/orders/order/{order.number}/route/"))

    assert "10 there" in words
    assert "4 there, 1 of them safety" in words


def test_staff_split_an_order_as_they_like_and_say_why():
    in_two_places()
    order = routed_order(lines=[line(quantity=3)])

    response = by_hand(order, LEJ=1, RTM=2)

    assert said(response) == [f"Order {order.number} goes to Lej and Rtm."]
    live = order.fulfillments.live().order_by("warehouse__code")
    assert [(each.warehouse.code, each.lines.get().quantity) for each in live] == [("LEJ", 1), ("RTM", 2)]
    assert RoutingDecision.objects.get(superseded_at=None).note == "He asked for it"


@pytest.mark.parametrize("units", [{"LEJ": 1}, {"LEJ": 4}, {"LEJ": 2, "RTM": 2}])
def test_parts_that_do_not_add_up_are_refused_and_change_nothing(units: dict[str, int]):
    in_two_places()
    order = routed_order(lines=[line(quantity=3)])
    announced = EventRecord.objects.count()

    response = by_hand(order, **units)

    assert response.status_code == 422
    assert parts(order) == [("LEJ", "OPEN", "SUBMITTED")]
    assert EventRecord.objects.count() == announced


def test_a_way_without_a_reason_is_refused():
    in_two_places()
    order = routed_order()

    assert by_hand(order, note="", RTM=1).status_code == 422
    assert parts(order) == [("LEJ", "OPEN", "SUBMITTED")]


def test_routing_again_finds_what_has_become_cheaper():
    in_two_places()
    order = routed_order()
    RoutingRule.objects.create(kind="PREFER", warehouse=Warehouse.objects.get(code="RTM"), amount=5)

    response = browser().post(f"/admin/orders/order/{order.number}/route-again/")

    assert said(response) == [f"Order {order.number} goes to Rtm."]
    assert parts(order) == [("LEJ", "CANCELLED", "SUBMITTED"), ("RTM", "OPEN", "SUBMITTED")]


def test_what_a_warehouse_has_in_its_hands_stays_there():
    each = accepted()

    words = read(each.order)
    assert "Route otherwise" not in words

    browser().post(f"/admin/orders/order/{each.order.number}/route-again/")
    assert parts(each.order) == [("LEJ", "IN_PROGRESS", "ACCEPTED")]


def test_support_reads_routing_and_changes_none():
    in_two_places()
    order, client = routed_order(), browser(role="support")

    assert "Route otherwise" not in text_of(client.get(page(order)))
    assert by_hand(order, client=client, RTM=1).status_code == 403
    assert client.post(f"/admin/orders/order/{order.number}/route-again/").status_code == 403
    assert parts(order) == [("LEJ", "OPEN", "SUBMITTED")]


def test_a_rule_is_tried_on_the_last_orders_before_it_is_saved():
    in_two_places()
    routed_order()
    rtm = Warehouse.objects.get(code="RTM")
    asked = {"kind": "PREFER", "warehouse": rtm.pk, "amount": "2", "active": "on", "country": "DE", "_preview": "1"}

    words = text_of(browser().post("/admin/orders/routingrule/add/", asked))

    assert "Prefer Rtm by 2.00 a parcel for orders to DE." in words
    assert "It fits 1 of the last 1 routed orders; 1 of them would have gone another way." in words
    assert not RoutingRule.objects.exists()


def test_a_rule_is_saved_and_a_preference_without_an_amount_is_not():
    stocked_variant()
    lej, client = Warehouse.objects.get(code="LEJ"), browser()
    sent = {"kind": "PREFER", "warehouse": lej.pk, "amount": "0", "active": "on"}

    assert "Say by how much" in text_of(client.post("/admin/orders/routingrule/add/", sent))
    client.post("/admin/orders/routingrule/add/", sent | {"kind": "FORBID", "amount": "3"})

    assert list(RoutingRule.objects.values_list("kind", "amount")) == [("FORBID", Decimal(0))]


def test_a_wave_says_what_it_cost_and_how_close_to_the_best_that_is():
    in_two_places()
    order = routed_order()
    wave = RoutingWave.objects.get()

    words = text_of(browser().get(f"/admin/orders/routingwave/{wave.pk}/change/"))

    assert "1 of 1 orders found their way, in 1 parcel" in words
    assert "From the best at most" in words
    assert f"{order.number} web → DE LEJ 1 × {SKU}" in words
    assert "RTM +1.20" in words


def test_a_wave_s_pick_list_holds_what_is_still_to_be_sent():
    each, client = fulfillment(), browser()
    address = f"/admin/orders/routingwave/{RoutingWave.objects.get().pk}/pick-list/"

    assert client.get(address).content.startswith(b"%PDF")

    ship(each.number)
    assert said(client.get(address)) == ["Nothing of this wave is still to be sent."]


def test_the_dashboard_counts_what_is_late_and_what_has_no_way():
    each = fulfillment()
    Fulfillment.objects.filter(pk=each.pk).update(ship_by="2026-11-20T12:00:00Z")
    stuck = released_order()
    Order.objects.filter(pk=stuck.pk).update(route_after="2026-11-21T13:00:00Z")

    words = text_of(browser().get("/admin/"))

    assert "Overdue 1 missed their van" in words
    assert "No way found 1 orders that no warehouse can send" in words


def test_the_panel_takes_as_many_queries_for_four_parts_as_for_one():
    stocked_variant(on_hand=100)
    for code in ("RTM", "SZX", "RNO"):
        warehouse(code)
        count(on_hand=100, place=code)
    client, orders = browser(), [routed_order(lines=[line(quantity=4)]) for _ in range(2)]
    by_hand(orders[0], LEJ=1, RTM=1, SZX=1, RNO=1)
    by_hand(orders[1], LEJ=4)
    client.get(page(orders[0]))

    def count_queries(order: Order) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page(order))
        return len(captured)

    assert count_queries(orders[0]) == count_queries(orders[1])
