"""What BigCommerce's orders and webhooks become."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from orders.channels import bigcommerce
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingRefundNotice, NotAnOrder
from tests.orders.channels.messages import Json, Reader, big_address, big_order, big_product, sum_of

reader = Reader(bigcommerce, channel="us")
read, refuse = reader.read, reader.refuse


def link(name: str) -> Json:
    return {"url": f"https://api.example/v2/orders/247/{name}", "resource": f"/orders/247/{name}"}


def refund(**members: Any) -> Json:
    body = {
        "id": 12,
        "order_id": 247,
        "created": "2025-11-25T12:00:00+00:00",
        "reason": "too small",
        "total_amount": 29.75,
        "payments": [{"provider_id": "stripe", "amount": 29.75, "is_declined": False}],
        "items": [{"item_type": "PRODUCT", "item_id": 65, "quantity": 1}],
    }
    return body | members


def webhook(scope: str) -> Json:
    return {"scope": scope, "store_id": "1", "data": {"type": "order", "id": 250}, "hash": "…", "created_at": 1}


def test_an_order_keeps_its_name_its_moments_and_its_buyer():
    order = read(big_order())

    assert (order.external_id, order.currency) == ("247", "USD")
    assert order.placed_at == datetime(2025, 11, 21, 9, 30, tzinfo=UTC)
    assert order.customer is not None
    assert (order.customer.email, order.customer.locale) == ("ada@example.com", "en")
    assert order.shipping_address is not None
    assert (order.shipping_address.line1, order.shipping_address.country) == ("555 East Street", "US")


def test_net_prices_add_their_tax():
    order = read(big_order())

    assert order.total == sum_of(order) == Decimal("69.02")
    assert (order.lines[0].unit_price, order.shipping.method) == (Decimal("25.00"), "UPS Ground")


def test_gross_prices_include_their_tax():
    order = read(big_order(is_tax_inclusive_pricing=True))

    assert order.tax_included
    assert order.lines[0].unit_price == Decimal("29.75")
    assert sum_of(order) == order.total


def test_the_currency_is_the_one_that_was_paid_in():
    assert read(big_order(currency_code="EUR", default_currency_code="USD")).currency == "USD"


def test_four_decimals_are_rounded_to_the_cent():
    product = big_product(total_ex_tax="49.9950", total_tax="9.4991")

    order = read(big_order(products=[product], total_inc_tax="69.0200"))

    assert (order.lines[0].unit_price, order.lines[0].tax) == (Decimal("25.00"), Decimal("9.50"))
    assert sum_of(order) == order.total


def test_discounts_are_the_lines_where_lines_have_them_and_the_rest_is_the_orders():
    product = big_product(applied_discounts=[{"id": "coupon", "amount": "3.0000", "target": "order"}])

    order = read(
        big_order(products=[product], coupon_discount="3.0000", discount_amount="2.0000", total_inc_tax="64.0200")
    )

    assert (order.lines[0].discount, order.discount) == (Decimal("3.00"), Decimal("2.00"))
    assert sum_of(order) == order.total


def test_fees_handling_and_gift_wrap_are_lines():
    fee = {"id": 1, "display_name_customer": "Import fee", "cost_ex_tax": "4.0000", "cost_tax": "0.0000"}

    order = read(
        big_order(fees=[fee], handling_cost_ex_tax="2.0000", wrapping_cost_ex_tax="1.5000", total_inc_tax="76.5200")
    )

    assert [(line.kind, line.title, line.unit_price) for line in order.lines[1:]] == [
        ("FEE", "Import fee", Decimal("4.00")),
        ("FEE", "Handling", Decimal("2.00")),
        ("FEE", "Gift wrapping", Decimal("1.50")),
    ]
    assert sum_of(order) == order.total


def test_options_and_gift_messages_stay_with_the_line():
    product = big_product(
        product_options=[{"display_name": "Colour", "display_value": "Orange"}], wrapping_message="Cheers!"
    )

    assert read(big_order(products=[product])).lines[0].properties == {"Colour": "Orange", "gift_message": "Cheers!"}


def test_a_gift_certificate_is_no_product():
    product = big_product(type="giftcertificate", sku="")

    assert read(big_order(products=[product])).lines[0].kind == "GIFT_CARD"


def test_a_custom_product_needs_no_sku_and_a_real_one_does():
    assert read(big_order(products=[big_product(sku="", product_id=0)])).lines[0].kind == "CUSTOM"
    assert refuse(big_order(products=[big_product(sku="")])).reason == "sku_missing"


@pytest.mark.parametrize(
    ("members", "word"),
    [
        ({"payment_status": "captured"}, "PAID"),
        ({"payment_status": "authorized"}, "AUTHORIZED"),
        ({"payment_status": ""}, "PAID"),
        ({"payment_status": "", "status_id": 7}, "PENDING"),
        ({"payment_status": "authorized", "status_id": 7}, "PENDING"),
        ({"payment_status": "declined"}, "FAILED"),
        ({"payment_status": "void"}, "VOIDED"),
    ],
)
def test_the_payment_follows_its_status_and_an_order_awaiting_payment_is_unpaid(members: Json, word: str):
    [payment] = read(big_order(**members)).payments

    assert (payment.status, payment.gateway, payment.reference) == (word, "Credit Card", "pay_9")
    assert payment.amount == Decimal("69.02")


@pytest.mark.parametrize("stated", ["69.0200", "49.0200"])
def test_store_credit_and_gift_certificates_are_payments_whether_the_total_is_before_or_after_them(stated: str):
    order = read(big_order(store_credit_amount="15.0000", gift_certificate_amount="5.0000", total_inc_tax=stated))

    assert order.total == Decimal("69.02")
    assert [(payment.gateway, payment.amount) for payment in order.payments] == [
        ("store_credit", Decimal("15.0000")),
        ("gift_certificate", Decimal("5.0000")),
        ("Credit Card", Decimal("49.02")),
    ]


def test_an_order_paid_by_credit_alone_has_no_other_payment():
    order = read(big_order(store_credit_amount="69.0200"))

    assert [payment.gateway for payment in order.payments] == ["store_credit"]


def test_what_was_shipped_and_what_was_refunded_is_not_open():
    order = read(big_order(status_id=3, products=[big_product(quantity=4, quantity_shipped=2, quantity_refunded=1)]))

    line = order.lines[0]
    assert (line.fulfilled_quantity, line.cancelled_quantity, line.open_quantity) == (2, 1, 1)


@pytest.mark.parametrize("status", [2, 10])
def test_a_shipped_order_says_when_it_left(status: int):
    order = read(big_order(status_id=status, date_shipped="Sat, 22 Nov 2025 08:00:00 +0000"))

    assert order.fulfilled_at == datetime(2025, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize("status", [5, 6])
def test_a_cancelled_or_declined_order_is_cancelled(status: int):
    order = read(big_order(status_id=status, status="Declined"))

    assert (order.cancelled_at, order.cancel_reason) == (order.updated_at, "Declined")


def test_refunds_that_are_embedded_are_read():
    order = read(big_order(status_id=14, refunded_amount="29.7500", refunds=[refund()]))

    [made] = order.refunds
    assert (made.external_id, made.amount, made.gateway) == ("12", Decimal("29.75"), "stripe")
    assert [(line.line, line.quantity) for line in made.lines] == [("65", 1)]


def test_a_declined_refund_gave_nothing_back():
    declined = refund(payments=[{"provider_id": "stripe", "amount": 29.75, "is_declined": True}])

    assert read(big_order(refunds=[declined])).refunds == []


def test_a_refunded_amount_without_its_refunds_says_where_they_are():
    refusal = refuse(big_order(refunded_amount="29.7500"))

    assert refusal.reason == "refunds_missing"
    assert "Fetch /v3/orders/247/payment_actions/refunds" in str(refusal)


def test_a_refund_that_comes_alone_names_its_order():
    [notice] = bigcommerce.read_message({"data": refund(), "meta": {}}, channel="us")

    assert isinstance(notice, IncomingRefundNotice)
    assert (notice.external_order_id, notice.refund.amount) == ("247", Decimal("29.75"))


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ("store/order/created", "order_not_in_message"),
        ("store/order/updated", "order_not_in_message"),
        ("store/order/statusUpdated", "order_not_in_message"),
        ("store/order/refund/created", "order_not_in_message"),
        ("store/order/archived", "order_deleted"),
    ],
)
def test_a_webhook_names_the_order_that_must_be_fetched(scope: str, reason: str):
    refusal = refuse(webhook(scope))

    assert (refusal.reason, refusal.external_id) == (reason, "250")


def test_an_order_that_names_its_products_by_link_says_where_they_are():
    refusal = refuse(big_order(products=link("products")))

    assert (refusal.reason, refusal.external_id) == ("items_missing", "247")
    assert "Fetch /v2/orders/247/products" in str(refusal)


def test_an_order_that_names_its_address_by_link_says_where_it_is():
    refusal = refuse(big_order(shipping_addresses=link("shippingaddresses")))

    assert refusal.reason == "address_missing"
    assert "Fetch /v2/orders/247/shippingaddresses" in str(refusal)


@pytest.mark.parametrize("members", [{"order_is_digital": True}, {"status_id": 2}, {"status_id": 5}])
def test_what_needs_no_address_may_leave_it_out(members: Json):
    assert read(big_order(shipping_addresses=link("shippingaddresses"), **members)).shipping_address is None


def test_an_order_to_two_addresses_is_refused():
    addresses = [big_address(items_total=1), big_address(items_total=1, city="Dallas")]

    assert refuse(big_order(shipping_addresses=addresses)).reason == "several_addresses"


def test_an_address_without_items_does_not_count():
    addresses = [big_address(items_total=2), big_address(items_total=0, city="Dallas")]

    address = read(big_order(shipping_addresses=addresses)).shipping_address

    assert address is not None
    assert address.city == "Austin"


@pytest.mark.parametrize("status", [0, 1])
def test_an_abandoned_checkout_is_no_order(status: int):
    with pytest.raises(NotAnOrder) as other:
        bigcommerce.read_message(big_order(status_id=status), channel="us")

    assert other.value.reason == "not_an_order_yet"


@pytest.mark.parametrize(
    ("status", "reason"), [(12, "not_confirmed_yet"), (13, "not_confirmed_yet"), (99, "unknown_status")]
)
def test_an_order_that_waits_for_a_decision_waits_here_too(status: int, reason: str):
    assert refuse(big_order(status_id=status)).reason == reason


def test_a_list_of_orders_is_read_one_by_one():
    first, second = bigcommerce.read_message([big_order(), big_order(id=248, products=link("products"))], channel="us")

    assert isinstance(first, IncomingOrder)
    assert isinstance(second, CannotTake)
    assert (second.reason, second.external_id) == ("items_missing", "248")


@pytest.mark.parametrize(
    "body",
    [
        webhook("store/cart/created"),
        webhook("store/order/message/created"),
        {"scope": "store/information/updated", "data": {}},
        {"count": 3},
        {"fees": [{"id": 1}]},
        [{"id": 0, "name": "Incomplete", "system_label": "Incomplete"}],
        {"products": [big_product()]},
        {"status": 404, "title": "Not found"},
        [],
        None,
    ],
)
def test_other_kinds_of_messages_are_no_orders(body: Any):
    with pytest.raises(NotAnOrder):
        bigcommerce.read_message(body, channel="us")
