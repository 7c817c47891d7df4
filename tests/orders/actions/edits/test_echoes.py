"""A channel's message against the customer's edit: old pictures and echoes change nothing, news wins."""

from datetime import timedelta
from decimal import Decimal

import pytest

from oms.transactions import run_transaction
from orders.actions.intake.updating import update_order
from orders.actions.money.paying import Receipt, record_payment
from orders.models import Order, WriteBack, WriteBackTarget
from tests.make.edits import (
    LARGE,
    MEDIUM,
    MUNICH,
    SMALL,
    add,
    edit,
    holds,
    move,
    open_shop,
    order_of_tees,
    promised_to,
    swap,
)
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import incoming, line, open_holds

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


def told(order, sku=MEDIUM, quantity=2, *, after=5, **fields):
    """The channel tells of the order so many minutes after noon."""
    at = NOON + timedelta(minutes=after)
    message = incoming(
        [line(sku, quantity, tax="6.35")],
        external_id=order.external_id,
        updated_at=at.isoformat(),
        shipping={"method": "standard", "amount": "4.90", "tax": "0.78"},
        **fields,
    )
    return run_transaction(lambda: update_order(order.number, message, by="channel:web", at=at))


def acknowledge(edit):
    target = WriteBackTarget.objects.create(
        code="web", name="Web", kind="SHOPIFY", channel=edit.order.channel, url="https://shop.example"
    )
    WriteBack.objects.create(
        order=edit.order, target=target, edit=edit, kind="EDIT", sequence=1, body={}, state="ACKNOWLEDGED",
        run_after=NOON, made_at=NOON, acknowledged_at=NOON,
    )  # fmt: skip


def test_the_order_as_it_was_before_the_edit_is_no_news(order):
    edit(order, swap(order))
    assert told(order, MEDIUM, tags=["vip"]) == "updated"
    order.refresh_from_db()
    assert (holds(order), promised_to(order.number), order.tags) == ({LARGE: 2}, {LARGE: 2}, ["vip"])


def test_our_own_edit_told_back_is_no_news(order):
    edit(order, swap(order))
    assert told(order, LARGE) == "known"
    assert (holds(order), promised_to(order.number)) == ({LARGE: 2}, {LARGE: 2})


def test_what_the_channel_changed_itself_wins(order):
    edit(order, swap(order))
    assert told(order, SMALL, 1) == "updated"
    assert (holds(order), promised_to(order.number)) == ({SMALL: 1}, {SMALL: 1})


def test_once_it_has_acknowledged_the_edit_going_back_is_news(order):
    acknowledge(edit(order, swap(order)))
    assert told(order, MEDIUM) == "updated"
    assert (holds(order), promised_to(order.number)) == ({MEDIUM: 2}, {MEDIUM: 2})


def test_an_old_address_does_not_come_back(order):
    edit(order, move())
    told(order, tags=["vip"])
    order.refresh_from_db()
    assert order.shipping_address.city == "München"


def test_a_change_of_the_channel_overtakes_an_edit_that_waits(order):
    waiting = edit(order, add())
    told(order, SMALL)
    waiting.refresh_from_db()
    assert (waiting.state, promised_to(waiting.stock_reference)) == ("SUPERSEDED", {})
    assert (holds(order), open_holds(order)) == ({SMALL: 2}, ["EDIT_WINDOW"])


def test_what_says_nothing_of_the_goods_lets_an_edit_wait_on(order):
    waiting = edit(order, add())
    told(order, tags=["vip"])
    waiting.refresh_from_db()
    assert waiting.state == "AWAITING_PAYMENT"


def test_a_payment_the_channel_tells_of_does_what_waited_for_it(order):
    waiting = edit(order, add())
    paid = [
        {"status": "PAID", "gateway": "sandbox", "reference": "ch_1", "amount": "44.70"},
        {"status": "PAID", "gateway": "shop", "reference": "ch_2", "amount": "7.50"},
    ]
    told(order, payment=None, payments=paid)
    waiting.refresh_from_db()
    assert waiting.state == "COMMITTED"
    assert Order.objects.get().balance.amount == 0


def test_a_part_that_the_channel_shipped_is_noted_on_an_edited_order(order):
    Order.objects.get().lines.update(external_id="l1")
    edit(order, move(MUNICH))
    message = [line(MEDIUM, 2, tax="6.35", external_id="l1", fulfilled_quantity=1)]
    at = NOON + 5 * ONE_MINUTE
    news = incoming(
        message, external_id=order.external_id, updated_at=at.isoformat(), shipping={"amount": "4.90", "tax": "0.78"}
    )
    run_transaction(lambda: update_order(order.number, news, by="channel:web", at=at))
    assert order.lines.get().fulfilled_quantity == 1


def test_what_was_paid_here_is_not_counted_again_when_the_channel_sums_up(order):
    waiting = edit(order, add())
    receipt = Receipt(amount=Decimal("7.50"), currency="EUR", gateway="manual", reference="pay-1")
    waiting.checkouts.update(state="PAID", closed_at=NOON)
    record_payment(number=order.number, receipt=receipt, by=ADA, at=NOON + 2 * ONE_MINUTE)
    summed_up = {"status": "PAID", "gateway": "sandbox", "reference": "ch_1", "amount": "52.20"}
    told(order, MEDIUM, payment=summed_up)
    order.refresh_from_db()
    assert (order.paid, order.balance.amount) == (Decimal("52.20"), 0)
