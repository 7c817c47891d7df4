"""An edit that is given up leaves nothing behind; what others wait for comes to them."""

from datetime import timedelta
from decimal import Decimal

import orjson
import pytest

from oms.models import Channel
from oms.transactions import run_transaction
from orders.actions.edits.abandoning import abandon_open_edit
from orders.actions.edits.approving import expire_edits, withdraw_edit
from orders.actions.intake.updating import update_order
from orders.actions.money.asking import ask_gateways
from orders.actions.money.hearing import record_gateway_news
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.money.sandboxing import answer_page
from orders.models import Edit, Order
from orders.payments.port import GatewayNews, NewsKind
from orders.queries.order_documents import find_order_document
from tests.make.edits import MEDIUM, SOCKS, SOON, add, edit, holds, open_shop, order_of_tees, promised_to, swap
from tests.make.gateways import money, pay_more
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, incoming, line, open_holds, placed_order
from tests.make.snapshots import announced, nothing_changes
from tests.make.stock import available, count, promises, reservations

pytestmark = pytest.mark.django_db

LATER = SOON + ONE_MINUTE


@pytest.fixture(autouse=True)
def shop():
    open_shop()


@pytest.fixture
def waiting():
    """An edit that adds two pairs of socks to a paid order, and is not paid itself."""
    return edit(order_of_tees(), add(SOCKS, 2))


def document(order):
    """The order as a partner reads it, but for its version and when it was changed."""
    read = orjson.loads(find_order_document(order.number, at=SOON).json)
    return {name: value for name, value in read.items() if name not in ("version", "updated_at")}


def withdraw(waiting):
    return withdraw_edit(edit_id=waiting.pk, by=ADA, at=LATER)


def test_the_order_is_as_it_was_to_the_letter():
    order = order_of_tees()
    before = document(order)
    waiting = edit(order, swap(order), add())
    withdraw(waiting)
    assert document(order) == before


def test_stock_that_was_kept_for_it_is_free_again(waiting):
    assert available(SOCKS) == 8
    withdraw(waiting)
    assert (available(SOCKS), promised_to(waiting.stock_reference)) == (10, {})


def test_who_waited_for_that_stock_gets_it():
    count(SOCKS, 2)
    waiting = edit(order_of_tees(), add(SOCKS, 2))
    channel("amazon", already_sold=True)
    sold = placed_order([line(SOCKS, 1)], channel="amazon", already_sold=True)
    assert reservations(sold.number)[0][3] == "SHORT"
    withdraw(waiting)
    assert (promised_to(sold.number), promises(SOCKS)) == ({SOCKS: 1}, (2, 1))


def test_what_was_asked_to_be_paid_is_asked_no_more(waiting):
    withdraw(waiting)
    assert [checkout.state for checkout in waiting.checkouts.all()] == ["CANCELED"]


def test_all_of_it_is_told(waiting):
    withdraw(waiting)
    told = ["order.edit_requested", "order.held", "order.hold_lifted", "checkout.ended", "order.edit_ended"]
    assert announced(waiting.order.number) == ["order.placed", *told]


def test_without_an_edit_that_waits_there_is_nothing_to_give_up():
    order = order_of_tees()
    with nothing_changes():
        given_up = run_transaction(lambda: abandon_open_edit(order, state=Edit.State.SUPERSEDED, by=ADA, at=SOON))
    assert given_up is False


def pay_at_gateway(waiting, *, name="evt_1", at=LATER):
    """The gateway says that the checkout of this edit was paid."""
    checkout = waiting.checkouts.get()
    news = GatewayNews(
        external_id=name,
        type="paid",
        kind=NewsKind.CHECKOUT_PAID,
        key=str(checkout.key),
        reference=f"cs_{checkout.pk}",
        payment_reference=f"pay_{checkout.pk}",
        amount=checkout.amount,
        currency=checkout.currency,
    )
    return record_gateway_news(checkout.gateway, news, at=at)


def test_money_that_comes_after_it_was_given_up_is_recorded_and_sent_back_once(waiting):
    expire_edits(at=waiting.deadline)
    late = waiting.deadline + ONE_MINUTE
    pay_at_gateway(waiting, at=late)
    with nothing_changes():
        pay_at_gateway(waiting, at=late + ONE_MINUTE)
    order = Order.objects.get(number=waiting.order.number)
    assert (holds(order), order.paid, order.balance.amount) == ({MEDIUM: 2}, Decimal("59.70"), Decimal("-15.00"))
    assert [(each.amount, each.edit_id) for each in order.repayments.standing()] == [(Decimal("15.00"), waiting.pk)]


def test_money_that_a_partner_reports_too_late_is_owed_back(waiting):
    withdraw(waiting)
    receipt = Receipt(amount=Decimal("15.00"), currency="EUR", gateway="bank", reference="t-1")
    record_payment(number=waiting.order.number, receipt=receipt, by=ADA, at=LATER + ONE_MINUTE)
    order = Order.objects.get(number=waiting.order.number)
    assert (holds(order), order.balance.amount) == ({MEDIUM: 2}, Decimal("-15.00"))


