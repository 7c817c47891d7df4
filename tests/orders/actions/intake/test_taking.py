"""Messages of a channel: taken, known, or kept in quarantine. None is lost, and none blocks those behind it."""

from datetime import timedelta
from decimal import Decimal

import orjson
import pytest
from django.db import connection

from orders.actions.intake.quarantining import dismiss_messages
from orders.actions.intake.taking import Member, Message, retry_messages, take_members, take_messages
from orders.channels.incoming import IncomingRefund
from orders.channels.port import IncomingCancellation, IncomingRefundNotice
from orders.models import Order, QuarantinedMessage
from tests.make.fulfillments import accepted, route
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, line, open_holds, order_body
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import SKU, promises, reservations, stocked_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    stocked_variant()
    return channel("shop", minutes=0)


def told(*, minutes=None, **fields):
    """One order in our own words, as bytes; `minutes`: the channel's clock, after noon."""
    if minutes is not None:
        fields["updated_at"] = (NOON + timedelta(minutes=minutes)).isoformat()
    return orjson.dumps(order_body(**({"channel": "shop", "external_id": "7"} | fields)))


def take(shop, *bodies, at=NOON, **fields):
    messages = [Message(body=body, source="webhook", **fields) for body in bodies]
    return take_messages(messages, channel=shop, format="jsonl", by=shop.actor, at=at)


def notify(shop, said, *, at=NOON):
    (outcome,) = take_members([Member(said=said, body=b"{}")], channel=shop, format="shopify", by=shop.actor, at=at)
    return outcome


def statuses(outcomes):
    return [outcome.status for outcome in outcomes]


def test_an_order_is_placed_by_its_channel(shop):
    (outcome,) = take(shop, told())
    order = Order.objects.get()
    assert (outcome.status, outcome.number, outcome.order_id) == ("placed", order.number, order.pk)
    assert order.status == "RELEASED"
    assert not QuarantinedMessage.objects.exists()


def test_the_same_message_twice_changes_nothing_the_second_time(shop):
    take(shop, told())
    with nothing_changes():
        (outcome,) = take(shop, told(), at=NOON + ONE_HOUR)
    assert (outcome.status, outcome.number) == ("known", Order.objects.get().number)


def test_what_the_channel_has_sold_is_never_refused_for_stock(shop):
    (outcome,) = take(shop, told(lines=[line(quantity=12)]))
    assert outcome.status == "placed"
    assert open_holds(outcome.number) == ["STOCK_SHORT"]


def test_a_newer_message_updates_and_an_older_one_does_not(shop):
    take(shop, told(minutes=1))
    assert statuses(take(shop, told(minutes=3, note="new"))) == ["updated"]
    assert statuses(take(shop, told(minutes=2, note="old"))) == ["known"]
    assert Order.objects.get().note == "new"


def test_create_and_update_in_one_batch_end_with_the_newest(shop):
    outcomes = take(shop, told(minutes=1), told(minutes=2, note="new"), told(minutes=1, note="old"))
    assert statuses(outcomes) == ["placed", "updated", "known"]
    assert Order.objects.get().note == "new"


def test_cancelled_before_it_came_is_placed_cancelled_and_stays_so(shop):
    outcomes = take(shop, told(minutes=2, cancelled_at=NOON.isoformat()), told(minutes=1))
    assert statuses(outcomes) == ["cancelled", "known"]
    assert (Order.objects.get().status, reservations()) == ("CANCELLED", [])


def test_a_bad_message_is_kept_whole_and_blocks_nobody(shop):
    bad = told(external_id="8", lines=[line("NONE")])
    outcomes = take(shop, b"{broken", bad, told(), topic="orders/create")
    assert statuses(outcomes) == ["quarantined", "quarantined", "placed"]
    assert [outcome.reason for outcome in outcomes] == ["broken_json", "unknown_sku", ""]

    kept = QuarantinedMessage.objects.get(reason="unknown_sku")
    assert (bytes(kept.body), kept.format, kept.topic, kept.source) == (bad, "jsonl", "orders/create", "webhook")
    assert (kept.external_id, kept.seen, kept.attempts) == ("8", 1, 1)
    assert kept.detail == "There is no SKU NONE. Create it in the catalogue, and this message is taken by itself."
    assert facts_of("message.quarantined", "shop") == {
        "message": kept.pk, "reason": "unknown_sku", "source": "webhook", "external_id": "8",
    }  # fmt: skip


