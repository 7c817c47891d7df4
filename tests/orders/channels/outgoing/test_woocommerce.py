from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from orders.channels.outgoing.differing import find_differences
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelOrder, ChannelRefused, ChannelUnavailable
from orders.channels.outgoing.woocommerce import WooCommerceChannel
from tests.fakes.serving import BROKEN, LOST, SLOW_DOWN, Answered, Trouble
from tests.fakes.woocommerce_server import KEY, SECRET, WooCommerceServer
from tests.make.desired import BERLIN, desired, wanted_line

ORDER = ChannelOrder("1001", "A-7", "EUR")
TAX = {0: Decimal(0), 1: Decimal("3.18"), 2: Decimal("6.35"), 3: Decimal("9.53")}
"""In so many times 19.90, of 19 per cent."""


@pytest.fixture
def server() -> Iterator[WooCommerceServer]:
    with WooCommerceServer() as server:
        for sku in ("TEE-M", "MUG"):
            server.add_product(sku)
        server.add_product("TEE-L", parent=500)
        server.add_order(1001, [(1, "TEE-M", 1, "16.72")])
        yield server


def speak(server: WooCommerceServer, **changes: object) -> WooCommerceChannel:
    access = Access(server.url, key=KEY, secret=SECRET, timeout=2.0, allow_private=True)
    return WooCommerceChannel(replace(access, **changes))


def shirt(external_id: str, sku: str, quantity: int = 1, **fields):
    return wanted_line(external_id, sku, quantity, **({"tax": TAX[quantity]} | fields))


def wanted(*lines, **fields):
    return desired(*lines, **({"shipping_tax": Decimal("0.78")} | fields))


def now_at(server: WooCommerceServer) -> list[tuple[str, int]]:
    return [(line["sku"], line["quantity"]) for line in server.orders[1001]["line_items"]]


def writes(server: WooCommerceServer) -> list[str]:
    return [asked.method for asked in server.asked if asked.method != "GET"]


def test_an_order_as_it_should_be_is_left_alone(server):
    speak(server).push_edit(wanted(shirt("1", "TEE-M")))

    assert writes(server) == []
    assert find_differences(wanted(shirt("1", "TEE-M")), speak(server).read_order("1001")) == []


def test_a_swap_a_quantity_and_a_removal_are_one_write(server):
    server.add_order(1001, [(1, "TEE-M", 1, "16.72"), (2, "MUG", 1, "16.72"), (3, "TEE-M", 1, "16.72")])
    after = wanted(shirt("1", "TEE-L"), shirt("2", "MUG", 0), shirt("3", "TEE-M", 3))

    speak(server).push_edit(after)

    assert now_at(server) == [("TEE-M", 3), ("TEE-L", 1)]
    assert writes(server) == ["PUT"]
    assert find_differences(after, speak(server).read_order("1001")) == []


def test_a_variation_is_added_under_its_product_at_our_price(server):
    after = wanted(shirt("1", "TEE-M"), shirt("", "TEE-L", 2, discount=Decimal("4.00"), tax=Decimal("5.72")))

    speak(server).push_edit(after)

    put = next(asked.json() for asked in server.asked if asked.method == "PUT")
    (line,) = put["line_items"]
    assert (line["product_id"], line["quantity"], line["subtotal"], line["total"]) == (500, 2, "33.445378", "30.084034")
    assert find_differences(after, speak(server).read_order("1001")) == []


def test_address_contact_and_shipping_are_changed(server):
    there = replace(BERLIN, name="Bea Braun", line1="Kastanienallee 2")
    after = wanted(
        shirt("1", "TEE-M"),
        address=there,
        email="bea@example.com",
        phone="+49 30 99",
        shipping="9.90",
        shipping_tax=Decimal("1.58"),
        shipping_method="Express",
    )

    speak(server).push_edit(after)

    assert find_differences(after, speak(server).read_order("1001")) == []
    assert server.orders[1001]["shipping"]["last_name"] == "Braun"
    assert server.orders[1001]["billing"]["address_1"] == "Torstr. 1"


