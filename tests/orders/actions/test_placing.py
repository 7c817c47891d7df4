"""An order is placed: its rows, its promise, its holds, and what is announced."""

from decimal import Decimal

import pytest

from inventory.errors import StockShort
from oms.errors import Invalid
from oms.events import OutsideTransaction
from orders.actions.placing import place_orders
from orders.models import Customer, Order
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, incoming, line, open_holds, place, placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import SKU, promises, reservations, stocked_variant, stocked_variants

pytestmark = pytest.mark.django_db


def test_an_order_is_written_whole():
    stocked_variant()
    order = placed_order(
        [line(quantity=2, external_id="l1", discount="1.00", tax="6.20", properties={"engraving": "A"})],
        external_id="gid-7", external_number="#7", shipping={"method": "standard", "amount": "4.90", "tax": "0.78"},
        discount="2.00", tip="1.00", duty="0.50", total="43.20", tags=["gift", "vip", "gift"], note="Ring twice.",
    )  # fmt: skip

    assert order.number == str(1_000_000 + order.pk)
    assert (order.external_id, order.external_number, order.channel.code) == ("gid-7", "#7", "web")
    assert (order.item_total, order.discount_total, order.shipping_total) == (Decimal("39.80"), 3, Decimal("4.90"))
    assert (order.tax_total, order.total, order.stated_total) == (Decimal("6.98"), Decimal("43.20"), None)
    assert (order.paid, order.balance.amount, order.financial_status) == (order.total, 0, "PAID")
    assert (order.status, order.fulfillment_status, order.country) == ("HELD", "UNFULFILLED", "DE")
    assert (order.tags, order.note, order.version) == (["gift", "vip"], "Ring twice.", 1)
    (only,) = order.lines.all()
    assert (only.position, only.external_id, only.sku, only.title) == (1, "l1", SKU, "Linen tee")
    assert (only.quantity, only.open_quantity, only.properties) == (2, 2, {"engraving": "A"})


def test_placing_promises_the_stock_and_opens_the_edit_window():
    order = placed_order([line(quantity=2)]) if stocked_variant() else None
    assert promises() == (10, 2)
    assert reservations() == [(order.number, SKU, 2, "PROMISED")]
    hold = order.holds.get()
    assert (hold.reason, hold.until) == ("EDIT_WINDOW", NOON + 30 * ONE_MINUTE)
    assert hold.rule == "Channel web: 30 minutes"


def test_placing_is_announced_once_with_its_facts():
    order = placed_order(external_id="gid-7")
    assert announced(order.number) == ["order.placed"]
    assert facts_of("order.placed") == {
        "channel": "web",
        "external_id": "gid-7",
        "total": {"amount": "19.90", "currency": "EUR"},
        "lines": 1,
        "holds": [{"reason": "EDIT_WINDOW", "until": "2026-11-21T12:30:00+00:00"}],
    }


def test_a_paid_order_of_a_channel_without_window_goes_at_once():
    channel(minutes=0)
    order = placed_order()
    assert (order.status, order.released_at, open_holds(order)) == ("RELEASED", NOON, [])
    assert announced(order.number) == ["order.placed", "order.released"]


def test_an_order_whose_window_is_over_when_it_arrives_goes_at_once():
    order = placed_order(at=NOON, placed_at=(NOON - 30 * ONE_MINUTE).isoformat())
    assert order.status == "RELEASED"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"payment": None}, "PAYMENT"),
        ({"payment": {"status": "PAID", "amount": "5.00"}}, "PAYMENT"),
        ({"total": "19.91"}, "TOTALS_MISMATCH"),
        ({"shipping_address": {"country": "DE"}}, "ADDRESS_CHECK"),
        ({"test": True}, "STAFF"),
    ],
)
def test_what_keeps_an_order_back_is_said(fields, reason):
    channel(minutes=0)
    order = placed_order(**fields)
    assert (order.status, open_holds(order)) == ("HELD", [reason])


def test_totals_that_do_not_add_up_are_kept_side_by_side():
    order = placed_order(total="25.00")
    assert (order.total, order.stated_total, order.totals_mismatch) == (Decimal("19.90"), 25, True)
    assert "25.00 EUR" in order.holds.get(reason="TOTALS_MISMATCH").detail


