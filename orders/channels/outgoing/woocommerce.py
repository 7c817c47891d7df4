"""Telling WooCommerce: REST v3 with a consumer key.

One PUT changes lines, addresses and shipping together, or nothing. A line with quantity 0 is removed; amounts are net
and must be sent with each changed quantity, because WooCommerce keeps the old ones otherwise; it works out the taxes
and the total itself. https://developer.woocommerce.com/docs/apis/rest-api/v3/orders/
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx

from orders.channels.outgoing.calling import connect
from orders.channels.outgoing.differing import (
    LineChange,
    differs_in_address,
    differs_in_phone,
    differs_in_shipping,
    plan_lines,
)
from orders.channels.outgoing.naming import split_name
from orders.channels.outgoing.port import (
    Access,
    ChannelCopy,
    ChannelCredit,
    ChannelOrder,
    ChannelRefused,
    ChannelShipment,
    Desired,
    Keep,
    PostalAddress,
    StockFigure,
    keep_nothing,
)
from orders.channels.outgoing.woocommerce_api import WooCommerceApi
from orders.channels.outgoing.woocommerce_lines import copy_of, line_document, net_shipping, rates_of
from orders.channels.outgoing.woocommerce_parcels import show_parcel
from orders.channels.outgoing.woocommerce_stock import set_stock
from orders.channels.reasons import quote

KEY = "_order_management_key"
"""Our mark on a refund: the same key again finds it."""


class WooCommerceChannel:
    """See `OutgoingChannel`."""

    offers = frozenset({"EDIT", "CANCEL", "REFUND", "FULFILLMENT", "STOCK"})
    at_once = 2
    stock_at_once = 250

    def __init__(self, access: Access) -> None:
        self.access = access

    def push_edit(self, desired: Desired, *, keep: Keep = keep_nothing) -> None:
        with connect(self.access) as client:
            order = self._read(client, desired.order.external_id)
            copy = copy_of(order)
            document = self._changes(client, desired, copy)
            if not document:
                return
            if copy.cancelled:
                raise ChannelRefused("The order is cancelled in WooCommerce.")
            keep({"committing": True})
            self._send(client, "PUT", f"orders/{desired.order.external_id}", document)
            keep({"committed": True})

    def cancel_order(self, order: ChannelOrder, *, reason: str) -> None:
        with connect(self.access) as client:
            if copy_of(self._read(client, order.external_id)).cancelled:
                return
            self._send(client, "PUT", f"orders/{order.external_id}", {"status": "cancelled"})
            note = {"note": reason or f"Cancelled as {order.number}", "customer_note": False}
            self._send(client, "POST", f"orders/{order.external_id}/notes", note)

    def hold(self, order: ChannelOrder, *, reason: str) -> None:
        """WooCommerce's "on-hold" means that it was not paid: a hold of ours is not shown there."""

    def release(self, order: ChannelOrder) -> None:
        """Nothing was held there."""

    def refund(self, order: ChannelOrder, *, amount: Decimal, currency: str, key: str, reason: str) -> str:
        """By the gateway that took the payment; one without refunds by API refuses."""
        with connect(self.access) as client:
            address = f"orders/{order.external_id}/refunds"
            for refund in self._send(client, "GET", f"{address}?per_page=100"):
                if any(meta["key"] == KEY and meta["value"] == key for meta in refund["meta_data"]):
                    return str(refund["id"])
            known = self._read(client, order.external_id)
            if known["currency"] != currency:
                raise ChannelRefused(f"The order is in {known['currency']}, not in {currency}.")
            wanted = {"amount": str(amount), "reason": reason, "api_refund": True, "api_restock": False}
            made = self._send(client, "POST", address, {**wanted, "meta_data": [{"key": KEY, "value": key}]})
            return str(made["id"])

    def push_fulfillment(self, shipment: ChannelShipment, *, keep: Keep = keep_nothing) -> str:
        with connect(self.access) as client:
            return show_parcel(WooCommerceApi(client, self.access), shipment)

    def push_tracking(self, shipment: ChannelShipment) -> str:
        raise ChannelRefused("WooCommerce does not show where parcels are.")

    def read_order(self, external_id: str) -> ChannelCopy:
        with connect(self.access) as client:
            return copy_of(self._read(client, external_id))

    def push_stock(self, figures: Sequence[StockFigure], *, key: str) -> Mapping[str, str]:
        with connect(self.access) as client:
            return set_stock(lambda *request: self._send(client, *request), figures)

    def give_credit(self, credit: ChannelCredit, *, keep: Keep = keep_nothing) -> str:
        raise ChannelRefused("WooCommerce keeps no store credit of its own.")

    def check_connection(self) -> str:
        with connect(self.access) as client:
            self._send(client, "GET", "orders?per_page=1&_fields=id")
            return httpx.URL(self.access.url).host

    def _changes(self, client: httpx.Client, desired: Desired, copy: ChannelCopy) -> dict[str, Any]:
        """The part of the order that must change, as a PUT takes it."""
        document: dict[str, Any] = {}
        lines = [self._line(client, change, desired, copy) for change in plan_lines(desired, copy)]
        if lines:
            document["line_items"] = lines
        if desired.address and differs_in_address(desired, copy):
            document["shipping"] = _postal(desired.address)
        if desired.email and desired.email.lower() != copy.email.lower():
            document["billing"] = {"email": desired.email}
        if differs_in_phone(desired, copy):
            document.setdefault("billing", {})["phone"] = desired.phone
        if differs_in_shipping(desired, copy):
            document["shipping_lines"] = _shipping_lines(desired, copy)
        return document

    def _line(self, client: httpx.Client, change: LineChange, desired: Desired, copy: ChannelCopy) -> dict[str, Any]:
        known = {"id": int(change.there.external_id)} if change.there else {}
        if change.wanted is None or not change.quantity:
            return {**known, "quantity": 0}
        document = line_document(change.wanted, desired, rates_of(copy))
        return document | (known or self._find_product(client, change.wanted.sku))

    def _find_product(self, client: httpx.Client, sku: str) -> dict[str, int]:
        """A product, or a variation of one."""
        params = str(httpx.QueryParams({"sku": sku, "per_page": 10}))
        fitting = [each for each in self._send(client, "GET", f"products?{params}") if each["sku"] == sku]
        if not fitting:
            raise ChannelRefused(f"WooCommerce has no product with the SKU {quote(sku)}. Create it, then send again.")
        found = fitting[0]
        parent = found.get("parent_id") or 0
        return {"product_id": parent, "variation_id": found["id"]} if parent else {"product_id": found["id"]}

    def _read(self, client: httpx.Client, external_id: str) -> dict[str, Any]:
        return self._send(client, "GET", f"orders/{external_id}")

    def _send(self, client: httpx.Client, method: str, path: str, document: Mapping[str, Any] | None = None) -> Any:
        return WooCommerceApi(client, self.access).send(method, path, document)


def _postal(address: PostalAddress) -> dict[str, str]:
    first, last = split_name(address.name)
    return {
        "first_name": first,
        "last_name": last,
        "company": address.company,
        "address_1": address.line1,
        "address_2": address.line2,
        "city": address.city,
        "state": address.province_code or address.province,
        "postcode": address.postal_code,
        "country": address.country,
        "phone": address.phone,
    }


def _shipping_lines(desired: Desired, copy: ChannelCopy) -> list[dict[str, Any]]:
    """The first line becomes what is wanted, the others go."""
    total = net_shipping(desired, rates_of(copy))
    known = copy.raw["shipping_lines"]
    if not known:
        return [{"method_id": "other", "method_title": desired.shipping_method, "total": total}]
    first, *others = known
    changed = {"id": first["id"], "method_title": desired.shipping_method, "total": total}
    return [changed, *({"id": line["id"], "method_id": None} for line in others)]
