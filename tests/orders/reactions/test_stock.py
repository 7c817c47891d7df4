"""What orders do when stock goes short, comes back, or a SKU becomes known."""

import pytest

from inventory.events import WaitingStockPromised
from inventory.queries.drift import find_drift
from oms.actions.delivering import deliver_deliveries
from orders.actions.cancelling import cancel_order
from orders.actions.intake.taking import Message, take_messages
from orders.models import Order, QuarantinedMessage
from orders.reactions.stock import free_promised_orders
from tests.make.fulfillments import accepted, route
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, incoming, line, open_holds, placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import SKU, count, receive, reservations, stocked_variant

pytestmark = pytest.mark.django_db

AFTERWARDS = NOON.replace(year=2040)


def deliver():
    """Run what was queued by now; none of it fails."""
    deliver_deliveries(at=AFTERWARDS)
    assert find_drift() == []


@pytest.fixture(autouse=True)
def _channels():
    channel(minutes=0), channel("amazon", minutes=0, already_sold=True)


def sold(quantity, *, at=NOON):
    return placed_order([line(quantity=quantity)], channel="amazon", at=at)


def test_orders_that_lose_their_promise_are_held_at_once():
    stocked_variant(on_hand=5)
    first, second = placed_order([line(quantity=3)]), placed_order([line(quantity=2)], at=NOON + ONE_MINUTE)
    count(on_hand=4, at=NOON + 2 * ONE_MINUTE)
    second.refresh_from_db()
    assert (second.status, second.released_at, second.version) == ("HELD", None, 2)
    assert open_holds(second) == ["STOCK_SHORT"]
    assert second.holds.get(reason="STOCK_SHORT").detail == f"A count found less than was promised of {SKU}."
    assert announced(second.number)[-1] == "order.held"
    assert (Order.objects.get(pk=first.pk).status, open_holds(first)) == ("RELEASED", [])


def test_an_order_that_is_short_already_is_not_held_twice():
    stocked_variant(on_hand=5), stocked_variant("CAP", 0)
    order = placed_order([line(quantity=5), line("CAP", 1)], channel="amazon")
    count(on_hand=0)
    assert open_holds(order) == ["STOCK_SHORT"]
    assert announced(order.number).count("order.held") == 1


def test_stock_that_arrives_frees_the_order():
    stocked_variant(on_hand=0)
    order = sold(2)
    receive(2)
    assert open_holds(order) == ["STOCK_SHORT"]
    deliver()
    order.refresh_from_db()
    assert (order.status, open_holds(order)) == ("RELEASED", [])
    assert announced(order.number)[-2:] == ["order.hold_lifted", "order.released"]


def test_an_order_that_waits_for_two_skus_goes_with_the_second():
    stocked_variant("TEE", 0), stocked_variant("CAP", 0)
    order = placed_order([line("TEE"), line("CAP")], channel="amazon")
    receive(1, sku="TEE")
    deliver()
    assert open_holds(order) == ["STOCK_SHORT"]
    receive(1, sku="CAP")
    deliver()
    assert open_holds(order) == []


def test_what_else_holds_the_order_still_holds_it():
    stocked_variant(on_hand=0)
    order = placed_order([line()], channel="amazon", payment=None)
    receive(1)
    deliver()
    order.refresh_from_db()
    assert (order.status, open_holds(order)) == ("HELD", ["PAYMENT"])


def test_telling_twice_is_harmless():
    stocked_variant(on_hand=0)
    order = sold(1)
    receive(1)
    told = WaitingStockPromised(subject=SKU, by=ADA, at=NOON, facts={"references": [order.number]})
    free_promised_orders([told])
    with nothing_changes():
        free_promised_orders([told])


def test_a_promise_that_was_taken_back_in_the_meantime_frees_nobody():
    stocked_variant(on_hand=0)
    order = sold(1)
    receive(1)
    count(on_hand=0)
    deliver()
    assert reservations() == [(order.number, SKU, 1, "SHORT")]
    assert (Order.objects.get().status, open_holds(order)) == ("HELD", ["STOCK_SHORT"])


def test_a_cancelled_order_is_freed_of_nothing():
    stocked_variant(on_hand=0)
    order = sold(1)
    receive(1)
    cancel_order(number=order.number, reason="", by=ADA, at=NOON)
    deliver()
    assert Order.objects.get().status == "CANCELLED"
    assert "order.released" not in announced(order.number)


def take_new_sku(body):
    shop = channel("amazon")
    return take_messages([Message(body=body)], channel=shop, format="jsonl", by=shop.actor, at=NOON)


def test_a_sku_that_enters_the_catalogue_brings_in_the_orders_that_named_it():
    order = incoming([line("NEW-SKU")], channel="amazon", external_id="7")
    (outcome,) = take_new_sku(order.model_dump_json().encode())
    assert outcome.reason == "unknown_sku"
    stocked_variant("NEW-SKU", 5)
    deliver()
    assert Order.objects.get().lines.get().sku == "NEW-SKU"
    assert QuarantinedMessage.objects.get().state == "TAKEN"


def test_an_update_that_is_refused_when_tried_again_leaves_the_order_as_it_was():
    stocked_variant(on_hand=5)
    order = placed_order([line(external_id="l1")], channel="amazon", external_id="7")
    route()
    accepted(order)
    lines = [line(external_id="l1", quantity=3), line("NEW-SKU")]
    later = (NOON + ONE_MINUTE).isoformat()
    take_new_sku(incoming(lines, channel="amazon", external_id="7", updated_at=later).model_dump_json().encode())

    stocked_variant("NEW-SKU", 5)
    before = [(one.sku, one.quantity) for one in order.lines.all()]
    deliver()
    assert QuarantinedMessage.objects.get().reason == "changed_too_late"
    assert [(one.sku, one.quantity) for one in order.lines.all()] == before
    assert facts_of("message.quarantined")["reason"] == "unknown_sku"