def test_two_lines_of_one_sku_are_one_promise():
    stocked_variant(on_hand=3)
    order = placed_order([line(quantity=1), line(quantity=2)])
    assert reservations() == [(order.number, SKU, 3, "PROMISED")]
    assert order.lines.count() == 2


def test_a_test_order_takes_no_stock():
    stocked_variant(on_hand=0)
    placed_order(test=True)
    assert (promises(), reservations()) == ((0, 0), [])


def test_lines_without_stock_take_none():
    channel(), stocked_variant()
    custom = {"kind": "CUSTOM", "title": "Engraving", "quantity": 1, "unit_price": "5.00"}
    order = placed_order([line(), custom, custom | {"kind": "FEE"}, custom | {"kind": "GIFT_CARD"}])
    assert reservations() == [(order.number, SKU, 1, "PROMISED")]
    assert order.total == Decimal("34.90")


def test_what_the_channel_has_shipped_or_cancelled_needs_no_stock():
    stocked_variant()
    order = placed_order([line(quantity=5, cancelled_quantity=1, fulfilled_quantity=2)])
    assert reservations() == [(order.number, SKU, 2, "PROMISED")]
    assert order.fulfillment_status == "PARTIALLY_FULFILLED"


def test_an_order_that_comes_fulfilled_is_closed_and_holds_nothing():
    channel(), stocked_variant()
    whole = placed_order([line(quantity=2)], fulfilled_at=NOON.isoformat())
    by_line = placed_order([line(quantity=2, fulfilled_quantity=2)])
    for order in (whole, by_line):
        assert (order.status, order.fulfillment_status, order.closed_at) == ("CLOSED", "FULFILLED", NOON)
        assert (open_holds(order), order.lines.get().open_quantity) == ([], 0)
        assert announced(order.number) == ["order.placed"]
    assert reservations() == []


def test_an_order_that_comes_cancelled_is_cancelled_and_owes_nothing():
    order = placed_order(cancelled_at=NOON.isoformat(), cancel_reason="customer")
    assert (order.status, order.cancelled_at, order.cancel_reason) == ("CANCELLED", NOON, "customer")
    assert (order.credited, order.balance.amount) == (order.total, -order.paid)
    assert (open_holds(order), reservations()) == ([], [])


def test_refunds_that_the_channel_made_stand_on_the_order():
    refund = {"external_id": "r1", "amount": "9.90", "refunded_at": NOON.isoformat()}
    order = placed_order(refunds=[refund])
    assert (order.refunded, order.credited, order.financial_status) == (Decimal("9.90"),) * 2 + ("PARTIALLY_REFUNDED",)
    assert order.balance.amount == 0


def test_more_refunded_than_paid_is_refused_and_changes_nothing():
    channel(), stocked_variant()
    order = incoming(refunds=[{"external_id": "r1", "amount": "20.00", "refunded_at": NOON.isoformat()}])
    with nothing_changes():
        (placement,) = place(order)
    assert [error.code for error in placement.refusal.errors] == ["refund_exceeds_payment"]


def test_the_same_order_again_is_known_and_changes_nothing():
    first = placed_order(external_id="gid-7")
    with nothing_changes():
        (again,) = place(incoming([line(quantity=9)], external_id="gid-7"), at=NOON + ONE_HOUR)
    assert (again.status, again.number, again.order_id) == ("known", first.number, first.pk)


def test_another_channel_may_use_the_same_id():
    channel("shop")
    first, second = placed_order(external_id="7"), placed_order(external_id="7", channel="shop")
    assert first.pk != second.pk


def test_a_buyer_who_comes_too_late_is_refused_with_what_is_left_and_nothing_changes():
    channel(), stocked_variants("TEE", "CAP", on_hand=2)
    with nothing_changes():
        (placement,) = place(incoming([line("TEE", 2), line("CAP", 3)]))
    assert (placement.status, placement.number, placement.order_id) == ("refused", "", None)
    assert isinstance(placement.refusal, StockShort)
    assert placement.refusal.facts == {"skus": [{"sku": "CAP", "wanted": 3, "available": 2}]}


