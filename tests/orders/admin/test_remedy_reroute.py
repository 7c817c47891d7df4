"""Routing again from the queue of exceptions: it finds a way, says that there is still none, or leaves one alone."""

import pytest
from django.test import Client

from inventory.models import Warehouse
from oms.actions.reviewing_exceptions import review_exceptions
from oms.models import ExceptionItem
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order
from orders.actions.routing.overriding import override_routing
from orders.models import Order, RoutingDecision, RoutingRule, RoutingWave
from tests.make.admin import NOW, text_of
from tests.make.fulfillments import allocated, allocations, parts, route
from tests.make.moments import ADA, NOON
from tests.make.orders import line, released_order
from tests.make.snapshots import announced, nothing_changes
from tests.make.staff import browser, said
from tests.make.stock import SKU, count, stocked_variant, warehouse

LIST = "/admin/oms/exceptionitem/"

pytestmark = pytest.mark.django_db


def stuck_order(*, on_hand: int = 10, quantity: int = 2) -> Order:
    """Leipzig has it on the shelf, and a rule forbids Leipzig; Rotterdam has none."""
    stocked_variant(on_hand=on_hand)
    warehouse("RTM", country="NL")
    RoutingRule.objects.create(kind="FORBID", warehouse=Warehouse.objects.get(code="LEJ"))
    order = released_order(lines=[line(quantity=quantity)])
    route()
    review_exceptions(at=NOW)
    return order


def exception_of(order: Order) -> ExceptionItem:
    return ExceptionItem.objects.get(subject=order.number, type="no_route")


def press(order: Order, client: Client | None = None):
    return (client or browser()).post(f"{LIST}{exception_of(order).pk}/do/reroute/")


def is_open(order: Order) -> bool:
    return ExceptionItem.objects.open().filter(subject=order.number, type="no_route").exists()


def test_once_the_rule_is_gone_it_is_routed_and_nobody_has_to_look_after_it_any_more():
    order = stuck_order()
    RoutingRule.objects.all().delete()

    response = press(order)

    assert said(response) == [f"Order {order.number} has a way now."]
    assert parts(order) == [("LEJ", "OPEN", "SUBMITTED")]
    assert (allocated(), allocations()) == (2, [(f"{order.number}-F1", 2)])
    assert RoutingWave.objects.latest("id").by == "staff:ada"
    assert announced(order.number)[-2:] == ["order.routed", "fulfillment.requested"]
    assert not is_open(order)


def test_goods_that_arrived_elsewhere_go_out_from_there():
    order = stuck_order()
    count(on_hand=5, place="RTM")

    press(order)

    assert parts(order) == [("RTM", "OPEN", "SUBMITTED")]
    assert (allocated(place="LEJ"), allocated(place="RTM")) == (0, 2)


def test_without_a_way_it_stays_in_the_queue_with_its_reason_and_nothing_is_taken_from_a_shelf():
    order = stuck_order()

    response = press(order)

    assert said(response) == [f"Order {order.number}: there is still no way to send it."]
    assert (parts(order), allocated()) == ([], 0)
    assert is_open(order)
    assert "A rule forbids Lej for this order." in text_of(browser().get(LIST))
    assert not RoutingDecision.objects.exists()


def test_another_reason_takes_the_place_of_the_first():
    order = stuck_order(on_hand=2)
    RoutingRule.objects.all().delete()
    count(on_hand=0)

    press(order)

    assert f"Nowhere on a shelf: {SKU}." in exception_of(order).cause


def test_what_a_colleague_has_routed_by_hand_meanwhile_stays_with_whom_they_chose():
    order = stuck_order()
    count(on_hand=5, place="RTM")
    RoutingRule.objects.all().delete()
    wanted = {"RTM": {order.lines.get().pk: 2}}
    override_routing(number=order.number, wanted=wanted, note="Their truck leaves today", by=ADA, at=NOON)

    response = press(order)

    assert said(response) == [f"Order {order.number} has a way now."]
    assert parts(order) == [("RTM", "OPEN", "SUBMITTED")]
    assert RoutingDecision.objects.get(superseded_at=None).note == "Their truck leaves today"


def test_an_order_that_is_held_again_is_refused_and_stays_as_it_is():
    order = stuck_order()
    RoutingRule.objects.all().delete()
    hold_order(number=order.number, reason="STAFF", detail="", by=ADA, at=NOON)
    before = announced(order.number)

    press(order)

    assert (parts(order), allocated(), announced(order.number)) == ([], 0, before)
    assert not is_open(order)


def test_a_cancelled_order_is_refused_and_stays_as_it_is():
    order = stuck_order()
    RoutingRule.objects.all().delete()
    cancel_order(number=order.number, reason="", by=ADA, at=NOON)
    before = announced(order.number)

    press(order)

    assert (parts(order), allocated(), announced(order.number)) == ([], 0, before)


def test_who_may_not_route_finds_no_such_button():
    order = stuck_order()
    client = browser("eve", role="read-only")

    with nothing_changes():
        assert press(order, client).status_code == 403