def hear(order, *lines, **fields):
    """What the order's own channel says of it a little later."""
    moment = LATER + ONE_MINUTE
    told = {"external_id": order.external_id, "updated_at": moment.isoformat()} | fields
    message = incoming(list(lines), **told)
    return run_transaction(lambda: update_order(order.number, message, by="channel:web", at=moment))


@pytest.fixture
def order_by_line():
    """An order whose channel names its lines."""
    channel()
    return placed_order([line(MEDIUM, 2, external_id="l1")])


def test_a_change_by_the_channel_overtakes_what_waits(order_by_line):
    waiting = edit(order_by_line, add())
    hear(order_by_line, line(MEDIUM, 1, external_id="l1"))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.note) == ("SUPERSEDED", "The channel changed the order.")
    assert (promised_to(order_by_line.number), promises(SOCKS)[1]) == ({MEDIUM: 1}, 0)
    assert open_holds(order_by_line) == ["EDIT_WINDOW"]


def test_what_the_channel_says_again_overtakes_nothing(order_by_line):
    waiting = edit(order_by_line, add())
    hear(order_by_line, line(MEDIUM, 2, external_id="l1"), tags=["vip"])
    waiting.refresh_from_db()
    assert waiting.state == "AWAITING_PAYMENT"


def test_what_the_channel_ships_meanwhile_overtakes_it_too(order_by_line):
    waiting = edit(order_by_line, {"op": "set_quantity", "line": order_by_line.lines.get().pk, "quantity": 3})
    hear(order_by_line, line(MEDIUM, 2, external_id="l1", fulfilled_quantity=1))
    waiting.refresh_from_db()
    assert (waiting.state, promised_to(order_by_line.number)) == ("SUPERSEDED", {MEDIUM: 1})


def test_a_cancellation_by_the_channel_ends_it_and_leaves_the_money_to_the_channel(order_by_line):
    waiting = edit(order_by_line, add())
    hear(order_by_line, line(MEDIUM, 2, external_id="l1"), cancelled_at=LATER.isoformat())
    waiting.refresh_from_db()
    assert (waiting.state, promises(MEDIUM)[1], promises(SOCKS)[1]) == ("CANCELED", 0, 0)
    assert not order_by_line.repayments.exists()


def repayments_of(order):
    return [(f"{each.amount:.2f}", each.gateway, each.state) for each in order.repayments.order_by("id")]


def cancel_at_channel(order, *, at=LATER, **fields):
    """The channel says so, with what it gave back as far as it says that at once."""
    told = {"cancelled_at": at.isoformat(), "updated_at": at.isoformat(), "payment": None} | fields
    return hear(order, line(MEDIUM, 2, external_id="l1"), **told)


def test_what_waits_to_go_back_when_the_channel_cancels_is_left_to_the_channel(order_by_line):
    edit(order_by_line, {"op": "set_quantity", "line": order_by_line.lines.get().pk, "quantity": 1})
    assert repayments_of(order_by_line) == [("19.90", "sandbox", "WAITING")]
    cancel_at_channel(order_by_line)
    assert repayments_of(order_by_line) == [("19.90", "sandbox", "WITHDRAWN")]
    assert announced(order_by_line.number)[-2:] == ["order.cancelled", "repayment.withdrawn"]
    assert ask_gateways(at=LATER + ONE_HOUR) == 0

    whole = {"external_id": "r1", "amount": "39.80", "refunded_at": LATER.isoformat()}
    cancel_at_channel(order_by_line, at=LATER + ONE_HOUR, refunds=[whole])
    assert money(order_by_line) == ("39.80", "39.80", "0.00")


def test_what_our_own_page_took_goes_back_by_us_when_the_channel_cancels(order_by_line):
    Channel.objects.update(gateway="sandbox")
    waiting = edit(order_by_line, add())
    ask_gateways(at=SOON)
    answer_page(reference=waiting.checkouts.get().reference, paid=True, at=SOON)
    assert money(order_by_line) == ("47.30", "0.00", "0.00")

    cancel_at_channel(order_by_line)

    assert repayments_of(order_by_line) == [("7.50", "sandbox", "WAITING")]
    ask_gateways(at=LATER + ONE_HOUR)
    assert money(order_by_line) == ("47.30", "7.50", "-39.80")


def test_what_comes_in_after_the_channel_cancelled_goes_back_alone(order_by_line):
    cancel_at_channel(order_by_line)
    pay_more(order_by_line, "7.50", reference="t-1", at=LATER + ONE_HOUR)
    assert repayments_of(order_by_line) == [("7.50", "manual", "BY_HAND")]


def test_it_lives_no_longer_than_its_channel_says():
    channel(payment_minutes=5)
    waiting = edit(order_of_tees(), add())
    assert waiting.deadline == SOON + timedelta(minutes=5)
    assert expire_edits(at=NOON + ONE_HOUR) == 1