def test_what_was_sold_elsewhere_waits_for_stock_instead():
    channel("amazon", already_sold=True, minutes=0), stocked_variants("TEE", "CAP", on_hand=2)
    order = placed_order([line("TEE", 2), line("CAP", 3)], channel="amazon")
    assert (order.status, order.released_at, open_holds(order)) == ("HELD", None, ["STOCK_SHORT"])
    assert order.holds.get(reason="STOCK_SHORT").detail == "Waits for stock: 3 × CAP."
    assert reservations() == [(order.number, "TEE", 2, "PROMISED"), (order.number, "CAP", 3, "SHORT")]
    assert announced(order.number) == ["order.placed", "order.held"]


def test_whoever_brings_it_may_say_that_it_was_sold_already():
    stocked_variant(on_hand=0)
    order = placed_order([line()], already_sold=True)
    assert open_holds(order) == ["EDIT_WINDOW", "STOCK_SHORT"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"channel": "none"}, "/channel", "unknown_channel"),
        ({"channel": "closed"}, "/channel", "inactive_channel"),
        ({"lines": [line(), line("NONE")]}, "/lines/1/sku", "unknown_sku"),
        ({"lines": [line(quantity="1.5")]}, "/lines/0/quantity", "fractional_quantity"),
        ({"shipping_address": None}, "/shipping_address", "no_address"),
        ({"shipping_address": {"city": "Berlin"}}, "/shipping_address", "no_address"),
        ({"discount": "20.00"}, "/discount", "discount_exceeds_total"),
        (
            {"payments": [{"status": "PAID", "gateway": "sandbox", "reference": "ch_1"}]},
            "/payments",
            "payment_repeated",
        ),
        ({"refunds": [{"external_id": "r", "amount": 1, "refunded_at": NOON}] * 2}, "/refunds", "refund_repeated"),
        ({"lines": [line(quantity=1_000_000, unit_price="900000000")]}, "/total", "amount_too_large"),
        ({"lines": [line(tax="999999999999")] * 2}, "/total", "amount_too_large"),
        ({"discount": "900000000000", "tip": "900000000000"}, "/total", "amount_too_large"),
        ({"payments": [{"status": "PAID", "amount": "900000000000"}] * 2}, "/payments", "amount_too_large"),
    ],
)
def test_what_cannot_be_an_order_is_refused_with_a_pointer_and_nothing_changes(fields, pointer, code):
    channel(), channel("closed", active=False), stocked_variant()
    with nothing_changes():
        (placement,) = place(incoming(**fields))
    assert isinstance(placement.refusal, Invalid)
    assert [(error.pointer, error.code) for error in placement.refusal.errors] == [(pointer, code)]


def test_cloth_is_sold_by_the_metre():
    stocked_variant("LINEN", 10, divisible=True)
    order = placed_order([line("LINEN", "2.5", unit_price="3.99")])
    assert order.total == Decimal("9.98")
    assert reservations() == [(order.number, "LINEN", Decimal("2.5"), "PROMISED")]


def test_one_customer_is_one_row_however_the_mail_is_written():
    placed_order(customer={"email": "Ada@Example.com", "name": "Ada"})
    placed_order(customer={"email": "ada@example.com ", "name": "A. Meier"})
    placed_order(customer={"name": "Without mail", "phone": "+49 30 1"})
    assert list(Customer.objects.values_list("email", "name")) == [("ada@example.com", "Ada")]
    assert [order.customer_id is None for order in Order.objects.order_by("id")] == [False, False, True]


def test_a_billing_address_like_the_shipping_address_is_the_same_row():
    berlin = {"line1": "Torstr. 1", "city": "Berlin", "country": "DE"}
    same = placed_order(shipping_address=berlin, billing_address=berlin)
    other = placed_order(shipping_address=berlin, billing_address=berlin | {"city": "Bonn"})
    assert same.billing_address == same.shipping_address
    assert other.billing_address.city == "Bonn"


def test_an_order_of_years_ago_is_no_demand_of_today():
    tee = stocked_variant()
    placed_order(placed_at=(NOON - 300 * ONE_DAY).isoformat())
    tee.availability.refresh_from_db()
    assert tee.availability.velocity < 1e-6


@pytest.mark.django_db(transaction=True)
def test_placing_needs_a_transaction_and_leaves_nothing_without():
    channel(), stocked_variant()
    with nothing_changes(), pytest.raises(OutsideTransaction):
        place_orders([incoming()], by=ADA, at=NOON)
