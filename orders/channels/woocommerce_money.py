"""WooCommerce's lines, fees, shipping, payment and refunds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from typing import Any

from oms.money import round_amount
from orders.channels.building import Fields, build_refund, price_each, settle_tax
from orders.channels.port import IncomingRefundNotice, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take

PAID = ("processing", "completed", "refunded")
UNPAID = ("pending", "on-hold", "cancelled")


def read_goods(order: Part, currency: str, *, gross: bool) -> Fields:
    """Lines, shipping and discount, with taxes that come to the order's `total_tax`.

    Raises:
        CannotTake: sku_missing, negative_amount, negative_quantity, negative_tax, no_lines
    """
    lines = [_read_line(line, currency, gross) for line in order.parts("line_items") if line.sum_of("quantity")]
    fees = [(fee, _price(fee, "total", currency, gross)) for fee in order.parts("fee_lines")]
    lines += [_fee_line(fee, price, currency) for fee, price in fees if price > 0]
    if not lines:
        raise cannot_take("no_lines")

    shipping = _read_shipping(order, currency, gross)
    settle_tax(lines, shipping, order.amount("total_tax"), currency)
    taken_off = -sum((price for _, price in fees if price < 0), Decimal(0))
    return {"lines": lines, "shipping": shipping, "discount": taken_off, "tax_included": gross}


def _read_line(line: Part, currency: str, gross: bool) -> Fields:
    quantity = line.sum_of("quantity")
    if quantity < 0:
        raise cannot_take("negative_quantity", place=line.at("quantity"), found=quantity)
    after = _price(line, "total", currency, gross)
    if after < 0:
        raise cannot_take("negative_amount", place=line.at("total"), found=after)

    before = max(_price(line, "subtotal", currency, gross), after)
    each, surplus = price_each(before, quantity, currency)
    return {
        "external_id": line.text("id"),
        "kind": _kind(line),
        "sku": line.text("sku"),
        "title": unescape(line.words("name", 255)),
        "quantity": quantity,
        "unit_price": each,
        "discount": before - after + surplus,
        "tax": _rounded(line.sum_of("total_tax"), currency),
        "properties": _properties(line),
    }


def _price(line: Part, name: str, currency: str, gross: bool) -> Decimal:
    """`total` is after discounts, `subtotal` before; both are net."""
    names = (name, f"{name}_tax") if gross else (name,)
    return _rounded(line.sum_of(*names), currency)


def _rounded(amount: Decimal, currency: str) -> Decimal:
    """As WooCommerce rounds for display: halves up."""
    return round_amount(amount, currency, ROUND_HALF_UP)


def _kind(line: Part) -> str:
    if line.has("sku"):
        return "PRODUCT"
    if line.sum_of("product_id") > 0:
        raise cannot_take("sku_missing", title=unescape(line.text("name")) or f"Line {line.text('id')}")
    return "CUSTOM"


def _properties(line: Part) -> dict[str, Any]:
    """What belongs to the line and is meant to be seen: names with an underscore in front are a plugin's own."""
    members = line.parts("meta_data") if line.has("meta_data") else line.parts("meta")
    shown = [each for each in members if each.has("key") and not each.text("key").startswith("_")]
    names = ("display_key", "label", "key")
    return {next(filter(None, map(each.text, names))): each.value.get("value") for each in shown}


def _fee_line(fee: Part, price: Decimal, currency: str) -> Fields:
    return {
        "external_id": fee.text("id"),
        "kind": "FEE",
        "title": fee.words("name", 255) or fee.words("title", 255) or "Fee",
        "quantity": Decimal(1),
        "unit_price": price,
        "discount": Decimal(0),
        "tax": max(_rounded(fee.sum_of("total_tax"), currency), Decimal(0)),
    }


def _read_shipping(order: Part, currency: str, gross: bool) -> Fields:
    lines: Sequence[Part] = order.parts("shipping_lines")
    tax = _rounded(order.sum_of("shipping_tax"), currency)
    net = _rounded(order.sum_of("shipping_total", "total_shipping"), currency)
    return {
        "method": ", ".join(filter(None, (line.text("method_title") for line in lines)))[:120],
        "amount": net + tax if gross else net,
        "tax": tax,
    }


def read_payment(order: Part, status: str, total: Decimal | None) -> Fields:
    """The order's one payment.

    `date_paid` says that it was paid. Without it "processing" and "completed" say so, except for cash on delivery,
    which WooCommerce processes unpaid.

    Raises:
        CannotTake: unknown_status, for a plugin's status on an order without `date_paid`.
    """
    details = order.part("payment_details")
    gateway = order.text("payment_method") or details.text("method_id")
    paid_at = order.moment("date_paid_gmt", zone=UTC) or order.moment("date_paid", zone=UTC)
    if paid_at or details.flag("paid"):
        word = "PAID"
    elif status in PAID:
        word = "PENDING" if status == "processing" and gateway == "cod" else "PAID"
    elif status in UNPAID or status == "failed":
        word = "FAILED" if status == "failed" else "PENDING"
    else:
        raise cannot_take("unknown_status", found=status)
    return {
        "status": word,
        "gateway": gateway[:60] or "woocommerce",
        "reference": order.text("transaction_id"),
        "amount": total,
        "captured_at": paid_at if word == "PAID" else None,
    }


def read_refunds(order: Part, status: str, at: datetime | None) -> list[Fields]:
    """Refunds as the order lists them, in negative amounts and without a moment: `at` stands in for it.

    Raises:
        CannotTake: refunds_missing, when the order is refunded but the list is not there.
    """
    if status == "refunded" and not order.has("refunds") and order.sum_of("total"):
        source = f"/orders/{order.text('id')}/refunds"
        raise cannot_take("refunds_missing", amount=order.text("total"), source=source, place="refunds")
    return [
        {
            "external_id": refund.text("id"),
            "amount": abs(refund.sum_of("total")),
            "reason": refund.words("reason", 255) or refund.words("refund", 255),
            "refunded_at": at,
        }
        for refund in order.parts("refunds")
        if refund.sum_of("total")
    ]


def read_refund_notice(refund: Part) -> IncomingRefundNotice:
    """A refund by itself; its order stands in `parent_id` or in the link to its parent.

    Raises:
        CannotTake: refund_without_order
    """
    order_id = refund.identity("parent_id") if refund.sum_of("parent_id") > 0 else _parent_in_links(refund)
    if not order_id:
        raise cannot_take("refund_without_order")
    amount = abs(refund.sum_of("amount"))
    if not amount:
        raise NotAnOrder("A refund by which no money went back.", reason="refund_without_money")
    fields = {
        "external_id": refund.text("id"),
        "amount": amount,
        "reason": refund.words("reason", 255),
        "refunded_at": refund.moment("date_created_gmt", zone=UTC) or refund.moment("date_created", zone=UTC),
    }
    return IncomingRefundNotice(order_id, build_refund(fields, order_id))


def _parent_in_links(refund: Part) -> str:
    """…/wp-json/wc/v3/orders/723 names order 723."""
    for link in refund.part("_links").parts("up"):
        *_, kind, number = ["", "", *link.text("href").rstrip("/").split("/")]
        if kind == "orders" and number.isascii() and number.isdigit() and len(number) < 20:
            return number
    return ""
