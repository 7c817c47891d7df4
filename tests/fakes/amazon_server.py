"""Amazon's Selling Partner API and Login with Amazon, for one seller: tokens that end, `confirmShipment`, listings.

A package is named by a positive number; the same number again edits that package. A confirmed item never exceeds what
was ordered. https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.amazon_listings import SELLER, Listings
from tests.fakes.serving import Answered, Asked, Double

CLIENT, SECRET, REFRESH, MARKETPLACE = "amzn1.client", "amzn1.secret", "Atzr|refresh", "A1PA6795UKMFR9"
CARRIERS = (
    "DHL",
    "DHL Express",
    "DPD",
    "Deutsche Post",
    "FedEx",
    "GLS",
    "Hermes",
    "Royal Mail",
    "UPS",
    "USPS",
    "Other",
)
_CONFIRM = re.compile(r"/orders/v0/orders/([\w-]+)/shipmentConfirmation")


class AmazonServer(Double):
    """`orders` are items with their quantities, by order; `packages` what was confirmed, by order and number."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, dict[str, int]] = {}
        self.packages: dict[str, dict[str, dict[str, Any]]] = {}
        self.tokens: set[str] = set()
        self.exchanged = 0
        self.listings = Listings(MARKETPLACE)

    def answer(self, asked: Asked) -> Answered:
        if asked.path == "/auth/o2/token":
            return self._exchange(asked)
        if asked.headers.get("x-amz-access-token") not in self.tokens:
            return _error(403, "Unauthorized", "The access token you provided has expired.")
        if asked.path == "/sellers/v1/marketplaceParticipations":
            return Answered(200, {"payload": [{"marketplace": {"id": MARKETPLACE, "name": "Amazon.de"}}]})
        if asked.path.startswith(f"/listings/2021-08-01/items/{SELLER}"):
            return self.listings.answer(asked)
        place = _CONFIRM.fullmatch(asked.path)
        if place is None or asked.method != "POST":
            return _error(404, "NotFound", "Resource not found.")
        return self._confirm(place[1], asked.json())

    def end_tokens(self) -> None:
        """An hour has passed."""
        self.tokens.clear()

    def units_of(self, number: str) -> dict[str, int]:
        """What is confirmed of each item."""
        found: dict[str, int] = {}
        for package in self.packages.get(number, {}).values():
            for item in package["orderItems"]:
                found[item["orderItemId"]] = found.get(item["orderItemId"], 0) + item["quantity"]
        return found

    def _exchange(self, asked: Asked) -> Answered:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            said = {"error": "invalid_client", "error_description": "Client authentication failed"}
            return Answered(401, said)
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != REFRESH:
            return Answered(400, {"error": "invalid_grant", "error_description": "The request has an invalid grant"})
        self.exchanged += 1
        token = f"Atza|{self.exchanged}"
        self.tokens.add(token)
        return Answered(200, {"access_token": token, "token_type": "bearer", "expires_in": 3600})

    def _confirm(self, number: str, given: dict[str, Any]) -> Answered:
        if number not in self.orders:
            return _error(400, "InvalidInput", f"Order {number} was not found.")
        if given.get("marketplaceId") != MARKETPLACE:
            return _error(400, "InvalidInput", "Invalid marketplaceId.")
        package = given["packageDetail"]
        if wrong := _find_fault(package):
            return _error(400, "InvalidInput", wrong)
        before = self.packages.setdefault(number, {})
        kept = before.pop(package["packageReferenceId"], None)
        confirmed = self.units_of(number)
        for item in package["orderItems"]:
            name, most = item["orderItemId"], self.orders[number].get(item["orderItemId"])
            if most is None or not 0 < item["quantity"] <= most - confirmed.get(name, 0):
                if kept:
                    before[package["packageReferenceId"]] = kept
                why = "does not belong to the order" if most is None else "exceeds the quantity that can be confirmed"
                return _error(400, "InvalidInput", f"Item {name} {why}.")
        before[package["packageReferenceId"]] = package
        return Answered(204, raw=b"")


def _find_fault(package: dict[str, Any]) -> str:
    needed = ("packageReferenceId", "carrierCode", "trackingNumber", "shipDate", "orderItems")
    if missing := [name for name in needed if not package.get(name)]:
        return f"Missing required field {missing[0]}."
    if not re.fullmatch(r"[1-9]\d*", package["packageReferenceId"]):
        return "packageReferenceId must be a positive number."
    if package["carrierCode"] not in CARRIERS:
        return f"Invalid carrierCode {package['carrierCode']}."
    if package["carrierCode"] == "Other" and not package.get("carrierName"):
        return "carrierName is required when carrierCode is Other."
    try:
        datetime.fromisoformat(package["shipDate"])
    except ValueError:
        return "Invalid shipDate."
    return ""


def _error(status: int, code: str, message: str) -> Answered:
    return Answered(status, {"errors": [{"code": code, "message": message, "details": ""}]})
