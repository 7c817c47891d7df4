"""An edit on its whole way: done here, told by the queue, taken by the channel, and back again as its echo."""

from datetime import timedelta

import orjson
import pytest

from oms.actions.delivering import deliver_deliveries
from orders.actions.edits.editing import edit_order
from orders.actions.intake.taking import Message, take_messages
from orders.actions.write_back.sending import send_next_write_back
from orders.models import Order, WriteBack
from tests.fakes.shopify_server import rest_order
from tests.make.connected import shopify_order, woocommerce_order
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.snapshots import announced

pytestmark = pytest.mark.django_db

State = WriteBack.State


@pytest.fixture(autouse=True)
def private_addresses(settings) -> None:
    settings.CALL_PRIVATE_ADDRESSES = True


def edit(order: Order, *operations: dict, at=NOON) -> None:
    edit_order(number=order.number, operations=operations, actor="STAFF", by=ADA, at=at)


def deliver_and_send(at=NOON + timedelta(days=365)) -> None:
    """Deliveries wait by the database's own clock."""
    deliver_deliveries(at=at)
    while send_next_write_back(at=NOON + 5 * ONE_MINUTE):
        pass


def hear(order: Order, document: dict, format_: str) -> str:
    message = Message(body=orjson.dumps(document), source="webhook", topic="orders/updated")
    (outcome,) = take_messages([message], channel=order.channel, format=format_, by=order.channel.actor, at=NOON)
    return outcome.status


def goods(order: Order) -> list[tuple[str, int]]:
    return [(line.sku, int(line.open_quantity)) for line in order.lines.order_by("position") if line.open_quantity]


def test_a_swap_reaches_shopify_and_its_echo_changes_nothing():
    with shopify_order() as (order, server):
        edit(order, {"op": "swap_variant", "line": order.lines.get().pk, "sku": "TEE-L"})

        deliver_and_send()

        message = WriteBack.objects.get()
        assert message.state == State.ACKNOWLEDGED, (message.last_error, message.differences)
        there = server.shop.orders[1001]
        assert [(line.sku, line.current) for line in there.lines] == [("TEE-M", 0), ("TEE-L", 1)]
        assert "write_back.acknowledged" in announced(order.number)

        echo = rest_order(there, updated_at="2026-11-21T12:05:00Z")
        hear(order, echo, "shopify")

        order.refresh_from_db()
        assert goods(order) == [("TEE-L", 1)]
        assert str(order.total) == "24.8000"


def test_two_edits_in_a_row_become_one_message_and_both_count_as_known_there():
    with shopify_order() as (order, server):
        edit(order, {"op": "change_contact", "email": "bea@example.com"})
        deliver_deliveries(at=NOON + timedelta(days=365))
        first = WriteBack.objects.get()
        order.refresh_from_db()
        edit(order, {"op": "change_address", "address": NEW_ADDRESS}, at=NOON + ONE_MINUTE)

        deliver_and_send()

        first.refresh_from_db()
        last = WriteBack.objects.latest("id")
        assert (first.state, last.state) == (State.SUPERSEDED, State.ACKNOWLEDGED)
        assert first.acknowledged_at == last.acknowledged_at
        assert len(last.body["changes"]) == 2
        there = server.shop.orders[1001]
        assert (there.email, there.address["city"]) == ("bea@example.com", "Hamburg")


NEW_ADDRESS = {
    "name": "Ada Meier",
    "line1": "Jungfernstieg 1",
    "city": "Hamburg",
    "postal_code": "20354",
    "country": "DE",
}


def test_an_address_reaches_woocommerce():
    with woocommerce_order() as (order, server):
        edit(order, {"op": "change_address", "address": NEW_ADDRESS})

        deliver_and_send()

        message = WriteBack.objects.get()
        assert message.state == State.ACKNOWLEDGED, (message.last_error, message.differences)
        assert server.orders[1001]["shipping"]["city"] == "Hamburg"
