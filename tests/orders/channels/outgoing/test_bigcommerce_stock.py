"""What may be sold at BigCommerce: one location's inventory, all known SKUs of a batch at once."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from orders.channels.outgoing.bigcommerce import BigCommerceChannel
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelRefused, ChannelUnavailable, StockFigure
from tests.fakes.bigcommerce_server import TOKEN, BigCommerceServer
from tests.fakes.serving import LOST, Answered, Trouble


@pytest.fixture
def server() -> Iterator[BigCommerceServer]:
    with BigCommerceServer() as server:
        server.stock = {1: {"TEE-M": 3, "MUG": 3}, 2: {"TEE-M": 8}}
        yield server


def tell(server: BigCommerceServer, figures: dict[str, Any], **changes: Any) -> Any:
    channel = BigCommerceChannel(Access(server.store_url, TOKEN, timeout=2.0, allow_private=True, **changes))
    return channel.push_stock([StockFigure(sku, Decimal(units)) for sku, units in figures.items()], key="k")


def test_the_first_location_shows_what_was_wanted_and_never_less_than_nothing(server):
    assert tell(server, {"TEE-M": "10", "MUG": "-1"}) == {}

    assert server.stock == {1: {"TEE-M": 10, "MUG": 0}, 2: {"TEE-M": 8}}


def test_another_location_is_told_where_one_is_named(server):
    assert tell(server, {"TEE-M": "10"}, location="2") == {}

    assert server.stock == {1: {"TEE-M": 3, "MUG": 3}, 2: {"TEE-M": 10}}


def test_what_the_store_does_not_keep_is_named_and_keeps_no_other_from_being_told(server):
    refused = tell(server, {"TEE-M": "10", "HAT": "1", "A,B": "1"})

    assert list(refused) == ["HAT", "A,B"]
    assert "keeps no stock of this SKU" in refused["HAT"]
    assert "comma" in refused["A,B"]
    assert server.stock[1] == {"TEE-M": 10, "MUG": 3}


def test_a_batch_of_250_takes_six_calls(server):
    server.stock[1] = {f"SKU-{place}": 0 for place in range(250)}

    assert tell(server, dict.fromkeys(server.stock[1], "4")) == {}

    assert set(server.stock[1].values()) == {4}
    assert [asked.method for asked in server.asked] == ["GET"] * 5 + ["PUT"]


def test_an_answer_that_was_lost_is_simply_said_again(server):
    server.have_trouble(None, LOST)  # items, adjustment

    with pytest.raises(ChannelUnavailable):
        tell(server, {"TEE-M": "10"})

    assert tell(server, {"TEE-M": "10"}) == {}
    assert server.stock[1]["TEE-M"] == 10


def test_trouble_is_told_by_its_kind_and_changes_nothing(server):
    server.have_trouble(Trouble(Answered(429, {}, {"X-Rate-Limit-Time-Reset-Ms": "15000"})))
    with pytest.raises(ChannelBusy) as busy:
        tell(server, {"TEE-M": "10"})
    assert busy.value.retry_after == 15

    with pytest.raises(ChannelRefused, match="no such location"):
        tell(server, {"TEE-M": "10"}, location="9")
    with pytest.raises(ChannelRefused, match="is a number"):
        tell(server, {"TEE-M": "10"}, location="Berlin")
    assert server.stock[1]["TEE-M"] == 3
