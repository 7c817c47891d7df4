"""Mails about parcels: sent, late, there, not deliverable; each once, in the customer's language and on their clock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.models import Channel, EventRecord, Message
from orders.actions.fulfilling.accepting import accept_fulfillments
from orders.actions.fulfilling.stopping import answer_stop, request_stop
from orders.actions.shipping.tracking import LATE, note_overdue
from orders.events import ShipmentSent
from orders.models import EditPermission, Order
from orders.reactions.mailing_parcels import mail_sent
from tests.make.edits import MEDIUM, SOCKS, edit, open_shop, order_of_tees
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import line, placed_order
from tests.make.parcels import SENT_AT, TRACK_PAGE, TRACKING, report, routed, sent_parcel
from tests.make.portal import EMAIL, mails, path_of, visitor

pytestmark = pytest.mark.django_db

WEDNESDAY = NOON.replace(day=25)


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


@pytest.fixture
def parcel(order):
    parcel = sent_parcel(order, deliver_by=WEDNESDAY)
    mails().clear()
    return parcel


def speak_chinese(order):
    Order.objects.filter(pk=order.pk).update(locale="zh_CN")


def why(key):
    message = Message.objects.get(key=key)
    return message.state, str(message.why)


def test_a_parcel_that_left_is_told_with_what_is_in_it_and_where_to_follow_it(order):
    sent_parcel(order, deliver_by=WEDNESDAY)
    (mail,) = mails()
    assert (mail.to, mail.subject) == ([EMAIL], f"Order {order.number} is on its way")
    assert "2 × Linen tee (M, medium)" in mail.body
    assert f"Tracking number: {TRACKING}" in mail.body
    assert "Expected: 25 November" in mail.body
    assert f"Track your parcel:\n{TRACK_PAGE}" in mail.body
    assert f'href="{TRACK_PAGE}"' in mail.alternatives[0].content


def test_the_link_below_it_opens_the_order(order):
    sent_parcel(order)
    (mail,) = mails()
    link = next(line for line in mail.body.splitlines() if "/orders/link/" in line)
    assert visitor().get(path_of(link))["Location"] == f"/orders/{order.number}/"


def test_a_part_says_that_more_is_to_come(order):
    sent_parcel(order, units={MEDIUM: 1})
    (mail,) = mails()
    assert mail.subject == f"Part of order {order.number} is on its way"
    assert "1 × Linen tee" in mail.body
    assert "The rest follows in another parcel" in mail.body


def test_in_chinese_too(order):
    speak_chinese(order)
    sent_parcel(order, deliver_by=WEDNESDAY)
    (mail,) = mails()
    assert mail.subject == f"订单 {order.number} 已发出"
    assert "预计送达: 11月25日" in mail.body
    assert "查询包裹" in mail.body


@pytest.mark.parametrize("url", ["", "javascript:alert(1)"])
def test_a_parcel_without_a_page_of_its_own_leads_to_the_order(order, url):
    sent_parcel(order, tracking_url=url)
    (mail,) = mails()
    assert "Track your parcel" not in mail.body
    assert "See your order" in mail.body
    assert "javascript" not in mail.alternatives[0].content


def test_a_delay_is_told_before_they_ask_and_once(parcel):
    report(parcel, "DELAYED", at=NOON + ONE_DAY, expected_at=NOON.replace(day=28))
    report(parcel, "IN_TRANSIT", at=NOON + 2 * ONE_DAY)
    report(parcel, "DELAYED", at=NOON + 3 * ONE_DAY)
    (mail,) = mails()
    assert "comes later" in mail.subject
    assert "It should now reach you on 28 November." in mail.body
    assert TRACK_PAGE in mail.body


def test_what_is_overdue_names_no_day_that_is_past(order, parcel):
    speak_chinese(order)
    assert note_overdue(at=WEDNESDAY + LATE + ONE_HOUR) == 1
    (mail,) = mails()
    assert mail.subject == f"您的包裹将延迟送达：订单 {order.number}"
    assert "包裹本应已送达" in mail.body
    assert "新的送达日期尚不确定" in mail.body
    assert "11月25日" not in mail.body


def test_nobody_hears_of_a_delay_of_what_has_arrived_meanwhile(parcel):
    report(parcel, "DELAYED", at=NOON + ONE_DAY)
    report(parcel, "DELIVERED", at=NOON + 2 * ONE_DAY)
    assert [mail.subject.split(":")[0] for mail in mails()] == ["Your parcel has arrived"]


def test_an_arrival_says_when_on_the_customer_s_clock(order, parcel):
    report(parcel, "DELIVERED", at=NOON + ONE_DAY, heard_at=NOON + ONE_DAY + ONE_HOUR)
    (mail,) = mails()
    assert mail.subject == f"Your parcel has arrived: order {order.number}"
    assert "22 November, 13:00 (Berlin time)" in mail.body
    assert "2 × Linen tee" in mail.body


def test_an_arrival_is_told_in_chinese(order, parcel):
    speak_chinese(order)
    report(parcel, "DELIVERED", at=NOON + ONE_DAY)
    (mail,) = mails()
    assert "包裹已于 11月22日" in mail.body
    assert "（柏林时间）送达" in mail.body


@pytest.mark.parametrize(
    ("status", "said"), [("FAILURE", "Look whether the carrier offers another day"), ("RETURNED", "the right address")]
)
def test_what_could_not_be_delivered_says_what_to_do_and_operations_hear_of_it(parcel, settings, status, said):
    settings.OPERATIONS_EMAILS = ["ops@shop.example"]
    report(parcel, status, at=NOON + ONE_DAY, description="<b>Nobody</b> at home")
    customer, operations = mails()
    assert said in customer.body
    assert "&lt;b&gt;Nobody" in customer.alternatives[0].content
    assert operations.to == ["ops@shop.example"]
    assert "/admin/orders/order/" in operations.body


def test_it_is_told_in_chinese_what_could_not_be_delivered(order, parcel):
    speak_chinese(order)
    report(parcel, "RETURNED", at=NOON + ONE_DAY)
    (mail,) = mails()
    assert mail.subject == f"您的包裹未能送达：订单 {order.number}"
    assert "正在退回我们这里" in mail.body


def cancel_too_late(order):
    """The customer, who may do that here, wants to cancel what a warehouse has packed."""
    EditPermission.objects.create(position=0, actor="CUSTOMER", operation="cancel_order", verdict="ALLOW")
    part = routed(order)
    accept_fulfillments(numbers=[part.number], by=ADA, at=SENT_AT)
    edit(order, {"op": "cancel_order", "reason": "changed my mind"}, at=SENT_AT)
    answer_stop(number=part.number, accepted=False, by=ADA, at=SENT_AT)


def test_who_cancels_too_late_learns_that_it_comes_all_the_same(order):
    cancel_too_late(order)
    (mail,) = mails()
    assert mail.subject == f"Order {order.number} could not be stopped any more"
    assert "write to us" in mail.body


def test_what_staff_could_not_stop_is_no_customer_s_business(order):
    part = routed(order)
    accept_fulfillments(numbers=[part.number], by=ADA, at=SENT_AT)
    request_stop(number=part.number, reason="count", by=ADA, at=SENT_AT)
    answer_stop(number=part.number, accepted=False, by=ADA, at=SENT_AT)
    assert mails() == []


def test_a_test_order_is_not_told_and_the_log_says_why(order, parcel):
    Order.objects.update(test=True)
    report(parcel, "DELIVERED", at=NOON + ONE_DAY)
    assert mails() == []
    assert why(f"delivered.{parcel.number}") == ("SUPPRESSED", "test")


def test_an_order_without_an_address_is_not_told(order):
    Order.objects.update(email="")
    parcel = sent_parcel(order)
    assert mails() == []
    assert why(f"sent.{parcel.number}") == ("SUPPRESSED", "no_address")


def test_an_arrival_of_long_ago_that_is_reported_now_is_history(parcel):
    report(parcel, "DELIVERED", at=NOON + ONE_DAY, heard_at=NOON + 9 * ONE_DAY)
    assert mails() == []
    assert why(f"delivered.{parcel.number}") == ("SUPPRESSED", "history")


def test_where_the_shop_tells_its_customers_we_do_not(order):
    Channel.objects.update(parcel_mail=False)
    parcel = sent_parcel(order)
    assert mails() == []
    assert why(f"sent.{parcel.number}") == ("SUPPRESSED", "shop_tells")


def test_telling_of_two_lines_takes_as_many_queries_as_of_one():
    open_shop()
    asked = []
    for order in (order_of_tees(), placed_order([line(MEDIUM), line(SOCKS)])):
        facts = sent_facts(order)
        with CaptureQueriesContext(connection) as queries:
            mail_sent([ShipmentSent(subject=order.number, by=ADA, at=SENT_AT, facts=facts)])
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 5


def test_telling_of_many_parcels_takes_as_many_queries_as_of_one():
    open_shop()
    orders = [order_of_tees() for _ in range(3)]
    facts = {order.number: sent_facts(order) for order in orders}
    told = [ShipmentSent(subject=number, by=ADA, at=SENT_AT, facts=said) for number, said in facts.items()]
    Message.objects.all().delete()
    asked = []
    for some in (told[:1], told[1:]):
        with CaptureQueriesContext(connection) as queries:
            mail_sent(some)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 5
    assert Message.objects.filter(kind="shipped").count() == 3


def sent_facts(order):
    sent_parcel(order)
    return EventRecord.objects.get(type=ShipmentSent.type, subject=order.number).facts
