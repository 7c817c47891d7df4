"""Small messages in the shape that each channel documents. Keyword arguments replace or add members."""

from decimal import Decimal
from typing import Any

import pytest

from orders.channels.building import add_up_fields
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake

Json = dict[str, Any]


def sum_of(order: IncomingOrder) -> Decimal:
    """What the order costs by our own sum."""
    return add_up_fields(order.model_dump())


class Reader:
    """One channel's mapping, as its tests ask it."""

    def __init__(self, mapping: Any, *, channel: str, topic: str = "") -> None:
        self._mapping = mapping
        self._channel, self._topic = channel, topic

    def read(self, body: Any, topic: str = "") -> IncomingOrder:
        """The one order that the body holds."""
        [order] = self._mapping.read_message(body, channel=self._channel, topic=topic or self._topic)
        assert isinstance(order, IncomingOrder)
        return order

    def refuse(self, body: Any, topic: str = "") -> CannotTake:
        """Why it cannot be taken."""
        with pytest.raises(CannotTake) as refusal:
            self._mapping.read_message(body, channel=self._channel, topic=topic or self._topic)
        return refusal.value


def own_line(**members: Any) -> Json:
    return {"external_id": "l1", "sku": "TEE-M-BLK", "quantity": 2, "unit_price": "19.90", "tax": "6.35"} | members


def own_order(**members: Any) -> Json:
    """An order in our own shape: 2 × 19.90 + 4.90 shipping, tax included."""
    order = {
        "channel": "web",
        "external_id": "gid-1001",
        "placed_at": "2025-11-21T09:30:00Z",
        "currency": "EUR",
        "customer": {"email": "ada@example.com", "name": "Ada"},
        "shipping_address": {"line1": "Torstr. 1", "city": "Berlin", "postal_code": "10119", "country": "DE"},
        "lines": [own_line()],
        "shipping": {"method": "standard", "amount": "4.90", "tax": "0.78"},
        "tax_included": True,
        "total": "44.70",
        "payment": {"status": "PAID", "gateway": "sandbox", "reference": "ch_1"},
    }
    return order | members


def money_set(shop: str, presentment: str = "", currency: str = "EUR", seen: str = "") -> Json:
    """Shopify's pair of amounts: in the shop's currency and in the customer's."""
    return {
        "shop_money": {"amount": shop, "currency_code": currency},
        "presentment_money": {"amount": presentment or shop, "currency_code": seen or currency},
    }


def shopify_line(**members: Any) -> Json:
    line = {
        "id": 11,
        "variant_id": 901,
        "sku": "TEE-M-BLK",
        "name": "Linen tee - M / black",
        "quantity": 2,
        "current_quantity": 2,
        "fulfillable_quantity": 2,
        "fulfillment_status": None,
        "gift_card": False,
        "requires_shipping": True,
        "price": "20.00",
        "properties": [],
        "tax_lines": [{"title": "VAT", "price": "7.60"}],
        "discount_allocations": [],
    }
    return line | members


def shopify_order(**members: Any) -> Json:
    """2 × 20.00 + 5.00 shipping + 8.55 tax = 53.55, paid, nothing sent."""
    order = {
        "id": 5001,
        "name": "#1001",
        "order_number": 1001,
        "created_at": "2025-11-21T10:30:00+01:00",
        "processed_at": "2025-11-21T10:30:00+01:00",
        "updated_at": "2025-11-21T10:31:00+01:00",
        "cancelled_at": None,
        "currency": "EUR",
        "presentment_currency": "EUR",
        "taxes_included": False,
        "financial_status": "paid",
        "fulfillment_status": None,
        "email": "Ada@Example.com",
        "buyer_accepts_marketing": True,
        "customer_locale": "de-DE",
        "tags": "vip, gift",
        "note": None,
        "test": False,
        "payment_gateway_names": ["shopify_payments"],
        "customer": {"id": 7, "email": "ada@example.com", "first_name": "Ada", "last_name": "Byron"},
        "shipping_address": shopify_address(),
        "billing_address": shopify_address(),
        "line_items": [shopify_line()],
        "shipping_lines": [
            {"title": "DHL", "price": "5.00", "tax_lines": [{"price": "0.95"}], "discount_allocations": []}
        ],
        "total_tax": "8.55",
        "total_discounts": "0.00",
        "total_tip_received": "0.00",
        "total_price": "53.55",
        "total_price_set": money_set("53.55"),
        "current_total_price": "53.55",
        "total_outstanding": "0.00",
        "fulfillments": [],
        "refunds": [],
    }
    return order | members


