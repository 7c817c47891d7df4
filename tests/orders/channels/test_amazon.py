"""What Amazon's answers and notifications become."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from orders.channels import amazon
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingCancellation, NotAnOrder
from tests.orders.channels.messages import Json, Reader, amazon_item, amazon_money, amazon_order, sum_of

reader = Reader(amazon, channel="amazon-de")
read, refuse = reader.read, reader.refuse


def without(order: Json, *names: str) -> Json:
    return {name: value for name, value in order.items() if name not in names}


def test_an_order_with_its_items_inside_is_read():
    order = read({"payload": amazon_order()})

    assert (order.external_id, order.currency, order.total) == ("302-1234567-1234567", "EUR", Decimal("33.00"))
    assert order.placed_at == datetime(2025, 11, 21, 9, 30, tzinfo=UTC)
    assert order.customer is not None
    assert (order.customer.email, order.customer.name) == ("k2x9@marketplace.amazon.de", "Ada Byron")
    assert order.shipping_address is not None
    assert (order.shipping_address.city, order.shipping_address.country) == ("Berlin", "DE")


def test_a_poller_hands_over_the_order_and_its_items():
    order = without(amazon_order(), "OrderItems")
    items = [amazon_item()]

    plain = read({"Order": order, "OrderItems": items})

    assert plain == read(amazon_order())
    assert plain == read({"Order": order, "OrderItems": {"payload": {"AmazonOrderId": "…", "OrderItems": items}}})


def test_the_price_is_for_all_units_of_an_item():
    [line] = read(amazon_order()).lines

    assert (line.sku, line.quantity, line.unit_price) == ("MUG-BLUE", 3, Decimal("10.00"))


def test_a_european_order_includes_its_tax():
    order = read(amazon_order())

    assert order.tax_included
    assert order.lines[0].tax == Decimal("4.79")
    assert sum_of(order) == order.total == Decimal("33.00")


def test_an_american_order_adds_its_tax():
    order = read(amazon_order(MarketplaceId="ATVPDKIKX0DER", OrderTotal=amazon_money("38.27")))

    assert not order.tax_included
    assert sum_of(order) == order.total


def test_the_total_knows_better_than_the_marketplace_whether_tax_is_included():
    order = read(amazon_order(OrderTotal=amazon_money("38.27")))

    assert not order.tax_included
    assert sum_of(order) == order.total


def test_promotions_and_shipping_discounts_are_taken_off():
    item = amazon_item(PromotionDiscount=amazon_money("5.00"), ShippingDiscount=amazon_money("3.00"))

    order = read(amazon_order(OrderItems=[item], OrderTotal=amazon_money("25.00")))

    assert (order.lines[0].discount, order.shipping.amount) == (Decimal("5.00"), 0)
    assert sum_of(order) == order.total


def test_the_tax_of_a_promotion_is_taken_off_where_the_total_says_so():
    item = amazon_item(PromotionDiscount=amazon_money("10.00"), PromotionDiscountTax=amazon_money("1.00"))
    order = amazon_order(MarketplaceId="ATVPDKIKX0DER", OrderItems=[item], OrderTotal=amazon_money("27.27"))

    assert read(order).lines[0].tax == Decimal("3.79")
    assert sum_of(read(order)) == Decimal("27.27")


def test_gift_wrap_and_cash_on_delivery_are_lines():
    buyer = {"GiftWrapPrice": amazon_money("2.50"), "GiftWrapTax": amazon_money("0.40"), "GiftMessageText": "Cheers!"}
    item = amazon_item(BuyerInfo=buyer, CODFee=amazon_money("4.00"), CODFeeDiscount=amazon_money("1.00"))

    order = read(amazon_order(OrderItems=[item], OrderTotal=amazon_money("38.50"), PaymentMethod="COD"))

    assert [(line.kind, line.title, line.unit_price, line.discount) for line in order.lines[1:]] == [
        ("FEE", "Gift wrap", Decimal("2.50"), 0),
        ("FEE", "Cash on delivery", Decimal("4.00"), Decimal("1.00")),
    ]
    assert order.lines[0].properties["gift_message"] == "Cheers!"
    assert sum_of(order) == order.total


def test_who_collects_the_tax_stays_with_the_line():
    item = amazon_item(TaxCollection={"Model": "MarketplaceFacilitator", "ResponsibleParty": "Amazon Services, Inc."})

    assert read(amazon_order(OrderItems=[item])).lines[0].properties["tax_collected_by"] == "Amazon Services, Inc."


def test_amazon_answers_for_the_payment():
    paid, on_delivery = read(amazon_order()).payment, read(amazon_order(PaymentMethod="COD")).payment

    assert paid is not None
    assert on_delivery is not None
    assert (paid.status, paid.gateway, paid.amount) == ("PAID", "amazon", Decimal("33.00"))
    assert on_delivery.status == "AUTHORIZED"


def test_what_was_shipped_in_part_is_open_for_the_rest():
    order = read(amazon_order(OrderStatus="PartiallyShipped", OrderItems=[amazon_item(QuantityShipped=1)]))

    assert (order.lines[0].fulfilled_quantity, order.lines[0].open_quantity) == (1, 2)
    assert order.fulfilled_at is None


def test_a_shipped_order_left_when_it_was_last_changed():
    order = read(amazon_order(OrderStatus="Shipped", OrderItems=[amazon_item(QuantityShipped=3)]))

    assert order.fulfilled_at == order.updated_at


def test_what_amazon_sends_itself_leaves_nothing_for_us():
    order = read(amazon_order(FulfillmentChannel="AFN", ShippingAddress=None))

    assert order.lines[0].open_quantity == 0
    assert order.tags == ["fulfilled-by-amazon"]
    assert not order.needs_address


def test_an_address_is_often_not_told():
    order = read(without(amazon_order(), "ShippingAddress", "BuyerInfo"))

    assert order.shipping_address is None
    assert order.customer is None


def test_prime_business_and_a_wish_to_cancel_are_tags():
    item = amazon_item(BuyerRequestedCancel={"IsBuyerRequestedCancel": "true"})

    order = read(amazon_order(IsPrime="true", IsBusinessOrder=True, OrderItems=[item]))

    assert order.tags == ["prime", "business", "buyer-asks-to-cancel"]


@pytest.mark.parametrize("status", ["Pending", "PendingAvailability"])
def test_a_pending_order_waits_for_amazon(status: str):
    refusal = refuse(without(amazon_order(OrderStatus=status), "OrderTotal"))

    assert (refusal.reason, refusal.external_id) == ("not_confirmed_yet", "302-1234567-1234567")


def test_a_cancelled_order_is_a_cancellation_whatever_its_items_say():
    order = amazon_order(OrderStatus="Canceled", OrderItems=[amazon_item(QuantityOrdered=0)])

    [cancellation] = amazon.read_message(order, channel="amazon-de")

    assert cancellation == IncomingCancellation(
        "302-1234567-1234567", datetime(2025, 11, 21, 9, 40, tzinfo=UTC), "cancelled on Amazon"
    )


def test_an_item_that_was_cancelled_is_gone_and_the_others_stay():
    items = [amazon_item(), amazon_item(OrderItemId="6002", QuantityOrdered=0, ItemPrice=None)]

    assert [line.external_id for line in read(amazon_order(OrderItems=items)).lines] == ["6001"]


def test_an_order_without_its_items_says_where_they_are():
    refusal = refuse({"payload": without(amazon_order(), "OrderItems")})

    assert (refusal.reason, refusal.external_id) == ("items_missing", "302-1234567-1234567")
    assert "Fetch /orders/v0/orders/302-1234567-1234567/orderItems" in str(refusal)


def test_half_of_the_items_are_not_the_items():
    refusal = refuse({"Order": without(amazon_order(), "OrderItems"), "OrderItems": [amazon_item()], "NextToken": "x"})

    assert refusal.reason == "items_missing"


def test_a_page_of_orders_is_read_one_by_one():
    pending = without(amazon_order(AmazonOrderId="302-2", OrderStatus="Pending"), "OrderTotal", "OrderItems")

    first, second = amazon.read_message({"payload": {"Orders": [amazon_order(), pending]}}, channel="amazon-de")

    assert isinstance(first, IncomingOrder)
    assert isinstance(second, CannotTake)
    assert (second.reason, second.external_id) == ("not_confirmed_yet", "302-2")


def test_items_without_their_order_name_what_must_be_fetched():
    refusal = refuse({"payload": {"AmazonOrderId": "302-1", "OrderItems": [amazon_item()]}})

    assert (refusal.reason, refusal.external_id) == ("order_not_in_message", "302-1")


def test_a_notification_names_what_must_be_fetched():
    refusal = refuse(
        {"NotificationType": "ORDER_CHANGE", "Payload": {"OrderChangeNotification": {"AmazonOrderId": "302-1"}}}
    )

    assert (refusal.reason, refusal.external_id) == ("order_not_in_message", "302-1")


def test_an_item_without_sku_or_price_is_refused_by_name():
    assert str(refuse(amazon_order(OrderItems=[amazon_item(SellerSKU=None)]))).startswith("Mug, blue is a product")
    assert refuse(amazon_order(OrderItems=[amazon_item(ItemPrice=None)])).reason == "price_missing"


def test_a_replacement_costs_nothing():
    order = amazon_order(
        IsReplacementOrder="true",
        OrderTotal=amazon_money("0.00"),
        OrderItems=[without(amazon_item(), "ItemPrice", "ItemTax", "ShippingPrice", "ShippingTax")],
    )

    assert (read(order).total, read(order).tags) == (0, ["replacement"])


def test_two_currencies_in_one_order_are_refused():
    item = amazon_item(ShippingPrice=amazon_money("3.00", "GBP"))

    refusal = refuse(amazon_order(OrderItems=[item]))

    assert refusal.reason == "mixed_currencies"
    assert "/OrderItems/0/ShippingPrice is in GBP, the order in EUR" in str(refusal)


@pytest.mark.parametrize(("status", "reason"), [("Unfulfillable", "fulfilled_elsewhere"), ("Lost", "unknown_status")])
def test_a_status_that_we_cannot_act_on_is_refused(status: str, reason: str):
    assert refuse(amazon_order(OrderStatus=status)).reason == reason


@pytest.mark.parametrize(
    "body",
    [
        {"payload": {"AmazonOrderId": "302-1", "ShippingAddress": {"City": "Berlin"}}},
        {"payload": {"AmazonOrderId": "302-1", "BuyerEmail": "a@example.com"}},
        {"payload": {"AmazonOrderId": "302-1", "OrderItems": [{"OrderItemId": "1", "BuyerInfo": {}}]}},
        {"NotificationType": "FEED_PROCESSING_FINISHED", "Payload": {}},
        {"errors": [{"code": "InvalidInput"}]},
        {"returns": []},
        [],
        None,
    ],
)
def test_other_kinds_of_messages_are_no_orders(body: Any):
    with pytest.raises(NotAnOrder):
        amazon.read_message(body, channel="amazon-de")
