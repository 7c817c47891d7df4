"""BigCommerce's lines, fees, shipping, payments and refunds.

Every amount comes twice, with and without tax, to four decimals; it is rounded to the currency's minor unit, halves up.
"""

from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from oms.money import round_amount
from orders.channels.building import Fields, add_up_fields, build_refund, price_each, settle_tax
from orders.channels.port import IncomingRefundNotice, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take

AWAITING_PAYMENT = "7"

PAYMENT_STATUS = {
    "captured": "PAID",
    "paid": "PAID",
    "partially refunded": "PAID",
    "refunded": "PAID",
    "authorized": "AUTHORIZED",
    "capture pending": "AUTHORIZED",
    "held for review": "PENDING",
    "pending": "PENDING",
    "declined": "FAILED",
    "void": "VOIDED",
    "void pending": "VOIDED",
}


def read_goods(order: Part, currency: str) -> Fields:
    """Lines, shipping, discount and total.

    Prices are taken as the shop enters them, with or without tax, unless only the other reading comes out at the total
    to the cent. The documents do not say whether the total is before or after credits: that, too, is read off it.
    """
    total = order.amount("total_inc_tax")
    credited = sum(read_credits(order, currency).values(), Decimal(0))
    gross = order.flag("is_tax_inclusive_pricing")
    usual = _read_goods(order, currency, gross=gross)
    if total is None:
        return {**usual, "total": None}

    stated = _rounded(total, currency)
    if add_up_fields(usual) == stated:
        return {**usual, "total": stated}
    other = _read_goods(order, currency, gross=not gross)
    for goods, whole in ((other, stated), (usual, stated + credited), (other, stated + credited)):
        if add_up_fields(goods) == whole:
            return {**goods, "total": whole}
    return {**usual, "total": stated}


def read_credits(order: Part, currency: str) -> dict[str, Decimal]:
    """What store credit and gift certificates have paid, by gateway."""
    amounts = {
        name: _rounded(order.sum_of(f"{name}_amount"), currency) for name in ("store_credit", "gift_certificate")
    }
    return {name: amount for name, amount in amounts.items() if amount}


def _read_goods(order: Part, currency: str, *, gross: bool) -> Fields:
    suffix = "inc_tax" if gross else "ex_tax"
    products = [product for product in order.parts("products") if product.sum_of("quantity")]
    if not products:
        raise cannot_take("no_lines")
    lines = [_read_line(product, currency, suffix) for product in products] + _fee_lines(order, currency, suffix)
    shipping = _read_shipping(order, currency, suffix)
    settle_tax(lines, shipping, order.amount("total_tax"), currency)
    whole = _rounded(order.sum_of("discount_amount", "coupon_discount"), currency)
    return {
        "currency": currency,
        "tax_included": gross,
        "lines": lines,
        "shipping": shipping,
        "discount": max(whole - sum(_applied(product, currency) for product in products), Decimal(0)),
    }


def _read_line(product: Part, currency: str, suffix: str) -> Fields:
    quantity = product.sum_of("quantity")
    if quantity < 0:
        raise cannot_take("negative_quantity", place=product.at("quantity"), found=quantity)
    each, surplus = price_each(_line_price(product, currency, suffix), quantity, currency)
    shipped = min(product.sum_of("quantity_shipped"), quantity)
    return {
        "external_id": product.text("id"),
        "kind": _kind(product),
        "sku": product.text("sku"),
        "title": product.words("name", 255),
        "quantity": quantity,
        "unit_price": each,
        "discount": _applied(product, currency) + surplus,
        "tax": _rounded(product.sum_of("total_tax"), currency),
        "fulfilled_quantity": shipped,
        "cancelled_quantity": min(product.sum_of("quantity_refunded"), quantity - shipped),
        "properties": _properties(product),
    }


def _line_price(product: Part, currency: str, suffix: str) -> Decimal:
    """What the line costs before discounts."""
    whole = product.amount(f"total_{suffix}")
    if whole is None:
        whole = product.sum_of(f"price_{suffix}") * product.sum_of("quantity")
    if whole < 0:
        raise cannot_take("negative_amount", place=product.at(f"total_{suffix}"), found=whole)
    return _rounded(whole, currency)


def _applied(product: Part, currency: str) -> Decimal:
    """The line's own discounts and its shares of the order's."""
    return _rounded(sum((each.sum_of("amount") for each in product.parts("applied_discounts")), Decimal(0)), currency)


