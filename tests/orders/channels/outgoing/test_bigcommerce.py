from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orders.channels.outgoing.bigcommerce import BigCommerceChannel
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelRefused, ChannelUnavailable
from tests.fakes.bigcommerce_server import TOKEN, BigCommerceServer
from tests.fakes.serving import BROKEN, LOST, Answered, Trouble
from tests.make.channel_parcels import TRACKING, parcel, second, units


@pytest.fixture
def server() -> Iterator[BigCommerceServer]:
    with BigCommerceServer() as server:
        server.add_order(1001, [(1, "TEE-M", 2), (2, "MUG", 1)])
        yield server


def speak(server: BigCommerceServer, **changes: Any) -> BigCommerceChannel:
    access = Access(server.store_url, TOKEN, timeout=2.0, allow_private=True)
    return BigCommerceChannel(replace(access, **changes))


def test_parcels_become_shipments_and_with_the_last_the_order_is_shipped(server):
    speak(server).push_fulfillment(parcel(units("1", "TEE-M"), rest=True))
    assert server.status_of(1001) == "Partially Shipped"
    speak(server).push_fulfillment(second(units("1", "TEE-M"), units("2", "MUG")))

    assert server.status_of(1001) == "Shipped"
    first = server.shipments[1001][0]
    assert (first["tracking_number"], first["tracking_carrier"]) == (TRACKING, "dhl")
    assert first["items"] == [{"order_product_id": 1, "quantity": 1}]


def test_an_answer_that_was_lost_is_found_done(server):
    server.have_trouble(None, None, LOST)  # shipments, products, ship

    with pytest.raises(ChannelUnavailable):
        speak(server).push_fulfillment(parcel())
    name = speak(server).push_fulfillment(parcel())

    assert [str(each["id"]) for each in server.shipments[1001]] == [name]


def test_two_addresses_get_a_shipment_each_and_a_fault_in_between_doubles_nothing(server):
    server.products[1001][1]["order_address_id"] = 6
    both = parcel(units("1", "TEE-M", 2), units("2", "MUG"))
    server.have_trouble(None, None, None, BROKEN)

    with pytest.raises(ChannelUnavailable):
        speak(server).push_fulfillment(both)
    speak(server).push_fulfillment(both)

    assert [each["order_address_id"] for each in server.shipments[1001]] == [5, 6]


def test_more_than_is_left_is_refused_and_nothing_is_made(server):
    with pytest.raises(ChannelRefused, match="BigCommerce has 2 of TEE-M left to send, not 3"):
        speak(server).push_fulfillment(parcel(units("1", "TEE-M", 3)))
    with pytest.raises(ChannelRefused, match="0 of HAT"):
        speak(server).push_fulfillment(parcel(units("9", "HAT")))
    with pytest.raises(ChannelRefused, match=r"whole units, not 0\.5"):
        speak(server).push_fulfillment(parcel(units("1", "TEE-M", "0.5")))

    assert server.shipments[1001] == []


def test_a_carrier_that_bigcommerce_does_not_link_is_named_in_the_method(server):
    speak(server).push_fulfillment(parcel(carrier="Elbe Bikes", service="Same day"))

    (made,) = server.shipments[1001]
    assert (made["tracking_carrier"], made["shipping_method"]) == ("", "Elbe Bikes Same day")


def test_trouble_is_told_by_its_kind(server):
    full = Trouble(Answered(429, {}, {"X-Rate-Limit-Time-Reset-Ms": "15000"}))
    server.have_trouble(full)
    with pytest.raises(ChannelBusy) as busy:
        speak(server).push_fulfillment(parcel())
    assert busy.value.retry_after == 15

    with pytest.raises(ChannelRefused, match="access token"):
        speak(server, key="wrong").push_fulfillment(parcel())
    with pytest.raises(ChannelRefused, match="no such store or order"):
        speak(server).push_fulfillment(parcel(order=replace(parcel().order, external_id="99")))


def test_the_connection_answers_with_the_stores_name(server):
    assert speak(server).check_connection() == "Morrow & Flax"
