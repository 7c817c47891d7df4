from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orders.channels.outgoing.port import Access, ChannelRefused, ChannelShipment, ChannelUnavailable
from orders.channels.outgoing.woocommerce import WooCommerceChannel
from tests.fakes.serving import LOST
from tests.fakes.woocommerce_server import KEY, SECRET, WooCommerceServer
from tests.make.channel_parcels import TRACKING, parcel, second, units


@pytest.fixture
def server() -> Iterator[WooCommerceServer]:
    with WooCommerceServer() as server:
        server.add_order(1001, [(1, "TEE-M", 2, "33.44"), (2, "MUG", 1, "16.72")])
        yield server


def push(server: WooCommerceServer, shipment: ChannelShipment) -> str:
    access = Access(server.url, key=KEY, secret=SECRET, timeout=2.0, allow_private=True)
    return WooCommerceChannel(access).push_fulfillment(shipment)


def notes(server: WooCommerceServer) -> list[str]:
    return [note["note"] for note in server.notes.get(1001, [])]


def state(server: WooCommerceServer) -> tuple[str, int, int]:
    """The order's status, and how many notes and tracking items it has."""
    return server.orders[1001]["status"], len(notes(server)), len(server.trackings.get(1001, []))


def test_a_parcel_of_several_is_noted_and_tracked_and_the_last_completes_the_order(server):
    push(server, parcel(units("1", "TEE-M", 2), rest=True))
    assert state(server) == ("processing", 1, 1)
    name = push(server, second(units("2", "MUG")))

    assert state(server) == ("completed", 2, 2)
    assert notes(server)[0].startswith(f"Shipped: 2 × TEE-M. DHL {TRACKING}, https://dhl.example/")
    first, last = server.trackings[1001]
    assert (first["custom_tracking_provider"], first["date_shipped"]) == ("DHL", "2026-11-21")
    assert name == last["tracking_id"]
    assert not any(note["customer_note"] for note in server.notes[1001])


def test_without_the_tracking_plugin_the_note_says_it_all(server):
    server.has_tracking_plugin = False

    name = push(server, parcel())

    assert state(server) == ("completed", 1, 0)
    assert name == str(server.notes[1001][0]["id"])


@pytest.mark.parametrize("lost", [2, 4, 5])  # the note, the tracking item, the status
def test_whichever_answer_is_lost_nothing_is_done_twice(server, lost):
    server.have_trouble(*[None] * lost, LOST)

    with pytest.raises(ChannelUnavailable):
        push(server, parcel())
    push(server, parcel())

    assert state(server) == ("completed", 1, 1)


def test_what_the_order_does_not_have_is_refused_and_nothing_is_written(server):
    wrong: list[tuple[ChannelShipment, str]] = [
        (parcel(units("1", "TEE-M", 3)), "order has 2 of TEE-M, not 3"),
        (parcel(units("9", "HAT")), "order has 0 of HAT"),
        (parcel(order=replace(parcel().order, external_id="99")), "Invalid ID"),
    ]
    for shipment, said in wrong:
        with pytest.raises(ChannelRefused, match=said):
            push(server, shipment)

    assert state(server) == ("processing", 0, 0)


def test_a_cancelled_order_is_not_completed(server):
    server.orders[1001]["status"] = "cancelled"

    with pytest.raises(ChannelRefused, match="cancelled"):
        push(server, parcel())

    assert state(server) == ("cancelled", 0, 0)


def test_where_a_parcel_is_cannot_be_shown(server):
    access: Any = Access(server.url, key=KEY, secret=SECRET, allow_private=True)

    with pytest.raises(ChannelRefused, match="where parcels are"):
        WooCommerceChannel(access).push_tracking(parcel())
