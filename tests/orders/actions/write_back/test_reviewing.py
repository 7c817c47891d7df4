from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from oms.actions.mailing import send_messages
from orders.absences import TargetNotFound, WriteBackNotFound
from orders.actions.write_back.comparing import compare_write_back
from orders.actions.write_back.leasing import lease_next
from orders.actions.write_back.reviewing import alert_overdue_write_backs, check_target, dismiss_write_back, send_again
from orders.actions.write_back.sending import send_next_write_back
from orders.errors import ComparisonNotOffered, TargetUnreachable
from orders.models import Order, WriteBack, WriteBackTarget
from tests.fakes.partner_server import PartnerServer
from tests.fakes.serving import BROKEN
from tests.fakes.shopify_server import ShopifyServer
from tests.fakes.shopify_shop import Line
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import BERLIN, channel, line, placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import stocked_variant
from tests.make.write_backs import change_order, queued, state_of, target

pytestmark = pytest.mark.django_db

State = WriteBack.State
LATE = NOON + 16 * ONE_MINUTE


@pytest.fixture(autouse=True)
def reachable(settings) -> None:
    settings.CALL_PRIVATE_ADDRESSES = True
    settings.OPERATIONS_EMAILS = ["ops@example.com"]


@pytest.fixture
def shopify() -> Iterator[ShopifyServer]:
    with ShopifyServer() as server:
        address = {"firstName": "Ada", "lastName": "Meier", "address1": BERLIN["line1"], "city": "Berlin"}
        address |= {"zip": "10119", "countryCode": "DE"}
        lines = [Line(1, "TEE-M-BLK", "Tee", 1, 1, Decimal("19.90"))]
        server.shop.add_order(1001, lines, email="ada@example.com", address=address)
        target("SHOPIFY", server.url, channel())
        yield server


def known_order() -> Order:
    stocked_variant()
    return placed_order([line(external_id="1")], external_id="1001")


def partner_message(**fields) -> WriteBack:
    order = placed_order()
    target("PARTNER", "https://erp.example/hook", **fields)
    return queued(order)[0]


def settle(message: WriteBack, state: str) -> None:
    WriteBack.objects.filter(id=message.pk).update(state=state)


def test_what_nobody_acknowledges_in_time_is_told_once_by_mail_and_event():
    message = partner_message(name="The ERP")
    assert alert_overdue_write_backs(at=NOON + 15 * ONE_MINUTE) == 0

    assert alert_overdue_write_backs(at=LATE) == 1
    assert alert_overdue_write_backs(at=LATE) == 0

    send_messages(at=LATE)
    (sent,) = mail.outbox
    assert sent.subject == "Not acknowledged: The ERP"
    assert f"order {message.order.number} (edited) is waiting after 16 minutes" in sent.body
    assert announced(message.order.number).count("write_back.overdue") == 1
    assert facts_of("write_back.overdue") == {"target": "partner", "kind": "EDIT", "state": "WAITING", "minutes": 16}


@pytest.mark.parametrize("state", [State.SENT, State.MISMATCHED, State.FAILED])
def test_what_was_sent_but_did_not_arrive_is_told_too(state):
    settle(partner_message(), state)

    assert alert_overdue_write_backs(at=LATE) == 1


@pytest.mark.parametrize("state", [State.SUPERSEDED, State.DISMISSED])
def test_what_is_settled_alerts_nobody(state):
    settle(partner_message(), state)

    assert alert_overdue_write_backs(at=LATE) == 0
    send_messages(at=LATE)
    assert mail.outbox == []


def test_each_target_has_its_own_patience():
    partner_message(acknowledge_within=60)

    assert alert_overdue_write_backs(at=LATE) == 0
    assert alert_overdue_write_backs(at=NOON + 61 * ONE_MINUTE) == 1


def test_without_anybody_to_mail_the_event_still_stands(settings):
    settings.OPERATIONS_EMAILS = []
    message = partner_message()

    alert_overdue_write_backs(at=LATE)

    send_messages(at=LATE)
    assert mail.outbox == []
    assert "write_back.overdue" in announced(message.order.number)


def test_sending_again_what_waits_sends_it_now_even_to_a_target_that_rests():
    message = partner_message()
    WriteBack.objects.update(run_after=NOON + timedelta(hours=8))
    WriteBackTarget.objects.update(paused_until=NOON + ONE_MINUTE)

    assert send_again(write_back_id=message.pk, by=ADA, at=NOON) == message

    assert lease_next(at=NOON) == message


