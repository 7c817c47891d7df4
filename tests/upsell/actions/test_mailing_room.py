"""One mail an order that there is still room in the parcel, at the best moment, or written down why there was none."""

import pytest

from oms.models import EventRecord, Message
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order
from orders.actions.releasing import end_edit_window
from orders.models import Order
from tests.make.edits import SOCKS, open_shop, order_of_tees
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import BERLIN, channel
from tests.make.statements import statements_made
from tests.make.upsell import running_campaign, ten_percent
from upsell.actions.mailing_room import send_room_mails
from upsell.actions.opting_out import opt_out
from upsell.models import Exposure, Offer, RoomMail
from upsell.queries.unsubscribe_links import find_reader
from upsell.wording.letters.room import write_room

pytestmark = pytest.mark.django_db

MOST_A_MAIL = 20
HALF_WAY = NOON + 30 * ONE_MINUTE
CONSENTS = {"email": "ada@example.com", "name": "Ada Meier", "accepts_marketing": True}


@pytest.fixture(autouse=True)
def shop():
    """Windows of an hour; mails go out in the middle."""
    open_shop(units=1000)
    channel(minutes=60)


def order(**fields):
    return order_of_tees(**({"customer": CONSENTS} | fields))


def tell(at=HALF_WAY):
    return send_room_mails(write=write_room, at=at)


def told():
    return dict(RoomMail.objects.values_list("order__number", "withheld"))


def why_not(made, at=HALF_WAY):
    """Nothing was mailed, nothing was offered in a mail, and the reason is on record."""
    assert tell(at) == 0
    assert not Message.objects.filter(kind="room").exists()
    assert not EventRecord.objects.filter(type="offer.shown", facts__placement="MAIL").exists()
    return told().get(made.number)


def test_the_mail_names_the_goods_the_deadline_and_the_saving():
    made = order()
    campaign = ten_percent()
    assert tell() == 1

    mail = Message.objects.get(kind="room")
    (offer,) = Offer.objects.all()
    assert (mail.key, mail.to, mail.subject) == (
        f"room.{made.number}",
        "ada@example.com",
        "There is still room in your parcel",
    )
    for said in ("Wool socks", "€6.75", "you save €0.75", "14:00 (Berlin time)", f"order {made.number}"):
        assert said in mail.text, mail.text
    assert find_reader(mail.unsubscribe.rsplit("/", 1)[1]) == "ada@example.com"
    assert mail.unsubscribe in mail.text
    assert f"to=offers%2F{offer.pk}%2Fmail%2F" in mail.text
    row = RoomMail.objects.get()
    assert (row.campaign, row.sent_at, row.withheld) == (campaign, HALF_WAY, "")


def test_the_mail_speaks_the_language_of_the_order():
    order(customer=CONSENTS | {"locale": "zh-CN"})
    running_campaign(words={"en": "Hello", "zh-hans": "包裹里还有空位"})
    tell()
    mail = Message.objects.get(kind="room")
    assert (mail.language, mail.subject) == ("zh-hans", "包裹里还有空位")


def test_before_its_moment_nothing_is_decided():
    order()
    running_campaign()
    assert tell(NOON + 29 * ONE_MINUTE) == 0
    assert told() == {}


def test_each_campaign_has_its_own_moment():
    order()
    running_campaign(mail_share="0.20")
    assert [tell(NOON + 11 * ONE_MINUTE), tell(NOON + 12 * ONE_MINUTE)] == [0, 1]


def test_a_campaign_that_speaks_to_others_does_not_set_the_pace():
    order()
    running_campaign(mail_share="0.10", countries=["FR"], priority=1)
    running_campaign(mail_share="0.50", priority=2)
    assert [tell(NOON + 10 * ONE_MINUTE), tell(HALF_WAY)] == [0, 1]


def test_an_order_is_told_once_ever():
    order()
    running_campaign()
    assert [tell(), tell(), tell(HALF_WAY + ONE_MINUTE)] == [1, 0, 0]
    running_campaign(SOCKS, mail_share="0.60")
    assert tell(NOON + 40 * ONE_MINUTE) == 0
    assert Message.objects.filter(kind="room").count() == 1


@pytest.mark.parametrize("customer", [{**CONSENTS, "accepts_marketing": False}])
def test_without_consent_where_the_law_asks_for_it_nobody_is_mailed(customer):
    made = order(customer=customer)
    running_campaign()
    assert why_not(made) == "NO_CONSENT"


def test_consent_counts_for_the_address_that_gave_it():
    made = order()
    Order.objects.filter(pk=made.pk).update(email="somebody@example.com")
    running_campaign()
    assert why_not(made) == "NO_CONSENT"


def test_in_the_usa_the_shop_must_say_where_it_is(settings):
    abroad = BERLIN | {"country": "US", "postal_code": "10001", "province": "NY"}
    made = order(customer=CONSENTS | {"accepts_marketing": False}, shipping_address=abroad)
    running_campaign()
    assert why_not(made) == "NO_SENDER"

    settings.SHOP_POSTAL_ADDRESS = "Morrow & Flax, Torstr. 1, 10119 Berlin"
    RoomMail.objects.all().delete()
    assert tell() == 1
    assert "Morrow & Flax, Torstr. 1, 10119 Berlin" in Message.objects.get(kind="room").text


