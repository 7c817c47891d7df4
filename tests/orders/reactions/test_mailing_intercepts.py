"""Mails about a parcel that has left and is to go elsewhere: asked, done, refused; each once, in both languages."""

from datetime import datetime

import pytest

from oms.actions.delivering import deliver_deliveries
from oms.actions.mailing import send_messages
from oms.models import Channel, Delivery, Message
from orders.actions.shipping.intercepting import answer_intercept, ask_intercept
from orders.models import Intercept, Order
from tests.fakes.mail_server import mail_server
from tests.make.edits import open_shop, order_of_tees
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.parcels import SENT_AT, TRACK_PAGE, report, sent_parcel
from tests.make.portal import EMAIL, mails

pytestmark = pytest.mark.django_db

NEW = {"name": "Ada", "line1": "Lindenallee 5", "postal_code": "10115", "city": "Berlin", "country": "DE"}


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


@pytest.fixture
def parcel(order):
    parcel = sent_parcel(order)
    mails().clear()
    return parcel


def ask(parcel, **changed: str) -> Intercept:
    return ask_intercept(number=parcel.number, address=NEW | changed, by=ADA, at=SENT_AT + ONE_HOUR)


def answer(asked: Intercept, *, done: bool = True, at: datetime = SENT_AT + 2 * ONE_HOUR) -> Intercept:
    return answer_intercept(intercept_id=asked.pk, done=done, note="Hub 7 said so", by=ADA, at=at)


def speak_chinese(order):
    Order.objects.filter(pk=order.pk).update(locale="zh_CN")


def test_whose_parcel_is_to_go_elsewhere_reads_that_the_carrier_is_asked_and_where_it_should_go(order, parcel):
    ask(parcel)

    (mail,) = mails()
    assert (mail.to, mail.subject) == ([EMAIL], f"We ask for another address: order {order.number}")
    assert "It should go to: Ada, Lindenallee 5, 10115 Berlin, DE" in mail.body
    assert "That does not always work." in mail.body
    assert f"Track your parcel:\n{TRACK_PAGE}" in mail.body
    assert "Lindenallee 5" in mail.alternatives[0].content


def test_the_same_wish_twice_is_told_once_and_a_newer_address_again(parcel):
    ask(parcel)
    ask(parcel)
    assert len(mails()) == 1

    ask(parcel, line1="Lindenallee 7")

    assert ["Lindenallee 7" in mail.body for mail in mails()] == [False, True]


def test_two_addresses_before_anybody_was_told_are_one_mail_about_the_newer(parcel):
    ask(parcel)
    ask(parcel, line1="Lindenallee 7")

    (mail,) = mails()

    assert "Lindenallee 7" in mail.body


@pytest.mark.parametrize(
    ("done", "subject", "said"),
    [
        (True, "Your parcel goes to the new address", "It goes to: Ada, Lindenallee 5"),
        (False, "Your parcel could not be redirected", "Somebody at the first address can take it in for you."),
    ],
)
def test_what_the_carrier_said_is_told_once_and_its_own_words_stay_with_staff(parcel, done, subject, said):
    asked = ask(parcel)
    mails().clear()

    answer(asked, done=done)
    answer(asked, done=done)
    Delivery.objects.update(state=Delivery.State.WAITING, done_at=None)  # told again by a worker that had died

    (mail,) = mails()
    assert mail.subject.startswith(subject)
    assert said in mail.body
    assert "Hub 7" not in mail.body


@pytest.mark.parametrize(
    ("done", "subject", "said"),
    [
        (None, "我们正在申请更改收货地址：订单 {}", "希望送往: Ada"),
        (True, "您的包裹将送往新地址：订单 {}", "送往: Ada"),
        (False, "您的包裹未能改送：订单 {}", "未能改送至: Ada"),
    ],
)
def test_each_of_them_is_told_in_chinese(order, parcel, done, subject, said):
    speak_chinese(order)
    asked = ask(parcel)
    if done is not None:
        answer(asked, done=done)

    (mail,) = mails()

    assert mail.subject == subject.format(order.number)
    assert said in mail.body


def test_what_was_answered_before_anybody_was_told_is_told_as_answered_alone(parcel):
    answer(ask(parcel))

    (mail,) = mails()

    assert mail.subject.startswith("Your parcel goes to the new address")


def test_who_has_the_parcel_already_hears_only_that_it_arrived(parcel):
    asked = ask(parcel)
    report(parcel, "DELIVERED", at=NOON + ONE_DAY)
    answer(asked, done=False, at=NOON + ONE_DAY)

    assert [mail.subject.split(":")[0] for mail in mails()] == ["Your parcel has arrived"]


def test_a_shop_that_tells_of_its_parcels_itself_knows_nothing_of_this_so_we_tell(parcel):
    Channel.objects.update(parcel_mail=False)

    ask(parcel)

    assert len(mails()) == 1


def test_a_test_order_is_not_told_and_the_log_says_why(parcel):
    Order.objects.update(test=True)

    asked = ask(parcel)
    assert mails() == []
    answer(asked)

    assert mails() == []
    kept = Message.objects.filter(kind__contains="intercept").order_by("id")
    assert [(each.kind, each.state, each.why) for each in kept] == [
        ("intercept_asked", "SUPPRESSED", "test"),
        ("intercepted", "SUPPRESSED", "test"),
    ]


def test_it_goes_out_through_a_mail_server_once_in_both_its_parts(parcel, settings):
    ask(parcel)
    deliver_deliveries(at=NOON + 2 * ONE_DAY)

    with mail_server(settings) as server:
        assert [send_messages(at=NOON + 2 * ONE_DAY), send_messages(at=NOON + 2 * ONE_DAY)] == [1, 0]

    (mail,) = server.mails
    assert mail["To"] == EMAIL
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]
