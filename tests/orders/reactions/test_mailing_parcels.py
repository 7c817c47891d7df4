"""Mails about parcels: sent, late, there, not deliverable; each once, in the customer's language and on their clock."""

import pytest

from oms.models import Channel, Message
from orders.events import ShipmentDelayed, ShipmentDelivered, ShipmentFailed
from orders.models import Order, Shipment
from tests.make.edits import open_shop, order_of_tees
from tests.make.moments import NOON, ONE_DAY, ONE_HOUR
from tests.make.parcels import TRACK_PAGE, TRACKING, sent_parcel, tell
from tests.make.portal import EMAIL, mails, path_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


@pytest.fixture
def parcel(order):
    parcel = sent_parcel(order)
    mails().clear()
    return parcel


def speak_chinese(order):
    Order.objects.filter(pk=order.pk).update(locale="zh_CN")


def become(parcel, status, **fields):
    Shipment.objects.filter(pk=parcel.pk).update(status=status, **fields)


def why(key):
    message = Message.objects.get(key=key)
    return message.state, str(message.why)


def test_a_parcel_that_left_is_told_with_what_is_in_it_and_where_to_follow_it(order):
    sent_parcel(order, expected_at="2026-11-25T10:00:00+00:00")
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
    sent_parcel(order, rest=True)
    (mail,) = mails()
    assert mail.subject == f"Part of order {order.number} is on its way"
    assert "The rest follows in another parcel" in mail.body


def test_in_chinese_too(order):
    speak_chinese(order)
    sent_parcel(order, expected_at="2026-11-25T10:00:00+00:00")
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
    for _ in range(2):
        tell(ShipmentDelayed, parcel, expected_at="2026-11-28T10:00:00+00:00", because="carrier")
    (mail,) = mails()
    assert "comes later" in mail.subject
    assert "It should now reach you on 28 November." in mail.body
    assert TRACK_PAGE in mail.body


def test_a_delay_without_a_new_day_says_so_in_chinese(order, parcel):
    speak_chinese(order)
    tell(ShipmentDelayed, parcel, expected_at=None, because="overdue")
    (mail,) = mails()
    assert mail.subject == f"您的包裹将延迟送达：订单 {order.number}"
    assert "新的送达日期尚不确定" in mail.body


def test_nobody_hears_of_a_delay_of_what_has_arrived_meanwhile(parcel):
    tell(ShipmentDelayed, parcel, expected_at=None, because="overdue")
    become(parcel, "DELIVERED", delivered_at=NOON)
    assert mails() == []


def test_an_arrival_says_when_on_the_customer_s_clock(order, parcel):
    become(parcel, "DELIVERED", delivered_at=NOON)
    tell(ShipmentDelivered, parcel, at=NOON + ONE_HOUR, delivered_at=NOON.isoformat())
    (mail,) = mails()
    assert mail.subject == f"Your parcel has arrived: order {order.number}"
    assert "21 November, 13:00 (Berlin time)" in mail.body
    assert "2 × Linen tee" in mail.body


def test_an_arrival_is_told_in_chinese(order, parcel):
    speak_chinese(order)
    become(parcel, "DELIVERED", delivered_at=NOON)
    tell(ShipmentDelivered, parcel, delivered_at=NOON.isoformat())
    (mail,) = mails()
    assert "包裹已于 11月21日" in mail.body
    assert "（柏林时间）送达" in mail.body


@pytest.mark.parametrize(
    ("status", "said"), [("FAILURE", "Look whether the carrier offers another day"), ("RETURNED", "the right address")]
)
def test_what_could_not_be_delivered_says_what_to_do_and_operations_hear_of_it(parcel, settings, status, said):
    settings.OPERATIONS_EMAILS = ["ops@shop.example"]
    become(parcel, status)
    tell(ShipmentFailed, parcel, status=status, description="<b>Nobody</b> at home")
    customer, operations = mails()
    assert said in customer.body
    assert "&lt;b&gt;Nobody" in customer.alternatives[0].content
    assert operations.to == ["ops@shop.example"]
    assert "/admin/orders/order/" in operations.body


def test_it_is_told_in_chinese_what_could_not_be_delivered(order, parcel):
    speak_chinese(order)
    become(parcel, "RETURNED")
    tell(ShipmentFailed, parcel, status="RETURNED", description="")
    (mail,) = mails()
    assert mail.subject == f"您的包裹未能送达：订单 {order.number}"
    assert "正在退回我们这里" in mail.body


def test_a_test_order_is_not_told_and_the_log_says_why(order):
    Order.objects.update(test=True)
    parcel = sent_parcel(order)
    assert mails() == []
    assert why(f"sent.{parcel.number}") == ("SUPPRESSED", "test")


def test_an_order_without_an_address_is_not_told(order):
    Order.objects.update(email="")
    parcel = sent_parcel(order)
    assert mails() == []
    assert why(f"sent.{parcel.number}") == ("SUPPRESSED", "no_address")


def test_a_parcel_of_long_ago_that_is_reported_now_is_history(order):
    parcel = sent_parcel(order, at=NOON + 3 * ONE_DAY, shipped_at=NOON)
    assert mails() == []
    assert why(f"sent.{parcel.number}") == ("SUPPRESSED", "history")


def test_where_the_shop_tells_its_customers_we_do_not(order):
    Channel.objects.update(parcel_mail=False)
    parcel = sent_parcel(order)
    assert mails() == []
    assert why(f"sent.{parcel.number}") == ("SUPPRESSED", "shop_tells")
