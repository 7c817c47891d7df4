"""What counts as wrong, type by type: it is found, it is said in words, and it is gone when its cause is."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from config import wiring
from inventory.models import ChannelStock
from oms.actions.reviewing_exceptions import review_exceptions, review_type
from oms.actions.tending_exceptions import dismiss_exceptions
from oms.exceptions import find_type
from oms.models import EventRecord, ExceptionItem, Message, WebhookEndpoint
from orders.actions.cancelling import cancel_order
from orders.actions.intake.quarantining import Reject, dismiss_messages, quarantine_messages
from orders.events import OrderUnroutable
from orders.models import Fulfillment, Hold, Label, Order, QuarantinedMessage, Repayment, Shipment, WriteBack
from tests.make.gateways import cancelled
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, line, placed_order, released_order
from tests.make.sent import Request, Status, fulfillment, label, parcel
from tests.make.stock import receive, stocked_variant
from tests.make.write_backs import queued, target

pytestmark = pytest.mark.django_db

LATER = NOON + 2 * ONE_DAY
State = WriteBack.State


def look(code: str, *, at=LATER) -> ExceptionItem | None:
    """What is open of that type after somebody has looked."""
    review_type(find_type(code), at=at)
    return ExceptionItem.objects.open().filter(type=code).first()


def held(reason: str) -> Order:
    order = placed_order()
    Hold.objects.create(order=order, reason=reason, detail="Look at it.", opened_at=NOON, opened_by=ADA)
    return order


def change(row: Model, **fields) -> None:
    type(row).objects.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize(
    ("code", "reason"), [("address", "ADDRESS_CHECK"), ("fraud", "FRAUD_REVIEW"), ("totals", "TOTALS_MISMATCH")]
)
def test_a_hold_that_a_person_must_lift_waits_until_it_is_closed(code, reason):
    order = held(reason)

    item = look(code)

    hold = order.holds.get(reason=reason)
    assert (item.subject, item.key, item.cause, item.since) == (order.number, hold.pk, "Look at it.", NOON)
    change(hold, closed_at=LATER, closed_by=ADA)
    assert look(code) is None


def test_an_order_that_is_cancelled_waits_for_nobody():
    order = held("ADDRESS_CHECK")
    assert look("address")

    cancel_order(number=order.number, reason="", by=ADA, at=LATER)

    assert look("address") is None


def test_nobody_is_asked_to_look_after_a_test_order():
    order = held("ADDRESS_CHECK")
    change(order, test=True)
    assert look("address") is None


def test_a_payment_is_asked_for_after_a_day():
    order = placed_order(payment={"status": "PENDING"})

    assert look("payment", at=NOON + ONE_HOUR) is None
    item = look("payment")

    assert item.subject == order.number
    assert item.cause.startswith("19.90 EUR of it is not paid.")


def test_stock_that_arrives_ends_the_wait_for_it():
    stocked_variant(on_hand=0)
    channel(already_sold=True)
    placed_order([line(quantity=3)], already_sold=True)
    assert look("stock_short").cause

    receive(5)
    Hold.objects.filter(reason="STOCK_SHORT").update(closed_at=LATER, closed_by="system")

    assert look("stock_short") is None


@pytest.mark.parametrize(
    ("state", "said"), [(State.FAILED, "Gone away"), (State.MISMATCHED, "its copy differs in 1 places")]
)
def test_a_system_that_does_not_have_a_change_waits_for_a_person(state, said):
    target("PARTNER", "https://erp.example/hook", name="The ERP")
    (message,) = queued(placed_order())
    assert look("write_back") is None
    change(message, state=state, last_error="Gone away" if state == State.FAILED else "", differences=[{}])

    item = look("write_back")

    assert item.key == message.pk
    assert item.cause == f"The ERP does not have it (edited): {said}"
    change(message, state=State.DISMISSED)
    assert look("write_back") is None


def test_a_message_in_quarantine_waits_until_it_is_settled():
    web = channel()
    reject = Reject(body=b"{", format="jsonl", reason="not_json", detail="This is not JSON.")
    quarantine_messages([reject], channel=web, by=ADA, at=NOON)

    item = look("quarantine")

    assert (item.subject_kind, item.subject, item.cause) == ("channel", "web", "This is not JSON.")
    dismiss_messages(ids=[QuarantinedMessage.objects.get().pk], note="Old", by=ADA, at=LATER)
    assert look("quarantine") is None


def test_money_that_must_go_back_by_hand_waits_for_somebody():
    repayment = cancelled(placed_order(payment={"status": "PAID", "gateway": "bank", "reference": "t-1"}))

    item = look("repayment")

    assert item.cause == "19.90 EUR has to be sent back by hand."
    Repayment.objects.filter(pk=repayment.pk).update(state=Repayment.State.WITHDRAWN)
    assert look("repayment") is None


def test_an_order_without_a_way_says_why_in_the_words_of_the_routing():
    order = released_order()
    change(order, route_after=NOON + ONE_HOUR)
    facts = {"reasons": [{"warehouse": "LEJ", "code": "closed", "sentence": "LEJ is closed."}], "missing": ["CAP"]}
    EventRecord.objects.create(
        type=OrderUnroutable.type,
        subject_kind="order",
        subject=order.number,
        sequence=99,
        by="system",
        at=NOON,
        facts=facts,
    )

    assert look("no_route").cause == "No warehouse can send it. Nowhere on a shelf: CAP. LEJ is closed."
    change(order, routed_at=LATER, route_after=None)
    assert look("no_route") is None


def test_a_short_pick_waits_only_while_nobody_else_has_the_rest():
    order = released_order()
    short = fulfillment(order, status=Status.INCOMPLETE)

    item = look("short_pick")

    assert (item.key, item.facts["warehouse"]) == (short.pk, "LEJ")
    fulfillment(order, place="RTM")
    assert look("short_pick") is None


def test_two_rejections_are_a_case_for_a_person_and_one_is_not():
    order = released_order()
    fulfillment(order, status=Status.CANCELLED, request_status=Request.REJECTED)
    assert look("rejected") is None

    fulfillment(order, place="RTM", status=Status.CANCELLED, request_status=Request.REJECTED)

    item = look("rejected")
    assert (item.key, item.facts) == (order.pk, {"rejections": 2})
    assert "rejected it 2 times" in item.cause


def test_a_label_that_no_carrier_sells_waits_until_there_is_another():
    part = fulfillment(released_order())
    refused = label(part, state=Label.State.REFUSED, last_error="The postal code does not exist.")

    item = look("carrier")

    assert (item.key, item.cause) == (refused.pk, "No carrier takes it: The postal code does not exist.")
    label(part)
    assert look("carrier") is None


def test_a_carrier_that_stays_out_of_reach_is_told_after_half_an_hour():
    label(fulfillment(released_order()), attempts=3, last_error="No answer.")

    assert look("carrier", at=NOON + 20 * ONE_MINUTE) is None
    assert look("carrier").cause == "Carriers cannot be reached: No answer."


def test_a_warehouse_that_does_not_say_whether_it_could_stop_is_rung():
    part = fulfillment(released_order(), status=Status.IN_PROGRESS, request_status=Request.CANCELLATION_REQUESTED)
    assert look("stopping").key == part.pk

    change(part, request_status=Request.CANCELLATION_REJECTED)

    assert look("stopping") is None


def test_a_fulfillment_that_missed_its_van_is_seen():
    part = fulfillment(released_order(), ship_by=NOON + ONE_HOUR)
    assert look("cut_off_missed", at=NOON) is None

    item = look("cut_off_missed")

    assert item.since == NOON + ONE_HOUR
    assert item.cause == "It should have left LEJ by its cut-off; the warehouse has not begun it."
    change(part, status=Status.CANCELLED, closed_at=LATER)
    assert look("cut_off_missed") is None


def test_a_parcel_that_is_late_waits_until_it_arrives():
    sent = parcel(fulfillment(released_order()), tracking_number="RR1", delayed_at=NOON)

    item = look("delayed")

    assert (item.key, item.cause) == (sent.pk, "House is late with RR1.")
    change(sent, status=Shipment.Status.DELIVERED, delivered_at=LATER)
    assert look("delayed") is None


def test_a_parcel_that_comes_back_is_another_case_than_one_that_is_late():
    sent = parcel(fulfillment(released_order()), delayed_at=NOON, status=Shipment.Status.RETURNED)

    assert look("delayed") is None
    assert look("undelivered").cause.startswith(f"{sent.number} comes back.")


def test_a_channel_that_has_not_learnt_of_stock_for_half_an_hour_is_seen():
    there, variant = target("PARTNER", "https://erp.example/hook", channel(), tells_stock=True), stocked_variant()
    fields = {"channel": there.channel, "variant": variant, "wanted": 5, "due_at": NOON}
    behind = ChannelStock.objects.create(changed_at=NOON, **fields)
    assert look("stock_out", at=NOON + 20 * ONE_MINUTE) is None

    item = look("stock_out")

    assert (item.subject_kind, item.subject, item.since) == ("channel", "web", NOON)
    change(behind, refused=True)
    assert look("stock_out") is None


def test_a_webhook_that_the_system_switched_off_waits_until_it_is_on_again():
    off = {"active": False, "switched_off_at": NOON, "read_turn": 0, "read_id": 0, "created_by": ADA}
    endpoint = WebhookEndpoint.objects.create(
        url="https://erp.example", types=["*"], secret="s", switched_off_because="GONE", **off
    )

    assert look("webhook_off").cause.startswith("https://erp.example is switched off: it answered 410 Gone.")
    change(endpoint, switched_off_because="ASKED")
    assert look("webhook_off") is None


def test_a_mail_that_came_back_waits_until_somebody_has_looked():
    fields = {"kind": "shipped", "about_kind": "order", "about": "S-1", "run_after": NOON, "made_at": NOON}
    Message.objects.create(key="1", to="ada@example.com", state="BOUNCED", why="bounced", sent_at=NOON, **fields)

    item = look("mail")

    assert (item.subject_kind, item.subject) == ("order", "S-1")
    assert item.cause == "“Shipped” did not reach ada@example.com: The address does not take mail."
    assert dismiss_exceptions(ids=[item.pk], note="Rung her up", by=ADA, at=LATER) == 1
    assert look("mail") is None


MAKERS: dict[str, Callable[[], object]] = {
    "address": lambda: held("ADDRESS_CHECK"),
    "no_route": lambda: change(released_order(), route_after=NOON),
    "carrier": lambda: label(fulfillment(released_order()), state=Label.State.REFUSED),
    "delayed": lambda: parcel(fulfillment(released_order()), delayed_at=NOON),
    "write_back": lambda: change(queued(placed_order())[0], state=State.FAILED),
}


@pytest.mark.parametrize("code", MAKERS)
def test_describing_many_troubles_asks_no_more_than_describing_one(code):
    target("PARTNER", "https://erp.example/hook")

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            review_type(find_type(code), at=LATER)
        return len(seen)

    MAKERS[code]()
    one = statements()
    for _ in range(4):
        MAKERS[code]()
    assert statements() == one
    assert ExceptionItem.objects.open().filter(type=code).count() == 5


def test_all_types_are_asked_about_an_empty_house_without_a_fault(caplog):
    review_exceptions(at=NOON)
    assert caplog.text == ""
    assert not ExceptionItem.objects.exists()
    assert {each.code for each in wiring.TROUBLES} >= set(MAKERS)
    assert not Fulfillment.objects.exists()
