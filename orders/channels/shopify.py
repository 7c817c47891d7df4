"""Shopify: REST Admin orders as webhooks and the API send them.

Read are `orders/create`, `updated`, `paid`, `cancelled`, `fulfilled` (a bare order), `refunds/create`, {"order": …} and
{"orders": […]}. `orders/edited` carries only what was changed: the whole order is asked for. An order is kept in the
shop's currency; what the customer saw stands in `presentment`. `total_price` is the price before refunds.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orders.channels.building import (
    Fields,
    build_order,
    build_refund,
    full_name,
    read_each,
    read_one,
    require,
    settle_tax,
)
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingMessage, IncomingRefundNotice, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take
from orders.channels.shopify_lines import cash_rounding, read_lines
from orders.channels.shopify_money import order_discount, read_duty, read_shipping, take_off_unbilled
from orders.channels.shopify_payments import Rate, rate_of, read_payments, read_refund
from orders.channels.signatures import is_signed

_ENDED = ("closed", "cancelled", "incomplete")
_DRAFT_OR_CART = {"invoice_url", "abandoned_checkout_url", "invoice_sent_at"}


def verify_signature(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """`X-Shopify-Hmac-Sha256`: base64 HMAC-SHA256 of the raw body under the app's client secret."""
    return is_signed(body, headers, secret, header="X-Shopify-Hmac-Sha256")


def read_message(body: Any, *, channel: str, topic: str = "") -> list[IncomingMessage | CannotTake]:
    """See `ChannelMapping`. The topic decides where the body alone does not."""

    def read_order(order: Part) -> IncomingOrder:
        return _read_order(order, channel)

    if not isinstance(body, dict):
        raise NotAnOrder
    document = Part(body)
    if isinstance(body.get("orders"), list):
        return read_each(document.parts("orders"), read_order)
    if isinstance(body.get("refunds"), list) and "line_items" not in body:
        return read_each(document.parts("refunds"), _read_refund_notice, id_field="order_id")
    if body.keys() == {"order"} or isinstance(body.get("order"), dict):
        return [read_one(document.part("order"), read_order)]
    if isinstance(body.get("refund"), dict):
        return [read_one(document.part("refund"), _read_refund_notice, id_field="order_id")]
    if isinstance(body.get("order_edit"), dict):
        raise cannot_take("order_not_in_message", external_id=document.part("order_edit").text("order_id"))
    if topic == "orders/delete":
        raise cannot_take("order_deleted", external_id=document.text("id"))
    if _is_order(body, topic):
        return [read_one(document, read_order)]
    if "refund_line_items" in body and "order_id" in body:
        return [read_one(document, _read_refund_notice, id_field="order_id")]
    raise NotAnOrder


def _is_order(body: dict[str, Any], topic: str) -> bool:
    """A draft, a cart or an abandoned checkout has lines and prices, too. An order may come without (`?fields=`)."""
    if "id" not in body or _DRAFT_OR_CART & body.keys():
        return False
    if topic.startswith("orders/") and "line_items" in body:
        return True
    return "financial_status" in body or "order_number" in body or body.keys() >= {"line_items", "total_price"}


def _read_order(order: Part, channel: str) -> IncomingOrder:
    if not order.has("id"):
        raise cannot_take("external_id_missing")
    require(order, "currency", "line_items")
    if not (order.has("processed_at") or order.has("created_at")):
        require(order, "created_at")

    currency = order.currency("currency")
    lines, tip = read_lines(order)
    shipping = read_shipping(order)
    settle_tax(lines, shipping, order.amount("total_tax"), currency)
    discount, rounding = order_discount(order, lines, shipping), cash_rounding(order)
    unbilled = take_off_unbilled(order, lines)
    total = order.amount("total_price")
    if total is not None:
        total += rounding - unbilled

    return build_order(
        {
            **_head(order, channel, currency),
            **_people(order),
            "lines": lines,
            "shipping": shipping,
            "discount": discount - min(rounding, Decimal(0)),
            "tip": tip,
            "duty": read_duty(order),
            "total": total,
            **_payments(order, total, currency, edited=bool(unbilled)),
        }
    )


