"""WooCommerce: REST v1 to v3 and the legacy API's v2 and v3, as webhooks and answers send them.

Amounts of lines are always net with their tax beside. Where the shop's prices include tax, the order is kept as the
customer saw it: gross, so that a price of 19.90 stays 19.90. Moments named *_gmt are UTC though they do not say so.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orders.channels.building import Fields, add_up_fields, build_order, full_name, read_each, read_one, require
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingMessage, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take
from orders.channels.signatures import is_signed
from orders.channels.woocommerce_money import read_goods, read_payment, read_refund_notice, read_refunds

NOT_ORDERS_YET = ("checkout-draft", "auto-draft", "draft", "new")
"""A customer is still in the checkout, or staff still write."""

_BATCH = ("create", "update", "delete")


def verify_signature(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """`X-WC-Webhook-Signature`: base64 HMAC-SHA256 of the raw body under the webhook's secret."""
    return is_signed(body, headers, secret, header="X-WC-Webhook-Signature")


def read_message(body: Any, *, channel: str, topic: str = "") -> list[IncomingMessage | CannotTake]:
    """See `ChannelMapping`. Orders come bare, in a list, in the legacy API's envelope, or in a batch's answer."""
    if isinstance(body, list):
        return _read_list(
            [Part(each, f"/{place}") for place, each in enumerate(body) if isinstance(each, dict)], channel
        )
    if not isinstance(body, dict):
        raise NotAnOrder

    document = Part(body)
    if isinstance(body.get("orders"), list):
        return read_each(document.parts("orders"), lambda order: _read_order(order, channel))
    if body.keys() == {"order"} or isinstance(body.get("order"), dict):
        return [read_one(document.part("order"), lambda order: _read_order(order, channel))]
    if topic == "order.deleted":
        raise cannot_take("order_deleted", external_id=document.text("id"))
    if _is_order(body):
        return [read_one(document, lambda order: _read_order(order, channel))]
    if _is_refund(body):
        return [read_one(document, read_refund_notice, id_field="parent_id")]
    if isinstance(body.get("order_refund"), dict):  # the legacy API's
        return [read_one(document.part("order_refund"), read_refund_notice, id_field="parent_id")]
    if isinstance(body.get("order_refunds"), list):
        return read_each(document.parts("order_refunds"), read_refund_notice, id_field="parent_id")
    return _read_batch(document, channel)


def _is_order(value: dict[str, Any]) -> bool:
    return "line_items" in value and "currency" in value and ("status" in value or "order_key" in value)


def _is_refund(value: dict[str, Any]) -> bool:
    return "amount" in value and "line_items" in value and "currency" not in value


def _read_list(parts: list[Part], channel: str) -> list[IncomingMessage | CannotTake]:
    """Orders, or the refunds of an order; a list of anything else is no order."""
    if orders := [part for part in parts if _is_order(part.value)]:
        return read_each(orders, lambda order: _read_order(order, channel))
    if refunds := [part for part in parts if _is_refund(part.value)]:
        return read_each(refunds, read_refund_notice, id_field="parent_id")
    raise NotAnOrder


def _read_batch(document: Part, channel: str) -> list[IncomingMessage | CannotTake]:
    """The answer to a batch: what was created and updated; what was deleted is told, not taken."""
    orders = [
        (name, Part(value, f"/{name}/{place}"))
        for name in _BATCH
        if isinstance(members := document.value.get(name), list)
        for place, value in enumerate(members)
        if isinstance(value, dict) and _is_order(value)
    ]
    if not orders:
        raise NotAnOrder

    deleted = [cannot_take("order_deleted", external_id=order.text("id")) for name, order in orders if name == "delete"]
    kept = [order for name, order in orders if name != "delete"]
    return [*read_each(kept, lambda order: _read_order(order, channel)), *deleted]


def _read_order(order: Part, channel: str) -> IncomingOrder:
    if not order.has("id"):
        raise cannot_take("external_id_missing")
    require(order, "currency", "status")
    status = order.text("status").removeprefix("wc-")
    if status in NOT_ORDERS_YET:
        raise NotAnOrder("A customer is still in the checkout.", reason="not_an_order_yet")
    if status == "trash":
        raise cannot_take("order_deleted")

    head = _head(order, channel, status)
    goods = _read_goods(order, head["currency"])
    total = order.amount("total")
    return build_order(
        {
            **head,
            **_people(order),
            **goods,
            "total": total,
            "payment": read_payment(order, status, total),
            "refunds": read_refunds(order, status, head["updated_at"] or head["placed_at"]),
        }
    )


def _read_goods(order: Part, currency: str) -> Fields:
    """Gross where prices include tax, unless only the net figures come out at the channel's total to the cent."""
    gross = order.flag("prices_include_tax")
    goods = read_goods(order, currency, gross=gross)
    if not gross or add_up_fields({**goods, "currency": currency}) == order.amount("total"):
        return goods
    net = read_goods(order, currency, gross=False)
    return net if add_up_fields({**net, "currency": currency}) == order.amount("total") else goods


def _head(order: Part, channel: str, status: str) -> Fields:
    updated_at = _moment(order, "date_modified") or order.moment("updated_at", zone=UTC)
    completed_at = _moment(order, "date_completed") or order.moment("completed_at", zone=UTC)
    left = status == "completed" or (status == "refunded" and completed_at)
    dropped = status == "cancelled" or (status == "refunded" and not left)
    placed_at = _moment(order, "date_created") or order.moment("created_at", zone=UTC)
    return {
        "channel": channel,
        "external_id": order.text("id"),
        "external_number": order.text("number") or order.text("order_number"),
        "placed_at": placed_at,
        "updated_at": updated_at,
        "currency": order.currency("currency"),
        "note": order.words("customer_note", 5_000) or order.words("note", 5_000),
        "fulfilled_at": (completed_at or updated_at or placed_at) if left else None,
        "cancelled_at": (updated_at or placed_at) if dropped else None,
        "cancel_reason": status if dropped else "",
    }


def _moment(order: Part, name: str) -> datetime | None:
    """v2 and v3 write each moment twice, in the shop's zone and in UTC; v1 writes it in UTC only."""
    if f"{name}_gmt" in order.value:
        return order.moment(f"{name}_gmt", zone=UTC)
    return order.moment(name, zone=UTC)


def _people(order: Part) -> Fields:
    billing = order.part("billing") if "billing" in order.value else order.part("billing_address")
    shipping = order.part("shipping") if "shipping" in order.value else order.part("shipping_address")
    customer = {"email": billing.text("email"), "name": full_name(billing), "phone": billing.text("phone")}
    return {
        "customer": customer if any(customer.values()) else None,
        "shipping_address": _address(shipping),
        "billing_address": _address(billing),
    }


def _address(address: Part) -> Fields | None:
    fields = {
        "name": full_name(address),
        "company": address.text("company"),
        "line1": address.text("address_1"),
        "line2": address.text("address_2"),
        "city": address.text("city"),
        "province": address.text("state"),
        "postal_code": address.text("postcode"),
        "country": address.country("country"),
        "phone": address.text("phone"),
    }
    return fields if any(fields.values()) else None
