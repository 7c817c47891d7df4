"""What partners are sent, and when it is sent again."""

from datetime import timedelta

import pytest

from oms.actions.webhooks.managing import rotate_secret
from oms.actions.webhooks.queueing import queue_events
from oms.models import EventRecord, WebhookDelivery, WebhookHour
from oms.policies.webhooks import JITTER, LADDER
from orders.events import CodeAsked, OrderConfirmed, OrderHeld, OrderReleased
from tests.fakes.receiver import is_signed
from tests.fakes.serving import BROKEN, GONE, LOST, Answered, Trouble
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE, ONE_SECOND
from tests.make.orders import placed_order
from tests.make.webhooks import Clock, announce, announce_story, send_due, states, told_partner

pytestmark = pytest.mark.django_db

LONGER = 1 + JITTER + 0.001


@pytest.fixture
def clock():
    return Clock()


def test_an_event_reaches_the_partner_signed_with_the_order_as_it_is(clock):
    with told_partner("order.*") as (endpoint, receiver):
        order = placed_order()
        send_due(clock)

    placed = receiver.messages[0]
    assert placed["type"] == "order.placed"
    assert placed["timestamp"] == "2026-11-21T12:00:00Z"
    data = placed["data"]
    assert (data["kind"], data["subject"], data["sequence"]) == ("order", order.number, 1)
    assert (data["order"]["number"], data["version"]) == (order.number, data["order"]["version"])
    assert data["facts"]["external_id"] == order.external_id
    assert set(states(endpoint)) == {"DELIVERED"}


def test_what_was_taken_is_recorded_with_how_it_went(clock):
    with told_partner():
        announce("1001")
        assert send_due(clock) == 1

    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, row.attempts, row.error) == ("DELIVERED", 200, 1, "")
    assert (row.tried_at, row.ended_at, row.leased_until) == (NOON, NOON, None)
    assert WebhookHour.objects.values_list("hour", "delivered", "failed").get() == (NOON, 1, 0)


def test_what_is_not_public_is_sent_to_nobody(clock):
    with told_partner() as (_, receiver):
        announce("1001", cls=OrderConfirmed)
        announce("handle", cls=CodeAsked)
        assert send_due(clock) == 0
    assert receiver.asked == []
    assert not WebhookDelivery.objects.exists()


def test_only_the_types_that_were_asked_for_are_sent(clock):
    with told_partner("order.released", "stock.*") as (_, receiver):
        announce("1001", cls=OrderHeld)
        announce("1001", cls=OrderReleased)
        send_due(clock)
    assert receiver.types == ["order.released"]


def test_what_happened_before_the_address_was_entered_is_not_sent(clock):
    announce("1001")
    with told_partner() as (_, receiver):
        send_due(clock)
    assert receiver.asked == []


def test_the_ladder_is_climbed_step_by_step_and_the_id_stays_the_same(clock):
    with told_partner() as (_, receiver):
        announce("1001")
        for step in LADDER:
            receiver.have_trouble(BROKEN)
            assert send_due(clock) == 1
            clock.move(step * (1 - JITTER) - ONE_SECOND / 1000)
            assert send_due(clock) == 0, "too early"
            clock.move(step * 2 * JITTER + ONE_SECOND / 500)
        receiver.have_trouble(BROKEN)
        assert send_due(clock) == 1
        clock.move(30 * ONE_DAY)
        assert send_due(clock) == 0

    assert len(receiver.ids) == 10
    assert set(receiver.ids) == {receiver.ids[0]}
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, row.status, row.error) == ("FAILED", 10, 500, "It answered 500.")
    assert row.excerpt == '{"error": "broken"}'


def test_ten_attempts_take_three_days():
    assert timedelta(days=3) < sum(LADDER, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (BROKEN, 500),
        (GONE, None),
        (LOST, None),
        (Trouble(Answered(429, {})), 429),
        (Trouble(Answered(404, {})), 404),
        (Trouble(Answered(200, raw=b"\xff\x00" * 5000), done=False), 200),
    ],
)
def test_each_way_of_failing_is_one_attempt_and_the_next_one_is_made(clock, trouble, status):
    with told_partner() as (endpoint, receiver):
        announce("1001")
        receiver.have_trouble(trouble)
        send_due(clock)
        row = WebhookDelivery.objects.get()
        assert (row.status, row.attempts) == (status, 1)
        assert len(row.excerpt.encode()) <= 3_000
        if status == 200:
            assert row.state == "DELIVERED"
            return
        endpoint.refresh_from_db()
        assert (row.state, endpoint.failing_since) == ("WAITING", NOON)

        clock.move(LADDER[0] * LONGER)
        send_due(clock)
    assert states(endpoint) == ["DELIVERED"]
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_a_redirect_is_not_followed_and_counts_as_a_failure(clock):
    with told_partner() as (_, receiver):
        announce("1001")
        receiver.have_trouble(Trouble(Answered(301, {}, {"Location": f"{receiver.url}/elsewhere"})))
        send_due(clock)
    assert [asked.path for asked in receiver.asked] == ["/hooks"]
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status) == ("WAITING", 301)
    assert "Redirects are not followed" in row.error


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_time_gets_it_for_every_message(clock, status):
    with told_partner() as (endpoint, receiver):
        announce("1001")
        receiver.have_trouble(Trouble(Answered(status, {}, {"Retry-After": "600"})))
        send_due(clock)
        announce("1002")
        clock.move(9 * ONE_MINUTE)
        assert send_due(clock) == 0
        clock.move(ONE_MINUTE)
        assert send_due(clock) == 2
    assert states(endpoint) == ["DELIVERED", "DELIVERED"]


