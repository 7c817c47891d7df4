"""A shop with WooCommerce over HTTP: REST v3 as documented, with basic authentication by consumer key.

A line is removed by quantity 0, another item by a null `method_id`; a PUT with items works out the totals again from
net amounts; an existing line keeps its amounts unless they are sent; a new one without them costs what the product
costs; refunds through the gateway never exceed what is left.
"""

import base64
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.serving import Answered, Asked, Double

KEY, SECRET = "ck_0123456789abcdef", "cs_0123456789abcdef"
STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")
CENT = Decimal("0.01")
_ORDER = re.compile(r"/wp-json/wc/v3/orders/(\d+)(/refunds|/notes)?")
_TRACKINGS = re.compile(r"/wp-json/wc-shipment-tracking/v3/orders/(\d+)/shipment-trackings")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


_BATCH = re.compile(r"/wp-json/wc/v3/products(?:/(\d+)/variations)?/batch")
MOST_IN_A_BATCH = 100


class Wrong(Exception):
    """What comes back as 400, or as `status`."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.answer = Answered(status, {"code": code, "message": message, "data": {"status": status}})


class WooCommerceServer(Double):
    """`tax` is the one rate of the shop; prices are entered with it or without, as the order says."""

    def __init__(self, *, tax: str = "0.19") -> None:
        super().__init__()
        self.tax = Decimal(tax)
        self.orders: dict[int, dict[str, Any]] = {}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.products: list[dict[str, Any]] = []
        self.may_refund = True
        self.trackings: dict[int, list[dict[str, Any]]] = {}
        self.has_tracking_plugin = True
        self._numbers = count(500)

    def add_product(self, sku: str, *, net: str = "16.72", parent: int = 0) -> int:
        product = {"id": next(self._numbers), "sku": sku, "price": net, "parent_id": parent}
        product |= {"manage_stock": False, "stock_quantity": None}
        self.products.append(product)
        return product["id"]

    def add_order(self, number: int, lines: list[tuple[int, str, int, str]], **fields: Any) -> dict[str, Any]:
        """Lines are (id, SKU, quantity, net price of all units)."""
        items = [self._item(line_id, sku, quantity, Decimal(net)) for line_id, sku, quantity, net in lines]
        shipping = {"id": 900, "method_id": "flat_rate", "method_title": "Standard", "total": "4.12"}
        postal = {"first_name": "Ada", "last_name": "Meier", "company": "", "address_1": "Torstr. 1", "address_2": ""}
        postal |= {"city": "Berlin", "state": "", "postcode": "10119", "country": "DE", "phone": "+49301234"}
        order = {
            "id": number,
            "number": str(number),
            "status": "processing",
            "currency": "EUR",
            "prices_include_tax": True,
            "date_created_gmt": "2026-11-21T12:00:00",
            "date_modified_gmt": "2026-11-21T12:00:00",
            "date_paid_gmt": "2026-11-21T12:00:00",
            "billing": postal | {"email": "ada@example.com"},
            "shipping": postal,
            "line_items": items,
            "shipping_lines": [shipping],
            "fee_lines": [],
            "meta_data": [],
            "refunds": [],
        }
        self.orders[number] = order | fields
        self._add_up(self.orders[number])
        return self.orders[number]

    def answer(self, asked: Asked) -> Answered:
        if asked.headers.get("authorization") != _basic(KEY, SECRET):
            said = {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot list resources."}
            return Answered(401, said | {"data": {"status": 401}})
        try:
            return self._route(asked)
        except Wrong as wrong:
            return wrong.answer

    def _route(self, asked: Asked) -> Answered:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/wp-json/wc/v3/products" and asked.method == "GET":
            wanted = query.get("sku", "").split(",")
            found = [each for each in self.products if each["sku"] in wanted]
            return Answered(200, found[: int(query.get("per_page", 10))])
        batch = _BATCH.fullmatch(parts.path)
        if batch and asked.method == "POST":
            return Answered(200, self._set_stock(int(batch[1] or 0), asked.json()))
        if parts.path == "/wp-json/wc/v3/orders" and asked.method == "GET":
            return Answered(200, list(self.orders.values())[: int(query.get("per_page", 10))])
        if (place := _TRACKINGS.fullmatch(parts.path)) and self.has_tracking_plugin:
            return self._track(int(place[1]), asked)
        place = _ORDER.fullmatch(parts.path)
        if not place:
            raise Wrong("rest_no_route", "No route was found matching the URL and request method.", 404)
        number, below = int(place[1]), place[2] or ""
        if number not in self.orders:
            raise Wrong("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        works = {
            ("GET", ""): lambda: self.orders[number],
            ("PUT", ""): lambda: self._update(self.orders[number], asked.json()),
            ("GET", "/refunds"): lambda: self.refunds.get(number, []),
            ("POST", "/refunds"): lambda: self._refund(self.orders[number], asked.json()),
            ("GET", "/notes"): lambda: self._notes(number, query.get("type", "any")),
            ("POST", "/notes"): lambda: self._note(number, asked.json()),
        }
        work = works.get((asked.method, below))
        if work is None:
            raise Wrong("rest_no_route", "No route was found matching the URL and request method.", 404)
        return Answered(201 if asked.method == "POST" else 200, work())

    def _set_stock(self, parent: int, given: dict[str, Any]) -> dict[str, Any]:
        """Each alone: what fails bears its error, and the others are done."""
        if len(given["update"]) > MOST_IN_A_BATCH:
            raise Wrong("woocommerce_rest_request_entity_too_large", "Unable to accept more than 100 items.", 413)
        said = []
        for wanted in given["update"]:
            own = [each for each in self.products if each["id"] == wanted["id"] and each["parent_id"] == parent]
            if not own:
                error = {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID."}
                said.append({"id": wanted["id"], "error": error | {"data": {"status": 400}}})
                continue
            if not isinstance(wanted["stock_quantity"], int):
                raise Wrong("rest_invalid_param", "Invalid parameter(s): stock_quantity")
            own[0].update({name: wanted[name] for name in ("manage_stock", "stock_quantity") if name in wanted})
            said.append(own[0])
        return {"update": said}

    def _update(self, order: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """All of it or nothing."""
        if given.get("status", "processing") not in STATUSES:
            raise Wrong("rest_invalid_param", "Invalid parameter(s): status")
        if "@" not in given.get("billing", {}).get("email", "@"):
            raise Wrong("rest_invalid_param", "Invalid parameter(s): billing")
        lines = self._lines_after(order["line_items"], given.get("line_items", []))
        shipping = self._shipping_after(order["shipping_lines"], given.get("shipping_lines", []))
        order["line_items"], order["shipping_lines"] = lines, shipping
        order["billing"] = order["billing"] | given.get("billing", {})
        order["shipping"] = order["shipping"] | given.get("shipping", {})
        order["status"] = given.get("status", order["status"])
        order["date_modified_gmt"] = "2026-11-21T12:05:00"
        if given.keys() & {"line_items", "shipping_lines", "billing", "shipping"}:
            self._add_up(order)
        return order

    def _lines_after(self, lines: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        after = [dict(line) for line in lines]
        for wanted in given:
            if not isinstance(wanted.get("quantity", 0), int):
                raise Wrong("rest_invalid_param", "Invalid parameter(s): line_items")
            if "id" not in wanted:
                after.append(self._new_line(wanted))
                continue
            line = next((line for line in after if line["id"] == wanted["id"]), None)
            if line is None:
                raise Wrong("woocommerce_rest_invalid_item_id", "Order item ID provided is not associated with order.")
            if wanted.get("quantity") == 0:
                after.remove(line)
            else:
                line.update({name: wanted[name] for name in ("quantity", "subtotal", "total") if name in wanted})
        return after

    def _new_line(self, wanted: dict[str, Any]) -> dict[str, Any]:
        named = wanted.get("variation_id") or wanted.get("product_id")
        product = next((each for each in self.products if each["id"] == named), None)
        if product is None or product["parent_id"] not in (0, wanted.get("product_id")):
            raise Wrong("woocommerce_rest_required_product_reference", "Product ID or SKU is required.")
        price = Decimal(wanted.get("total") or Decimal(product["price"]) * wanted["quantity"])
        item = self._item(next(self._numbers), product["sku"], wanted["quantity"], price)
        return item | {"subtotal": wanted.get("subtotal", item["subtotal"])}

    def _shipping_after(self, lines: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        after = [dict(line) for line in lines]
        for wanted in given:
            if "id" not in wanted:
                if not wanted.get("method_id"):
                    raise Wrong("woocommerce_rest_invalid_shipping_item", "Shipping method ID is required.")
                after.append({"id": next(self._numbers)} | wanted)
                continue
            line = next((line for line in after if line["id"] == wanted["id"]), None)
            if line is None:
                raise Wrong("woocommerce_rest_invalid_item_id", "Order item ID provided is not associated with order.")
            if "method_id" in wanted and wanted["method_id"] is None:
                after.remove(line)
            else:
                line.update(wanted)
        return after

    def _refund(self, order: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        before = self.refunds.setdefault(order["id"], [])
        left = Decimal(order["total"]) - sum((Decimal(each["amount"]) for each in before), Decimal(0))
        amount = Decimal(given["amount"])
        if not 0 < amount <= left:
            raise Wrong("woocommerce_rest_invalid_order_refund", "Refund amount must be greater than zero.")
        if given.get("api_refund", True) and not self.may_refund:
            said = "The payment gateway for this order does not support automatic refunds."
            raise Wrong("woocommerce_rest_cannot_create_order_refund", said, 500)
        refund = {"id": next(self._numbers), "amount": str(amount), "reason": given.get("reason", "")}
        before.append(refund | {"meta_data": given.get("meta_data", []), "line_items": []})
        order["refunds"].append({"id": refund["id"], "reason": refund["reason"], "total": f"-{amount}"})
        return before[-1]

    def _note(self, number: int, given: dict[str, Any]) -> dict[str, Any]:
        if not given.get("note"):
            raise Wrong("rest_missing_callback_param", "Missing parameter(s): note")
        note = {"id": next(self._numbers)} | given
        self.notes.setdefault(number, []).append(note)
        return note

    def _notes(self, number: int, kind: str) -> list[dict[str, Any]]:
        if kind not in ("any", "customer", "internal"):
            raise Wrong("rest_invalid_param", "Invalid parameter(s): type")
        shown = {"any": (True, False), "customer": (True,), "internal": (False,)}[kind]
        return [note for note in self.notes.get(number, []) if note.get("customer_note", False) in shown]

    def _track(self, number: int, asked: Asked) -> Answered:
        """The plugin Shipment Tracking: a carrier of its list, or one of one's own with a link."""
        if number not in self.orders:
            raise Wrong("woocommerce_rest_shipment_tracking_invalid_id", "Invalid order ID.", 404)
        items = self.trackings.setdefault(number, [])
        if asked.method == "GET":
            return Answered(200, items)
        given = asked.json()
        if not given.get("tracking_number"):
            raise Wrong("rest_missing_callback_param", "Missing parameter(s): tracking_number")
        if not (given.get("tracking_provider") or given.get("custom_tracking_provider")):
            raise Wrong("rest_invalid_param", "A tracking provider is required.")
        if not _DAY.fullmatch(given.get("date_shipped", "2026-11-21")):
            raise Wrong("rest_invalid_param", "Invalid parameter(s): date_shipped")
        items.append(given | {"tracking_id": f"t{next(self._numbers)}"})
        return Answered(201, items[-1])

    def _item(self, line_id: int, sku: str, quantity: int, net: Decimal) -> dict[str, Any]:
        shown = {"id": line_id, "sku": sku, "name": sku, "quantity": quantity, "product_id": 1, "variation_id": 0}
        return shown | {"subtotal": str(net), "total": str(net), "meta_data": []}

    def _add_up(self, order: dict[str, Any]) -> None:
        """Taxes are WooCommerce's own sum, from net amounts, rounded for each line."""
        for line in order["line_items"]:
            line |= {"total_tax": str(self._tax(line["total"])), "subtotal_tax": str(self._tax(line["subtotal"]))}
        net = sum((Decimal(line["total"]) for line in order["line_items"]), Decimal(0))
        way = sum((Decimal(line["total"]) for line in order["shipping_lines"]), Decimal(0))
        goods_tax = sum((Decimal(line["total_tax"]) for line in order["line_items"]), Decimal(0))
        order |= {"shipping_total": str(way.quantize(CENT, ROUND_HALF_UP)), "shipping_tax": str(self._tax(way))}
        taxes = goods_tax + self._tax(way)
        order["tax_lines"] = [{"id": 950, "rate_percent": float(self.tax * 100), "tax_total": str(goods_tax)}]
        order |= {"total_tax": str(taxes), "total": str((net + way + taxes).quantize(CENT, ROUND_HALF_UP))}

    def _tax(self, net: str | Decimal) -> Decimal:
        return (Decimal(net) * self.tax).quantize(CENT, ROUND_HALF_UP)


def _basic(key: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{key}:{secret}'.encode()).decode()}"
