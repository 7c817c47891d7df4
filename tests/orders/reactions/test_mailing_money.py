"""Mails about the end of an order and money that goes back: one where both are one."""

from decimal import Decimal

import pytest

from oms.models import Channel, EventRecord, Message
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from orders.actions.intake.refunding import record_refunds
from orders.actions.money.asking import ask_gateways
from orders.actions.money.reimbursing import settle_by_hand
from orders.channels.incoming import IncomingRefund
from orders.models import Order, Repayment
from tests.make.edits import SOON, edit, open_shop, order_of_tees, set_quantity
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import channel, incoming, line, place
from tests.make.portal import EMAIL, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


def cancel(order, *, by=ADA, **fields):
    return cancel_order(number=order.number, reason="internal note", by=by, at=SOON, **fields)


def refund_by_shop(order, amount="10.00", at=SOON):
    refund = IncomingRefund(external_id="r-1", amount=Decimal(amount), refunded_at=at)

    def record():
        record_refunds(Order.objects.locked(order.number), [refund], by=channel().actor, at=at)

    run_transaction(record)


def why(key):
    message = Message.objects.get(key=key)
    return message.state, str(message.why)


def test_a_cancellation_says_what_goes_back_and_when(order):
    cancel(order)
    (mail,) = mails()
    assert (mail.to, mail.subject) == ([EMAIL], f"Order {order.number} is cancelled")
    assert "2 × Linen tee (M, medium)" in mail.body
    assert "three to five working days" in mail.body
    assert "Goes back to you: €44.70" in mail.body
    assert "internal note" not in mail.body


def test_who_asked_for_it_reads_that_it_was_as_they_asked(order):
    cancel(order, by="customer")
    assert "As you asked" in mails()[0].body


def test_in_chinese_too(order):
    Order.objects.update(locale="zh-CN")
    cancel(order)
    (mail,) = mails()
    assert mail.subject == f"订单 {order.number} 已取消"
    assert "将退还给您: €44.70" in mail.body


def test_nothing_paid_is_nothing_owed():
    open_shop()
    order = order_of_tees(payment=None)
    mails().clear()
    cancel(order)
    assert "You owe nothing for it." in mails()[0].body


def test_money_that_a_person_sends_is_announced_as_such_and_told_once_it_went():
    open_shop()
    order = order_of_tees(payment={"status": "PAID", "gateway": "bank", "reference": "t-1"})
    cancel(order)
    (first,) = mails()
    assert "We write to you once it is on its way." in first.body

    settle_by_hand(repayment_id=Repayment.objects.get().pk, reference="b-1", by=ADA, at=NOON + ONE_DAY)
    _, second = mails()
    assert second.subject == f"€44.70 goes back to you: order {order.number}"


def test_a_cancellation_and_its_refund_a_moment_later_are_one_mail(order, settings):
    settings.SANDBOX_GATEWAY = True
    cancel(order)
    ask_gateways(at=SOON)
    assert EventRecord.objects.filter(type="refund.issued").count() == 1
    assert len(mails()) == 1
    assert [why(each.key) for each in Message.objects.filter(kind="refunded")] == [("SUPPRESSED", "told")]


def test_an_edit_and_its_refund_a_moment_later_are_one_mail(order, settings):
    settings.SANDBOX_GATEWAY = True
    edit(order, set_quantity(order, 1))
    ask_gateways(at=SOON)
    (mail,) = mails()
    assert "Goes back to you: €19.90" in mail.body


def test_money_that_took_a_day_is_told_when_it_goes(order, settings):
    settings.SANDBOX_GATEWAY = True
    Order.objects.update(locale="zh-CN")
    cancel(order)
    ask_gateways(at=NOON + ONE_DAY)
    _, second = mails()
    assert second.subject == f"€44.70 已退还给您：订单 {order.number}"


def test_what_the_shop_did_itself_it_tells_itself(order):
    cancel(order, by=channel().actor, repay=False)
    assert mails() == []
    assert why(f"cancelled.{order.number}") == ("SUPPRESSED", "shop_tells")


def test_where_the_shop_mails_nobody_we_tell_what_it_did(order):
    Channel.objects.update(confirmation_mail=True)
    refund_by_shop(order)
    (mail,) = mails()
    assert mail.subject == f"€10.00 goes back to you: order {order.number}"


def test_what_an_import_reports_of_old_orders_is_history():
    open_shop()
    Channel.objects.filter(code=channel(confirmation_mail=True).code).update(confirmation_mail=True)
    place(incoming([line("TEE-M")]), at=NOON + 3 * ONE_HOUR)
    order = Order.objects.get()
    cancel_order(number=order.number, reason="", by=ADA, at=NOON + 4 * ONE_HOUR, repay=False)
    assert mails() == []
    assert why(f"cancelled.{order.number}") == ("SUPPRESSED", "history")


def test_a_test_order_is_not_told(order):
    Order.objects.update(test=True)
    cancel(order)
    assert mails() == []
    assert why(f"cancelled.{order.number}") == ("SUPPRESSED", "test")
