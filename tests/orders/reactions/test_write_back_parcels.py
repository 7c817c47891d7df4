"""A parcel on its whole way: sent by the warehouse, told by the queue, shown by the channel."""

from datetime import timedelta

import orjson
import pytest

from oms.actions.delivering import deliver_deliveries
from orders.actions.intake.taking import Message, take_messages
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.actions.write_back.sending import send_next_write_back
from orders.models import Shipment, WriteBack
from tests.fakes.serving import BROKEN, LOST, SLOW_DOWN
from tests.fakes.shopify_server import rest_order
from tests.make.channel_parcels import TRACKING
from tests.make.connected_parcels import (
    send_parcel,
    sold_for_partner,
    sold_on_amazon,
    sold_on_bigcommerce,
    sold_on_shopify,
    sold_on_woocommerce,
)
from tests.make.fulfillments import LATER
from tests.make.moments import ONE_HOUR, ONE_SECOND
from tests.make.snapshots import announced, facts_of

pytestmark = pytest.mark.django_db

Kind, State = WriteBack.Kind, WriteBack.State


@pytest.fixture(autouse=True)
def private_addresses(settings) -> None:
    settings.CALL_PRIVATE_ADDRESSES = True


def deliver_and_send(at=LATER) -> None:
    """Deliveries wait by the database's own clock."""
    deliver_deliveries(at=LATER + timedelta(days=365))
    while send_next_write_back(at=at):
        pass


def kinds_and_states() -> list[tuple[str, str]]:
    return list(WriteBack.objects.order_by("sequence").values_list("kind", "state"))


def test_two_parcels_reach_shopify_and_then_that_one_was_delivered():
    with sold_on_shopify() as (order, server):
        first = send_parcel(order, {"TEE-M": 1})
        send_parcel(order, tracking_number="JD02")
        deliver_and_send()
        report = Report(shipment=first.number, status=Shipment.Status.DELIVERED, at=LATER + ONE_HOUR)
        record_tracking([report], by="carrier:house", at=LATER + ONE_HOUR)
        deliver_and_send(at=LATER + ONE_HOUR)

        one, two = server.shop.orders[1001].fulfillments
        assert [(line, units) for _, line, units in [*one.units, *two.units]] == [(1, 1), (1, 1), (2, 1)]
        assert [each.tracking["number"] for each in (one, two)] == [TRACKING, "JD02"]
        assert ([event["status"] for event in one.events], two.events) == (["DELIVERED"], [])
    assert kinds_and_states() == [
        (Kind.FULFILLMENT, State.ACKNOWLEDGED),
        (Kind.FULFILLMENT, State.ACKNOWLEDGED),
        (Kind.TRACKING, State.ACKNOWLEDGED),
    ]
    assert WriteBack.objects.filter(sequence=1).get().external_id == str(one.number)
    assert facts_of("write_back.acknowledged")["shipment"] == first.number


def test_a_parcel_completes_the_order_at_woocommerce():
    with sold_on_woocommerce() as (order, server):
        send_parcel(order)

        deliver_and_send()

        assert server.orders[1001]["status"] == "completed"
    assert kinds_and_states() == [(Kind.FULFILLMENT, State.ACKNOWLEDGED)]


def test_a_parcel_is_confirmed_at_amazon():
    with sold_on_amazon() as (order, server):
        shipment = send_parcel(order)

        deliver_and_send()

        assert server.units_of("1001") == {"1": 2, "2": 1}
    assert WriteBack.objects.get().external_id == str(shipment.pk)
    assert announced(order.number)[-1] == "write_back.acknowledged"


def test_a_parcel_ships_the_order_at_bigcommerce():
    with sold_on_bigcommerce() as (order, server):
        send_parcel(order)

        deliver_and_send()

        assert server.status_of(1001) == "Shipped"
    assert kinds_and_states() == [(Kind.FULFILLMENT, State.ACKNOWLEDGED)]


def test_a_parcel_reaches_a_partner_signed_and_waits_for_its_answer():
    with sold_for_partner() as (order, server):
        shipment = send_parcel(order)

        deliver_and_send()

        (taken,) = server.taken.values()
        assert taken["type"] == "fulfillment.shipped"
        assert taken["data"]["shipment"]["number"] == shipment.number
        assert taken["data"]["shipment"]["tracking_number"] == TRACKING
    assert kinds_and_states() == [(Kind.FULFILLMENT, State.SENT)]


@pytest.mark.parametrize("trouble", [BROKEN, LOST, SLOW_DOWN])
@pytest.mark.parametrize(
    ("opened", "made"),
    [
        (sold_on_shopify, lambda server: len(server.shop.orders[1001].fulfillments)),
        (sold_on_woocommerce, lambda server: len(server.notes[1001])),
        (sold_on_amazon, lambda server: len(server.packages["1001"])),
        (sold_on_bigcommerce, lambda server: len(server.shipments[1001])),
    ],
)
def test_whatever_goes_wrong_at_first_the_parcel_is_shown_once(opened, made, trouble):
    with opened() as (order, server):
        send_parcel(order)
        server.have_trouble(None, None, trouble)
        deliver_and_send()
        (before,) = WriteBack.objects.values_list("state", flat=True)

        deliver_and_send(at=LATER + ONE_HOUR)

        assert made(server) == 1
        assert before in (State.WAITING, State.ACKNOWLEDGED)
    assert kinds_and_states() == [(Kind.FULFILLMENT, State.ACKNOWLEDGED)]


def test_what_the_channel_will_not_take_is_given_up_with_its_own_words():
    with sold_on_shopify() as (order, server):
        server.shop.orders[1001].lines[0].fulfilled = 2
        send_parcel(order)

        deliver_and_send(at=LATER + ONE_SECOND)

    message = WriteBack.objects.get()
    assert (message.state, message.attempts) == (State.FAILED, 1)
    assert message.last_error == "Shopify has 0 of TEE-M that can be sent, not 2."
    assert announced(order.number)[-1] == "write_back.failed"


def test_the_echo_of_a_parcel_that_shopify_was_told_changes_nothing():
    with sold_on_shopify() as (order, server):
        send_parcel(order, {"TEE-M": 1})
        deliver_and_send()
        there = server.shop.orders[1001]
    shipped = order.fulfillments.get()
    echo = rest_order(there, updated_at="2026-11-21T13:05:00Z", fulfillment_status="partial")
    message = Message(body=orjson.dumps(echo), source="webhook", topic="orders/updated")

    take_messages([message], channel=order.channel, format="shopify", by=order.channel.actor, at=LATER)

    order.refresh_from_db()
    assert order.fulfillments.get().version == shipped.version
    assert [line.fulfilled_quantity for line in order.lines.order_by("position")] == [1, 0]
    assert WriteBack.objects.count() == 1
