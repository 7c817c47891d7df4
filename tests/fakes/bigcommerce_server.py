"""A store at BigCommerce: order shipments of REST v2, and inventory of v3. Empty lists of v2 are 204.

An order becomes shipped by its shipments. An adjustment that names an unknown SKU or location is refused as a whole.

https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments
https://developer.bigcommerce.com/docs/rest-management/inventory/adjustments
"""

import re
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.serving import Answered, Asked, Double

TOKEN = "bc_0123456789abcdef"
STORE = "/stores/abc123"
PROVIDERS = ("", "auspost", "canadapost", "endicia", "usps", "fedex", "royalmail", "ups", "upsready", "upsonline")
CARRIERS = ("", "usps", "ups", "fedex", "dhl", "auspost", "canadapost", "royalmail")
MOST_ITEMS = 2000
_ITEMS = re.compile(STORE + r"/v3/inventory/locations/(\d+)/items")
_ORDER = re.compile(STORE + r"/v2/orders/(\d+)/(products|shipments)")


class BigCommerceServer(Double):
    """`products` and `shipments` by order; `stock` on hand by SKU, by location."""

    def __init__(self) -> None:
        super().__init__()
        self.products: dict[int, list[dict[str, Any]]] = {}
        self.shipments: dict[int, list[dict[str, Any]]] = {}
        self.stock: dict[int, dict[str, int]] = {1: {}}
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
        if items := _ITEMS.fullmatch(path):
            return self._list_items(int(items[1]), asked)
        if (asked.method, path) == ("PUT", f"{STORE}/v3/inventory/adjustments/absolute"):
            return self._adjust(asked.json())
        place = _ORDER.fullmatch(path)
        if place is None or int(place[1]) not in self.products:
            return Answered(404, [{"status": 404, "message": "The requested resource was not found."}])
        number, what = int(place[1]), place[2]
        if asked.method == "POST" and what == "shipments":
            return self._ship(number, asked.json())
        found = (self.products if what == "products" else self.shipments)[number]
        return Answered(200, found) if found else Answered(204, raw=b"")

    def _list_items(self, location: int, asked: Asked) -> Answered:
        if location not in self.stock:
            return Answered(404, {"status": 404, "title": "Location not found"})
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        wanted = query["sku:in"].split(",")
        found = [(sku, units) for sku, units in self.stock[location].items() if sku in wanted]
        limit = int(query.get("limit", 50))
        shown = [{"identity": {"sku": sku}, "total_inventory_onhand": units} for sku, units in found[:limit]]
        return Answered(200, {"data": shown, "meta": {"pagination": {"total": len(found)}}})

    def _adjust(self, given: dict[str, Any]) -> Answered:
        """All of them or none."""
        items = given["items"]
        if not 0 < len(items) <= MOST_ITEMS:
            return Answered(422, {"status": 422, "title": f"items must have 1 to {MOST_ITEMS} elements"})
        for item in items:
            if item["sku"] not in self.stock.get(item["location_id"], {}):
                return Answered(422, {"status": 422, "title": f"Unknown item {item['sku']}"})
            if type(item["quantity"]) is not int or item["quantity"] < 0:
                return Answered(422, {"status": 422, "title": "quantity must be a whole number, 0 or more"})
        for item in items:
            self.stock[item["location_id"]][item["sku"]] = item["quantity"]
        return Answered(200, {"transaction_id": f"t-{next(self._numbers)}"})

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
