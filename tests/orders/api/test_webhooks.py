"""Channels call us: what they signed is taken or kept, whatever it says; what they did not sign leaves only a trace."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from oms.models import Channel, EventRecord
from orders.models import Order, QuarantinedMessage
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import stocked_variant
from tests.orders.api.hooks import SECRET, Sender
from tests.orders.channels.messages import (
    amazon_order,
    big_order,
    shopify_line,
    shopify_order,
    shopify_refund,
    shopify_transaction,
    woo_order,
)

pytestmark = pytest.mark.django_db

TEE, TOWEL, MUG = "TEE-M-BLK", "TOWEL", "MUG-BLUE"


def sender(connector: str = "SHOPIFY", **fields) -> Sender:
    code = connector.lower()
    defaults = {"name": code, "connector": connector, "already_sold": True, "webhook_secret": SECRET}
    Channel.objects.create(code=code, **(defaults | fields))
    for sku in (TEE, TOWEL, MUG):
        stocked_variant(sku)
    return Sender(code, connector)


def later(minutes: int, moment: str = "2025-11-21T10:31:00+01:00") -> str:
    return (datetime.fromisoformat(moment) + timedelta(minutes=minutes)).isoformat()


@pytest.mark.parametrize(
    ("connector", "topic", "message", "external_id"),
    [
        ("SHOPIFY", "orders/create", shopify_order(), "5001"),
        ("WOOCOMMERCE", "order.created", woo_order(), "727"),
        ("AMAZON", "ORDER_CHANGE", amazon_order(), "302-1234567-1234567"),
        ("BIGCOMMERCE", "store/order/created", big_order(), "247"),
    ],
)
def test_a_signed_order_is_placed_and_the_channel_gets_its_number(connector, topic, message, external_id):
    channel = sender(connector)

    answer = channel.send(topic, message)

    order = Order.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {"results": [{"status": "placed", "number": order.number, "reason": None}]}
    assert (order.external_id, order.channel.code) == (external_id, channel.code)
    assert EventRecord.objects.get(type="order.placed").by == f"channel:{channel.code}"


def test_the_same_message_again_is_known_and_changes_nothing():
    channel = sender()
    channel.results("orders/create", shopify_order())

    with nothing_changes():
        assert channel.results("orders/create", shopify_order()) == [("known", None)]


def test_an_older_message_after_a_newer_one_changes_nothing():
    channel = sender()
    channel.results("orders/updated", shopify_order(updated_at=later(5), note="new"))

    with nothing_changes():
        assert channel.results("orders/create", shopify_order(note="old")) == [("known", None)]


def test_an_update_changes_the_order():
    channel = sender()
    channel.results("orders/create", shopify_order())

    assert channel.results("orders/updated", shopify_order(updated_at=later(5), note="Ring twice")) == [
        ("updated", None)
    ]
    assert Order.objects.get().note == "Ring twice"


def test_a_cancellation_cancels_the_order_and_frees_its_stock():
    channel = sender()
    channel.results("orders/create", shopify_order())
    line = shopify_line(current_quantity=0, fulfillable_quantity=0)
    gone = {"cancelled_at": later(5), "updated_at": later(5), "cancel_reason": "customer", "line_items": [line]}

    assert channel.results("orders/cancelled", shopify_order(**gone)) == [("cancelled", None)]
    assert Order.objects.get().status == Order.Status.CANCELLED
    assert "order.cancelled" in announced()


def test_a_cancellation_before_its_order_is_placed_as_cancelled():
    channel = sender()
    gone = {"cancelled_at": later(5), "updated_at": later(5), "cancel_reason": "fraud"}

    assert channel.results("orders/cancelled", shopify_order(**gone)) == [("cancelled", None)]
    assert channel.results("orders/create", shopify_order()) == [("known", None)]
    assert Order.objects.get().status == Order.Status.CANCELLED


def test_a_refund_is_recorded_once():
    channel = sender()
    paid = shopify_order(transactions=[shopify_transaction()])
    channel.results("orders/paid", paid)

    assert channel.results("refunds/create", shopify_refund()) == [("updated", None)]
    assert channel.results("refunds/create", shopify_refund()) == [("known", None)]
    assert str(Order.objects.get().refunded) == "23.8000"


def test_a_refund_before_its_order_waits_for_it():
    channel = sender()
    assert channel.results("refunds/create", shopify_refund()) == [("quarantined", "order_unknown")]

    channel.results("orders/paid", shopify_order(transactions=[shopify_transaction()]))

    assert str(Order.objects.get().refunded) == "23.8000"
    assert QuarantinedMessage.objects.get().state == QuarantinedMessage.State.TAKEN


@pytest.mark.parametrize("connector", ["SHOPIFY", "WOOCOMMERCE", "AMAZON", "BIGCOMMERCE"])
def test_a_wrong_signature_is_refused_and_leaves_nothing_but_a_trace(connector):
    sender(connector)
    stranger = Sender(connector.lower(), connector, key="another secret")

    answer = stranger.send("orders/create", shopify_order())

    assert (answer.status_code, answer.json()["code"]) == (401, "signature_invalid")
    assert answer["Content-Type"] == "application/problem+json"
    assert not Order.objects.exists()
    assert not QuarantinedMessage.objects.exists()
    assert facts_of("message.signature_refused", connector.lower()) == {"topic": "orders/create"}


def test_a_flood_of_wrong_signatures_leaves_one_trace_a_minute():
    sender()
    stranger = Sender("shopify", "SHOPIFY", key="another secret")

    statuses = {stranger.send("orders/create", shopify_order()).status_code for _ in range(5)}

    assert statuses == {401}
    assert announced("shopify") == ["message.signature_refused"]


def test_a_channel_without_a_secret_believes_nobody():
    sender(webhook_secret="")
    assert Sender("shopify", "SHOPIFY", key="").send("orders/create", shopify_order()).status_code == 401


def test_a_changed_body_is_refused():
    channel = sender()
    body = b'{"id": 1}'
    answer = channel.client.post(
        channel.path("orders/create"), body + b" ", content_type="application/json", headers=channel._sign(body)
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("connector", ["API", "FILE", "STAFF"])
def test_a_channel_that_does_not_call_has_no_address(connector):
    channel = sender(connector)
    answer = channel.send("orders/create", shopify_order())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_unknown_channel_is_not_there():
    assert Sender("nowhere", "SHOPIFY").send("orders/create", shopify_order()).status_code == 404


def test_a_topic_that_nobody_can_print_is_not_there():
    channel = sender()
    with nothing_changes():
        assert channel.send("orders%00", shopify_order()).status_code == 404


def test_only_post_is_understood():
    channel = sender()
    answer = Client().get(channel.path("orders/create"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_more_than_five_megabytes_are_refused_before_they_are_read():
    channel = sender()
    with nothing_changes():
        answer = channel.send("orders/create", b'{"note": "' + b"x" * (5 * 2**20) + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("body", [b"", b"{", b"\x00", b'{"id": 1', b"\xff\xfe", b"[" * 100_000, b'{"id": NaN}'])
def test_signed_nonsense_is_kept_whole_and_not_sent_again(body):
    channel = sender()

    assert channel.results("orders/create", body) == [("quarantined", "broken_json")]
    assert bytes(QuarantinedMessage.objects.get().body) == body


def test_a_signed_order_that_cannot_be_taken_is_kept_with_its_reason():
    channel = sender()

    assert channel.results("orders/create", shopify_order(line_items=[shopify_line(sku="NOBODYS")])) == [
        ("quarantined", "unknown_sku")
    ]
    message = QuarantinedMessage.objects.get()
    assert (message.topic, message.source, message.external_id) == ("orders/create", "webhook", "5001")
    assert not Order.objects.exists()


def test_a_message_of_another_kind_is_no_order():
    assert sender().results("products/update", {"id": 9, "title": "Tee"}) == [("not_an_order", "other_kind")]


def test_messages_of_a_channel_that_is_switched_off_wait_in_quarantine():
    channel = sender(active=False)
    assert channel.results("orders/create", shopify_order()) == [("quarantined", "inactive_channel")]


def test_one_bad_member_does_not_keep_the_others():
    channel = sender()
    bad = shopify_order(id=5002, line_items=[shopify_line(sku="NOBODYS")])

    assert channel.results("orders/create", {"orders": [bad, shopify_order()]}) == [
        ("quarantined", "unknown_sku"),
        ("placed", None),
    ]


def test_neither_a_session_nor_a_token_is_asked_for_or_given():
    answer = sender().send("orders/create", shopify_order())
    assert answer.status_code == 200
    assert not answer.cookies