def _payments(order: Part, total: Decimal | None, currency: str, *, edited: bool) -> Fields:
    """Payments and refunds, and what the customer saw where it was another currency."""
    rate = rate_of([order.part("total_price_set")], currency)
    refunds = [refund for each in order.parts("refunds") if (refund := read_refund(each, rate))]
    paid = total
    if edited and (current := order.amount("current_total_price")) is not None and order.has("total_outstanding"):
        paid = current - order.sum_of("total_outstanding") + sum(refund["amount"] for refund in refunds)
    fields: Fields = {"refunds": refunds, "payments": read_payments(order, total, paid, rate)}
    if rate.presentment_currency not in ("", currency):
        fields["presentment"] = {"currency": rate.presentment_currency, "total": rate.presentment}
    return fields


def _read_refund_notice(refund: Part) -> IncomingRefundNotice:
    if not (refund.has("id") and refund.has("order_id")):
        raise NotAnOrder("A refund that was only calculated, or asked for.", reason="refund_not_made")
    lines = refund.parts("refund_line_items")
    rate = rate_of([line.part("subtotal_set") for line in lines])
    paid_back = [each.currency("currency") for each in refund.parts("transactions") if each.has("currency")]
    if not rate.shop_currency and paid_back:
        rate = Rate(rate.shop, paid_back[0], rate.presentment, "")

    fields = read_refund(refund, rate)
    if fields is None:
        raise NotAnOrder("A refund by which no money went back.", reason="refund_without_money")
    order_id = refund.identity("order_id")
    return IncomingRefundNotice(order_id, build_refund(fields, order_id), rate.shop_currency)


def _head(order: Part, channel: str, currency: str) -> Fields:
    return {
        "channel": channel,
        "external_id": order.text("id"),
        "external_number": order.text("name") or order.text("order_number"),
        "placed_at": order.moment("processed_at") or order.moment("created_at"),
        "updated_at": order.moment("updated_at"),
        "currency": currency,
        "tax_included": order.flag("taxes_included"),
        "tags": _tags(order),
        "note": order.words("note", 5_000),
        "test": order.flag("test"),
        "ship_after": _ship_after(order),
        "fulfilled_at": _fulfilled_at(order),
        "cancelled_at": order.moment("cancelled_at"),
        "cancel_reason": order.words("cancel_reason", 255),
    }


def _tags(order: Part) -> list[str]:
    """One string in REST ("a, b"), a list elsewhere."""
    tags = order.value.get("tags")
    words = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else order.text("tags").split(",")
    return [word.strip()[:60] for word in words if word.strip()]


def _ship_after(order: Part) -> Any:
    """The day of the first fulfillment order, where the message carries them (`fulfill_at`) and all are for later."""
    waiting = [each for each in order.parts("fulfillment_orders") if each.text("status") not in _ENDED]
    moments = [each.moment("fulfill_at") for each in waiting]
    placed_at = order.moment("processed_at") or order.moment("created_at")
    if not moments or None in moments or placed_at is None:
        return None
    first = min(moment for moment in moments if moment)
    return first.date() if first > placed_at else None


def _fulfilled_at(order: Part) -> Any:
    """When the last parcel left; None unless all have."""
    if order.text("fulfillment_status") != "fulfilled":
        return None
    left = [each.moment("created_at") for each in order.parts("fulfillments") if each.text("status") == "success"]
    last = max((moment for moment in left if moment), default=None)
    return last or order.moment("updated_at") or order.moment("created_at")


def _people(order: Part) -> Fields:
    customer, billing = order.part("customer"), order.part("billing_address")
    people = {
        "email": order.text("email") or order.text("contact_email") or customer.text("email"),
        "name": _name(customer) or _name(billing),
        "phone": order.text("phone") or customer.text("phone") or billing.text("phone"),
    }
    known = any(people.values())
    wishes = {"locale": order.text("customer_locale"), "accepts_marketing": order.flag("buyer_accepts_marketing")}
    return {
        "customer": {**people, **wishes} if known else None,
        "shipping_address": _address(order.part("shipping_address")),
        "billing_address": _address(billing),
    }


def _name(person: Part) -> str:
    return person.text("name") or full_name(person)


def _address(address: Part) -> Fields | None:
    if not address.value:
        return None
    return {
        "name": _name(address),
        "company": address.text("company"),
        "line1": address.text("address1"),
        "line2": address.text("address2"),
        "city": address.text("city"),
        "province": address.text("province") or address.text("province_code"),
        "postal_code": address.text("zip"),
        "country": address.country("country_code"),
        "phone": address.text("phone"),
    }
