"""Telling BigCommerce that a parcel has left: order shipments of REST v2, by which the order is shipped; and of stock.

https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from orders.channels.outgoing import bigcommerce_stock
from orders.channels.outgoing.calling import call, connect, read_json, require_success
from orders.channels.outgoing.limited import LimitedChannel
from orders.channels.outgoing.port import (
    Access,
    ChannelRefused,
    ChannelShipment,
    ChannelUnavailable,
    Keep,
    ShippedLine,
    StockFigure,
    keep_nothing,
)
from orders.channels.reasons import quote

CARRIERS = ("usps", "ups", "fedex", "dhl", "auspost", "canadapost", "royalmail")
"""Whose pages BigCommerce links to; with any other the number stands for itself."""
_FINAL = {
    401: "BigCommerce does not know the access token. Enter a new one.",
    403: "The access token may not do this: give it the scopes to modify orders and, for stock, products.",
    404: "BigCommerce has no such store or order, or no such location.",
}
_MOST = 250


class BigCommerceChannel(LimitedChannel):
    """See `OutgoingChannel`. The address is https://api.bigcommerce.com/stores/ and the store's hash."""

    name = "BigCommerce"
    offers = frozenset({"FULFILLMENT", "STOCK"})
    at_once = 4

    def __init__(self, access: Access) -> None:
        self.access = access

    def push_fulfillment(self, shipment: ChannelShipment, *, keep: Keep = keep_nothing) -> str:
        path = f"orders/{shipment.order.external_id}"
        with connect(self.access) as client:
            ours = _find_ours(self._send(client, "GET", f"{path}/shipments?limit={_MOST}") or [], shipment)
            sent = Counter[str]()
            for item in (item for each in ours for item in each["items"]):
                sent[str(item["order_product_id"])] += int(item["quantity"])
            products = self._send(client, "GET", f"{path}/products?limit={_MOST}") or []
            places = _take(shipment, products, sent)
            made = [
                self._send(client, "POST", f"{path}/shipments", _document(shipment, address_id, items))
                for address_id, items in places.items()
            ]
            return ",".join(str(each["id"]) for each in [*ours, *made])

    def push_stock(self, figures: Sequence[StockFigure], *, key: str) -> Mapping[str, str]:
        with connect(self.access) as client:

            def send(method: str, path: str, document: Mapping[str, Any] | None = None) -> Any:
                return self._send(client, method, path, document, version="v3")

            return bigcommerce_stock.set_stock(send, figures, location=self.access.location)

    def check_connection(self) -> str:
        with connect(self.access) as client:
            return quote(self._send(client, "GET", "store")["name"])

    def _send(
        self,
        client: httpx.Client,
        method: str,
        path: str,
        document: Mapping[str, Any] | None = None,
        *,
        version: str = "v2",
    ) -> Any:
        """The body; None where BigCommerce answers with nothing (204), as it does for empty lists."""
        address = f"{self.access.url.rstrip('/')}/{version}/{path}"
        headers = {"X-Auth-Token": self.access.key, "Accept": "application/json"}
        request = {"json": document} if document is not None else {}
        response = call(client, method, address, headers=headers, **request)
        if response.status_code == 429 and (wait := response.headers.get("x-rate-limit-time-reset-ms", "")).isdigit():
            response.headers["retry-after"] = str(int(wait) / 1000)
        require_success(response, final=_FINAL | _said_by(response))
        return read_json(response) if response.content else None


def _find_ours(shipments: Sequence[Mapping[str, Any]], shipment: ChannelShipment) -> list[Mapping[str, Any]]:
    """The shipments there that bear our number in their comment."""
    mark = f"[{shipment.number}]"
    return [each for each in shipments if mark in (each.get("comments") or "")]


def _take(
    shipment: ChannelShipment, products: Sequence[Mapping[str, Any]], sent: Counter[str]
) -> dict[int, list[dict[str, int]]]:
    """What goes to which of the order's addresses, without what was `sent` there as this parcel already, by product.

    Raises:
        ChannelRefused: there is not so much of a line left to send.
    """
    places: dict[int, list[dict[str, int]]] = defaultdict(list)
    for line in shipment.lines:
        left = _whole(line)
        for product in (product for product in products if _is_line(line, product)):
            before = min(left, sent[str(product["id"])])
            sent[str(product["id"])] -= before
            left -= before
            part = min(left, int(product["quantity"]) - int(product["quantity_shipped"]))
            if part > 0:
                item = {"order_product_id": int(product["id"]), "quantity": part}
                places[int(product["order_address_id"])].append(item)
                left -= part
        if left:
            name, most = quote(line.sku or line.title), _whole(line) - left
            raise ChannelRefused(f"BigCommerce has {most} of {name} left to send, not {_whole(line)}.")
    return places


def _is_line(line: ShippedLine, product: Mapping[str, Any]) -> bool:
    """By the store's own id of the line; by the SKU only where we know none."""
    return str(product["id"]) == line.external_id if line.external_id else bool(line.sku) and product["sku"] == line.sku


def _document(shipment: ChannelShipment, address_id: int, items: Sequence[Mapping[str, int]]) -> dict[str, Any]:
    carrier = "".join(shipment.carrier.casefold().split())
    return {
        "order_address_id": address_id,
        "tracking_number": shipment.tracking_number,
        "shipping_provider": "",
        "tracking_carrier": carrier if carrier in CARRIERS else "",
        "shipping_method": " ".join(filter(None, [shipment.carrier, shipment.service])),
        "comments": f"Parcel [{shipment.number}]",
        "items": list(items),
    }


def _said_by(response: httpx.Response) -> dict[int, str]:
    """BigCommerce's own sentence for what it will not do: a list of errors, or one with a title."""
    if response.status_code not in (400, 409, 422):
        return {}
    try:
        said = read_json(response)
    except ChannelUnavailable:
        return {}
    each = said[0] if isinstance(said, list) and said else said
    sentence = (each.get("message") or each.get("title")) if isinstance(each, dict) else None
    return {response.status_code: f"BigCommerce: {quote(sentence, most=200)}"} if sentence else {}


def _whole(line: ShippedLine) -> int:
    if line.quantity != line.quantity.to_integral_value():
        raise ChannelRefused(f"BigCommerce counts whole units, not {line.quantity.normalize():f}.")
    return int(line.quantity)
