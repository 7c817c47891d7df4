"""A seller's listings at Amazon: Listings Items API 2021-08-01. Five changes a second, twenty SKUs a search.

What is not the seller's, or is sent by Amazon itself, is answered INVALID with its issues.
https://developer-docs.amazon.com/sp-api/reference/patchlistingsitem
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.serving import Answered, Asked

SELLER = "A2SELLER0EXAMPLE"
BURST, A_SECOND, MOST_SKUS = 5.0, 5.0, 20


class Listings:
    """`quantities` and the warehouse of each SKU; `clock` tells the time of the rate limit."""

    def __init__(self, marketplace: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.marketplace = marketplace
        self.quantities: dict[str, int] = {}
        self.sent_by: dict[str, str] = {}
        self.clock = clock
        self._tokens, self._filled_at = BURST, clock()

    def add(self, sku: str, quantity: int = 0, *, sent_by: str = "DEFAULT") -> None:
        self.quantities[sku], self.sent_by[sku] = quantity, sent_by

    def answer(self, asked: Asked) -> Answered:
        split = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        if query.get("marketplaceIds") != self.marketplace:
            return _error(400, "InvalidInput", "'marketplaceIds' is invalid.")
        sku = unquote(split.path.partition(f"/{SELLER}")[2].lstrip("/"))
        if asked.method == "GET" and not sku:
            return self._search(query)
        return self._patch(sku, asked.json()) if asked.method == "PATCH" else _error(404, "NotFound", "Not found.")

    def _search(self, query: dict[str, str]) -> Answered:
        wanted = query["identifiers"].split(",")
        if query.get("identifiersType") != "SKU" or len(wanted) > MOST_SKUS or int(query["pageSize"]) > MOST_SKUS:
            return _error(400, "InvalidInput", f"Between 1 and {MOST_SKUS} identifiers are allowed.")
        skus = [sku for sku in self.quantities if sku in wanted or sku == query["identifiers"]]
        return Answered(200, {"numberOfResults": len(skus), "items": [self._show(sku) for sku in skus]})

    def _show(self, sku: str) -> dict[str, Any]:
        where = {"fulfillmentChannelCode": self.sent_by[sku], "quantity": self.quantities[sku]}
        kind = {"marketplaceId": self.marketplace, "productType": "SHIRT"}
        return {"sku": sku, "productTypes": [kind], "fulfillmentAvailability": [where]}

    def _patch(self, sku: str, given: dict[str, Any]) -> Answered:
        if not self._may_pass():
            limit = {"x-amzn-RateLimit-Limit": str(A_SECOND)}
            return Answered(429, {"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota."}]}, limit)
        (patch,) = given["patches"]
        assert (patch["op"], patch["path"]) == ("merge", "/attributes/fulfillment_availability")
        (value,) = patch["value"]
        if wrong := self._find_fault(sku, given["productType"], value):
            issue = {"code": "90220", "message": wrong, "severity": "ERROR"}
            return Answered(200, {"sku": sku, "status": "INVALID", "submissionId": "s1", "issues": [issue]})
        self.quantities[sku] = value["quantity"]
        return Answered(200, {"sku": sku, "status": "ACCEPTED", "submissionId": "s1", "issues": []})

    def _find_fault(self, sku: str, product_type: str, value: dict[str, Any]) -> str:
        if sku not in self.quantities:
            return "The SKU is not in your catalog."
        if product_type not in ("SHIRT", "PRODUCT"):
            return f"The product type {product_type} is not that of the listing."
        if value["fulfillment_channel_code"] != self.sent_by[sku]:
            return "The fulfillment channel of the listing is another."
        whole = type(value["quantity"]) is int and value["quantity"] >= 0
        return "" if whole else "quantity must be a whole number, 0 or more."

    def _may_pass(self) -> bool:
        now = self.clock()
        self._tokens = min(BURST, self._tokens + (now - self._filled_at) * A_SECOND)
        self._filled_at = now
        passes = self._tokens >= 1 - 1e-9
        self._tokens -= passes
        return passes


def _error(status: int, code: str, message: str) -> Answered:
    return Answered(status, {"errors": [{"code": code, "message": message, "details": ""}]})