def shopify_address(**members: Any) -> Json:
    address = {
        "first_name": "Ada",
        "last_name": "Byron",
        "address1": "Torstr. 1",
        "address2": None,
        "city": "Berlin",
        "zip": "10119",
        "province": "Berlin",
        "country": "Germany",
        "country_code": "DE",
        "phone": "+49 30 1234",
    }
    return address | members


def shopify_refund(**members: Any) -> Json:
    """One of the two tees comes back: 20.00 and 3.80 tax."""
    refund = {
        "id": 801,
        "order_id": 5001,
        "created_at": "2025-11-25T12:00:00Z",
        "note": "too small",
        "refund_line_items": [shopify_refund_line()],
        "transactions": [shopify_transaction(id=702, kind="refund", amount="23.80")],
    }
    return refund | members


def shopify_refund_line(**members: Any) -> Json:
    line = {
        "line_item_id": 11,
        "quantity": 1,
        "restock_type": "return",
        "subtotal": 20.0,
        "total_tax": 3.8,
        "subtotal_set": money_set("20.00"),
        "total_tax_set": money_set("3.80"),
    }
    return line | members


def shopify_transaction(**members: Any) -> Json:
    transaction = {
        "id": 701,
        "parent_id": None,
        "kind": "sale",
        "status": "success",
        "gateway": "shopify_payments",
        "amount": "53.55",
        "currency": "EUR",
        "created_at": "2025-11-21T09:30:05Z",
    }
    return transaction | members


def woo_line(**members: Any) -> Json:
    """2 tees, 40.00 net before and after discounts."""
    line = {
        "id": 21,
        "name": "Linen tee &ndash; M",
        "product_id": 93,
        "variation_id": 94,
        "quantity": 2,
        "sku": "TEE-M-BLK",
        "price": 20,
        "subtotal": "40.00",
        "subtotal_tax": "7.60",
        "total": "40.00",
        "total_tax": "7.60",
        "meta_data": [],
    }
    return line | members


def woo_order(**members: Any) -> Json:
    """40.00 + 5.00 shipping + 8.55 tax = 53.55, paid by card."""
    order = {
        "id": 727,
        "number": "2025-727",
        "status": "processing",
        "currency": "EUR",
        "prices_include_tax": False,
        "date_created": "2025-11-21T10:30:00",
        "date_created_gmt": "2025-11-21T09:30:00",
        "date_modified_gmt": "2025-11-21T09:31:00",
        "date_paid_gmt": "2025-11-21T09:30:05",
        "date_completed_gmt": None,
        "total": "53.55",
        "total_tax": "8.55",
        "shipping_total": "5.00",
        "shipping_tax": "0.95",
        "payment_method": "stripe",
        "transaction_id": "ch_1",
        "customer_note": "Ring twice",
        "billing": woo_address(email="ada@example.com", phone="+49 30 1234"),
        "shipping": woo_address(),
        "line_items": [woo_line()],
        "shipping_lines": [{"id": 31, "method_title": "DHL", "total": "5.00", "total_tax": "0.95"}],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
        "meta_data": [],
    }
    return order | members


def woo_address(**members: Any) -> Json:
    address = {
        "first_name": "Ada",
        "last_name": "Byron",
        "company": "",
        "address_1": "Torstr. 1",
        "address_2": "",
        "city": "Berlin",
        "state": "BE",
        "postcode": "10119",
        "country": "DE",
    }
    return address | members


def amazon_money(amount: str, currency: str = "EUR") -> Json:
    return {"CurrencyCode": currency, "Amount": amount}


