from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from orders.channels.outgoing.port import Access, ChannelBusy, ChannelRefused, ChannelShipment, ChannelUnavailable
from orders.channels.outgoing.shopify import ShopifyChannel
from tests.fakes.serving import GONE, LOST, SLOW_DOWN
from tests.fakes.shopify_server import TOKEN, ShopifyServer
from tests.fakes.shopify_shop import Line, Order
from tests.make.channel_parcels import TRACKING, delivered, parcel, second, units

PRICE = Decimal("19.90")


@pytest.fixture
def server() -> Iterator[ShopifyServer]:
    with ShopifyServer() as server:
        yield server


@pytest.fixture
def order(server) -> Order:
    """Two tees and a mug, of which nothing has left."""
    return server.shop.add_order(1001, [Line(1, "TEE-M", "Tee", 2, 2, PRICE), Line(2, "MUG", "Mug", 1, 1, PRICE)])


def push(server: ShopifyServer, shipment: ChannelShipment, **said: Any) -> str:
    access = Access(server.url, key=TOKEN, timeout=2.0, allow_private=True)
    return ShopifyChannel(access, sleep=server.pass_time).push_fulfillment(shipment, **said)


def track(server: ShopifyServer, shipment: ChannelShipment) -> str:
    access = Access(server.url, key=TOKEN, timeout=2.0, allow_private=True)
    return ShopifyChannel(access, sleep=server.pass_time).push_tracking(shipment)


def sent(order: Order) -> list[list[tuple[int, int]]]:
    """Lines and units of each fulfillment."""
    return [[(line, quantity) for _, line, quantity in each.units] for each in order.fulfillments]


def test_a_parcel_becomes_a_fulfillment_with_tracking_and_no_mail_of_shopifys(server, order):
    name = push(server, parcel(units("1", "TEE-M", 2), units("2", "MUG")))

    (made,) = order.fulfillments
    assert (name, sent(order)) == (str(made.number), [[(1, 2), (2, 1)]])
    assert made.tracking == {"company": "DHL", "number": TRACKING, "url": f"https://dhl.example/{TRACKING}"}
    assert not made.notified
    assert order.fulfillment_orders[0]["status"] == "CLOSED"


def test_two_parcels_of_an_order_become_two_fulfillments(server, order):
    first = push(server, parcel(units("1", "TEE-M"), rest=True))
    push(server, second(units("1", "TEE-M"), units("2", "MUG"), others=frozenset({first})))

    assert sent(order) == [[(1, 1)], [(1, 1), (2, 1)]]


def test_two_parcels_under_one_tracking_number_are_told_apart(server, order):
    first = push(server, parcel(units("1", "TEE-M"), rest=True))
    push(server, parcel(units("1", "TEE-M"), number="A-7-F1-P2", others=frozenset({first})))

    assert sent(order) == [[(1, 1)], [(1, 1)]]


def test_a_parcel_told_twice_is_made_once(server, order):
    assert push(server, parcel()) == push(server, parcel())

    assert sent(order) == [[(1, 1)]]


def test_an_answer_that_was_lost_is_found_done_by_the_tracking_number(server, order):
    server.have_trouble(None, None, LOST)  # what is there, what waits, make

    with pytest.raises(ChannelUnavailable):
        push(server, parcel())
    push(server, parcel())

    assert sent(order) == [[(1, 1)]]


def test_without_a_tracking_number_it_is_found_by_not_having_been_there_before(server, order):
    noted: dict[str, Any] = {}
    untracked = parcel(tracking_number="", tracking_url="")
    push(server, second(units("1", "TEE-M")))
    server.have_trouble(None, None, LOST)

    with pytest.raises(ChannelUnavailable):
        push(server, untracked, keep=noted.update)
    push(server, replace(untracked, noted=noted))

    assert sent(order) == [[(1, 1)], [(1, 1)]]


def test_what_never_arrived_is_made_the_next_time(server, order):
    server.have_trouble(None, None, GONE)

    with pytest.raises(ChannelUnavailable):
        push(server, parcel())
    assert sent(order) == []
    push(server, parcel())

    assert sent(order) == [[(1, 1)]]


def test_lines_in_two_fulfillment_orders_of_one_place_are_one_fulfillment(server, order):
    order.fulfillment_orders = [
        {"number": 11, "status": "OPEN", "holds": [], "share": {1: 1}},
        {"number": 12, "status": "OPEN", "holds": [], "share": {1: 1, 2: 1}},
    ]

    push(server, parcel(units("1", "TEE-M", 2), units("2", "MUG")))

    (made,) = order.fulfillments
    assert made.units == [(11, 1, 1), (12, 1, 1), (12, 2, 1)]


