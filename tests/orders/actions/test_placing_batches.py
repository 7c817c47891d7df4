"""Many orders at once: each member stands alone."""

import pytest

from inventory.errors import StockShort
from orders.models import Customer, Order
from tests.make.orders import channel, incoming, line, open_holds, place
from tests.make.snapshots import announced
from tests.make.stock import SKU, promises, reservations, stocked_variant, stocked_variants

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _web():
    channel()


def statuses(placements):
    return [placement.status for placement in placements]


def test_a_member_that_is_wrong_stops_no_other():
    stocked_variant()
    placements = place(incoming(), incoming([line("NONE")]), incoming(channel="none"), incoming())
    assert statuses(placements) == ["placed", "refused", "refused", "placed"]
    assert [p.order_id for p in placements if p.order_id] == list(
        Order.objects.order_by("id").values_list("id", flat=True)
    )


def test_rows_belong_to_their_own_order():
    stocked_variants("TEE", "CAP")
    placements = place(incoming([line("TEE", 1), line("CAP", 2)]), incoming([line("CAP", 3)]))
    first, second = (Order.objects.get(number=placement.number) for placement in placements)
    assert [(one.sku, one.quantity) for one in first.lines.all()] == [("TEE", 1), ("CAP", 2)]
    assert [(one.sku, one.quantity) for one in second.lines.all()] == [("CAP", 3)]


def test_who_comes_first_in_the_batch_gets_the_last_units():
    stocked_variant(on_hand=5)
    placements = place(*(incoming([line(quantity=2)]) for _ in range(4)))
    assert statuses(placements) == ["placed", "placed", "refused", "refused"]
    assert [p.refusal.facts["skus"][0]["available"] for p in placements[2:]] == [1, 1]
    assert promises() == (5, 4)


def test_a_refused_member_leaves_its_units_to_the_next():
    stocked_variant(on_hand=3)
    placements = place(incoming([line(quantity=4)]), incoming([line(quantity=3)]))
    assert statuses(placements) == ["refused", "placed"]
    assert promises() == (3, 3)


def test_the_same_order_twice_in_a_batch_is_placed_once():
    stocked_variant()
    first, second = place(incoming(external_id="7"), incoming([line(quantity=5)], external_id="7"))
    assert (first.status, second.status, second.number) == ("placed", "known", first.number)
    assert promises() == (10, 1)
    assert Order.objects.count() == 1


def test_the_same_order_twice_where_the_first_is_sold_out_is_refused_twice_or_placed_but_never_known():
    stocked_variant(on_hand=1)
    first, second = place(incoming([line(quantity=5)], external_id="7"), incoming([line(quantity=5)], external_id="7"))
    assert statuses([first, second]) == ["refused", "refused"]
    assert isinstance(second.refusal, StockShort)
    assert (second.number, second.order_id) == ("", None)
    assert not Order.objects.exists()


@pytest.mark.parametrize("sold_place", [0, 1])
def test_what_was_sold_elsewhere_is_promised_before_the_buyers_of_its_batch(sold_place):
    channel("amazon", already_sold=True), stocked_variant(on_hand=3)
    members = [incoming([line(quantity=2)])]
    members.insert(sold_place, incoming([line(quantity=2)], channel="amazon"))
    placements = place(*members)
    sold, bought = placements[sold_place], placements[1 - sold_place]
    assert statuses([sold, bought]) == ["placed", "refused"]
    assert bought.refusal.facts == {"skus": [{"sku": SKU, "wanted": 2, "available": 1}]}
    assert reservations() == [(sold.number, SKU, 2, "PROMISED")]
    assert (Order.objects.count(), announced()[-1]) == (1, "order.placed")


def test_behind_a_sold_order_that_waits_a_buyer_of_its_batch_gets_nothing():
    channel("amazon", already_sold=True), stocked_variant(on_hand=3), stocked_variant("CAP")
    bought, other, sold = place(
        incoming(), incoming([line("CAP")]), incoming([line(quantity=4), line("CAP", 9)], channel="amazon")
    )
    assert statuses([bought, other, sold]) == ["refused", "placed", "placed"]
    assert bought.refusal.facts == {"skus": [{"sku": SKU, "wanted": 1, "available": 0}]}
    assert reservations(other.number) == [(other.number, "CAP", 1, "PROMISED")]
    assert [state for *_, state in reservations(sold.number)] == ["PROMISED", "SHORT"]
    assert open_holds(sold.number) == ["EDIT_WINDOW", "STOCK_SHORT"]


def test_sold_already_waits_where_it_does_not_fit_and_nobody_behind_it_overtakes():
    channel("amazon", already_sold=True, minutes=0), stocked_variant(on_hand=5)
    placements = place(*(incoming([line(quantity=units)], channel="amazon") for units in (3, 3, 2)))
    assert [state for *_, state in reservations()] == ["PROMISED", "SHORT", "SHORT"]
    orders = [Order.objects.get(number=placement.number).status for placement in placements]
    assert orders == ["RELEASED", "HELD", "HELD"]
    assert [announced(p.number)[-1] for p in placements] == ["order.released", "order.held", "order.held"]


def test_one_new_customer_of_several_orders_is_one_row():
    stocked_variant()
    place(*(incoming(customer={"email": "ada@example.com"}) for _ in range(3)))
    assert Customer.objects.get().orders.count() == 3


def test_a_new_customer_whose_first_order_is_refused_is_written_with_the_next():
    stocked_variant(on_hand=1)
    placements = place(incoming([line(quantity=9)]), incoming([line("NONE")]), incoming())
    assert statuses(placements) == ["refused", "refused", "placed"]
    assert Order.objects.get().customer == Customer.objects.get()


def test_an_empty_batch_and_one_of_known_orders_do_nothing():
    stocked_variant()
    order = incoming(external_id="7")
    place(order)
    assert place() == []
    assert statuses(place(order, order)) == ["known", "known"]
