from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from orders.channels.outgoing.differing import find_differences
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelOrder, ChannelRefused, ChannelUnavailable
from orders.channels.outgoing.shopify import ShopifyChannel
from tests.fakes.serving import BROKEN, GONE, LOST, SLOW_DOWN, Answered, Trouble
from tests.fakes.shopify_server import TOKEN, ShopifyServer
from tests.fakes.shopify_shop import Line, Order
from tests.make.desired import BERLIN, desired, wanted_line

ORDER = ChannelOrder("1001", "A-7", "EUR")
PRICE = Decimal("19.90")


@pytest.fixture
def server() -> Iterator[ShopifyServer]:
    with ShopifyServer() as server:
        for sku in ("TEE-M", "TEE-L", "MUG"):
            server.shop.add_variant(sku)
        yield server


def sold(server: ShopifyServer, *lines: Line, **fields: object) -> Order:
    """One tee in M to Berlin, paid by card, unless said otherwise."""
    address = {"firstName": "Ada", "lastName": "Meier", "address1": "Torstr. 1", "city": "Berlin", "zip": "10119"}
    shipping = [{"number": 77, "title": "Standard", "price": Decimal("4.90"), "removed": False}]
    head = {"email": "ada@example.com", "shipping": shipping, "paid": "24.80"}
    head["address"] = address | {"countryCode": "DE", "phone": "+49301234"}
    goods = list(lines) or [Line(1, "TEE-M", "Tee", 1, 1, PRICE)]
    return server.shop.add_order(1001, goods, **(head | fields))


def speak(server: ShopifyServer, **changes: object) -> ShopifyChannel:
    access = Access(server.url, key=TOKEN, timeout=2.0, allow_private=True)
    return ShopifyChannel(replace(access, **changes), sleep=server.pass_time)


def now_at(order: Order) -> list[tuple[str, int]]:
    return [(line.sku, line.current) for line in order.lines]


def mutations(server: ShopifyServer) -> list[str]:
    bodies = [asked.json()["query"] for asked in server.asked]
    return [body.split("(")[0].split()[1] for body in bodies if body.lstrip().startswith("mutation")]


def test_an_order_as_it_should_be_is_left_alone(server):
    sold(server)

    speak(server).push_edit(desired(wanted_line("1", "TEE-M")))

    assert mutations(server) == []


def test_a_swap_takes_the_old_variant_off_and_adds_the_new_one_in_one_commit(server):
    order = sold(server)
    wanted = desired(wanted_line("1", "TEE-L"))

    speak(server).push_edit(wanted)

    assert now_at(order) == [("TEE-M", 0), ("TEE-L", 1)]
    assert mutations(server).count("CommitEdit") == 1
    assert find_differences(wanted, speak(server).read_order("1001")) == []


def test_quantities_additions_and_removals_go_together(server):
    lines = [Line(1, "TEE-M", "Tee", 1, 1, PRICE), Line(2, "MUG", "Mug", 1, 1, PRICE)]
    order = sold(server, *lines)
    wanted = desired(wanted_line("1", "TEE-M", 3), wanted_line("2", "MUG", 0), wanted_line("", "TEE-L", 2))

    speak(server).push_edit(wanted)

    assert now_at(order) == [("TEE-M", 3), ("MUG", 0), ("TEE-L", 2)]
    assert find_differences(wanted, speak(server).read_order("1001")) == []


def test_a_line_added_for_less_than_the_shops_price_gets_a_discount(server):
    sold(server)
    one = wanted_line("", "TEE-L", 1, discount=Decimal("5.00"))
    three = wanted_line("", "MUG", 3, discount=Decimal("5.97"))
    wanted = desired(wanted_line("1", "TEE-M"), one, three)

    speak(server).push_edit(wanted)

    assert find_differences(wanted, speak(server).read_order("1001")) == []


def test_a_line_sold_for_more_than_the_shops_price_shows_as_a_difference_in_the_total(server):
    sold(server)
    wanted = desired(wanted_line("1", "TEE-M"), wanted_line("", "MUG", 1, price=Decimal("25.00")))

    speak(server).push_edit(wanted)

    (difference,) = find_differences(wanted, speak(server).read_order("1001"))
    assert (difference.where, difference.ours, difference.theirs) == ("total", "49.80", "44.70")


