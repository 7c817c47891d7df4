"""A store at BigCommerce: order shipments of REST v2. An order becomes shipped by its shipments; empty lists are 204.

https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments
"""

import re
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.serving import Answered, Asked, Double

TOKEN = "bc_0123456789abcdef"
STORE = "/stores/abc123"
PROVIDERS = ("", "auspost", "canadapost", "endicia", "usps", "fedex", "royalmail", "ups", "upsready", "upsonline")
CARRIERS = ("", "usps", "ups", "fedex", "dhl", "auspost", "canadapost", "royalmail")
_ORDER = re.compile(STORE + r"/v2/orders/(\d+)/(products|shipments)")


class BigCommerceServer(Double):
    """`products` and `shipments` by order."""

    def __init__(self) -> None:
        super().__init__()
        self.products: dict[int, list[dict[str, Any]]] = {}
        self.shipments: dict[int, list[dict[str, Any]]] = {}
        self._numbers = count(700)

    @property
    def store_url(self) -> str:
        return self.url + STORE

    def add_order(self, number: int, lines: list[tuple[int, str, int]], *, address: int = 5) -> None:
        """Lines are (id, SKU, quantity)."""
        self.products[number] = [
            {"id": line, "sku": sku, "quantity": quantity, "quantity_shipped": 0, "order_address_id": address}
            for line, sku, quantity in lines
        ]
        self.shipments[number] = []

    def status_of(self, number: int) -> str:
        left = sum(each["quantity"] - each["quantity_shipped"] for each in self.products[number])
        return ("Partially Shipped" if left else "Shipped") if self.shipments[number] else "Awaiting Fulfillment"

    def answer(self, asked: Asked) -> Answered:
        if asked.headers.get("x-auth-token") != TOKEN:
            return Answered(401, {"status": 401, "title": "Unauthorized"})
        path = urlsplit(asked.path).path
        if path == f"{STORE}/v2/store":
            return Answered(200, {"name": "Morrow & Flax"})
        place = _ORDER.fullmatch(path)
        if place is None or int(place[1]) not in self.products:
            return Answered(404, [{"status": 404, "message": "The requested resource was not found."}])
        number, what = int(place[1]), place[2]
        if asked.method == "POST" and what == "shipments":
            return self._ship(number, asked.json())
        found = (self.products if what == "products" else self.shipments)[number]
        return Answered(200, found) if found else Answered(204, raw=b"")

    def _ship(self, number: int, given: dict[str, Any]) -> Answered:
        products = {each["id"]: each for each in self.products[number]}
        if given.get("order_address_id") not in {each["order_address_id"] for each in products.values()}:
            return _wrong("The field 'order_address_id' is invalid.")
        if given.get("shipping_provider", "") not in PROVIDERS or given.get("tracking_carrier", "") not in CARRIERS:
            return _wrong("The field 'tracking_carrier' is invalid.")
        if not given.get("items"):
            return _wrong("The required field 'items' was not supplied.")
        for item in given["items"]:
            product = products.get(item["order_product_id"])
            if product is None or not 0 < item["quantity"] <= product["quantity"] - product["quantity_shipped"]:
                return _wrong("The field 'items' is invalid: the quantity exceeds what is left to ship.")
        for item in given["items"]:
            products[item["order_product_id"]]["quantity_shipped"] += item["quantity"]
        made = {"id": next(self._numbers), "order_id": number} | given
        self.shipments[number].append(made)
        return Answered(201, made)


def _wrong(message: str) -> Answered:
    return Answered(400, [{"status": 400, "message": message}])
