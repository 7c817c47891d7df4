"""Telling Amazon what may be sold: Listings Items API 2021-08-01, one listing a call, `merge` of the quantity alone.

A feed (JSON_LISTINGS_FEED) would take many at once, but stands in one queue with all other changes of the seller and is
answered in hours; a call is answered at once and names what is wrong.
https://developer-docs.amazon.com/sp-api/docs/merge-a-listing
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote as escape
from urllib.parse import urlencode

from orders.channels.outgoing.port import ChannelRefused, StockFigure
from orders.channels.reasons import quote

AT_ONCE = 20
"""So many SKUs Amazon looks up in one call."""
APART = 0.2
"""Seconds from one change to the next: five a second are let through."""
OWN = "DEFAULT"
"""The fulfillment channel of what the seller sends; all others are Amazon's own warehouses."""

Send = Callable[..., Any]
"""Method, path and document; the answer's JSON."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Whose listings, where."""

    seller: str
    marketplace: str


@dataclass(slots=True)
class Pace:
    """Keeps changes `APART`. `wait` lets time pass and `clock` tells it, in seconds."""

    wait: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    free_at: float = 0.0

    def keep(self) -> None:
        self.wait(max(self.free_at - self.clock(), 0.0))
        self.free_at = self.clock() + APART


def set_stock(send: Send, figures: Sequence[StockFigure], *, shelf: Shelf, pace: Pace) -> dict[str, str]:
    """The SKUs that could not be set, with a sentence why; the others show what was wanted."""
    if not shelf.seller:
        raise ChannelRefused("Amazon wants to know whose stock it is: enter the seller's id.")
    there = {sku: item for some in _portion(figures) for sku, item in _read_listings(send, some, shelf)}
    refused: dict[str, str] = {}
    for figure in figures:
        sentence = _refuse(there.get(figure.sku))
        if not sentence:
            pace.keep()
            sentence = _change(send, figure, there[figure.sku], shelf)
        if sentence:
            refused[figure.sku] = sentence
    return refused


def _portion(figures: Sequence[StockFigure]) -> Iterator[list[str]]:
    """A SKU with a comma is sought by itself: Amazon takes an escaped comma for one that separates."""
    plain = [figure.sku for figure in figures if "," not in figure.sku]
    yield from (plain[begin : begin + AT_ONCE] for begin in range(0, len(plain), AT_ONCE))
    yield from ([figure.sku] for figure in figures if "," in figure.sku)


def _read_listings(send: Send, skus: Sequence[str], shelf: Shelf) -> list[tuple[str, Mapping[str, Any]]]:
    asked = {
        "marketplaceIds": shelf.marketplace,
        "identifiersType": "SKU",
        "identifiers": ",".join(skus),
        "includedData": "productTypes,fulfillmentAvailability",
        "pageSize": AT_ONCE,
    }
    answer = send("GET", f"/listings/2021-08-01/items/{escape(shelf.seller, safe='')}?{urlencode(asked)}")
    return [(str(item["sku"]), item) for item in answer.get("items") or ()]


def _refuse(item: Mapping[str, Any] | None) -> str:
    if item is None:
        return "Amazon has no listing with this SKU in the marketplace."
    places = {each.get("fulfillmentChannelCode") for each in item.get("fulfillmentAvailability") or ()}
    return "Amazon sends this itself, from its own warehouses." if places and OWN not in places else ""


def _change(send: Send, figure: StockFigure, item: Mapping[str, Any], shelf: Shelf) -> str:
    """What Amazon says against it, or "". An acceptance is a promise: the page follows within minutes."""
    document = {
        "productType": next((each["productType"] for each in item.get("productTypes") or ()), "PRODUCT"),
        "patches": [
            {
                "op": "merge",
                "path": "/attributes/fulfillment_availability",
                "value": [{"fulfillment_channel_code": OWN, "quantity": int(max(figure.units, Decimal(0)))}],
            }
        ],
    }
    where = f"/listings/2021-08-01/items/{escape(shelf.seller, safe='')}/{escape(figure.sku, safe='')}"
    answer = send("PATCH", f"{where}?{urlencode({'marketplaceIds': shelf.marketplace})}", json=document)
    if answer.get("status") == "ACCEPTED":
        return ""
    issues = [each for each in answer.get("issues") or () if each.get("severity") == "ERROR"]
    said = "; ".join(str(each.get("message")) for each in issues) or str(answer.get("status"))
    return f"Amazon: {quote(said, most=300)}"
