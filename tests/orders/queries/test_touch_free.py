from datetime import timedelta

import pytest

from oms.models import ExceptionItem
from orders.models import Hold, Order, RoutingDecision
from orders.queries.touch_free import find_sent_on, find_touched, find_untouched, read_touch_free
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import channel, released_order
from tests.make.sent import Status, fulfillment, parcel
from tests.make.staff import staff
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db

LATER = NOON + ONE_DAY


def sent(*, at=NOON, hands: int = 0, **fields) -> Order:
    """An order of which everything has left."""
    order = released_order(**fields)
    Hold.objects.filter(order=order).update(closed_by="system")
    parcel(fulfillment(order, status=Status.CLOSED, hands=hands), at=at)
    Order.objects.filter(pk=order.pk).update(fulfillment_status=Order.FulfillmentStatus.FULFILLED)
    return order


def hold_lifted(order: Order) -> None:
    Hold.objects.create(
        order=order, reason="STAFF", opened_at=NOON, opened_by=ADA, closed_at=NOON, closed_by="staff:ada"
    )


def overridden(order: Order) -> None:
    RoutingDecision.objects.create(order=order, kind="OVERRIDE", at=NOON, by=ADA, currency="EUR", note="Nearer.")


def looked_after(order: Order) -> None:
    fields = {"cause": "x", "since": NOON, "opened_at": NOON, "deadline": NOON, "key": 1, "type": "address"}
    ExceptionItem.objects.create(subject_kind="order", subject=order.number, owner=staff("ada"), **fields)


@pytest.mark.parametrize("touch", [hold_lifted, overridden, looked_after])
def test_whatever_a_hand_does_to_an_order_is_counted(touch):
    untouched, touched = sent(), sent()
    touch(touched)

    whole = read_touch_free(LATER).whole

    assert (whole.sent, whole.untouched, whole.percent) == (2, 1, 50)
    assert find_touched(Order.objects.all()).get() == touched
    assert find_untouched(Order.objects.all()).get() == untouched


def test_a_step_aside_at_the_warehouse_is_a_hand():
    sent(hands=2), sent()
    assert (read_touch_free(LATER).whole.by_hand, find_touched(Order.objects.all()).count()) == (1, 1)


def test_an_order_counts_on_the_day_its_last_parcel_left_and_only_when_nothing_is_to_come():
    order, half = sent(at=NOON - 3 * ONE_DAY), sent()
    parcel(order.fulfillments.get(), at=NOON - ONE_DAY)
    Order.objects.filter(pk=half.pk).update(fulfillment_status=Order.FulfillmentStatus.PARTIALLY_FULFILLED)

    read = read_touch_free(NOON)

    assert [(day.name, day.sent) for day in read.days if day.sent] == [("2026-11-20", 1)]
    last, first = (NOON - ONE_DAY).date(), (NOON - 3 * ONE_DAY).date()
    assert find_sent_on(Order.objects.all(), last, last).get() == order
    assert find_sent_on(Order.objects.all(), first, last).get() == order
    assert not find_sent_on(Order.objects.all(), first, first).exists()


def test_each_channel_has_its_own_share():
    channel("amazon-de")
    sent(), sent(), sent(channel="amazon-de", hands=1)

    shares = {share.name: (share.sent, share.percent) for share in read_touch_free(NOON).channels}

    assert shares == {"web": (2, 100), "amazon-de": (1, 0)}


def test_test_orders_and_what_left_long_ago_are_not_counted():
    sent(at=NOON - 40 * ONE_DAY)
    Order.objects.filter(pk=sent().pk).update(test=True)
    assert read_touch_free(NOON).whole.percent is None


def test_one_statement_counts_any_number_of_orders():
    for _ in range(3):
        sent(at=NOON - timedelta(hours=1))
    with statements_made() as statements:
        read_touch_free(NOON)
    assert len(statements) == 1