def _kind(product: Part) -> str:
    if product.text("type") == "giftcertificate" or product.has("gift_certificate_id"):
        return "GIFT_CARD"
    if product.has("sku"):
        return "PRODUCT"
    if product.sum_of("product_id") > 0:
        raise cannot_take("sku_missing", title=product.text("name") or f"Product {product.text('product_id')}")
    return "CUSTOM"


def _properties(product: Part) -> dict[str, Any]:
    properties = {
        each.text("display_name") or each.text("name"): each.text("display_value") or each.text("value")
        for each in product.parts("product_options")
    }
    wishes = {"gift_wrap": product.text("wrapping_name"), "gift_message": product.text("wrapping_message")}
    return properties | {name: value for name, value in wishes.items() if value}


def _fee_lines(order: Part, currency: str, suffix: str) -> list[Fields]:
    """Fees, and what BigCommerce sums up for the whole order: handling and gift wrapping."""
    fees = [
        (each.text("id") or str(place), each.text("display_name_customer") or each.text("type"), each, "cost")
        for place, each in enumerate(order.parts("fees"))
    ]
    fees += [("handling", "Handling", order, "handling_cost"), ("wrapping", "Gift wrapping", order, "wrapping_cost")]
    return [
        {
            "external_id": f"fee-{name}",
            "kind": "FEE",
            "title": title[:255] or "Fee",
            "quantity": Decimal(1),
            "unit_price": price,
            "discount": Decimal(0),
            "tax": _rounded(part.sum_of(f"{cost}_tax"), currency),
        }
        for name, title, part, cost in fees
        if (price := _rounded(part.sum_of(f"{cost}_{suffix}"), currency))
    ]


def _read_shipping(order: Part, currency: str, suffix: str) -> Fields:
    embedded = isinstance(order.value.get("shipping_addresses"), list)
    methods = [part.text("shipping_method") for part in order.parts("shipping_addresses")] if embedded else []
    return {
        "method": ", ".join(dict.fromkeys(filter(None, methods)))[:120],
        "amount": _rounded(order.sum_of(f"shipping_cost_{suffix}"), currency),
        "tax": _rounded(order.sum_of("shipping_cost_tax"), currency),
    }


def read_payments(order: Part, total: Decimal | None, currency: str) -> list[Fields]:
    """What credits have paid, and the rest by the order's payment method."""
    paid = read_credits(order, currency)
    payments: list[Fields] = [
        {"status": "PAID", "gateway": gateway, "amount": amount} for gateway, amount in paid.items()
    ]
    rest = None if total is None else total - sum(paid.values())
    if rest is None or rest > 0 or not payments:
        gateway = order.words("payment_method", 60) or "bigcommerce"
        reference = order.text("payment_provider_id")
        payments.append({"status": _status(order), "gateway": gateway, "reference": reference, "amount": rest})
    return payments


def _status(order: Part) -> str:
    """By the payment's status; an order that awaits payment is not paid before it says so."""
    word = order.text("payment_status").lower()
    if word and word not in PAYMENT_STATUS:
        raise cannot_take("unknown_status", found=word)
    status = PAYMENT_STATUS.get(word, "PENDING" if order.text("status_id") == AWAITING_PAYMENT else "PAID")
    return "PENDING" if order.text("status_id") == AWAITING_PAYMENT and status == "AUTHORIZED" else status


def read_refund(refund: Part) -> Fields | None:
    """A V3 refund in `IncomingRefund`'s fields; None when no money went back."""
    payments = [each for each in refund.parts("payments") if not each.flag("is_declined")]
    amount = sum((each.sum_of("amount") for each in payments), Decimal(0))
    if not refund.has("payments"):
        amount = refund.sum_of("total_amount")
    if not amount:
        return None
    return {
        "external_id": refund.text("id"),
        "amount": amount,
        "gateway": payments[0].words("provider_id", 60) if payments else "",
        "reason": refund.words("reason", 255),
        "refunded_at": refund.moment("created", zone=UTC),
        "lines": [
            {"line": item.text("item_id"), "quantity": item.sum_of("quantity")}
            for item in refund.parts("items")
            if item.text("item_type") == "PRODUCT" and item.sum_of("quantity") > 0
        ],
    }


def read_refund_notice(refund: Part) -> IncomingRefundNotice:
    """A refund by itself, with the id of its order."""
    fields = read_refund(refund)
    if fields is None:
        raise NotAnOrder("A refund by which no money went back.", reason="refund_without_money")
    order_id = refund.identity("order_id")
    return IncomingRefundNotice(order_id, build_refund(fields, order_id))


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return round_amount(amount, currency, ROUND_HALF_UP)