def test_asking_for_less_time_than_the_ladder_gives_does_not_use_it_up(clock):
    with told_partner() as (_, receiver):
        announce("1001")
        receiver.have_trouble(BROKEN, Trouble(Answered(429, {}, {"Retry-After": "1"})))
        send_due(clock)
        clock.move(LADDER[0] * LONGER)
        send_due(clock)
        clock.move(ONE_MINUTE)
        assert send_due(clock) == 0


def test_410_switches_the_address_off_at_once_and_says_so(clock):
    with told_partner() as (endpoint, receiver):
        announce("1001", "1002", "1003")
        receiver.have_trouble(*[Trouble(Answered(410, {}))] * 3)
        send_due(clock)
        announce("1004")
        clock.move(ONE_DAY)
        assert send_due(clock) == 0

    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.switched_off_because, endpoint.switched_off_at) == (False, "GONE", NOON)
    (told,) = EventRecord.objects.filter(type="webhook.disabled")
    assert (told.subject, told.by, told.facts["because"], told.facts["waiting"]) == (
        str(endpoint.pk),
        "system",
        "GONE",
        3,
    )
    assert states(endpoint) == ["WAITING"] * 3


def test_five_days_of_nothing_but_failures_switch_the_address_off(clock):
    with told_partner() as (endpoint, receiver):
        for day in range(6):
            announce(f"{day}")
            receiver.have_trouble(*[BROKEN] * 40)
            send_due(clock)
            clock.move(ONE_DAY)
    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.switched_off_because) == (False, "FAILING")
    assert endpoint.switched_off_at == NOON + 5 * ONE_DAY
    assert EventRecord.objects.filter(type="webhook.disabled").count() == 1


def test_one_success_begins_the_five_days_anew(clock):
    with told_partner() as (endpoint, receiver):
        for day in range(8):
            announce(f"{day}")
            receiver.have_trouble(None if day == 4 else BROKEN)
            receiver.have_trouble(*[BROKEN] * 20)
            send_due(clock)
            receiver.troubles.clear()
            clock.move(ONE_DAY)
    endpoint.refresh_from_db()
    assert endpoint.active


def test_the_next_event_of_an_order_waits_for_the_one_before_and_others_do_not(clock):
    with told_partner() as (endpoint, receiver):
        announce_story("1001", 3)
        receiver.have_trouble(BROKEN)
        assert send_due(clock) == 1
        announce("1002")
        assert send_due(clock) == 1
        assert [m["data"]["subject"] for m in receiver.messages] == ["1001", "1002"]

        clock.move(LADDER[0] * LONGER)
        send_due(clock)
    story = [m["data"]["sequence"] for m in receiver.messages if m["data"]["subject"] == "1001"]
    assert story == [1, 1, 2, 3]
    assert set(states(endpoint)) == {"DELIVERED"}


def test_what_follows_a_message_that_was_given_up_is_sent(clock):
    with told_partner() as (endpoint, receiver):
        announce_story("1001", 2)
        receiver.have_trouble(*[BROKEN] * 10)
        for step in [*LADDER, ONE_SECOND]:
            send_due(clock)
            clock.move(step * LONGER)
        send_due(clock)
    assert states(endpoint) == ["FAILED", "DELIVERED"]


def test_an_event_that_comes_while_the_one_before_waits_is_not_even_looked_at_until_then(clock):
    with told_partner() as (_, receiver):
        announce("1001")
        receiver.have_trouble(BROKEN)
        send_due(clock)
        announce("1001", cls=OrderReleased)
        queue_events(at=clock())
        first, second = WebhookDelivery.objects.order_by("sequence")
        assert second.run_after == first.run_after > NOON


def test_an_old_secret_is_good_beside_the_new_one_while_it_is_kept(clock):
    with told_partner() as (endpoint, receiver):
        old = endpoint.secret
        new = rotate_secret(endpoint_id=endpoint.pk, keep=ONE_HOUR, by=ADA, at=NOON).secret
        announce("1001")
        send_due(clock)
        clock.move(ONE_HOUR)
        receiver.secret = new
        announce("1002")
        send_due(clock)

    assert states(endpoint) == ["DELIVERED", "DELIVERED"]
    first, second = receiver.asked
    assert [is_signed(asked, old) for asked in (first, second)] == [True, False]
    assert [is_signed(asked, new) for asked in (first, second)] == [True, True]