def test_address_and_contact_are_changed_without_an_edit_of_the_goods(server):
    order = sold(server)
    there = replace(BERLIN, name="Bea Braun", line1="Kastanienallee 2", province="BE")
    wanted = desired(wanted_line("1", "TEE-M"), email="bea@example.com", phone="+49 30 99", address=there)

    speak(server).push_edit(wanted)

    assert mutations(server) == ["UpdateOrder"]
    assert (order.email, order.phone) == ("bea@example.com", "+49 30 99")
    assert (order.address["lastName"], order.address["provinceCode"]) == ("Braun", "BE")
    assert find_differences(wanted, speak(server).read_order("1001")) == []


def test_another_shipping_method_takes_the_place_of_the_old_one(server):
    order = sold(server)
    wanted = desired(wanted_line("1", "TEE-M"), shipping="9.90", shipping_method="Express")

    speak(server).push_edit(wanted)

    assert [(line["title"], line["removed"]) for line in order.shipping] == [("Standard", True), ("Express", False)]
    assert find_differences(wanted, speak(server).read_order("1001")) == []


def test_an_order_of_many_pages_is_read_whole(server):
    lines = [Line(number, f"SKU-{number}", "Thing", 1, 1, Decimal(1)) for number in range(1, 131)]
    sold(server, *lines)

    copy = speak(server).read_order("1001")

    assert len({line.external_id for line in copy.lines}) == 130


def test_a_commit_whose_answer_was_lost_is_found_done_and_not_done_again(server):
    order = sold(server)
    wanted = desired(wanted_line("1", "TEE-M"), wanted_line("", "MUG"))
    noted: list[dict] = []
    server.have_trouble(None, None, None, None, LOST)  # read, begin, find, add, commit

    with pytest.raises(ChannelUnavailable):
        speak(server).push_edit(wanted, keep=lambda facts: noted.append(dict(facts)))
    assert [facts.get("committing") for facts in noted] == [True]
    speak(server).push_edit(wanted)

    assert now_at(order) == [("TEE-M", 1), ("MUG", 1)]
    assert mutations(server).count("CommitEdit") == 1


def test_an_edit_that_never_arrived_changes_nothing_and_is_done_the_next_time(server):
    order = sold(server)
    wanted = desired(wanted_line("1", "TEE-M", 2))
    server.have_trouble(None, None, None, GONE)  # read, begin, quantity, commit

    with pytest.raises(ChannelUnavailable):
        speak(server).push_edit(wanted)
    assert now_at(order) == [("TEE-M", 1)]
    speak(server).push_edit(wanted)

    assert now_at(order) == [("TEE-M", 2)]


@pytest.mark.parametrize("trouble", [BROKEN, Trouble(Answered(200, raw=b"<html>"))])
def test_a_broken_answer_is_no_answer(server, trouble):
    sold(server)
    server.have_trouble(trouble)

    with pytest.raises(ChannelUnavailable):
        speak(server).push_edit(desired(wanted_line("1", "TEE-M", 2)))


def test_an_answer_that_takes_too_long_is_not_waited_for(server):
    sold(server)
    server.have_trouble(Trouble(slow=1.0))

    with pytest.raises(ChannelUnavailable, match="in time"):
        speak(server, timeout=0.1).read_order("1001")


def test_being_asked_to_slow_down_says_for_how_long(server):
    sold(server)
    server.have_trouble(SLOW_DOWN)

    with pytest.raises(ChannelBusy) as busy:
        speak(server).read_order("1001")

    assert busy.value.retry_after == 7


def test_a_short_shortage_of_points_is_waited_for_on_the_spot(server):
    order = sold(server)
    server.points = 20.0

    speak(server).push_edit(desired(wanted_line("1", "TEE-M", 2)))

    assert now_at(order) == [("TEE-M", 2)]
    assert 0 < sum(server.slept) < 10


def test_a_bucket_that_stays_empty_is_left_for_later_and_nothing_was_done(server):
    order = sold(server)
    server.points, server.rate = 0.0, 1.0

    with pytest.raises(ChannelBusy) as busy:
        speak(server).push_edit(desired(wanted_line("1", "TEE-M", 2)))

    assert busy.value.retry_after > 60
    assert now_at(order) == [("TEE-M", 1)]


def test_a_wrong_token_is_said_in_a_sentence(server):
    sold(server)

    with pytest.raises(ChannelRefused, match="access token"):
        speak(server, key="shpat_wrong").read_order("1001")


