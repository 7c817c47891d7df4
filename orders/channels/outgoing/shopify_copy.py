"""Shopify's own copy of an order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orders.channels.outgoing import shopify_documents as documents
from orders.channels.outgoing.port import ChannelCopy, ChannelRefused, CopyLine, PostalAddress
from orders.channels.outgoing.shopify_api import ShopifyApi, gid, tail


def read_copy(api: ShopifyApi, external_id: str) -> ChannelCopy:
    """The order with all its lines, however many pages they take.

    Raises:
        ChannelRefused: Shopify has no such order.
    """
    order = api.ask(documents.READ_ORDER, id=gid("Order", external_id))["order"]
    if order is None:
        raise ChannelRefused(f"Shopify has no order {external_id}.")
    lines = list(order["lineItems"]["nodes"])
    page = order["lineItems"]["pageInfo"]
    while page["hasNextPage"]:
        more = api.ask(documents.READ_LINES, id=order["id"], after=page["endCursor"])["order"]["lineItems"]
        lines += more["nodes"]
        page = more["pageInfo"]
    return _copy_of(order, lines)


def _copy_of(order: Mapping[str, Any], lines: list[dict[str, Any]]) -> ChannelCopy:
    shipping = order["shippingLines"]["nodes"]
    waiting = [each for each in order["fulfillmentOrders"]["nodes"] if each["status"] not in ("CLOSED", "CANCELLED")]
    return ChannelCopy(
        external_id=tail(order["id"]),
        currency=order["currencyCode"],
        lines=tuple(_line_of(line) for line in lines),
        email=order["email"] or "",
        phone=order["phone"] or "",
        address=_address_of(order["shippingAddress"]),
        shipping_method=", ".join(line["title"] for line in shipping)[:120],
        shipping_amount=sum((_shop(line["discountedPriceSet"]) for line in shipping), Decimal(0)),
        total=_shop(order["currentTotalPriceSet"]),
        total_is_owed=True,
        cancelled=order["cancelledAt"] is not None,
        held=bool(waiting) and all(each["status"] == "ON_HOLD" for each in waiting),
        raw=order,
    )


def _line_of(line: Mapping[str, Any]) -> CopyLine:
    return CopyLine(tail(line["id"]), line["sku"] or "", line["name"], Decimal(line["currentQuantity"]))


def _address_of(address: Mapping[str, Any] | None) -> PostalAddress | None:
    if address is None:
        return None
    names = {
        "name": "name",
        "company": "company",
        "line1": "address1",
        "line2": "address2",
        "city": "city",
        "province": "province",
        "province_code": "provinceCode",
        "postal_code": "zip",
        "country": "countryCodeV2",
        "phone": "phone",
    }
    return PostalAddress(**{ours: address[theirs] or "" for ours, theirs in names.items()})


def _shop(bag: Mapping[str, Any]) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])
