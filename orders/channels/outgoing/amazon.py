"""Telling Amazon that a parcel has left, `confirmShipment` of the Selling Partner API, Orders v0; and of stock.

A package is named by a positive number of ours. The same number again edits that package, so a call may be repeated.
https://developer-docs.amazon.com/sp-api/docs/confirm-the-shipment-status
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import httpx

from orders.channels.outgoing import amazon_stock
from orders.channels.outgoing.amazon_carriers import name_carrier
from orders.channels.outgoing.amazon_token import TokenStore
from orders.channels.outgoing.calling import call, connect, read_json, require_success
from orders.channels.outgoing.limited import LimitedChannel
from orders.channels.outgoing.port import (
    Access,
    ChannelBusy,
    ChannelRefused,
    ChannelShipment,
    ChannelUnavailable,
    Keep,
    ShippedLine,
    StockFigure,
    keep_nothing,
)
from orders.channels.reasons import quote

_TOKENS = TokenStore()
SLOWEST = 5.0


class AmazonChannel(LimitedChannel):
    """See `OutgoingChannel`. A marketplace's order is neither changed nor refunded by its seller's own system."""

    name = "Amazon"
    offers = frozenset({"FULFILLMENT", "STOCK"})
    stock_at_once = amazon_stock.AT_ONCE

    def __init__(self, access: Access, *, tokens: TokenStore = _TOKENS, pace: amazon_stock.Pace | None = None) -> None:
        self.access = access
        self.tokens = tokens
        self.pace = pace or amazon_stock.Pace()

    def push_fulfillment(self, shipment: ChannelShipment, *, keep: Keep = keep_nothing) -> str:
        """The number under which the package can be edited."""
        document = {"marketplaceId": self.access.marketplace, "packageDetail": _package_of(shipment)}
        with connect(self.access) as client:
            path = f"/orders/v0/orders/{shipment.order.external_id}/shipmentConfirmation"
            self._send(client, "POST", path, json=document)
        return str(shipment.reference)

    def push_stock(self, figures: Sequence[StockFigure], *, key: str) -> Mapping[str, str]:
        shelf = amazon_stock.Shelf(self.access.seller, self.access.marketplace)
        with connect(self.access) as client:

            def send(method: str, path: str, **request: Any) -> Any:
                return read_json(self._send(client, method, path, **request))

            return amazon_stock.set_stock(send, figures, shelf=shelf, pace=self.pace)

    def check_connection(self) -> str:
        with connect(self.access) as client:
            answer = read_json(self._send(client, "GET", "/sellers/v1/marketplaceParticipations"))
            places = [each["marketplace"] for each in answer["payload"]]
            ours = next((place for place in places if place["id"] == self.access.marketplace), None)
            if ours is None:
                raise ChannelRefused(f"The seller does not sell at {quote(self.access.marketplace or '(no id)')}.")
            return quote(ours["name"])

    def _send(self, client: httpx.Client, method: str, path: str, **request: Any) -> httpx.Response:
        """With a token; a stale one is exchanged once."""
        address = f"{self.access.url.rstrip('/')}{path}"
        for fresh in (False, True):
            headers = {"x-amz-access-token": self.tokens.find(client, self.access), "accept": "application/json"}
            response = call(client, method, address, headers=headers, **request)
            if response.status_code not in (401, 403) or fresh:
                break
            self.tokens.forget(self.access)
        if response.status_code == 429 and "retry-after" not in response.headers:
            raise ChannelBusy("It asks us to slow down.", retry_after=_pause_for(response))
        require_success(response, final=_said_by(response))
        return response


def _pause_for(response: httpx.Response) -> float:
    """Seconds until one more call is let through, from the rate a second that Amazon names; else the slowest's."""
    try:
        rate = float(response.headers.get("x-amzn-ratelimit-limit", ""))
    except ValueError:
        rate = 0.0
    return min(max(1 / rate, 1.0), SLOWEST) if rate > 0 else SLOWEST


def _package_of(shipment: ChannelShipment) -> dict[str, Any]:
    """Raises:
    ChannelRefused: it has no tracking number, or something in it that Amazon has not sold.
    """
    if not shipment.tracking_number:
        raise ChannelRefused("Amazon takes no parcel without a tracking number. Enter one, then send again.")
    method = {"shippingMethod": shipment.service} if shipment.service else {}
    return {
        "packageReferenceId": str(shipment.reference),
        **name_carrier(shipment.carrier, shipment.tracking_number),
        **method,
        "trackingNumber": shipment.tracking_number,
        "shipDate": shipment.shipped_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "orderItems": [_item_of(line) for line in shipment.lines],
    }


def _item_of(line: ShippedLine) -> dict[str, Any]:
    if not line.external_id:
        raise ChannelRefused(f"{quote(line.sku or line.title)} is not an item of Amazon's order: confirm it there.")
    if line.quantity != line.quantity.to_integral_value():
        raise ChannelRefused(f"Amazon counts whole units, not {line.quantity.normalize():f}.")
    return {"orderItemId": line.external_id, "quantity": int(line.quantity)}


def _said_by(response: httpx.Response) -> Mapping[int, str]:
    """Amazon's own sentences for what it will not do."""
    status = response.status_code
    if status < 400 or status >= 500 or status == 429:
        return {}
    try:
        answer = read_json(response)
    except ChannelUnavailable:
        return {}
    errors = answer.get("errors") if isinstance(answer, dict) else None
    named = (error for error in errors or [] if isinstance(error, dict))
    said = "; ".join(str(error.get("message") or error.get("code")) for error in named)
    return {status: f"Amazon: {quote(said, most=300)}"} if said else {}
