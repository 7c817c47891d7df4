"""Shopify's Admin GraphQL API over HTTP, for one shop: a real GraphQL parser, tokens, versions, a bucket of points."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from graphql import GraphQLResolveInfo, build_schema, graphql_sync

from tests.fakes.serving import Answered, Asked, Double
from tests.fakes.shopify_shop import Line, Order, Refused, Session, Shop

TOKEN = "shpat_0123456789abcdef"
VERSIONS = ("2026-04", "2026-07", "2026-10")
SCHEMA = build_schema((Path(__file__).parent / "shopify_schema.graphql").read_text())
_PATH = re.compile(r"/admin/api/(?P<version>[\w-]+)/graphql\.json")
MUTATION_COST = 10.0
LOCATION = 1
REASONS_OF_STOCK = ("correction", "cycle_count_available", "other", "received", "restock")


class ShopifyServer(Double):
    """`shop` is what it stands for; time passes for its bucket only by `pass_time`."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = Shop()
        self.maximum, self.rate = 2_000.0, 100.0
        self.points = self.maximum
        self.slept: list[float] = []

    def pass_time(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.points = min(self.maximum, self.points + seconds * self.rate)

    def answer(self, asked: Asked) -> Answered:
        place = _PATH.fullmatch(asked.path)
        if asked.method != "POST" or not place or place["version"] not in VERSIONS:
            return Answered(404, {"errors": "Not Found"})
        if asked.headers.get("x-shopify-access-token") != TOKEN:
            said = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return Answered(401, {"errors": said})
        document = asked.json()
        cost = _cost_of(document["query"])
        if cost > self.points:
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return Answered(200, {"errors": [error], "extensions": self._bucket(cost, None)})
        self.points -= cost
        fields, variables = _fields_of(Root(self.shop)), document.get("variables")
        result = graphql_sync(SCHEMA, document["query"], fields, variable_values=variables)
        said: dict[str, Any] = {"extensions": self._bucket(cost, cost)}
        if result.errors:
            said["errors"] = [{"message": error.message} for error in result.errors]
        return Answered(200, said | ({"data": result.data} if result.data is not None else {}))

    def _bucket(self, asked: float, actual: float | None) -> dict[str, Any]:
        status = {"maximumAvailable": self.maximum, "currentlyAvailable": self.points, "restoreRate": self.rate}
        return {"cost": {"requestedQueryCost": asked, "actualQueryCost": actual, "throttleStatus": status}}


def _cost_of(query: str) -> float:
    if query.lstrip().startswith("mutation"):
        return MUTATION_COST
    return 1.0 + sum(map(int, re.findall(r"first:\s*(\d+)", query)))


def _fields_of(root: "Root") -> dict[str, Any]:
    """Its methods under the names that GraphQL gives them: order_update is orderUpdate."""
    names = [name for name in vars(Root) if not name.startswith("_")]
    return {re.sub(r"_(.)", lambda part: part[1].upper(), name): getattr(root, name) for name in names}


class Root:
    """Each method is a field of Query or Mutation, in snake case."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def shop(self, info: GraphQLResolveInfo) -> dict[str, Any]:
        return {"name": self._shop.name}

    def order(self, info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:
        order = self._shop.orders.get(_number(id, "Order"))
        return _order(order) if order else None

    def product_variants(self, info: GraphQLResolveInfo, query: str = "", **page: Any) -> dict[str, Any]:
        """A word of the search fits whatever begins with it, in any case of letters."""
        wanted = [re.fullmatch(r'sku:"(.*)"', word) for word in query.split(" OR ")]
        assert all(wanted), f"Shopify would search for words in {query!r}"
        skus = tuple(word[1].replace('\\"', '"').replace("\\\\", "\\").lower() for word in wanted if word)
        found = [each for each in self._shop.variants.values() if each["sku"].lower().startswith(skus)]
        return _page([_variant(each) for each in found])(info, page.get("first") or 50, page.get("after"))

    def location(self, info: GraphQLResolveInfo, id: str | None = None) -> dict[str, Any]:
        return {"id": gid("Location", LOCATION), "name": "Torstr. 1"}

    def inventory_set_quantities(self, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        """All of them or none; each must name what it changes from, or null on purpose."""
        keys = [each for each in info.field_nodes[0].directives or () if each.name.value == "idempotent"]
        assert keys, "The @idempotent directive is required for this mutation."
        assert input["name"] in ("available", "on_hand")
        assert input["reason"] in REASONS_OF_STOCK
        assert all("changeFromQuantity" in each for each in input["quantities"])
        codes = [code for each in input["quantities"] if (code := _refuse_quantity(self._shop, each))]
        if codes:
            errors = [{"code": code, "field": ["input", "quantities"], "message": code} for code in codes]
            return {"inventoryAdjustmentGroup": None, "userErrors": errors}
        for each in input["quantities"]:
            variant = _variant_of_item(self._shop, each["inventoryItemId"])
            assert variant is not None
            variant["stock"] = each["quantity"]
        return {"inventoryAdjustmentGroup": {"id": gid("InventoryAdjustmentGroup", 1)}, "userErrors": []}

    def order_update(self, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        return _said(lambda: self._update(input))

    def order_edit_begin(self, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        return _said(lambda: {"calculatedOrder": _session(*self._shop.begin(_number(id, "Order")))})

    def order_edit_set_quantity(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work(number: int, session: Session) -> None:
            if wanted["quantity"] < 0:
                raise Refused("Quantity must be greater than or equal to 0")
            line_number = _number(wanted["lineItemId"], "CalculatedLineItem")
            self._shop.set_quantity(session, line_number, wanted["quantity"])

        return self._stage(id, work)

    def order_edit_add_variant(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        added: dict[str, Any] = {}

        def work(number: int, session: Session) -> None:
            variant = _number(wanted["variantId"], "ProductVariant")
            duplicates = wanted.get("allowDuplicates", False)
            name, line = self._shop.stage_variant(session, variant, wanted["quantity"], duplicates=duplicates)
            added["calculatedLineItem"] = {
                "id": gid("CalculatedLineItem", name),
                "sku": line["sku"],
                "quantity": line["quantity"],
                "originalUnitPriceSet": _bag(line["price"], session.order),
            }

        return self._stage(id, work) | added

    def order_edit_add_line_item_discount(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work(number: int, session: Session) -> None:
            discount = wanted["discount"]
            name = wanted["lineItemId"].rpartition("/")[2]
            fixed = _money(discount["fixedValue"], session.order) if "fixedValue" in discount else None
            self._shop.stage_discount(session, name, fixed=fixed, percent=discount.get("percentValue"))

        return self._stage(id, work)

    def order_edit_add_shipping_line(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work(number: int, session: Session) -> None:
            line = wanted["shippingLine"]
            self._shop.add_shipping(session, line["title"], _money(line["price"], session.order))

        return self._stage(id, work)

    def order_edit_remove_shipping_line(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work(number: int, session: Session) -> None:
            self._shop.remove_shipping(session, _number(wanted["shippingLineId"], "CalculatedShippingLine"))

        return self._stage(id, work)

    def order_edit_commit(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        return _said(lambda: {"order": _order(self._shop.commit(_number(id, "CalculatedOrder")))})

    def order_cancel(self, info: GraphQLResolveInfo, **wanted: Any) -> dict[str, Any]:
        assert len(wanted.get("staffNote") or "") <= 255
        try:
            if "refund" in wanted and "refundMethod" in wanted:
                raise Refused("Only one of refund and refundMethod may be given.")
            self._shop.cancel(_number(wanted["orderId"], "Order"))
        except Refused as refused:
            error = {"field": ["orderId"], "message": str(refused), "code": "INVALID"}
            return {"job": None, "orderCancelUserErrors": [error], "userErrors": []}
        return {"job": {"id": gid("Job", 1), "done": False}, "orderCancelUserErrors": [], "userErrors": []}

    def fulfillment_order_hold(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            made = self._shop.hold(_number(id, "FulfillmentOrder"), wanted["fulfillmentHold"])
            return {"fulfillmentHold": _hold(made)}

        return _said(work)

    def fulfillment_order_release_hold(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            numbers = [_number(hold, "FulfillmentHold") for hold in wanted.get("holdIds") or ()]
            return {"fulfillmentOrder": _waiting(self._shop.release(_number(id, "FulfillmentOrder"), numbers or None))}

        return _said(work)

    def refund_create(self, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        keys = [each for each in info.field_nodes[0].directives or () if each.name.value == "idempotent"]
        assert keys, "The @idempotent directive is required for this mutation."
        value: Any = keys[0].arguments[0].value
        given: Any = getattr(info.variable_values, "coerced", info.variable_values)
        key = given[value.name.value] if hasattr(value, "name") else value.value
        wanted = [
            {"gateway": each["gateway"], "amount": Decimal(each["amount"]), "parent": _number(each["parentId"])}
            for each in input["transactions"]
        ]

        def work() -> dict[str, Any]:
            document = {"note": input.get("note"), "transactions": wanted}
            refund = self._shop.refund(_number(input["orderId"], "Order"), document, key)
            return {"refund": {"id": gid("Refund", refund["number"]), "note": refund["note"]}}

        return _said(work)

    def _update(self, given: dict[str, Any]) -> dict[str, Any]:
        order = self._shop.find(_number(given["id"], "Order"))
        if "@" not in given.get("email", "@"):
            raise Refused("Email is invalid")
        address = given.get("shippingAddress", {})
        if address and not (address.get("lastName") and address.get("address1") and address.get("countryCode")):
            raise Refused("Shipping address needs a last name, an address and a country")
        order.email, order.phone = given.get("email", order.email), given.get("phone", order.phone)
        order.address = address or order.address
        order.version += 1
        return {"order": _order(order)}

    def _stage(self, session_id: str, work: Any) -> dict[str, Any]:
        def staged() -> dict[str, Any]:
            number = _number(session_id, "CalculatedOrder")
            session = self._shop.session(number)
            work(number, session)
            return {"calculatedOrder": _session(number, session)}

        return _said(staged)


def gid(kind: str, number: int | str) -> str:
    return f"gid://shopify/{kind}/{number}"


def rest_order(order: Order, **fields: Any) -> dict[str, Any]:
    """The order as `orders/updated` tells it: a line that was removed is there with nothing current, and a refund
    without money says what was taken off; `total_price` still counts it."""
    gone = sum((_line_price(order, number) * units for number, units in order.removed), Decimal(0))
    refund_lines = [
        {"line_item_id": number, "quantity": units, "subtotal": str(_line_price(order, number) * units)}
        | {"total_tax": "0.00", "restock_type": "no_restock"}
        for number, units in order.removed
    ]
    document = {
        "id": order.number,
        "name": f"#{order.number}",
        "created_at": "2026-11-21T12:00:00Z",
        "currency": order.currency,
        "email": order.email,
        "phone": order.phone or None,
        "financial_status": "paid",
        "taxes_included": True,
        "total_tax": "0.00",
        "total_discounts": "0.00",
        "total_price": str(order.total + gone),
        "current_total_price": str(order.total),
        "total_outstanding": "0.00",
        "line_items": [_rest_line(line) for line in order.lines],
        "shipping_lines": [
            {"title": line["title"], "price": str(line["price"]), "is_removed": line["removed"]}
            for line in order.shipping
        ],
        "shipping_address": _rest_address(order.address),
        "refunds": [{"id": 1, "transactions": [], "refund_line_items": refund_lines}] if refund_lines else [],
    }
    return document | fields


def _rest_line(line: Line) -> dict[str, Any]:
    discount = [{"amount": str(line.discount)}] if line.discount else []
    return {
        "id": line.number,
        "sku": line.sku,
        "name": line.name,
        "variant_id": 1,
        "quantity": line.quantity,
        "current_quantity": line.current,
        "fulfillable_quantity": line.current - line.fulfilled,
        "price": str(line.price),
        "discount_allocations": discount,
        "tax_lines": [],
    }


def _rest_address(address: dict[str, str]) -> dict[str, Any]:
    return {
        "first_name": address.get("firstName"),
        "last_name": address.get("lastName"),
        "address1": address.get("address1"),
        "city": address.get("city"),
        "zip": address.get("zip"),
        "country_code": address.get("countryCode"),
        "phone": address.get("phone"),
    }


def _line_price(order: Order, number: int) -> Decimal:
    return next(line.price for line in order.lines if line.number == number)


def _said(work: Any) -> dict[str, Any]:
    try:
        return {**work(), "userErrors": []}
    except Refused as refused:
        return {"userErrors": [{"field": None, "message": str(refused)}]}


def _number(name: str, kind: str = "") -> int:
    prefix, _, number = name.rpartition("/")
    assert prefix.startswith("gid://shopify/"), f"{name} is no global id"
    if (kind and not prefix.endswith(f"/{kind}")) or not number.isdigit():
        raise Refused(f"Invalid id: {name}")
    return int(number)


def _bag(amount: Decimal, order: Order) -> dict[str, Any]:
    shop = {"amount": str(amount), "currencyCode": order.currency}
    return {"shopMoney": shop, "presentmentMoney": shop | {"currencyCode": order.presentment}}


def _money(given: dict[str, Any], order: Order) -> Decimal:
    if given["currencyCode"] != order.presentment:
        raise Refused("The currency must be the order's presentment currency.")
    return Decimal(given["amount"])


def _order(order: Order) -> dict[str, Any]:
    address = order.address
    name = f"{address.get('firstName') or ''} {address.get('lastName') or ''}".strip()
    shown = {**address, "name": name, "countryCodeV2": address.get("countryCode")}
    shipping = [line for line in order.shipping if not line["removed"]]
    return {
        "id": gid("Order", order.number),
        "name": f"#{order.number}",
        "cancelledAt": order.cancelled_at,
        "currencyCode": order.currency,
        "presentmentCurrencyCode": order.presentment,
        "email": order.email,
        "phone": order.phone,
        "currentTotalPriceSet": _bag(order.total, order),
        "shippingAddress": shown if address else None,
        "shippingLines": {
            "nodes": [
                {"id": gid("ShippingLine", line["number"]), "title": line["title"]}
                | {"discountedPriceSet": _bag(line["price"], order)}
                for line in shipping
            ]
        },
        "lineItems": _page([_line(line) for line in order.lines]),
        "fulfillmentOrders": {"nodes": [_waiting(each) for each in order.fulfillment_orders]},
        "refunds": [{"id": gid("Refund", refund["number"]), "note": refund["note"]} for refund in order.refunds],
        "transactions": [_transaction(each, order) for each in order.transactions],
    }


def _page(nodes: list[dict[str, Any]]) -> Any:
    """A connection: so many from there on."""

    def resolve(info: GraphQLResolveInfo, first: int = 50, after: str | None = None) -> dict[str, Any]:
        begin = int(after or 0)
        page = {"hasNextPage": len(nodes) > begin + first, "endCursor": str(begin + first)}
        return {"nodes": nodes[begin : begin + first], "pageInfo": page}

    return resolve


def _line(line: Line) -> dict[str, Any]:
    shown = {"sku": line.sku, "name": line.name, "quantity": line.quantity, "currentQuantity": line.current}
    return {"id": gid("LineItem", line.number), **shown}


def _variant(variant: dict[str, Any]) -> dict[str, Any]:
    def level(info: GraphQLResolveInfo, locationId: str) -> dict[str, Any] | None:  # noqa: N803 - as GraphQL names it
        if variant["stock"] is None or _number(locationId, "Location") != LOCATION:
            return None
        shown = [{"name": "available", "quantity": variant["stock"]}]
        return {"id": gid("InventoryLevel", variant["number"]), "quantities": lambda info, names: shown}

    item = {"id": gid("InventoryItem", variant["number"]), "tracked": variant.get("tracked", True)}
    shown = {"id": gid("ProductVariant", variant["number"]), "sku": variant["sku"], "price": variant["price"]}
    return shown | {"inventoryItem": item | {"inventoryLevel": level}}


def _variant_of_item(shop: Shop, name: str) -> dict[str, Any] | None:
    number = _number(name, "InventoryItem")
    return next((each for each in shop.variants.values() if each["number"] == number), None)


def _refuse_quantity(shop: Shop, wanted: dict[str, Any]) -> str:
    variant = _variant_of_item(shop, wanted["inventoryItemId"])
    if variant is None:
        return "INVALID_INVENTORY_ITEM"
    if _number(wanted["locationId"], "Location") != LOCATION:
        return "INVALID_LOCATION"
    if variant["stock"] is None:
        return "ITEM_NOT_STOCKED_AT_LOCATION"
    if wanted["quantity"] < 0:
        return "INVALID_QUANTITY_NEGATIVE"
    if wanted["changeFromQuantity"] not in (None, variant["stock"]):
        return "CHANGE_FROM_QUANTITY_STALE"
    return ""


def _transaction(each: dict[str, Any], order: Order) -> dict[str, Any]:
    parent = {"id": gid("OrderTransaction", each["parent"])} if each["parent"] else None
    shown = {"kind": each["kind"], "status": each["status"], "gateway": each["gateway"], "parentTransaction": parent}
    return {"id": gid("OrderTransaction", each["number"]), "amountSet": _bag(each["amount"], order), **shown}


def _waiting(each: dict[str, Any]) -> dict[str, Any]:
    holds = [_hold(hold) for hold in each["holds"]]
    return {"id": gid("FulfillmentOrder", each["number"]), "status": each["status"], "fulfillmentHolds": holds}


def _hold(hold: dict[str, Any]) -> dict[str, Any]:
    name = gid("FulfillmentHold", hold["number"])
    return {"id": name, "handle": hold["handle"], "heldByRequestingApp": hold["ours"], "reason": hold["reason"]}


def _session(number: int, session: Session) -> dict[str, Any]:
    order = session.order
    lines = [
        {"id": gid("CalculatedLineItem", line.number), "quantity": session.quantities.get(line.number, line.current)}
        | {"sku": line.sku, "originalUnitPriceSet": _bag(line.price, order)}
        for line in order.lines
    ]
    staged = [
        {"id": gid("CalculatedShippingLine", line["number"]), "title": line["title"]}
        | {"stagedStatus": "REMOVED" if line["number"] in session.shipping_removed else "NONE"}
        for line in order.shipping
        if not line["removed"]
    ]
    return {"id": gid("CalculatedOrder", number), "lineItems": _page(lines), "shippingLines": staged}