def amazon_item(**members: Any) -> Json:
    """3 mugs for 30.00 together, 3.00 shipping."""
    item = {
        "ASIN": "B00EXAMPLE",
        "OrderItemId": "6001",
        "SellerSKU": "MUG-BLUE",
        "Title": "Mug, blue",
        "QuantityOrdered": 3,
        "QuantityShipped": 0,
        "ItemPrice": amazon_money("30.00"),
        "ItemTax": amazon_money("4.79"),
        "ShippingPrice": amazon_money("3.00"),
        "ShippingTax": amazon_money("0.48"),
        "PromotionDiscount": amazon_money("0.00"),
    }
    return item | members


def amazon_order(**members: Any) -> Json:
    """A German order with its items inside: 33.00, tax included."""
    order = {
        "AmazonOrderId": "302-1234567-1234567",
        "PurchaseDate": "2025-11-21T09:30:00Z",
        "LastUpdateDate": "2025-11-21T09:40:00Z",
        "OrderStatus": "Unshipped",
        "FulfillmentChannel": "MFN",
        "MarketplaceId": "A1PA6795UKMFR9",
        "ShipServiceLevel": "Std DE Dom",
        "PaymentMethod": "Other",
        "OrderTotal": amazon_money("33.00"),
        "IsPrime": "false",
        "ShippingAddress": {
            "Name": "Ada Byron",
            "AddressLine1": "Torstr. 1",
            "City": "Berlin",
            "PostalCode": "10119",
            "CountryCode": "DE",
        },
        "BuyerInfo": {"BuyerEmail": "k2x9@marketplace.amazon.de", "BuyerName": "Ada Byron"},
        "OrderItems": [amazon_item()],
    }
    return order | members


def big_product(**members: Any) -> Json:
    """2 towels at 25.00 net."""
    product = {
        "id": 65,
        "product_id": 77,
        "sku": "TOWEL",
        "name": "Linen towel",
        "type": "physical",
        "quantity": 2,
        "quantity_shipped": 0,
        "quantity_refunded": 0,
        "price_ex_tax": "25.0000",
        "price_inc_tax": "29.7500",
        "total_ex_tax": "50.0000",
        "total_inc_tax": "59.5000",
        "total_tax": "9.5000",
        "applied_discounts": [],
        "product_options": [],
    }
    return product | members


def big_order(**members: Any) -> Json:
    """50.00 + 8.00 shipping + 11.02 tax = 69.02, paid."""
    order = {
        "id": 247,
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "date_created": "Fri, 21 Nov 2025 09:30:00 +0000",
        "date_modified": "Fri, 21 Nov 2025 09:40:00 +0000",
        "date_shipped": "",
        "currency_code": "USD",
        "default_currency_code": "USD",
        "is_tax_inclusive_pricing": False,
        "shipping_cost_ex_tax": "8.0000",
        "shipping_cost_inc_tax": "9.5200",
        "shipping_cost_tax": "1.5200",
        "total_inc_tax": "69.0200",
        "total_tax": "11.0200",
        "discount_amount": "0.0000",
        "coupon_discount": "0.0000",
        "store_credit_amount": "0.0000",
        "gift_certificate_amount": "0.0000",
        "refunded_amount": "0.0000",
        "payment_method": "Credit Card",
        "payment_provider_id": "pay_9",
        "payment_status": "captured",
        "customer_locale": "en",
        "customer_message": "",
        "order_is_digital": False,
        "billing_address": big_address(email="ada@example.com"),
        "products": [big_product()],
        "shipping_addresses": [big_address(items_total=2, shipping_method="UPS Ground")],
    }
    return order | members


def big_address(**members: Any) -> Json:
    address = {
        "first_name": "Ada",
        "last_name": "Byron",
        "company": "",
        "street_1": "555 East Street",
        "street_2": "",
        "city": "Austin",
        "state": "Texas",
        "zip": "78108",
        "country_iso2": "US",
        "phone": "1234567890",
    }
    return address | members