def test_sending_again_what_was_given_up_sends_the_order_as_it_is_now():
    message = partner_message()
    settle(message, State.FAILED)
    change_order(message.order, p1={"quantity": 3})

    fresh = send_again(write_back_id=message.pk, by=ADA, at=LATE)

    assert fresh != message
    assert (fresh.sequence, fresh.state, fresh.body["order"]["lines"][0]["quantity"]) == (2, State.WAITING, 3)
    assert state_of(message) == State.SUPERSEDED


def test_sending_again_what_arrived_changes_nothing():
    message = partner_message()
    WriteBack.objects.update(state=State.ACKNOWLEDGED, acknowledged_at=NOON)

    with nothing_changes():
        send_again(write_back_id=message.pk, by=ADA, at=NOON)


def test_what_is_dismissed_is_neither_sent_nor_asked_about():
    message = partner_message()

    dismiss_write_back(write_back_id=message.pk, note="Told by telephone", by=ADA, at=NOON)

    assert state_of(message) == State.DISMISSED
    assert (message.settled_by, message.note) == (ADA, "Told by telephone")
    assert lease_next(at=NOON) is None
    assert facts_of("write_back.dismissed")["note"] == "Told by telephone"
    with nothing_changes():
        dismiss_write_back(write_back_id=message.pk, note="Again", by=ADA, at=NOON)


def test_there_is_nothing_to_do_with_a_message_that_does_not_exist():
    with pytest.raises(WriteBackNotFound):
        send_again(write_back_id=9, by=ADA, at=NOON)
    with pytest.raises(WriteBackNotFound):
        dismiss_write_back(write_back_id=9, note="", by=ADA, at=NOON)
    with pytest.raises(WriteBackNotFound):
        compare_write_back(write_back_id=9, by=ADA, at=NOON)
    with pytest.raises(TargetNotFound):
        check_target(target_id=9, by=ADA, at=NOON)


def test_comparing_names_every_place_in_which_the_two_sides_differ(shopify):
    order = known_order()
    (message,) = queued(order)
    change_order(order, p1={"quantity": 2})
    shopify.shop.orders[1001].email = "old@example.com"

    comparison = compare_write_back(write_back_id=message.pk, by=ADA, at=NOON)

    found = [(each.where, each.ours, each.theirs) for each in comparison.differences]
    assert found == [
        ("quantity", "2", "1"),
        ("email", "ada@example.com", "old@example.com"),
        ("total", "39.80", "19.90"),
    ]
    assert state_of(message) == State.WAITING


def test_comparing_what_was_given_up_and_is_there_all_the_same_acknowledges_it(shopify):
    (message,) = queued(known_order())
    settle(message, State.FAILED)

    comparison = compare_write_back(write_back_id=message.pk, by=ADA, at=LATE)

    assert comparison.differences == []
    assert (state_of(message), message.acknowledged_at) == (State.ACKNOWLEDGED, LATE)


def test_comparing_leaves_a_mismatch_with_what_differs_now(shopify):
    (message,) = queued(known_order())
    settle(message, State.MISMATCHED)
    shopify.shop.orders[1001].email = "old@example.com"

    compare_write_back(write_back_id=message.pk, by=ADA, at=LATE)

    assert state_of(message) == State.MISMATCHED
    assert [difference["where"] for difference in message.differences] == ["email"]


def test_a_partner_cannot_be_compared_and_a_broken_channel_says_so(shopify):
    order = known_order()
    target("PARTNER", "https://erp.example/hook")
    told = {message.target.kind: message for message in queued(order)}
    with pytest.raises(ComparisonNotOffered):
        compare_write_back(write_back_id=told["PARTNER"].pk, by=ADA, at=NOON)
    shopify.have_trouble(BROKEN)

    with pytest.raises(TargetUnreachable, match="It answered 500"):
        compare_write_back(write_back_id=told["SHOPIFY"].pk, by=ADA, at=NOON)


def test_trying_a_connection_says_who_answers_and_ends_a_rest(shopify):
    there = WriteBackTarget.objects.get()
    WriteBackTarget.objects.update(paused_until=LATE)

    assert check_target(target_id=there.pk, by=ADA, at=NOON) == "Morrow & Flax"

    there.refresh_from_db()
    assert there.paused_until is None


def test_trying_a_partners_connection_sends_a_signed_message_that_changes_nothing():
    with PartnerServer(now=NOON) as server:
        there = target("PARTNER", server.url, name="The ERP")
        assert check_target(target_id=there.pk, by=ADA, at=NOON) == "The ERP"
        (taken,) = server.taken.values()
        assert taken["type"] == "connection.tried"
        server.have_trouble(BROKEN)

        with pytest.raises(TargetUnreachable):
            check_target(target_id=there.pk, by=ADA, at=NOON)
    assert not send_next_write_back(at=NOON)
