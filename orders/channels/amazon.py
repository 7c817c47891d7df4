"""Amazon: Selling Partner API, Orders v0.

An order and its items are two answers (getOrder, getOrderItems). A poller hands both over in one document,
{"Order": {…}, "OrderItems": […]}, or with `OrderItems` inside the order. What else comes:

- Pending: the payment is not authorized and nothing has a price yet. It is kept until Amazon confirms it.
- Canceled: a cancellation, even of an order that we never saw; its items have no quantities left.
- Fulfilled by Amazon (AFN): it is taken, so that figures and returns know it, with every unit as fulfilled: nothing of
  it is ours to send, and none of our stock is promised to it.
- The buyer's address is shown to the seller only until shortly after shipping; an order may lack it.
"""

from collections.abc import Mapping
from typing import Any

from oms.signing import read_key
from orders.channels.amazon_items import read_goods
from orders.channels.building import Fields, build_order, read_each, read_one, require
from orders.channels.port import CannotTake, IncomingCancellation, IncomingMessage, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take
from orders.channels.signatures import is_signed_by_standard

SHIPPED = ("Shipped", "InvoiceUnconfirmed")
PAID = ("Unshipped", "PartiallyShipped", *SHIPPED)
"""Amazon shows an order for shipping only once its payment stands."""

_TAGS = {
    "IsPrime": "prime",
    "IsBusinessOrder": "business",
    "IsISPU": "pickup-in-store",
    "IsReplacementOrder": "replacement",
}


def verify_signature(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Standard Webhooks, by whoever forwards Amazon's notifications to us.

    Amazon itself sends them to a queue or an event bus (SQS, EventBridge) in the seller's account, unsigned, and never
    to an HTTP address. So only the forwarder can be verified, a function that reads the queue, adds the order that it
    fetched and signs the whole under a secret that both sides know.
    """
    return is_signed_by_standard(body, headers, read_key(secret))


def read_message(body: Any, *, channel: str, topic: str = "") -> list[IncomingMessage | CannotTake]:
    """See `ChannelMapping`."""

    def read_order(order: Part) -> IncomingMessage:
        return _read_order(order, channel)

    if not isinstance(body, dict):
        raise NotAnOrder
    if "NotificationType" in body or "notificationType" in body:
        raise _refuse_notification(Part(body))
    if isinstance(body.get("Order"), dict):
        return [read_one(_join(body), read_order, id_field="AmazonOrderId")]

    payload = body["payload"] if isinstance(body.get("payload"), dict) else body
    if isinstance(payload.get("Orders"), list):
        return read_each(Part(payload).parts("Orders"), read_order, id_field="AmazonOrderId")
    if "AmazonOrderId" in payload and ("OrderStatus" in payload or "PurchaseDate" in payload):
        return [read_one(Part(payload), read_order, id_field="AmazonOrderId")]
    if any(item.has("QuantityOrdered") for item in Part(payload).parts("OrderItems")):
        raise cannot_take("order_not_in_message", external_id=Part(payload).text("AmazonOrderId"))
    raise NotAnOrder


def _join(body: dict[str, Any]) -> Part:
    """The order with its items inside; the items may still be in the envelope that getOrderItems sends."""
    items = body.get("OrderItems")
    if isinstance(items, dict):
        items = items["payload"] if isinstance(items.get("payload"), dict) else items
    else:
        items = {name: body[name] for name in ("OrderItems", "NextToken") if name in body}
    return Part({**body["Order"], **{name: items[name] for name in ("OrderItems", "NextToken") if name in items}})


def _refuse_notification(notification: Part) -> Exception:
    """ORDER_CHANGE names its order, which must be fetched; other notifications are about other things."""
    value = notification.value
    payload = notification.part("Payload" if "Payload" in value else "payload")
    change = payload.part(
        "OrderChangeNotification" if "OrderChangeNotification" in payload.value else "orderChangeNotification"
    )
    number = change.text("AmazonOrderId") or change.text("amazonOrderId")
    return cannot_take("order_not_in_message", external_id=number) if number else NotAnOrder()


def _read_order(order: Part, channel: str) -> IncomingMessage:
    if not order.has("AmazonOrderId"):
        raise cannot_take("external_id_missing")
    require(order, "OrderStatus", "PurchaseDate")
    status = order.text("OrderStatus")
    if status in ("Pending", "PendingAvailability"):
        raise cannot_take("not_confirmed_yet", found=status)
    if status == "Canceled":
        return IncomingCancellation(
            order.identity("AmazonOrderId"), order.moment("LastUpdateDate"), "cancelled on Amazon"
        )
    if status == "Unfulfillable":
        raise cannot_take("fulfilled_elsewhere", found="Amazon itself cannot fulfill it")
    if status not in PAID:
        raise cannot_take("unknown_status", found=status)
    if not order.has("OrderItems") or order.has("NextToken"):
        source = f"/orders/v0/orders/{order.text('AmazonOrderId')}/orderItems"
        raise cannot_take("items_missing", source=source, place="OrderItems")

    goods = read_goods(order)
    return build_order({**_head(order, channel, status), **_people(order), **goods, "payment": _payment(order, goods)})


def _head(order: Part, channel: str, status: str) -> Fields:
    tags = [tag for name, tag in _TAGS.items() if order.flag(name)]
    if order.text("FulfillmentChannel") == "AFN":
        tags.append("fulfilled-by-amazon")
    if any(item.part("BuyerRequestedCancel").flag("IsBuyerRequestedCancel") for item in order.parts("OrderItems")):
        tags.append("buyer-asks-to-cancel")
    updated_at = order.moment("LastUpdateDate")
    return {
        "channel": channel,
        "external_id": order.text("AmazonOrderId"),
        "external_number": order.text("SellerOrderId") or order.text("AmazonOrderId"),
        "placed_at": order.moment("PurchaseDate"),
        "updated_at": updated_at,
        "fulfilled_at": (updated_at or order.moment("PurchaseDate")) if status in SHIPPED else None,
        "tags": tags,
    }


def _payment(order: Part, goods: Fields) -> Fields:
    """Amazon pays the seller; cash on delivery has not been paid yet, but Amazon answers for it."""
    on_delivery = order.text("PaymentMethod") == "COD"
    return {"status": "AUTHORIZED" if on_delivery else "PAID", "gateway": "amazon", "amount": goods["total"]}


def _people(order: Part) -> Fields:
    buyer = order.part("BuyerInfo")
    address = order.part("ShippingAddress")
    customer = {
        "email": buyer.text("BuyerEmail") or order.text("BuyerEmail"),
        "name": buyer.text("BuyerName") or order.text("BuyerName") or address.text("Name"),
        "phone": address.text("Phone"),
    }
    return {
        "customer": customer if any(customer.values()) else None,
        "shipping_address": _address(address),
    }


def _address(address: Part) -> Fields | None:
    if not address.value:
        return None
    return {
        "name": address.text("Name"),
        "company": address.text("CompanyName"),
        "line1": address.text("AddressLine1"),
        "line2": ", ".join(filter(None, (address.text("AddressLine2"), address.text("AddressLine3")))),
        "city": address.text("City"),
        "province": address.text("StateOrRegion") or address.text("County"),
        "postal_code": address.text("PostalCode"),
        "country": address.country("CountryCode"),
        "phone": address.text("Phone"),
    }
