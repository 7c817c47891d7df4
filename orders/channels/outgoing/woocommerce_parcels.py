"""Showing parcels at WooCommerce: a note each, a tracking item where the shop has that plugin, and `completed` at the
end.

WooCommerce itself knows no parcels. The plugin Shipment Tracking shows tracking numbers to the customer; without it the
private note is all there is. Each step is looked for before it is taken.
https://woocommerce.com/document/shipment-tracking/shipment-tracking-rest-api-create-tracking-item/
"""

from collections.abc import Mapping
from typing import Any

from orders.channels.outgoing.port import ChannelRefused, ChannelShipment, ShippedLine
from orders.channels.outgoing.woocommerce_api import WooCommerceApi
from orders.channels.outgoing.woocommerce_lines import CANCELLED
from orders.channels.reasons import quote

TRACKING = "wc-shipment-tracking/v3"
DONE = "completed"


def show_parcel(api: WooCommerceApi, shipment: ChannelShipment) -> str:
    """The id of the tracking item, or of the note.

    Raises:
        ChannelRefused: the order is cancelled there, or has not so much of a line.
    """
    path = f"orders/{shipment.order.external_id}"
    order = api.send("GET", path)
    if order["status"] in CANCELLED:
        raise ChannelRefused("The order is cancelled in WooCommerce.")
    _require_lines(order, shipment)

    note = _note(api, path, shipment)
    item = _add_tracking(api, path, shipment) if shipment.tracking_number else ""
    if not shipment.rest and order["status"] != DONE:
        api.send("PUT", path, {"status": DONE})
    return item or note


def _require_lines(order: Mapping[str, Any], shipment: ChannelShipment) -> None:
    for line in shipment.lines:
        units = sum(each["quantity"] for each in order["line_items"] if _is_line(line, each))
        if line.quantity > units:
            name = quote(line.sku or line.title)
            raise ChannelRefused(f"WooCommerce's order has {units} of {name}, not {line.quantity.normalize():f}.")


def _is_line(line: ShippedLine, item: Mapping[str, Any]) -> bool:
    """By the shop's own id of the line; by the SKU only where we know none."""
    return str(item["id"]) == line.external_id if line.external_id else bool(line.sku) and item["sku"] == line.sku


def _note(api: WooCommerceApi, path: str, shipment: ChannelShipment) -> str:
    for each in api.send("GET", f"{path}/notes?type=internal"):
        if f"[{shipment.number}]" in each["note"]:
            return str(each["id"])
    made = api.send("POST", f"{path}/notes", {"note": _sentence(shipment), "customer_note": False})
    return str(made["id"])


def _sentence(shipment: ChannelShipment) -> str:
    """Shipped: 2 × TEE-M. DHL 0034…, https://… [A-7-F1-P1]"""
    goods = ", ".join(f"{line.quantity.normalize():f} × {line.sku or line.title}" for line in shipment.lines)
    way = " ".join(filter(None, [shipment.carrier, shipment.tracking_number]))
    said = ". ".join(filter(None, [f"Shipped: {goods}", ", ".join(filter(None, [way, shipment.tracking_url]))]))
    return f"{said} [{shipment.number}]"


def _add_tracking(api: WooCommerceApi, path: str, shipment: ChannelShipment) -> str:
    """Empty where the plugin is not there."""
    known = api.find(f"{path}/shipment-trackings", api=TRACKING)
    if known is None:
        return ""
    for each in known:
        if each["tracking_number"] == shipment.tracking_number:
            return str(each["tracking_id"])
    item = {
        "custom_tracking_provider": shipment.carrier or "Carrier",
        "custom_tracking_link": shipment.tracking_url,
        "tracking_number": shipment.tracking_number,
        "date_shipped": shipment.shipped_at.date().isoformat(),
    }
    return str(api.send("POST", f"{path}/shipment-trackings", item, api=TRACKING)["tracking_id"])
