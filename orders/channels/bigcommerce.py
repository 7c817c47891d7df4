"""BigCommerce: V2 orders with what belongs to them embedded.

A V2 order names its products, addresses and refunds by links. Whoever fetches the order embeds the answers under the
same names: `products` and `shipping_addresses` (V2), `refunds` (V3 `payment_actions/refunds`), `fees`. A webhook
carries an id only. Amounts are in `default_currency_code`, the currency the shopper paid in; `currency_code` is what
the storefront showed.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from orders.channels.bigcommerce_money import read_goods, read_payments, read_refund, read_refund_notice
from orders.channels.building import Fields, build_order, full_name, read_each, read_one, require
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingMessage, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take
from orders.channels.signatures import is_signed_by_standard

ABANDONED = ("0", "1")
"""Incomplete and Pending: the shopper left the checkout before the end."""
WAITING = ("12", "13")
"""Manual Verification Required, Disputed: somebody must decide in BigCommerce first."""
SHIPPED = ("2", "10")
REFUNDED = "4"
DROPPED = ("5", "6")
"""Cancelled, Declined."""
STANDING = ("3", "7", "8", "9", "11", "14")

_ORDER_CHANGES = ("created", "updated", "statusUpdated", "refund", "transaction", "shipment")


def verify_signature(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Standard Webhooks under the app's client secret, whose own bytes are the key."""
    return is_signed_by_standard(body, headers, secret.encode(errors="replace"))


def read_message(body: Any, *, channel: str, topic: str = "") -> list[IncomingMessage | CannotTake]:
    """See `ChannelMapping`."""

    def read_order(order: Part) -> IncomingOrder:
        return _read_order(order, channel)

    if isinstance(body, list):
        parts = [Part(each, f"/{place}") for place, each in enumerate(body) if isinstance(each, dict)]
        if orders := [part for part in parts if _is_order(part.value)]:
            return read_each(orders, read_order)
        raise NotAnOrder
    if not isinstance(body, dict):
        raise NotAnOrder

    document = Part(body)
    if body.keys() == {"order"}:
        return [read_one(document.part("order"), read_order)]
    if _is_order(body):
        return [read_one(document, read_order)]
    if isinstance(body.get("scope"), str):
        raise _refuse_webhook(document)
    return _read_refunds(document)


def _is_order(value: dict[str, Any]) -> bool:
    return "status_id" in value and ("products" in value or "total_inc_tax" in value)


def _refuse_webhook(webhook: Part) -> Exception:
    """store/order/created and its like name the order; a message or a note on it is nothing to us."""
    family, subject, *change = [*webhook.text("scope").split("/"), ""][:3]
    number = webhook.part("data").text("id")
    if (family, subject) != ("store", "order") or not number:
        return NotAnOrder()
    if change == ["archived"]:
        return cannot_take("order_deleted", external_id=number)
    if change[0] in _ORDER_CHANGES:
        return cannot_take("order_not_in_message", external_id=number)
    return NotAnOrder()


def _read_refunds(document: Part) -> list[IncomingMessage | CannotTake]:
    """V3 answers about refunds: {"data": {…}} or {"data": […]}."""
    found = document.value.get("data")
    parts = [Part(each, "/data") for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]
    refunds = [part for part in parts if part.has("order_id") and part.has("total_amount")]
    if not refunds:
        raise NotAnOrder
    return read_each(refunds, read_refund_notice, id_field="order_id")


