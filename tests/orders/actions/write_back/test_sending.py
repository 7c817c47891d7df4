"""From an edit to the other side's answer, with each kind of system at the other end."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.models import Variant
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order
from orders.actions.write_back.leasing import LEASE, lease_next
from orders.actions.write_back.recording import BACKOFF, LOOKS, record_told
from orders.actions.write_back.sending import send_next_write_back
from orders.actions.write_back.telling import Told, tell_target
from orders.models import Order, WriteBack, WriteBackTarget
from tests.fakes.serving import BROKEN, LOST, SLOW_DOWN, Answered, Trouble
from tests.make.connected import partner_order, shopify_order, woocommerce_order
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE, ONE_SECOND
from tests.make.orders import line, placed_order
from tests.make.snapshots import announced, facts_of
from tests.make.write_backs import change_order, queued, state_of

pytestmark = pytest.mark.django_db

Kind, State = WriteBack.Kind, WriteBack.State
PRICE = Decimal("19.90")


@pytest.fixture(autouse=True)
def private_addresses(settings) -> None:
    settings.CALL_PRIVATE_ADDRESSES = True


def send(at=NOON) -> bool:
    return send_next_write_back(at=at)


def add_mug(order: Order) -> WriteBack:
    """An edit of ours has added a mug."""
    mug = Variant.objects.get(sku="MUG")
    order.lines.create(position=2, sku="MUG", kind="PRODUCT", variant=mug, title="Mug", quantity=1, unit_price=PRICE)
    change_order(order)
    (message,) = queued(order)
    return message


def test_an_edit_reaches_shopify_is_read_back_and_acknowledged():
    with shopify_order() as (order, server):
        change_order(order, p1={"quantity": 2})
        (message,) = queued(order)

        assert send()
        assert not send()

        assert state_of(message) == State.ACKNOWLEDGED
        assert (message.sent_at, message.acknowledged_at, message.attempts) == (NOON, NOON, 1)
        assert [(each.sku, each.current) for each in server.shop.orders[1001].lines] == [("TEE-M", 2)]
        assert announced(order.number)[-1] == "write_back.acknowledged"
        assert facts_of("write_back.acknowledged")["target"] == "shopify"


def test_an_edit_reaches_woocommerce_is_read_back_and_acknowledged():
    with woocommerce_order() as (order, server):
        change_order(order, p1={"quantity": 2, "tax": "6.35"})
        (message,) = queued(order)

        assert send()

        assert state_of(message) == State.ACKNOWLEDGED, message.differences
        assert server.orders[1001]["line_items"][0]["quantity"] == 2


def test_an_edit_reaches_a_partner_signed_and_waits_for_the_partners_answer():
    with partner_order() as (order, server):
        (message,) = queued(order, changes=[{"sku": "MUG"}])

        assert send()
        assert not send(NOON + ONE_MINUTE)

        assert state_of(message) == State.SENT
        (taken,) = server.taken.values()
        assert taken["type"] == "order.edited"
        assert taken["data"]["order"]["number"] == order.number
        assert taken["data"]["changes"] == [{"sku": "MUG"}]
        assert taken["data"]["acknowledgement"].endswith(f"/api/v1/write-backs/{message.key}/acknowledgement")


@pytest.mark.parametrize("opened", [shopify_order, woocommerce_order])
def test_a_cancellation_reaches_each_channel(opened):
    with opened() as (order, server):
        cancel_order(number=order.number, reason="Changed her mind", by=ADA, at=NOON)
        (message,) = queued(order, Kind.CANCEL)

        send()

        assert state_of(message) == State.ACKNOWLEDGED, message.last_error
        assert len([asked for asked in server.asked if b"ancel" in asked.body and asked.method != "GET"]) >= 1


def test_a_cancellation_that_shopify_is_still_working_on_is_looked_at_again():
    with shopify_order() as (order, server):
        server.shop.slow_jobs = True
        cancel_order(number=order.number, reason="", by=ADA, at=NOON)
        (message,) = queued(order, Kind.CANCEL)
        send()
        assert state_of(message) == State.SENT
        server.shop.finish_jobs()

        assert not send(NOON + ONE_SECOND)
        assert send(NOON + LOOKS[0])

        assert state_of(message) == State.ACKNOWLEDGED
        assert sum("orderCancel" in asked.json()["query"] for asked in server.asked) == 1


def test_a_hold_shows_at_shopify():
    with shopify_order() as (order, server):
        hold_order(number=order.number, reason="STAFF", detail="Look at it", by=ADA, at=NOON)
        (message,) = queued(order, Kind.HOLD)

        send()

        (waiting,) = server.shop.orders[1001].fulfillment_orders
        assert waiting["status"] == "ON_HOLD"
        assert "Look at it" in waiting["holds"][0]["notes"]
        assert state_of(message) == State.ACKNOWLEDGED


def test_a_line_that_we_added_learns_the_name_that_the_channel_gave_it():
    with shopify_order() as (order, server):
        add_mug(order)

        send()

        added = server.shop.orders[1001].lines[-1]
        assert order.lines.get(position=2).external_id == str(added.number)


def test_a_copy_that_stays_different_is_called_mismatched_with_each_difference():
    with shopify_order() as (order, _):
        order.lines.update(unit_price="25.00")
        change_order(order)
        (message,) = queued(order)

        moment = NOON
        for wait in (timedelta(), *LOOKS):
            moment += wait
            assert send(moment)

        assert state_of(message) == State.MISMATCHED
        assert message.differences == [{"where": "total", "what": "", "ours": "29.90", "theirs": "24.80"}]
        assert announced(order.number)[-1] == "write_back.mismatched"
        assert not send(moment + ONE_HOUR)


def test_a_crash_between_the_call_and_its_record_does_nothing_twice():
    with shopify_order() as (order, server):
        message = add_mug(order)
        leased = lease_next(at=NOON)
        tell_target(leased, keep=lambda noted: None, at=NOON)  # the worker dies here
        assert state_of(message) == State.WAITING

        assert send(NOON + LEASE + ONE_SECOND)

        assert state_of(message) == State.ACKNOWLEDGED
        assert [each.sku for each in server.shop.orders[1001].lines] == ["TEE-M", "MUG"]


def test_a_worker_that_comes_back_late_records_nothing():
    with shopify_order() as (order, _):
        (message,) = queued(order)
        late = lease_next(at=NOON)
        assert send(NOON + LEASE + ONE_SECOND)

        assert not record_told(late, Told(State.FAILED), at=NOON + ONE_HOUR)

        assert state_of(message) == State.ACKNOWLEDGED


def test_an_answer_that_was_lost_is_asked_for_again_with_patience():
    with shopify_order() as (order, server):
        message = add_mug(order)
        server.have_trouble(None, None, None, None, LOST)  # read, begin, find, add, commit
        send()
        assert state_of(message) == State.WAITING
        assert message.progress["committing"] is True
        assert BACKOFF[0] * 0.8 <= message.run_after - NOON <= BACKOFF[0] * 1.2
        assert "reached" in message.last_error

        assert send(NOON + ONE_MINUTE)

        assert state_of(message) == State.ACKNOWLEDGED
        assert [each.sku for each in server.shop.orders[1001].lines] == ["TEE-M", "MUG"]


def test_being_throttled_waits_as_long_as_was_asked_and_is_no_failure():
    with shopify_order() as (order, server):
        (message,) = queued(order)
        server.have_trouble(SLOW_DOWN)

        send()

        assert state_of(message) == State.WAITING
        assert (message.run_after, message.attempts) == (NOON + timedelta(seconds=7), 0)
        assert not send(NOON + timedelta(seconds=6))
        assert send(NOON + timedelta(seconds=7))
        assert state_of(message) == State.ACKNOWLEDGED


def test_a_target_that_is_down_rests_and_its_other_messages_with_it():
    with shopify_order() as (order, server):
        queued(order)
        other = placed_order([line("TEE-M", external_id="1")], external_id="1002")
        queued(other)
        server.have_trouble(BROKEN)

        assert send()
        assert not send(NOON + ONE_SECOND)

        assert len(server.asked) == 1


def test_what_is_refused_is_given_up_at_once_and_the_next_one_goes_on():
    with shopify_order() as (order, server):
        server.shop.variants.pop("MUG")
        message = add_mug(order)
        send()
        assert state_of(message) == State.FAILED
        assert message.last_error.startswith("Shopify has no variant with the SKU MUG")
        assert announced(order.number)[-1] == "write_back.failed"

        server.shop.add_variant("MUG")
        (again,) = queued(order)
        send()

        assert state_of(again) == State.ACKNOWLEDGED


def test_a_target_that_never_answers_is_given_up_after_hours():
    with partner_order() as (order, server):
        (message,) = queued(order)
        moment = NOON
        for _ in range(len(BACKOFF) + 1):
            server.have_trouble(BROKEN)
            server.now = moment
            assert send(moment)
            message.refresh_from_db()
            moment = max(message.run_after, moment + ONE_MINUTE)

        assert state_of(message) == State.FAILED
        assert moment - NOON > timedelta(hours=12)
        assert message.last_error == "It answered 500."


def test_a_partner_that_says_nothing_is_told_again_under_the_same_id():
    with partner_order() as (order, server):
        (message,) = queued(order)
        send()
        server.now = NOON + timedelta(minutes=30)

        assert send(NOON + timedelta(minutes=30))

        assert server.times_seen == {str(message.key): 2}
        assert state_of(message) == State.SENT


def test_a_partner_that_is_gone_for_good_or_mistrusts_us_is_not_asked_again():
    with partner_order() as (order, server):
        (message,) = queued(order)
        server.have_trouble(Trouble(Answered(410, {})))
        send()
        assert state_of(message) == State.FAILED

        WriteBackTarget.objects.update(secret="whsec_d3Jvbmcgc2VjcmV0IHdyb25nIHNlY3JldA==")
        (second,) = queued(order)
        send()

        assert state_of(second) == State.FAILED
        assert "same secret" in second.last_error
        assert server.taken == {}


def test_a_private_address_is_not_called(settings):
    settings.CALL_PRIVATE_ADDRESSES = False
    with partner_order() as (order, server):
        WriteBackTarget.objects.update(url=server.url.replace("http://", "https://"))
        (message,) = queued(order)

        send()

        assert state_of(message) == State.FAILED
        assert "private network" in message.last_error
        assert server.asked == []