@pytest.mark.parametrize("cents", [3, 9, 22, 1009, 1995, 8888])
def test_every_gross_price_comes_out_to_the_cent(server, cents):
    """In whole cents no net price leads to some of these."""
    price = Decimal(cents) / 100
    tax = (price * Decimal("0.19") / Decimal("1.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    after = wanted(shirt("1", "TEE-M"), wanted_line("", "MUG", price=price, tax=tax))

    speak(server).push_edit(after)

    assert find_differences(after, speak(server).read_order("1001")) == []


def test_several_shipping_lines_become_one(server):
    lines = [{"id": 900, "method_id": "a", "method_title": "A", "total": "1.00"}]
    lines.append({"id": 901, "method_id": "b", "method_title": "B", "total": "1.00"})
    server.add_order(1001, [(1, "TEE-M", 1, "16.72")], shipping_lines=lines)

    speak(server).push_edit(wanted(shirt("1", "TEE-M")))

    assert [line["method_title"] for line in server.orders[1001]["shipping_lines"]] == ["Standard"]


def test_an_order_without_tax_in_its_prices_keeps_them_net(server):
    server.add_order(1001, [(1, "TEE-M", 1, "16.72")], prices_include_tax=False)
    price = {"price": Decimal("33.44"), "tax": Decimal("6.35")}
    after = desired(
        wanted_line("1", "TEE-M", 2, **price),
        tax_included=False,
        shipping="4.12",
        shipping_tax=Decimal("0.78"),
        total=Decimal("44.69"),
    )

    speak(server).push_edit(after)

    assert find_differences(after, speak(server).read_order("1001")) == []


def test_a_write_whose_answer_was_lost_is_found_done(server):
    after = wanted(shirt("1", "TEE-M"), shirt("", "MUG"))
    server.have_trouble(None, None, LOST)  # read, find, write

    with pytest.raises(ChannelUnavailable):
        speak(server).push_edit(after)
    speak(server).push_edit(after)

    assert now_at(server) == [("TEE-M", 1), ("MUG", 1)]
    assert writes(server) == ["PUT"]


def test_trouble_is_told_by_its_kind(server):
    warning = Trouble(Answered(200, raw=b"<b>Warning</b>: in plugin.php {}"))
    for trouble, error in [(BROKEN, ChannelUnavailable), (SLOW_DOWN, ChannelBusy), (warning, ChannelUnavailable)]:
        server.have_trouble(trouble)
        with pytest.raises(error):
            speak(server).read_order("1001")


def test_what_woocommerce_will_not_do_is_told_in_its_own_words(server):
    with pytest.raises(ChannelRefused, match="consumer key"):
        speak(server, secret="cs_wrong").read_order("1001")
    with pytest.raises(ChannelRefused, match="Invalid ID"):
        speak(server).read_order("99")
    with pytest.raises(ChannelRefused, match="no product with the SKU HAT"):
        speak(server).push_edit(wanted(shirt("1", "TEE-M"), shirt("", "HAT")))
    with pytest.raises(ChannelRefused, match="whole units"):
        speak(server).push_edit(wanted(wanted_line("1", "TEE-M", "1.5", tax=TAX[1])))

    assert now_at(server) == [("TEE-M", 1)]


def test_a_moved_shop_is_not_followed(server):
    server.have_trouble(Trouble(Answered(301, {}, {"Location": "http://127.0.0.1:1/"})))

    with pytest.raises(ChannelRefused, match="moved"):
        speak(server).read_order("1001")


def test_cancelling_leaves_a_note_and_twice_is_harmless(server):
    speak(server).cancel_order(ORDER, reason="Changed her mind")
    speak(server).cancel_order(ORDER, reason="Changed her mind")

    assert server.orders[1001]["status"] == "cancelled"
    assert [note["note"] for note in server.notes[1001]] == ["Changed her mind"]
    assert server.refunds == {}


def test_a_cancelled_order_is_not_edited(server):
    speak(server).cancel_order(ORDER, reason="")

    with pytest.raises(ChannelRefused, match="cancelled"):
        speak(server).push_edit(wanted(shirt("1", "TEE-M", 2)))


def test_a_refund_is_made_once_for_each_key(server):
    once = {"amount": Decimal("5.00"), "currency": "EUR", "key": "k-1", "reason": "Swap"}
    server.have_trouble(None, None, LOST)  # look, read, refund

    with pytest.raises(ChannelUnavailable):
        speak(server).refund(ORDER, **once)
    name = speak(server).refund(ORDER, **once)

    assert [str(refund["id"]) for refund in server.refunds[1001]] == [name]
    assert speak(server).refund(ORDER, **{**once, "key": "k-2"}) != name


def test_more_than_is_left_or_another_currency_is_not_refunded(server):
    once = {"currency": "EUR", "key": "k-1", "reason": ""}
    with pytest.raises(ChannelRefused, match="Refund amount"):
        speak(server).refund(ORDER, amount=Decimal("99.00"), **once)
    with pytest.raises(ChannelRefused, match="EUR"):
        speak(server).refund(ORDER, amount=Decimal("1.00"), **{**once, "currency": "USD"})

    assert server.refunds.get(1001, []) == []


def test_holds_are_not_shown_and_the_connection_answers(server):
    speak(server).hold(ORDER, reason="x")
    speak(server).release(ORDER)

    assert server.asked == []
    assert speak(server).check_connection() == "127.0.0.1"