def _read_order(order: Part, channel: str) -> IncomingOrder:
    if not order.has("id"):
        raise cannot_take("external_id_missing")
    require(order, "status_id", "date_created")
    status = order.text("status_id")
    if status in ABANDONED:
        raise NotAnOrder("The shopper left the checkout.", reason="not_an_order_yet")
    if status in WAITING:
        raise cannot_take("not_confirmed_yet", found=order.text("status") or status)
    if status not in (*SHIPPED, *DROPPED, *STANDING, REFUNDED):
        raise cannot_take("unknown_status", found=order.text("status") or status)

    where = f"/v2/orders/{order.text('id')}"
    if not isinstance(order.value.get("products"), list):
        raise cannot_take("items_missing", source=f"{where}/products", place="products")
    head = _head(order, channel, status)
    goods = read_goods(order, head["currency"])
    settled = head["fulfilled_at"] or head["cancelled_at"]
    return build_order(
        {
            **head,
            **_people(order),
            **goods,
            "shipping_address": None if settled and _is_link(order) else _shipping_address(order, where),
            "payments": read_payments(order, goods["total"], head["currency"]),
            "refunds": _refunds(order),
        }
    )


def _head(order: Part, channel: str, status: str) -> Fields:
    placed_at = order.moment("date_created", zone=UTC)
    updated_at = order.moment("date_modified", zone=UTC)
    shipped_at = order.moment("date_shipped", zone=UTC)
    left = status in SHIPPED or (status == REFUNDED and shipped_at)
    dropped = status in DROPPED or (status == REFUNDED and not left)
    currency = order.currency("default_currency_code") or order.currency("currency_code")
    if not currency:
        require(order, "default_currency_code")
    return {
        "channel": channel,
        "external_id": order.text("id"),
        "external_number": order.text("id"),
        "placed_at": placed_at,
        "updated_at": updated_at,
        "currency": currency,
        "note": order.words("customer_message", 5_000),
        "fulfilled_at": (shipped_at or updated_at or placed_at) if left else None,
        "cancelled_at": (updated_at or placed_at) if dropped else None,
        "cancel_reason": order.words("status", 255) if dropped else "",
    }


def _refunds(order: Part) -> list[Fields]:
    """Raises:
    CannotTake: refunds_missing, when money went back but the refunds are not embedded.
    """
    if isinstance(order.value.get("refunds"), list):
        return [fields for each in order.parts("refunds") if (fields := read_refund(each))]
    if amount := order.amount("refunded_amount"):
        source = f"/v3/orders/{order.text('id')}/payment_actions/refunds"
        raise cannot_take("refunds_missing", amount=amount, source=source, place="refunds")
    return []


def _people(order: Part) -> Fields:
    billing = order.part("billing_address")
    customer = {
        "email": billing.text("email"),
        "name": full_name(billing),
        "phone": billing.text("phone"),
    }
    wishes = {"locale": order.text("customer_locale"), "accepts_marketing": order.flag("is_email_opt_in")}
    return {
        "customer": {**customer, **wishes} if any(customer.values()) else None,
        "billing_address": _address(billing),
    }


def _is_link(order: Part) -> bool:
    return isinstance(order.value.get("shipping_addresses"), dict)


def _shipping_address(order: Part, where: str) -> Fields | None:
    """Raises:
    CannotTake: address_missing, several_addresses
    """
    if _is_link(order) and not order.flag("order_is_digital"):
        raise cannot_take("address_missing", source=f"{where}/shippingaddresses", place="shipping_addresses")
    if _is_link(order):
        return None
    parts = order.parts("shipping_addresses")
    used = [part for part in parts if part.amount("items_total") != 0] or parts
    addresses = [address for part in used if (address := _address(part))]
    different = [address for place, address in enumerate(addresses) if address not in addresses[:place]]
    if len(different) > 1:
        raise cannot_take("several_addresses", count=len(different))
    return different[0] if different else None


def _address(address: Part) -> Fields | None:
    fields = {
        "name": full_name(address),
        "company": address.text("company"),
        "line1": address.text("street_1"),
        "line2": address.text("street_2"),
        "city": address.text("city"),
        "province": address.text("state"),
        "postal_code": address.text("zip"),
        "country": address.country("country_iso2"),
        "phone": address.text("phone"),
    }
    return fields if any(fields.values()) else None
