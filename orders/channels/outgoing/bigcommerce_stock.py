"""Telling BigCommerce what may be sold: absolute adjustments of one location's inventory, REST v3.

Items are read first: a batch that names an unknown SKU would be refused as a whole.
https://developer.bigcommerce.com/docs/rest-management/inventory/adjustments
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from orders.channels.outgoing.port import ChannelRefused, StockFigure

SOUGHT_AT_ONCE = 50
"""So many SKUs still fit into an address."""
FIRST_LOCATION = "1"
"""Every store has it: "Default location"."""
MOST = 2_147_483_647

Send = Callable[..., Any]
"""Method, path below v3 and document; the answer's JSON."""


def set_stock(send: Send, figures: Sequence[StockFigure], *, location: str) -> dict[str, str]:
    """The SKUs that could not be set, with a sentence why; the others show what was wanted."""
    place = location or FIRST_LOCATION
    if not place.isascii() or not place.isdigit():
        raise ChannelRefused("The location is a number at BigCommerce. Enter it, or leave it empty for the first one.")
    there = _read_items(send, [figure.sku for figure in figures if "," not in figure.sku], place)
    refused = {figure.sku: _refuse(figure.sku) for figure in figures if figure.sku not in there}
    wanted = [
        {"location_id": int(place), "sku": figure.sku, "quantity": min(int(max(figure.units, Decimal(0))), MOST)}
        for figure in figures
        if figure.sku in there
    ]
    if wanted:
        send("PUT", "inventory/adjustments/absolute", {"reason": "Stock of the order system", "items": wanted})
    return refused


def _read_items(send: Send, skus: Sequence[str], place: str) -> set[str]:
    found: set[str] = set()
    for begin in range(0, len(skus), SOUGHT_AT_ONCE):
        some = skus[begin : begin + SOUGHT_AT_ONCE]
        query = urlencode({"sku:in": ",".join(some), "limit": SOUGHT_AT_ONCE})
        answer = send("GET", f"inventory/locations/{place}/items?{query}") or {}
        found |= {str(each["identity"]["sku"]) for each in answer.get("data", ())}
    return found & set(skus)


def _refuse(sku: str) -> str:
    if "," in sku:
        return "BigCommerce separates SKUs by commas, so one with a comma cannot be found there."
    return "BigCommerce keeps no stock of this SKU at the location: it has none such, or does not track it."
