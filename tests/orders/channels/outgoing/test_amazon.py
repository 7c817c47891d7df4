from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orders.channels.outgoing.amazon import SLOWEST, AmazonChannel
from orders.channels.outgoing.amazon_token import TokenStore
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelOrder, ChannelRefused, ChannelUnavailable
from tests.fakes.amazon_server import CLIENT, MARKETPLACE, REFRESH, SECRET, AmazonServer
from tests.fakes.serving import BROKEN, LOST, Answered, Trouble
from tests.make.channel_parcels import TRACKING, parcel, second, units

NUMBER = "902-0300094-5705420"
ORDER = ChannelOrder(NUMBER, "A-7", "EUR")


@pytest.fixture
def server() -> Iterator[AmazonServer]:
    with AmazonServer() as server:
        server.orders[NUMBER] = {"1": 2, "2": 1}
        yield server


def speak(server: AmazonServer, **changes: Any) -> AmazonChannel:
    access = Access(server.url, REFRESH, SECRET, CLIENT, MARKETPLACE, f"{server.url}/auth/o2/token", timeout=2.0)
    return AmazonChannel(replace(access, allow_private=True, **changes), tokens=TokenStore())


def sold(*lines: Any, **fields: Any) -> Any:
    return parcel(*lines, **({"order": ORDER} | fields))


def test_a_parcel_is_confirmed_as_a_package_of_its_own_number(server):
    name = speak(server).push_fulfillment(sold(units("1", "TEE-M", 2), units("2", "MUG")))

    package = server.packages[NUMBER]["41"]
    assert name == "41"
    assert (package["carrierCode"], package["shippingMethod"]) == ("DHL", "Paket")
    assert (package["trackingNumber"], package["shipDate"]) == (TRACKING, "2026-11-21T12:00:00Z")
    assert server.units_of(NUMBER) == {"1": 2, "2": 1}


def test_two_parcels_are_two_packages_and_each_told_twice_stays_one(server):
    channel = speak(server)
    for shipment in (sold(), second(order=ORDER), sold()):
        channel.push_fulfillment(shipment)

    assert sorted(server.packages[NUMBER]) == ["41", "42"]
    assert server.units_of(NUMBER) == {"1": 2}


def test_an_answer_that_was_lost_is_simply_said_again(server):
    server.have_trouble(None, LOST)  # token, confirmation

    with pytest.raises(ChannelUnavailable):
        speak(server).push_fulfillment(sold())
    speak(server).push_fulfillment(sold())

    assert server.units_of(NUMBER) == {"1": 1}


def test_a_carrier_unknown_to_amazon_is_other_with_its_name(server):
    speak(server).push_fulfillment(sold(carrier="Elbe Bikes", tracking_number="EB-1"))

    package = server.packages[NUMBER]["41"]
    assert (package["carrierCode"], package["carrierName"]) == ("Other", "Elbe Bikes")


def test_a_carrier_is_known_by_the_form_of_its_number_where_its_name_says_nothing(server):
    speak(server).push_fulfillment(sold(carrier="EasyPost", tracking_number="1Z5R89390357567127"))

    assert server.packages[NUMBER]["41"]["carrierCode"] == "UPS"


def test_a_token_is_kept_for_its_hour_and_exchanged_when_it_has_ended(server):
    channel = speak(server)
    channel.push_fulfillment(sold())
    channel.push_fulfillment(sold())
    assert server.exchanged == 1
    server.end_tokens()

    channel.push_fulfillment(second(order=ORDER))

    assert server.exchanged == 2
    assert sorted(server.packages[NUMBER]) == ["41", "42"]


def test_credentials_that_are_wrong_are_said_in_a_sentence(server):
    with pytest.raises(ChannelRefused, match="sign in: Client authentication failed"):
        speak(server, secret="other").push_fulfillment(sold())
    with pytest.raises(ChannelRefused, match="invalid grant"):
        speak(server, key="Atzr|gone").push_fulfillment(sold())
    with pytest.raises(ChannelRefused, match="does not sell at A0"):
        speak(server, marketplace="A0").check_connection()

    assert server.packages == {}


def test_what_amazon_will_not_do_is_told_in_its_own_words(server):
    with pytest.raises(ChannelRefused, match="Item 1 exceeds"):
        speak(server).push_fulfillment(sold(units("1", "TEE-M", 3)))
    with pytest.raises(ChannelRefused, match="Item 9 does not belong"):
        speak(server).push_fulfillment(sold(units("9", "HAT")))
    with pytest.raises(ChannelRefused, match="was not found"):
        speak(server).push_fulfillment(sold(order=replace(ORDER, external_id="903-1")))

    assert server.units_of(NUMBER) == {}


def test_what_amazon_cannot_take_is_not_even_asked(server):
    with pytest.raises(ChannelRefused, match="without a tracking number"):
        speak(server).push_fulfillment(sold(tracking_number=""))
    with pytest.raises(ChannelRefused, match="MUG is not an item"):
        speak(server).push_fulfillment(sold(units("", "MUG")))
    with pytest.raises(ChannelRefused, match=r"whole units, not 0\.5"):
        speak(server).push_fulfillment(sold(units("1", "TEE-M", "0.5")))

    assert server.asked == []


@pytest.mark.parametrize(("headers", "wait"), [({"x-amzn-RateLimit-Limit": "0.5"}, 2.0), ({}, SLOWEST)])
def test_being_asked_to_slow_down_waits_as_long_as_the_rate_says(server, headers, wait):
    error = {"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota"}]}
    server.have_trouble(None, Trouble(Answered(429, error, headers)))

    with pytest.raises(ChannelBusy) as busy:
        speak(server).push_fulfillment(sold())

    assert busy.value.retry_after == wait


def test_a_server_in_trouble_is_asked_again_later(server):
    for trouble in (BROKEN, Trouble(slow=1.0)):
        server.have_trouble(None, trouble)
        with pytest.raises(ChannelUnavailable):
            speak(server, timeout=0.2).push_fulfillment(sold())


def test_the_connection_answers_with_the_marketplaces_name(server):
    assert speak(server).check_connection() == "Amazon.de"


def test_what_is_not_offered_is_refused_and_never_passed_over_in_silence(server):
    channel = speak(server)

    for ask in (
        lambda: channel.cancel_order(ORDER, reason=""),
        lambda: channel.hold(ORDER, reason=""),
        lambda: channel.push_tracking(sold()),
        lambda: channel.read_order(NUMBER),
    ):
        with pytest.raises(ChannelRefused, match="Amazon cannot"):
            ask()
