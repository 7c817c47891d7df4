"""Where the parcels are, as customers read it: preparing, on the way, late, arrived."""

import pytest

from orders.actions.fulfilling.accepting import accept_fulfillments
from orders.actions.fulfilling.stopping import request_stop
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.models import Order, Shipment
from tests.make.admin import NOW
from tests.make.edits import open_shop, order_of_tees
from tests.make.fulfillments import accepted, fulfillment, routed_order, ship
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_MINUTE
from tests.make.orders import line
from tests.make.portal import customer, page, words_of
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


def read(order: Order, language: str = "en") -> str:
    return words_of(customer(order, language).get(page(order)))


def tell(parcel: Shipment, status: str, **fields) -> None:
    report = Report(shipment=parcel.number, status=status, at=NOW - ONE_MINUTE, **fields)
    record_tracking([report], by="carrier:house", at=NOW)


def parcel_of(order: Order) -> Shipment:
    return ship(fulfillment(order).number, at=NOON, carrier="UPS", tracking_number="1Z999AA10123456784")


def test_an_order_that_waits_for_its_packer_is_being_prepared():
    assert "The warehouse packs it next. We write to you when it leaves." in read(routed_order())


def test_one_that_is_being_packed_says_so():
    assert "The warehouse picks and packs it now." in read(accepted().order)


def test_one_that_is_to_be_stopped_says_that_it_is_tried():
    each = accepted()
    request_stop(number=each.number, reason="customer", by=ADA, at=NOON)

    words = read(each.order)

    assert "We try to stop your order" in words
    assert "We asked the warehouse to stop it" in words


def test_a_parcel_on_its_way_has_its_contents_and_the_carrier_s_own_page():
    stocked_variant()
    order = routed_order(lines=[line(title="Linen tee")])
    each = fulfillment(order)
    address = "https://www.ups.com/track?tracknum=1Z999AA10123456784"
    ship(each.number, at=NOON, carrier="UPS", tracking_number="1Z999AA10123456784", tracking_url=address)

    answer = customer(order).get(page(order))

    words = words_of(answer)
    assert "Your order is on its way" in words
    assert "Handed over to the carrier" in words
    assert "Follow it at UPS (opens in a new tab) 1Z999AA10123456784" in words
    assert f'href="{address}"' in answer.content.decode()


def test_a_late_parcel_says_what_was_planned_and_asks_for_nothing():
    order = routed_order()
    tell(parcel_of(order), "DELAYED", expected_at=NOW + ONE_DAY)

    words = read(order)

    assert "A parcel takes longer than planned" in words
    assert "It was planned for 22 November. We keep an eye on it." in words


def test_one_that_comes_back_is_ours_to_clear_up():
    order = routed_order()
    tell(parcel_of(order), "RETURNED")

    words = read(order)

    assert "A parcel could not be delivered" in words
    assert "there is nothing you need to do" in words


def test_an_order_has_arrived_once_its_last_parcel_has():
    stocked_variant()
    order = routed_order(lines=[line(quantity=2)])
    each = fulfillment(order)
    first = ship(each.number, at=NOON, units={each.lines.get().pk: 1})
    tell(first, "DELIVERED")
    assert "Part of your order is on its way" in read(order)

    tell(ship(each.number, at=NOON), "DELIVERED", place="Berlin")

    words = read(order)
    assert "Your order has arrived" in words
    assert "Your parcels" in words
    assert "Where it has been Delivered · Berlin" in words


def test_it_is_said_in_chinese_as_well():
    order = routed_order()
    tell(parcel_of(order), "DELIVERED")

    words = read(order, "zh-hans")

    assert "您的订单已送达" in words
    assert "已签收" in words
    assert "parcel" not in words


def test_what_its_channel_sent_itself_ends_on_the_way_for_nobody_tells_us_more():
    open_shop()
    order = order_of_tees()
    Order.objects.filter(pk=order.pk).update(status="CLOSED", fulfillment_status="FULFILLED", closed_at=NOON)

    words = read(order)

    assert "Your order is on its way" in words
    assert "Arrived" not in words


def test_accepting_is_told_once():
    each = fulfillment()
    accept_fulfillments(numbers=[each.number], by=ADA, at=NOON)
    accept_fulfillments(numbers=[each.number], by=ADA, at=NOON)

    assert read(each.order).count("The warehouse began to pack it") == 1