def test_two_places_get_a_fulfillment_each_and_a_lost_answer_in_between_doubles_nothing(server, order):
    order.fulfillment_orders = [
        {"number": 11, "status": "OPEN", "holds": [], "location": 1, "share": {1: 2}},
        {"number": 12, "status": "OPEN", "holds": [], "location": 2, "share": {2: 1}},
    ]
    both = parcel(units("1", "TEE-M", 2), units("2", "MUG"))
    server.have_trouble(None, None, None, GONE)  # the second of the two

    with pytest.raises(ChannelUnavailable):
        push(server, both)
    name = push(server, both)

    assert [each.units for each in order.fulfillments] == [[(11, 1, 2)], [(12, 2, 1)]]
    assert name == ",".join(str(each.number) for each in order.fulfillments)


def test_an_order_of_many_lines_is_read_page_by_page(server):
    lines = [Line(number, f"SKU-{number}", "Thing", 1, 1, PRICE) for number in range(1, 171)]
    order = server.shop.add_order(1001, lines)

    push(server, parcel(units("170", "SKU-170")))

    assert sent(order) == [[(170, 1)]]


def test_more_than_is_left_is_refused_with_what_is_left_and_nothing_is_made(server, order):
    with pytest.raises(ChannelRefused, match="Shopify has 2 of TEE-M that can be sent, not 3"):
        push(server, parcel(units("1", "TEE-M", 3)))
    with pytest.raises(ChannelRefused, match="Shopify has 0 of HAT"):
        push(server, parcel(units("9", "HAT")))

    assert sent(order) == []


def test_what_somebody_has_fulfilled_by_hand_under_this_number_counts_as_told(server, order):
    name = push(server, parcel())

    assert push(server, parcel(number="A-7-F1-P9")) == name


def test_our_own_hold_is_taken_away_and_that_of_others_is_respected(server, order):
    (waiting,) = order.fulfillment_orders
    ours = {"number": 1, "handle": "order-management", "reason": "OTHER", "ours": True}
    waiting["holds"], waiting["status"] = [ours], "ON_HOLD"
    push(server, parcel())
    theirs = {"number": 2, "handle": "fraud", "reason": "OTHER", "ours": False}
    waiting["holds"], waiting["status"] = [theirs], "ON_HOLD"

    with pytest.raises(ChannelRefused, match="0 of TEE-M"):
        push(server, second())

    assert sent(order) == [[(1, 1)]]


def test_a_line_whose_name_was_never_learnt_is_found_by_its_sku(server, order):
    push(server, parcel(units("", "MUG")))

    assert sent(order) == [[(2, 1)]]


def test_a_cancelled_or_unknown_order_is_refused(server, order):
    with pytest.raises(ChannelRefused, match="no order 99"):
        push(server, parcel(order=replace(parcel().order, external_id="99")))
    server.shop.cancel(1001)
    with pytest.raises(ChannelRefused, match="cancelled"):
        push(server, parcel())


def test_half_units_are_refused(server, order):
    with pytest.raises(ChannelRefused, match=r"whole units, not 0\.5"):
        push(server, parcel(units("1", "TEE-M", "0.5")))

    assert sent(order) == []


def test_being_asked_to_slow_down_says_for_how_long(server, order):
    server.have_trouble(SLOW_DOWN)

    with pytest.raises(ChannelBusy) as busy:
        push(server, parcel())

    assert busy.value.retry_after == 7


def test_a_tracking_number_that_comes_later_is_added_to_the_same_fulfillment(server, order):
    name = push(server, parcel(tracking_number="", tracking_url=""))

    assert track(server, parcel(known_as=name)) == name

    (made,) = order.fulfillments
    assert (made.tracking["number"], made.notified, made.events) == (TRACKING, False, [])


def test_a_delivery_becomes_one_event_however_often_it_is_told(server, order):
    name = push(server, parcel())
    arrived = parcel(**delivered(parcel(), known_as=name))

    track(server, arrived)
    track(server, arrived)

    (event,) = order.fulfillments[0].events
    assert (event["status"], event["happenedAt"]) == ("DELIVERED", "2026-11-22T12:00:00+00:00")


def test_a_parcel_that_comes_back_has_failed_in_shopifys_words(server, order):
    push(server, parcel())

    track(server, parcel(**delivered(parcel(), status="RETURNED")))

    assert [event["status"] for event in order.fulfillments[0].events] == ["FAILURE"]


def test_news_of_a_parcel_that_shopify_does_not_know_are_refused(server, order):
    with pytest.raises(ChannelRefused, match="does not know the parcel A-7-F1-P1"):
        track(server, parcel(**delivered(parcel())))


def test_an_order_of_many_fulfillments_and_fulfillment_orders_is_read_whole(server):
    lines = [Line(number, f"SKU-{number}", "Thing", 1, 1, PRICE) for number in range(1, 14)]
    order = server.shop.add_order(1001, lines)
    order.fulfillment_orders = [
        {"number": 10 + line.number, "status": "OPEN", "holds": [], "share": {line.number: 1}} for line in lines
    ]
    for line in lines:
        push(server, parcel(units(str(line.number), line.sku), tracking_number=f"JD{line.number}"))
    push(server, parcel(units("13", "SKU-13"), tracking_number="JD13"))

    assert sent(order) == [[(number, 1)] for number in range(1, 14)]
