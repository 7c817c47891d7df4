"""Mails to customers: what, to whom, in which language, and once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from oms import events
from oms.models import Channel
from orders.actions.confirming import confirm_orders
from orders.actions.edits.approving import decline_edit, expire_edits, withdraw_edit
from orders.actions.windows.ending_low import end_windows_for
from orders.events import WindowEnded
from orders.models import Order
from orders.reactions.mailing import mail_edited
from tests.make.edits import MEDIUM, PARIS, SOCKS, SOON, add, edit, move, open_shop, order_of_tees, rate, set_quantity
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, incoming, line, place
from tests.make.portal import EMAIL, mails, visitor
from tests.make.stock import count

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


def html_of(mail):
    return mail.alternatives[0].content


def end_window(order, code):
    facts = {"code": code, "skus": [MEDIUM]}
    with transaction.atomic():
        events.publish([WindowEnded(subject=order.number, by="system", at=SOON, facts=facts)])


def link_in(mail):
    return next(line for line in mail.body.splitlines() if "/orders/link/" in line)


def test_a_change_that_is_done_is_told_with_its_money_and_a_link_that_opens_the_order(order):
    edit(order, set_quantity(order, 1))
    (mail,) = mails()

    assert mail.to == [EMAIL]
    assert mail.subject == f"Order {order.number} was changed"
    assert "Linen tee: quantity 1" in mail.body
    assert "Goes back to you: €19.90" in mail.body
    path = "/" + link_in(mail).split("/", 3)[3]
    assert visitor().get(path)["Location"] == f"/orders/{order.number}/"


def test_mails_speak_the_customer_s_language(order):
    Order.objects.filter(pk=order.pk).update(locale="zh_CN")
    edit(order, move())
    (mail,) = mails()
    assert mail.subject == f"订单 {order.number} 已更改"
    assert 'lang="zh-hans"' in html_of(mail)
    assert mail.extra_headers["Content-Language"] == "zh-hans"


def test_the_address_that_the_order_s_mail_leaves_is_told_without_a_word_about_the_order(order):
    edit(order, {"op": "change_contact", "email": "thief@example.com"}, move())
    new, former = mails()

    assert (new.to, former.to) == (["thief@example.com"], [EMAIL])
    assert former.subject == f"Another e-mail address for order {order.number}"
    assert "Write to us at once" in former.body
    assert not [word for word in ("/orders/", "thief@", "München") if word in former.body + html_of(former)]


@pytest.mark.parametrize(
    ("actor", "change"), [("STAFF", {"email": "b@example.com"}), ("CUSTOMER", {"phone": "030 901820"})]
)
def test_nobody_is_told_where_staff_put_an_address_right_or_where_it_stays(order, actor, change):
    edit(order, {"op": "change_contact"} | change, actor=actor)
    assert len(mails()) == 1


def test_what_staff_changed_is_told_as_theirs(order):
    edit(order, move(), actor="STAFF")
    assert "We changed your order" in mails()[0].body


def test_a_change_that_waits_for_payment_says_until_when_on_the_customer_s_clock(order):
    edit(order, add(SOCKS, 2))
    (mail,) = mails()
    assert "waits for payment" in mail.subject
    assert "(Berlin time)" in mail.body
    assert "To pay: €15.00" in mail.body


def test_a_change_that_was_paid_or_withdrawn_meanwhile_is_not_asked_for_any_more(order):
    asked = edit(order, add(SOCKS))
    withdraw_edit(edit_id=asked.pk, by="customer", at=SOON)
    assert mails() == []


def test_a_change_that_ran_out_is_told(order):
    edit(order, add(SOCKS))
    mails().clear()
    expire_edits(at=NOON + 2 * ONE_HOUR)
    assert "The time for this change ran out" in mails()[0].body


def test_a_declined_change_says_what_we_wrote(order):
    rate("9.90", country="FR")
    asked = edit(order, move(PARIS))
    assert "is with us" in mails()[0].subject
    mails().clear()
    decline_edit(edit_id=asked.pk, note="We do not ship there.", by=ADA, at=SOON)
    assert "We do not ship there." in mails()[0].body


def test_a_window_that_low_stock_ended_is_told_and_no_other(order):
    end_window(order, "released")
    assert mails() == []
    end_window(order, "low_stock")
    assert "Linen tee nearly sold out" in mails()[0].body


def order_of_the_last():
    """What is bought now leaves none of its SKU."""
    open_shop(units=2)
    return order_of_tees()


def test_who_gets_no_window_because_stock_is_low_learns_why():
    order = order_of_the_last()
    (mail,) = mails()
    assert mail.subject == f"Order {order.number} is on its way to the warehouse"
    assert (
        "Only few of Linen tee are left. So that yours is safe, the order went to the warehouse at once." in mail.body
    )


def test_in_chinese_too():
    order = order_of_the_last()
    Order.objects.update(locale="zh_CN")
    (mail,) = mails()
    assert mail.subject.startswith(f"订单 {order.number}")
    assert "所剩不多" in mail.body


def test_where_we_confirm_the_confirmation_says_why_there_is_no_window_and_no_other_mail_does():
    channel().delete()
    channel(confirmation_mail=True)
    order_of_the_last()
    with time_machine.travel(SOON, tick=False):
        assert mails() == []
        confirm_orders(at=SOON)
        (mail,) = mails()
    assert "Only few of Linen tee are left." in mail.body
    assert "It cannot be changed online any more." in mail.body
    assert "You can change it" not in mail.body


def test_a_window_that_stock_ends_after_the_confirmation_is_told_by_a_mail_of_its_own(order):
    Channel.objects.update(confirmation_mail=True)
    confirm_orders(at=NOON)
    with time_machine.travel(SOON, tick=False):
        assert len(mails()) == 1
        count(MEDIUM, 2)
        end_windows_for(skus=[MEDIUM], by="system", at=SOON)
        assert [mail.subject for mail in mails()[1:]] == [f"Order {order.number} is on its way to the warehouse"]
    assert "nearly sold out" in mails()[1].body


def test_a_window_that_stock_ends_before_the_confirmation_is_told_by_that(order):
    Channel.objects.update(confirmation_mail=True)
    with time_machine.travel(SOON, tick=False):
        count(MEDIUM, 2)
        end_windows_for(skus=[MEDIUM], by="system", at=SOON)
        confirm_orders(at=SOON)
        (mail,) = mails()
    assert "nearly sold out" in mail.body


def test_who_bought_hours_ago_is_not_told_of_a_window_that_was_none():
    open_shop(units=2)
    place(incoming([line(MEDIUM, 2)]), at=NOON + 3 * ONE_HOUR)
    assert mails() == []


def test_the_same_mail_again_bears_the_same_id(order):
    edit(order, move())
    (first,) = mails()
    record = events.event_class("order.edited")
    again = record(subject=order.number, by="x", at=SOON, facts={"edit": order.edits.get().pk})
    mail_edited([again])
    assert mails()[-1].extra_headers["Message-ID"] == first.extra_headers["Message-ID"]


@pytest.mark.parametrize("change", [{"test": True}, {"email": ""}])
def test_test_orders_and_orders_without_address_get_no_mail(order, change):
    Order.objects.filter(pk=order.pk).update(**change)
    edit(order, move())
    assert mails() == []


def test_what_somebody_wrote_is_text_in_a_mail(order):
    edit(order, move(PARIS | {"country": "DE", "postal_code": "10119", "name": "<b>Ada</b>", "line1": "1 <a href=x>"}))
    (mail,) = mails()
    assert "<b>Ada" not in html_of(mail)
    assert "<b>Ada</b>" in mail.body


def test_channels_that_ask_for_it_get_one_confirmation_an_order(order):
    assert confirm_orders(at=SOON) == 0
    Channel.objects.update(confirmation_mail=True)
    assert [confirm_orders(at=SOON + n * ONE_MINUTE) for n in range(3)] == [1, 0, 0]
    with time_machine.travel(SOON, tick=False):
        (mail,) = mails()
    assert "You can change it until 13:30 (Berlin time)" in mail.body
    assert "2 × Linen tee" in mail.body


def test_orders_of_the_past_are_not_confirmed(order):
    Channel.objects.update(confirmation_mail=True)
    assert confirm_orders(at=NOON + timedelta(hours=3)) == 0
    assert mails() == []