def test_an_unknown_order_or_sku_is_said_in_a_sentence(server):
    sold(server)

    with pytest.raises(ChannelRefused, match="no order 99"):
        speak(server).read_order("99")
    with pytest.raises(ChannelRefused, match="no variant with the SKU HAT"):
        speak(server).push_edit(desired(wanted_line("1", "TEE-M"), wanted_line("", "HAT")))


def test_what_shopify_will_not_do_is_told_in_its_own_words_and_nothing_is_committed(server):
    order = sold(server)
    server.shop.add_variant("RARE", stock=1)

    with pytest.raises(ChannelRefused, match="Only 1 items of RARE are available"):
        speak(server).push_edit(desired(wanted_line("1", "TEE-M", 2), wanted_line("", "RARE", 2)))

    assert now_at(order) == [("TEE-M", 1)]


def test_half_units_are_refused_before_anything_is_staged(server):
    sold(server)

    with pytest.raises(ChannelRefused, match=r"whole units, not 1\.5"):
        speak(server).push_edit(desired(wanted_line("1", "TEE-M", "1.5")))


def test_a_line_that_somebody_added_there_is_never_removed(server):
    order = sold(server, Line(1, "TEE-M", "Tee", 1, 1, PRICE), Line(5, "MUG", "Mug", 1, 1, PRICE))
    wanted = desired(wanted_line("1", "TEE-M", 2))

    speak(server).push_edit(wanted)

    assert now_at(order) == [("TEE-M", 2), ("MUG", 1)]
    found = find_differences(wanted, speak(server).read_order("1001"))
    assert [(difference.where, difference.what) for difference in found] == [("line", "MUG"), ("total", "")]


def test_cancelling_gives_no_money_back_and_twice_is_harmless(server):
    order = sold(server)

    speak(server).cancel_order(ORDER, reason="Changed her mind")
    speak(server).cancel_order(ORDER, reason="Changed her mind")

    assert order.cancelled_at
    assert mutations(server) == ["CancelOrder"]
    (sent,) = [asked.json() for asked in server.asked if "orderCancel" in asked.json()["query"]]
    assert sent["variables"]["refundMethod"] == {"originalPaymentMethodsRefund": False}


def test_cancelling_what_has_left_is_refused(server):
    sold(server, Line(1, "TEE-M", "Tee", 1, 1, PRICE, fulfilled=1))

    with pytest.raises(ChannelRefused, match="fulfilled"):
        speak(server).cancel_order(ORDER, reason="")


def test_holding_and_releasing_leave_other_holds_alone(server):
    order = sold(server)
    (waiting,) = order.fulfillment_orders
    theirs = {"number": 1, "handle": "fraud", "reason": "OTHER", "ours": False}
    waiting["holds"], waiting["status"] = [theirs], "ON_HOLD"

    speak(server).hold(ORDER, reason="Held by staff")
    speak(server).hold(ORDER, reason="Held by staff")
    assert [hold["handle"] for hold in waiting["holds"]] == ["fraud", "order-management"]
    speak(server).release(ORDER)
    speak(server).release(ORDER)

    assert waiting["holds"] == [theirs]
    assert mutations(server) == ["Hold", "Release"]


def test_a_refund_is_made_once_for_each_key(server):
    order = sold(server)
    once = {"amount": Decimal("5.00"), "currency": "EUR", "key": "k-1", "reason": "Swap"}
    server.have_trouble(None, LOST)  # read, refund

    with pytest.raises(ChannelUnavailable):
        speak(server).refund(ORDER, **once)
    name = speak(server).refund(ORDER, **once)

    assert [refund["number"] for refund in order.refunds] == [int(name)]
    assert speak(server).refund(ORDER, **{**once, "key": "k-2"}) != name


def test_a_refund_never_exceeds_what_was_paid_and_names_what_is_left(server):
    order = sold(server)
    speak(server).refund(ORDER, amount=Decimal("20.00"), currency="EUR", key="k-1", reason="")

    with pytest.raises(ChannelRefused, match=r"only 4\.80 left"):
        speak(server).refund(ORDER, amount=Decimal("5.00"), currency="EUR", key="k-2", reason="")

    assert len(order.refunds) == 1


def test_a_customer_who_paid_in_another_currency_is_refunded_by_hand(server):
    sold(server, presentment="USD")

    with pytest.raises(ChannelRefused, match="by hand"):
        speak(server).refund(ORDER, amount=Decimal("5.00"), currency="EUR", key="k-1", reason="")


def test_the_connection_answers_with_the_shops_name(server):
    assert speak(server).check_connection() == "Morrow & Flax"
