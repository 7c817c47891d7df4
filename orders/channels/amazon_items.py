"""Amazon's order items: prices for all units of an item together, with shipping, gift wrap and promotions by item.

Whether prices include tax is nowhere said, nor whether a tax is before or after its promotion. Where the order's total
tells, it is believed; where it does not, prices are net in the United States and Canada and gross elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orders.channels.building import Fields, add_up_fields, price_each
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take

NET_MARKETPLACES = ("ATVPDKIKX0DER", "A2EUQ1WTGCTBG2")
"""Amazon's ids of the United States and Canada."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads amounts of one currency, and taxes in one of two ways."""

    currency: str
    discounted_taxes: bool

    def amount(self, part: Part, name: str) -> Decimal:
        """{"CurrencyCode", "Amount"}; zero when missing.

        Raises:
            CannotTake: mixed_currencies
        """
        money = part.part(name)
        amount = money.sum_of("Amount")
        currency = money.currency("CurrencyCode")
        if amount and currency not in ("", self.currency):
            raise cannot_take("mixed_currencies", place=part.at(name), found=currency, currency=self.currency)
        return amount

    def tax(self, part: Part, name: str, discount_tax: str) -> Decimal:
        tax = self.amount(part, name)
        return max(tax - self.amount(part, discount_tax), Decimal(0)) if self.discounted_taxes else tax


def read_goods(order: Part) -> Fields:
    """Lines, shipping and total, in the reading of the taxes that comes out at `OrderTotal`.

    Raises:
        CannotTake: incomplete_order, mixed_currencies, price_missing, sku_missing, no_lines
    """
    currency = _currency(order)
    total = order.part("OrderTotal").amount("Amount")
    gross = order.text("MarketplaceId") not in NET_MARKETPLACES
    usual = _read_goods(order, _Reader(currency, discounted_taxes=False), gross)
    if total is None or add_up_fields(usual) == total:
        return {**usual, "total": total}

    for discounted, included in ((False, not gross), (True, gross), (True, not gross)):
        goods = _read_goods(order, _Reader(currency, discounted), included)
        if add_up_fields(goods) == total:
            return {**goods, "total": total}
    return {**usual, "total": total}


def _currency(order: Part) -> str:
    prices = [order.part("OrderTotal"), *(item.part("ItemPrice") for item in order.parts("OrderItems"))]
    currency = next(filter(None, (price.currency("CurrencyCode") for price in prices)), "")
    if not currency:
        raise cannot_take("incomplete_order", missing="OrderTotal")
    return currency


def _read_goods(order: Part, reader: _Reader, tax_included: bool) -> Fields:
    items = [item for item in order.parts("OrderItems") if item.sum_of("QuantityOrdered") > 0]
    lines = [_read_line(item, order, reader) for item in items]
    lines += [fee for item in items for fee in _fees(item, reader)]
    if not items:
        raise cannot_take("no_lines")
    return {
        "currency": reader.currency,
        "tax_included": tax_included,
        "lines": lines,
        "shipping": _read_shipping(order, items, reader),
    }


def _read_line(item: Part, order: Part, reader: _Reader) -> Fields:
    quantity = item.sum_of("QuantityOrdered")
    title = item.words("Title", 255)
    if not item.has("SellerSKU"):
        raise cannot_take("sku_missing", title=title or f"Item {item.text('OrderItemId')}")
    if not item.has("ItemPrice") and not order.flag("IsReplacementOrder"):
        raise cannot_take("price_missing", title=title or item.text("SellerSKU"))

    each, surplus = price_each(reader.amount(item, "ItemPrice"), quantity, reader.currency)
    sent = quantity if order.text("FulfillmentChannel") == "AFN" else min(item.sum_of("QuantityShipped"), quantity)
    return {
        "external_id": item.text("OrderItemId"),
        "sku": item.text("SellerSKU"),
        "title": title,
        "quantity": quantity,
        "unit_price": each,
        "discount": reader.amount(item, "PromotionDiscount") + surplus,
        "tax": reader.tax(item, "ItemTax", "PromotionDiscountTax"),
        "fulfilled_quantity": sent,
        "properties": _properties(item),
    }


def _properties(item: Part) -> dict[str, Any]:
    buyer, tax = item.part("BuyerInfo"), item.part("TaxCollection")
    properties = {
        "gift_message": buyer.text("GiftMessageText") or item.text("GiftMessageText"),
        "gift_wrap": buyer.text("GiftWrapLevel") or item.text("GiftWrapLevel"),
        "customization": buyer.part("BuyerCustomizedInfo").text("CustomizedURL"),
        "condition": "" if item.text("ConditionId") == "New" else item.text("ConditionSubtypeId"),
        "asin": item.text("ASIN"),
        "tax_collected_by": tax.text("ResponsibleParty"),
    }
    return {name: value for name, value in properties.items() if value}


def _fees(item: Part, reader: _Reader) -> list[Fields]:
    """Gift wrap and cash on delivery, each a line of its own."""
    wrap = item.part("BuyerInfo") if item.part("BuyerInfo").has("GiftWrapPrice") else item
    item_id = item.text("OrderItemId")
    fees = [
        ("wrap", "Gift wrap", reader.amount(wrap, "GiftWrapPrice"), reader.amount(wrap, "GiftWrapTax"), Decimal(0)),
        ("cod", "Cash on delivery", reader.amount(item, "CODFee"), Decimal(0), reader.amount(item, "CODFeeDiscount")),
    ]
    return [
        {
            "external_id": f"{item_id}-{name}",
            "kind": "FEE",
            "title": title,
            "quantity": Decimal(1),
            "unit_price": price,
            "discount": discount,
            "tax": tax,
        }
        for name, title, price, tax, discount in fees
        if price
    ]


def _read_shipping(order: Part, items: Sequence[Part], reader: _Reader) -> Fields:
    cost = sum(
        (reader.amount(item, "ShippingPrice") - reader.amount(item, "ShippingDiscount") for item in items), Decimal(0)
    )
    return {
        "method": order.words("ShipServiceLevel", 120) or order.words("ShipmentServiceLevelCategory", 120),
        "amount": cost,
        "tax": sum((reader.tax(item, "ShippingTax", "ShippingDiscountTax") for item in items), Decimal(0)),
    }
