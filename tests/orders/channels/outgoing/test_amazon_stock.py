"""What may be sold at Amazon: listing by listing, no faster than it bears, and each that cannot be set is named."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from orders.channels.outgoing.amazon import AmazonChannel
from orders.channels.outgoing.amazon_stock import APART, Pace
from orders.channels.outgoing.amazon_token import TokenStore
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelRefused, StockFigure
from tests.fakes.amazon_listings import SELLER, Listings
from tests.fakes.amazon_server import CLIENT, MARKETPLACE, REFRESH, SECRET, AmazonServer


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[AmazonServer]:
    with AmazonServer() as server:
        server.listings = Listings(MARKETPLACE, clock=clock)
        yield server


def tell(server: AmazonServer, clock: Clock, figures: dict[str, Any], *, seller: str = SELLER, waits: bool = True):
    sign_in = f"{server.url}/auth/o2/token"
    access = Access(server.url, REFRESH, SECRET, CLIENT, MARKETPLACE, sign_in, seller=seller, allow_private=True)
    pace = Pace(wait=clock.wait if waits else lambda seconds: None, clock=clock)
    channel = AmazonChannel(access, tokens=TokenStore(), pace=pace)
    return channel.push_stock([StockFigure(sku, Decimal(units)) for sku, units in figures.items()], key="k")


def test_listings_show_what_was_wanted_and_never_less_than_nothing(server, clock):
    server.listings.add("TEE-M", 3)
    server.listings.add("MUG", 3)

    assert tell(server, clock, {"TEE-M": "10", "MUG": "-2"}) == {}

    assert server.listings.quantities == {"TEE-M": 10, "MUG": 0}


def test_forty_five_are_looked_up_in_three_calls_and_changed_five_a_second(server, clock):
    skus = [f"SKU-{place}" for place in range(45)]
    for sku in skus:
        server.listings.add(sku)

    assert tell(server, clock, dict.fromkeys(skus, "7")) == {}

    assert set(server.listings.quantities.values()) == {7}
    assert [asked.method for asked in server.asked].count("GET") == 3
    assert clock.now == pytest.approx(100 + 44 * APART)


def test_without_waiting_amazon_asks_us_to_slow_down_and_says_for_how_long(server, clock):
    for place in range(6):
        server.listings.add(f"SKU-{place}")

    with pytest.raises(ChannelBusy) as busy:
        tell(server, clock, {f"SKU-{place}": "7" for place in range(6)}, waits=False)

    assert busy.value.retry_after == 1.0
    assert list(server.listings.quantities.values()) == [7, 7, 7, 7, 7, 0]


def test_what_amazon_does_not_have_or_sends_itself_is_named_and_keeps_no_other_from_being_told(server, clock):
    server.listings.add("TEE-M", 3)
    server.listings.add("CAP", 3, sent_by="AMAZON_EU")

    refused = tell(server, clock, {"CAP": "5", "HAT": "5", "TEE-M": "5"})

    assert refused == {
        "CAP": "Amazon sends this itself, from its own warehouses.",
        "HAT": "Amazon has no listing with this SKU in the marketplace.",
    }
    assert server.listings.quantities == {"TEE-M": 5, "CAP": 3}


def test_what_amazon_itself_refuses_is_said_in_its_words(server, clock, monkeypatch):
    server.listings.add("TEE-M", 3)
    monkeypatch.setattr(server.listings, "_find_fault", lambda *_: "The listing is blocked.")

    assert tell(server, clock, {"TEE-M": "5"}) == {"TEE-M": "Amazon: The listing is blocked."}


@pytest.mark.parametrize("sku", ["A,B", "A/B", "Ä 1+2%"])
def test_a_sku_of_any_letters_is_found(server, clock, sku):
    server.listings.add("A", 1)
    server.listings.add(sku, 3)

    assert tell(server, clock, {sku: "5", "A": "6"}) == {}

    assert server.listings.quantities == {"A": 6, sku: 5}


def test_without_the_sellers_id_nothing_is_asked(server, clock):
    with pytest.raises(ChannelRefused, match="seller's id"):
        tell(server, clock, {"TEE-M": "5"}, seller="")

    assert server.asked == []
