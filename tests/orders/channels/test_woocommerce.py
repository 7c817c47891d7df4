"""What a WooCommerce message becomes, in each of its API's versions."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from orders.channels import woocommerce
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingRefundNotice, NotAnOrder
from tests.orders.channels.messages import Json, Reader, sum_of, woo_address, woo_line, woo_order

reader = Reader(woocommerce, channel="shop")
read, refuse = reader.read, reader.refuse


def legacy_order(**members: Any) -> Json:
    """The same order as the API before 2016 wrote it."""
    order = {
        "id": 645,
        "order_number": 645,
        "created_at": "2025-11-21T09:30:00Z",
        "updated_at": "2025-11-21T09:31:00Z",
        "completed_at": None,
        "status": "processing",
        "currency": "EUR",
        "total": "53.55",
        "total_tax": "8.55",
        "total_shipping": "5.00",
        "shipping_tax": "0.95",
        "payment_details": {"method_id": "bacs", "method_title": "Bank transfer", "paid": True},
        "note": "Ring twice",
        "billing_address": woo_address(email="ada@example.com"),
        "shipping_address": woo_address(),
        "line_items": [woo_line(meta=[{"key": "pa_size", "label": "Size", "value": "M"}])],
        "shipping_lines": [{"id": 31, "method_title": "DHL", "total": "5.00"}],
        "fee_lines": [],
    }
    return {"order": order | members}


def refund(**members: Any) -> Json:
    body = {
        "id": 750,
        "parent_id": 727,
        "date_created": "2025-11-25T13:00:00",
        "date_created_gmt": "2025-11-25T12:00:00",
        "amount": "23.80",
        "reason": "too small",
        "line_items": [],
    }
    return body | members


def test_an_order_keeps_its_names_its_moments_and_its_buyer():
    order = read(woo_order())

    assert (order.external_id, order.external_number, order.note) == ("727", "2025-727", "Ring twice")
    assert order.placed_at == datetime(2025, 11, 21, 9, 30, tzinfo=UTC)
    assert order.updated_at == datetime(2025, 11, 21, 9, 31, tzinfo=UTC)
    assert order.customer is not None
    assert (order.customer.email, order.customer.name) == ("ada@example.com", "Ada Byron")
    assert order.shipping_address is not None
    assert (order.shipping_address.line1, order.shipping_address.country) == ("Torstr. 1", "DE")


def test_the_first_version_of_the_api_writes_moments_in_utc():
    order = woo_order(date_created="2025-11-21T09:30:00", date_paid="2025-11-21 09:30:05", date_modified="")
    for name in ("date_created_gmt", "date_modified_gmt", "date_paid_gmt", "date_completed_gmt"):
        del order[name]

    assert read(order).placed_at == datetime(2025, 11, 21, 9, 30, tzinfo=UTC)
    assert read(order).payment.captured_at == datetime(2025, 11, 21, 9, 30, 5, tzinfo=UTC)  # type: ignore[union-attr]


def test_the_legacy_api_says_the_same():
    order, old = read(woo_order()), read(legacy_order())

    assert (old.external_id, old.external_number, old.note) == ("645", "645", "Ring twice")
    assert (old.placed_at, old.total, sum_of(old)) == (order.placed_at, order.total, Decimal("53.55"))
    assert old.lines[0].properties == {"Size": "M"}
    assert old.payment is not None
    assert (old.payment.status, old.payment.gateway) == ("PAID", "bacs")


def test_a_list_of_orders_is_read_one_by_one():
    first, second = woocommerce.read_message(
        [woo_order(), woo_order(id=728, line_items=[woo_line(sku="")])], channel="shop"
    )

    assert isinstance(first, IncomingOrder)
    assert isinstance(second, CannotTake)
    assert (second.reason, second.external_id) == ("sku_missing", "728")


def test_the_answer_to_a_batch_tells_what_was_deleted_as_well():
    batch = {"create": [woo_order()], "update": [woo_order(id=728)], "delete": [woo_order(id=729)]}

    created, updated, deleted = woocommerce.read_message(batch, channel="shop")

    assert isinstance(created, IncomingOrder)
    assert isinstance(updated, IncomingOrder)
    assert isinstance(deleted, CannotTake)
    assert (deleted.reason, deleted.external_id) == ("order_deleted", "729")


def test_net_prices_add_their_tax():
    order = read(woo_order())

    assert not order.tax_included
    assert order.total == sum_of(order) == Decimal("53.55")
    assert (order.lines[0].unit_price, order.lines[0].tax) == (Decimal("20.00"), Decimal("7.60"))


def test_where_prices_include_tax_a_price_stays_what_the_customer_saw():
    line = woo_line(quantity=3, subtotal="50.17", subtotal_tax="9.53", total="50.17", total_tax="9.53")

    order = read(
        woo_order(
            prices_include_tax=True,
            line_items=[line],
            shipping_total="4.20",
            shipping_tax="0.80",
            total_tax="10.33",
            total="64.70",
        )
    )

    assert order.tax_included
    assert (order.lines[0].unit_price, order.shipping.amount) == (Decimal("19.90"), Decimal("5.00"))
    assert sum_of(order) == order.total


def test_gross_prices_that_miss_the_total_by_a_cent_are_kept_net():
    line = woo_line(subtotal="33.60", subtotal_tax="6.39", total="33.60", total_tax="6.39")

    order = read(
        woo_order(
            prices_include_tax=True,
            line_items=[line],
            shipping_total="0",
            shipping_tax="0",
            total_tax="6.38",
            total="39.98",
        )
    )

    assert not order.tax_included
    assert sum_of(order) == order.total


def test_more_digits_than_the_currency_has_are_rounded_halves_up():
    line = woo_line(subtotal="40.005", total="40.005", total_tax="7.601")

    order = read(woo_order(line_items=[line], total="53.56"))

    assert sum_of(order) == order.total


def test_what_a_coupon_took_off_is_the_lines_discount():
    line = woo_line(subtotal="40.00", total="30.00", total_tax="5.70")

    order = read(woo_order(line_items=[line], total_tax="6.65", total="41.65"))

    assert order.lines[0].discount == Decimal("10.00")
    assert sum_of(order) == order.total


def test_a_price_that_was_raised_by_hand_is_the_price():
    line = woo_line(subtotal="0.00", subtotal_tax="0.00")

    order = read(woo_order(line_items=[line]))

    assert (order.lines[0].unit_price, order.lines[0].discount) == (Decimal("20.00"), 0)


def test_a_price_that_no_unit_can_have_is_put_right_by_the_discount():
    line = woo_line(quantity=7, subtotal="10.00", total="10.00", total_tax="1.90")

    order = read(woo_order(line_items=[line], total_tax="2.85", total="17.85"))

    assert order.lines[0].unit_price == Decimal("1.4286")
    assert sum_of(order) == order.total


def test_a_fee_is_a_line():
    fee = {"id": 41, "name": "Gift wrap", "total": "2.00", "total_tax": "0.38"}

    order = read(woo_order(fee_lines=[fee], total_tax="8.93", total="55.93"))

    line = order.lines[1]
    assert (line.kind, line.title, line.unit_price, line.tax) == ("FEE", "Gift wrap", Decimal("2.00"), Decimal("0.38"))
    assert sum_of(order) == order.total


@pytest.mark.parametrize(("gross", "off"), [(False, "4.00"), (True, "4.76")])
def test_a_fee_below_zero_is_a_discount_and_takes_its_tax_along(gross: bool, off: str):
    fee = {"id": 41, "name": "Loyalty", "total": "-4.00", "total_tax": "-0.76"}

    order = read(woo_order(prices_include_tax=gross, fee_lines=[fee], total_tax="7.79", total="48.79"))

    assert order.discount == Decimal(off)
    assert order.lines[0].tax + order.shipping.tax == Decimal("7.79")
    assert sum_of(order) == order.total


def test_more_tax_taken_off_than_there_is_is_refused():
    assert refuse(woo_order(total_tax="-1.00")).reason == "negative_tax"


def test_a_product_without_sku_is_refused_by_name():
    refusal = refuse(woo_order(line_items=[woo_line(sku="")]))

    assert refusal.reason == "sku_missing"
    assert str(refusal).startswith("Linen tee – M is a product without SKU.")


def test_a_line_without_a_product_needs_no_sku():
    order = read(woo_order(line_items=[woo_line(sku=None, product_id=0, variation_id=0)]))

    assert (order.lines[0].kind, order.lines[0].title) == ("CUSTOM", "Linen tee – M")


def test_what_belongs_to_a_line_stays_with_it_and_a_plugins_own_notes_do_not():
    notes = [
        {"key": "pa_size", "display_key": "Size", "value": "M"},
        {"key": "_reduced_stock", "value": "2"},
        {"key": "engraving", "value": {"text": "Ada"}},
    ]

    order = read(woo_order(line_items=[woo_line(meta_data=notes)]))

    assert order.lines[0].properties == {"Size": "M", "engraving": {"text": "Ada"}}


@pytest.mark.parametrize(
    ("members", "word"),
    [
        ({"status": "pending", "date_paid_gmt": None}, "PENDING"),
        ({"status": "on-hold", "date_paid_gmt": None}, "PENDING"),
        ({"status": "on-hold"}, "PAID"),
        ({"status": "processing", "date_paid_gmt": None}, "PAID"),
        ({"status": "processing", "date_paid_gmt": None, "payment_method": "cod"}, "PENDING"),
        ({"status": "failed", "date_paid_gmt": None}, "FAILED"),
        ({"status": "wc-completed", "date_paid_gmt": None}, "PAID"),
        ({"status": "awaiting-pickup"}, "PAID"),
    ],
)
def test_the_status_says_whether_it_is_paid_where_no_moment_does(members: Json, word: str):
    payment = read(woo_order(**members)).payment

    assert payment is not None
    assert (payment.status, payment.amount) == (word, Decimal("53.55"))


def test_a_plugins_status_on_an_unpaid_order_is_refused():
    refusal = refuse(woo_order(status="quote-requested", date_paid_gmt=None))

    assert refusal.reason == "unknown_status"
    assert "quote-requested" in str(refusal)


def test_a_completed_order_has_left():
    order = read(woo_order(status="completed", date_completed_gmt="2025-11-22T08:00:00"))

    assert order.fulfilled_at == datetime(2025, 11, 22, 8, tzinfo=UTC)


def test_a_cancelled_order_was_cancelled_when_it_was_last_changed():
    order = read(woo_order(status="cancelled"))

    assert (order.cancelled_at, order.cancel_reason) == (order.updated_at, "cancelled")


def test_a_refunded_order_is_cancelled_unless_it_had_left():
    refunds = [{"id": 750, "reason": "", "total": "-53.55"}]

    unsent = read(woo_order(status="refunded", refunds=refunds))
    sent = read(woo_order(status="refunded", refunds=refunds, date_completed_gmt="2025-11-22T08:00:00"))

    assert (unsent.cancel_reason, unsent.fulfilled_at) == ("refunded", None)
    assert sent.cancelled_at is None
    assert sent.fulfilled_at == datetime(2025, 11, 22, 8, tzinfo=UTC)


def test_refunds_are_positive_and_dated_by_the_orders_last_change():
    order = read(woo_order(refunds=[{"id": 750, "refund": "too small", "total": "-23.80"}]))

    [made] = order.refunds
    assert (made.external_id, made.amount, made.reason) == ("750", Decimal("23.80"), "too small")
    assert made.refunded_at == order.updated_at


def test_a_refunded_order_without_its_refunds_is_refused():
    refusal = refuse(woo_order(status="refunded"))

    assert refusal.reason == "refunds_missing"
    assert "/orders/727/refunds" in str(refusal)


def test_a_refund_that_comes_alone_names_its_order():
    [notice] = woocommerce.read_message(refund(), channel="shop")

    assert isinstance(notice, IncomingRefundNotice)
    assert (notice.external_order_id, notice.refund.amount) == ("727", Decimal("23.80"))
    assert notice.refund.refunded_at == datetime(2025, 11, 25, 12, tzinfo=UTC)


def test_a_refund_may_name_its_order_by_a_link():
    links = {"up": [{"href": "https://shop.example/wp-json/wc/v3/orders/723"}]}

    [notice] = woocommerce.read_message([refund(parent_id=0, _links=links)], channel="shop")

    assert isinstance(notice, IncomingRefundNotice)
    assert notice.external_order_id == "723"


@pytest.mark.parametrize("body", [refund(parent_id=0), {"order_refund": refund(parent_id=None)}])
def test_a_refund_without_its_order_is_refused(body: Json):
    assert refuse(body).reason == "refund_without_order"


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft"])
def test_a_customer_still_in_the_checkout_has_not_ordered(status: str):
    with pytest.raises(NotAnOrder) as other:
        woocommerce.read_message(woo_order(status=status), channel="shop")

    assert other.value.reason == "not_an_order_yet"


def test_a_deleted_order_is_for_a_person_to_decide():
    assert refuse(woo_order(status="trash")).reason == "order_deleted"
    assert refuse({"id": 727}, "order.deleted").external_id == "727"


def test_an_empty_shipping_address_is_none():
    assert read(woo_order(shipping={"first_name": "", "country": ""})).shipping_address is None


def test_goods_that_come_back_are_no_order():
    assert refuse(woo_order(line_items=[woo_line(quantity=-1)])).reason == "negative_quantity"
    assert refuse(woo_order(line_items=[woo_line(subtotal="-1", total="-1")])).reason == "negative_amount"


@pytest.mark.parametrize(
    "body",
    [
        {"id": 1, "name": "Linen tee", "sku": "TEE", "price": "20.00"},
        [{"id": 1, "name": "Linen tee"}],
        {"product": {"id": 1}},
        {"count": 12},
        {"id": 1, "method_id": "flat_rate", "order": 0},
        {"id": 5, "topic": "order.created", "delivery_url": "https://…"},
        {"create": [{"id": 1, "name": "Linen tee"}]},
        {"message": "Deleted order"},
        [],
        "order",
        None,
    ],
)
def test_other_kinds_of_messages_are_no_orders(body: Any):
    with pytest.raises(NotAnOrder):
        woocommerce.read_message(body, channel="shop")