def test_the_same_bad_message_again_counts_up_and_is_announced_once(shop):
    for _ in range(3):
        take(shop, b"{broken")
    assert QuarantinedMessage.objects.get().seen == 3
    assert announced("shop").count("message.quarantined") == 1


@pytest.fixture
def _no_poison():
    """The database itself refuses some orders, as it would for a reason that nobody has thought of."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_order ADD CONSTRAINT no_poison CHECK (note <> 'poison')")


@pytest.mark.usefixtures("_no_poison")
def test_what_the_database_refuses_is_quarantined_alone(shop):
    bodies = [told(external_id=str(place), note="poison" if place in (3, 7) else "") for place in range(10)]
    outcomes = take(shop, *bodies)
    assert [place for place, outcome in enumerate(outcomes) if outcome.status != "placed"] == [3, 7]
    assert {outcome.reason for outcome in outcomes if outcome.reason} == {"not_storable"}
    assert (Order.objects.count(), promises()) == (8, (10, 8))


@pytest.mark.usefixtures("_no_poison")
def test_an_update_that_the_database_refuses_is_quarantined_alone(shop):
    take(shop, told(minutes=1))
    outcomes = take(shop, told(minutes=2, note="poison", tags=["new"]), told(external_id="8"))
    assert statuses(outcomes) == ["quarantined", "placed"]
    assert outcomes[0].reason == "not_storable"
    assert Order.objects.get(external_id="7").tags == []


def test_an_update_that_is_refused_is_quarantined_and_changes_nothing_else(shop):
    take(shop, told(minutes=1))
    route()
    accepted(Order.objects.get())
    before = Order.objects.values().get()
    (outcome,) = take(shop, told(minutes=2, lines=[line(quantity=5)], note="More."))
    assert (outcome.status, outcome.reason) == ("quarantined", "changed_too_late")
    assert Order.objects.values().get() == before
    assert promises() == (10, 1)


def test_an_update_with_a_payment_told_twice_is_quarantined_and_blocks_nobody(shop):
    take(shop, told(minutes=1))
    twice = [{"status": "PAID", "reference": "x", "amount": "1.00"}] * 2
    outcomes = take(shop, told(minutes=2, payment=None, payments=twice), told(external_id="8"))
    assert statuses(outcomes) == ["quarantined", "placed"]
    assert outcomes[0].reason == "payment_repeated"


def test_messages_of_a_closed_channel_wait_until_it_is_open_again(shop):
    type(shop).objects.update(active=False)
    shop.refresh_from_db()
    (outcome,) = take(shop, told())
    assert (outcome.reason, Order.objects.exists()) == ("inactive_channel", False)

    type(shop).objects.update(active=True)
    (again,) = retry_messages(ids=[QuarantinedMessage.objects.get().pk], by=ADA, at=NOON)
    assert again.status == "placed"


def test_a_quarantined_message_is_taken_once_its_cause_is_mended(shop):
    take(shop, told(lines=[line("NEW")]))
    stocked_variant("NEW", 3)
    (outcome,) = retry_messages(ids=[QuarantinedMessage.objects.get().pk], by=ADA, at=NOON + ONE_HOUR)
    row = QuarantinedMessage.objects.get()
    assert (outcome.status, row.state, row.order_id) == ("placed", "TAKEN", outcome.order_id)
    assert (row.settled_by, row.settled_at, row.attempts) == (ADA, NOON + ONE_HOUR, 2)
    assert retry_messages(ids=[row.pk], by=ADA, at=NOON) == []


def test_a_message_that_still_cannot_be_taken_stays_with_its_newest_reason(shop):
    take(shop, told(lines=[line("NEW")], discount="99.00"))
    stocked_variant("NEW", 3)
    (outcome,) = retry_messages(ids=[QuarantinedMessage.objects.get().pk], by=ADA, at=NOON + ONE_MINUTE)
    row = QuarantinedMessage.objects.get()
    assert (outcome.status, row.state, row.reason, row.attempts) == (
        "quarantined", "OPEN", "discount_exceeds_total", 2,
    )  # fmt: skip
    assert row.last_tried_at == NOON + ONE_MINUTE


def test_a_dismissed_message_is_tried_no_more(shop):
    take(shop, b"{broken")
    row = QuarantinedMessage.objects.get()
    assert dismiss_messages(ids=[row.pk], note="Spam.", by=ADA, at=NOON) == 1
    assert dismiss_messages(ids=[row.pk], note="Again.", by=ADA, at=NOON) == 0
    row.refresh_from_db()
    assert (row.state, row.note, row.settled_by) == ("DISMISSED", "Spam.", ADA)
    assert retry_messages(ids=[row.pk], by=ADA, at=NOON) == []


def test_a_refund_that_comes_alone_is_recorded_once(shop):
    take(shop, told())
    refund = IncomingRefundNotice(
        "7", IncomingRefund(external_id="r1", amount=Decimal("5.00"), refunded_at=NOON), "EUR"
    )
    assert [notify(shop, refund).status for _ in range(2)] == ["updated", "known"]
    assert Order.objects.get().refunded == 5


def test_a_refund_in_another_currency_is_quarantined(shop):
    take(shop, told())
    refund = IncomingRefundNotice(
        "7", IncomingRefund(external_id="r1", amount=Decimal("5.00"), refunded_at=NOON), "USD"
    )
    assert notify(shop, refund).reason == "refund_currency"
    assert Order.objects.get().refunded == 0


def test_more_refunded_than_paid_is_quarantined(shop):
    take(shop, told())
    refund = IncomingRefundNotice("7", IncomingRefund(external_id="r1", amount=Decimal("50.00"), refunded_at=NOON))
    assert notify(shop, refund).reason == "refund_exceeds_payment"


def test_a_cancellation_that_comes_alone_cancels_once(shop):
    take(shop, told())
    said = IncomingCancellation("7", reason="customer")
    assert [notify(shop, said).status for _ in range(2)] == ["cancelled", "known"]
    assert (Order.objects.get().cancel_reason, promises()) == ("customer", (10, 0))


def test_a_cancellation_that_comes_too_late_is_quarantined(shop):
    take(shop, told(fulfilled_at=NOON.isoformat()))
    assert notify(shop, IncomingCancellation("7")).reason == "order_closed"


def test_a_notice_that_came_before_its_order_waits_for_it(shop):
    money = {"id": 2, "kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR", "gateway": "stripe"}
    body = orjson.dumps(
        {
            "id": 1,
            "order_id": 7,
            "created_at": NOON,
            "refund_line_items": [],
            "transactions": [money | {"created_at": NOON}],
        }
    )
    early = Message(body=body, topic="refunds/create")
    (waiting,) = take_messages([early], channel=shop, format="shopify", by=shop.actor, at=NOON)
    assert (waiting.status, waiting.reason) == ("quarantined", "order_unknown")

    take(shop, told())
    assert Order.objects.get().refunded == 5
    assert QuarantinedMessage.objects.get().state == "TAKEN"


def test_what_is_no_order_is_said_so_and_kept_nowhere(shop):
    with nothing_changes():
        (outcome,) = take(shop, b'{"product": 1}')
    assert outcome.status == "not_an_order"


def test_a_list_of_orders_is_taken_member_by_member(shop):
    both = orjson.dumps([orjson.loads(told()), orjson.loads(told(external_id="8", lines=[line("NONE")]))])
    assert statuses(take(shop, both)) == ["placed", "quarantined"]
    kept = QuarantinedMessage.objects.get()
    assert orjson.loads(bytes(kept.body))["external_id"] == "8"


def test_many_messages_are_placed_in_one_go(shop):
    outcomes = take(shop, *(told(external_id=str(place), lines=[line(SKU)]) for place in range(60)))
    assert statuses(outcomes) == ["placed"] * 60
    assert promises() == (10, 10)
    assert sum(open_holds(outcome.number) == ["STOCK_SHORT"] for outcome in outcomes) == 50