def test_where_advertising_must_be_marked_the_subject_begins_with_it():
    order(shipping_address=BERLIN | {"country": "CN"})
    running_campaign()
    tell()
    assert Message.objects.get(kind="room").subject == "AD There is still room in your parcel"


def test_who_unsubscribed_is_not_mailed():
    made = order()
    running_campaign()
    opt_out(email="ADA@example.com", through="page", by="customer", at=NOON)
    assert why_not(made) == "UNSUBSCRIBED"


def test_a_test_order_is_not_mailed():
    made = order(test=True)
    running_campaign()
    assert why_not(made) == "TEST"


def test_an_order_without_an_address_is_not_mailed():
    made = order(customer=None)
    running_campaign()
    assert why_not(made) == "NO_ADDRESS"


def test_an_order_of_which_money_was_given_back_is_not_mailed():
    made = order()
    Order.objects.filter(pk=made.pk).update(credited="5.00")
    running_campaign()
    assert why_not(made) == "REFUNDED"


def test_of_a_window_with_too_little_left_nobody_is_told():
    made = order()
    running_campaign(mail_least_minutes=40)
    assert why_not(made, NOON + 21 * ONE_MINUTE) == "TOO_SHORT"


def test_while_something_else_holds_the_order_the_mail_waits_and_is_given_up_with_the_clock():
    made = order()
    running_campaign()
    hold_order(number=made.number, reason="FRAUD_REVIEW", by=ADA, at=NOON)
    assert why_not(made) is None
    assert why_not(made, NOON + 46 * ONE_MINUTE) == "NOT_EDITABLE"


def test_a_window_that_is_not_the_customers_brings_no_mail():
    made = order()
    running_campaign()
    made.holds.update(staff_only=True)
    assert why_not(made) is None


def test_where_the_window_has_closed_nobody_is_told():
    made = order()
    running_campaign()
    assert why_not(made, NOON + ONE_HOUR) is None


def test_an_order_that_is_released_before_its_moment_is_not_mailed():
    made = order()
    running_campaign()
    end_edit_window(number=made.number, by=ADA, at=NOON + ONE_MINUTE)
    assert why_not(made, NOON + 2 * ONE_MINUTE) == "NOT_EDITABLE"


def test_an_order_that_is_cancelled_before_its_moment_is_not_mailed():
    made = order()
    running_campaign()
    cancel_order(number=made.number, reason="", by=ADA, at=NOON + ONE_MINUTE)
    assert why_not(made, NOON + 2 * ONE_MINUTE) == "NOT_EDITABLE"


def test_an_order_that_was_refunded_and_released_before_its_moment_says_so():
    made = order()
    running_campaign()
    Order.objects.filter(pk=made.pk).update(credited="5.00")
    end_edit_window(number=made.number, by=ADA, at=NOON + ONE_MINUTE)
    assert why_not(made, NOON + 2 * ONE_MINUTE) == "REFUNDED"


def test_what_was_decided_stands_when_the_order_goes_out_afterwards():
    made = order()
    running_campaign()
    tell()
    end_edit_window(number=made.number, by=ADA, at=HALF_WAY + ONE_MINUTE)
    tell(HALF_WAY + 2 * ONE_MINUTE)
    assert told() == {made.number: ""}


def test_each_mail_costs_no_more_than_so_many_statements():
    running_campaign()

    def statements(orders):
        for n in range(orders):
            order(customer=CONSENTS | {"email": f"{orders}-{n}@example.com"})
        with statements_made() as made:
            assert tell() == orders
        return len(made)

    few, more = statements(1), statements(5)
    assert (more - few) / 4 <= MOST_A_MAIL


def test_with_nothing_in_stock_there_is_nothing_to_tell():
    made = order()
    running_campaign("UNKNOWN-SKU")
    assert why_not(made) == "NOTHING_LEFT"


def test_the_holdout_is_not_mailed_and_is_taken_down():
    sides = {}
    running_campaign(holdout_share="0.500")
    for n in range(12):
        made = order(customer=CONSENTS | {"email": f"buyer{n}@example.com"})
        tell()
        sides[Exposure.objects.get(order=made).group] = told()[made.number]
    assert sides == {"TREATMENT": "", "HOLDOUT": "HOLDOUT"}
    held_out = Exposure.objects.filter(group="HOLDOUT").values("order__number")
    assert not Message.objects.filter(kind="room", about__in=held_out).exists()


def test_what_fails_for_one_order_does_not_keep_the_others_waiting():
    broken, fine = order(), order()
    running_campaign()

    def write(of, note):
        if of.pk == broken.pk:
            raise ValueError("a letter that cannot be written")
        return write_room(of, note)

    assert send_room_mails(write=write, at=HALF_WAY) == 1
    assert told() == {fine.number: ""}
    assert not Offer.objects.filter(order=broken).exists()


def test_orders_that_are_not_told_cost_no_more_statements_each():
    running_campaign()

    def statements(orders):
        for _ in range(orders):
            order(customer=CONSENTS | {"accepts_marketing": False})
        with statements_made() as made:
            tell()
        return len(made)

    assert statements(2) == statements(12)
