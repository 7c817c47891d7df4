"""Shopify's Admin GraphQL API over HTTP, for one shop: a real GraphQL parser, tokens, versions, a bucket of points."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from graphql import GraphQLResolveInfo, build_schema, graphql_sync

from tests.fakes.serving import Answered, Asked, Double
from tests.fakes.shopify_costs import MOST, cost_of
from tests.fakes.shopify_credit_fields import CreditFields, customer_document
from tests.fakes.shopify_fields import (
    ParcelFields,
    gid,
    hold_document,
    line_document,
    number_of,
    page_of,
    parcel_document,
    payload_of,
    waiting_document,
)
from tests.fakes.shopify_parcels import Fulfillment
from tests.fakes.shopify_shop import Line, Order, Refused, Session, Shop
from tests.fakes.shopify_stock_fields import StockFields

TOKEN = "shpat_0123456789abcdef"
VERSIONS = ("2026-04", "2026-07", "2026-10")
SCHEMA = build_schema((Path(__file__).parent / "shopify_schema.graphql").read_text())
_PATH = re.compile(r"/admin/api/(?P<version>[\w-]+)/graphql\.json")


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
        cost = cost_of(document["query"], document.get("variables") or {})
        if cost > MOST:
            error = {"message": f"Query cost is {cost}, which exceeds the single query max cost limit ({MOST})."}
            return Answered(200, {"errors": [error | {"extensions": {"code": "MAX_COST_EXCEEDED"}}]})
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


def _fields_of(root: "Root") -> dict[str, Any]:
    """Its methods under the names that GraphQL gives them: order_update is orderUpdate."""
    names = [
        name
        for cls in (Root, ParcelFields, StockFields, CreditFields)
        for name in vars(cls)
        if not name.startswith("_")
    ]
    return {re.sub(r"_(.)", lambda part: part[1].upper(), name): getattr(root, name) for name in names}


class Root(ParcelFields, StockFields, CreditFields):
    """Each method is a field of Query or Mutation, in snake case."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def shop(self, info: GraphQLResolveInfo) -> dict[str, Any]:
        return {"name": self._shop.name}

    def order(self, info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:
        order = self._shop.orders.get(number_of(id, "Order"))
        return _order(order) | {"customer": customer_document(self._shop, order.customer)} if order else None

    def order_update(self, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        return payload_of(lambda: self._update(input))

    def order_edit_begin(self, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        return payload_of(lambda: {"calculatedOrder": _session(*self._shop.begin(number_of(id, "Order")))})

    def order_edit_set_quantity(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work(number: int, session: Session) -> None:
            if wanted["quantity"] < 0:
                raise Refused("Quantity must be greater than or equal to 0")
            line_number = number_of(wanted["lineItemId"], "CalculatedLineItem")
            self._shop.set_quantity(session, line_number, wanted["quantity"])

        return self._stage(id, work)

    def order_edit_add_variant(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        added: dict[str, Any] = {}

        def work(number: int, session: Session) -> None:
            variant = number_of(wanted["variantId"], "ProductVariant")
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
            self._shop.remove_shipping(session, number_of(wanted["shippingLineId"], "CalculatedShippingLine"))

        return self._stage(id, work)

    def order_edit_commit(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        return payload_of(lambda: {"order": _order(self._shop.commit(number_of(id, "CalculatedOrder")))})

    def order_cancel(self, info: GraphQLResolveInfo, **wanted: Any) -> dict[str, Any]:
        assert len(wanted.get("staffNote") or "") <= 255
        try:
            if "refund" in wanted and "refundMethod" in wanted:
                raise Refused("Only one of refund and refundMethod may be given.")
            self._shop.cancel(number_of(wanted["orderId"], "Order"))
        except Refused as refused:
            error = {"field": ["orderId"], "message": str(refused), "code": "INVALID"}
            return {"job": None, "orderCancelUserErrors": [error], "userErrors": []}
        return {"job": {"id": gid("Job", 1), "done": False}, "orderCancelUserErrors": [], "userErrors": []}

    def fulfillment_order_hold(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            made = self._shop.hold(number_of(id, "FulfillmentOrder"), wanted["fulfillmentHold"])
            return {"fulfillmentHold": hold_document(made)}

        return payload_of(work)

    def fulfillment_order_release_hold(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            numbers = [number_of(hold, "FulfillmentHold") for hold in wanted.get("holdIds") or ()]
            released = self._shop.release(number_of(id, "FulfillmentOrder"), numbers or None)
            return {"fulfillmentOrder": {"id": id, "status": released["status"]}}

        return payload_of(work)

    def refund_create(self, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        keys = [each for each in info.field_nodes[0].directives or () if each.name.value == "idempotent"]
        assert keys, "The @idempotent directive is required for this mutation."
        value: Any = keys[0].arguments[0].value
        given: Any = getattr(info.variable_values, "coerced", info.variable_values)
        key = given[value.name.value] if hasattr(value, "name") else value.value
        wanted = [
            {"gateway": each["gateway"], "amount": Decimal(each["amount"]), "parent": number_of(each["parentId"])}
            for each in input["transactions"]
        ]

        def work() -> dict[str, Any]:
            document = {"note": input.get("note"), "transactions": wanted}
            refund = self._shop.refund(number_of(input["orderId"], "Order"), document, key)
            return {"refund": {"id": gid("Refund", refund["number"]), "note": refund["note"]}}

        return payload_of(work)

    def _update(self, given: dict[str, Any]) -> dict[str, Any]:
        order = self._shop.find(number_of(given["id"], "Order"))
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
            number = number_of(session_id, "CalculatedOrder")
            session = self._shop.session(number)
            work(number, session)
            return {"calculatedOrder": _session(number, session)}

        return payload_of(staged)


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
        "fulfillments": [_rest_fulfillment(each) for each in order.fulfillments],
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


def _rest_fulfillment(each: Fulfillment) -> dict[str, Any]:
    """As REST words it: in small letters, with the units of this fulfillment."""
    lines = [{"id": number, "quantity": quantity} for _, number, quantity in each.units]
    return {"id": each.number, "status": each.status.lower(), "line_items": lines}


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
        "lineItems": page_of([line_document(line) for line in order.lines]),
        "fulfillmentOrders": page_of([waiting_document(each, order) for each in order.fulfillment_orders]),
        "fulfillments": [parcel_document(each) for each in order.fulfillments],
        "refunds": [{"id": gid("Refund", refund["number"]), "note": refund["note"]} for refund in order.refunds],
        "transactions": [_transaction(each, order) for each in order.transactions],
    }


def _transaction(each: dict[str, Any], order: Order) -> dict[str, Any]:
    parent = {"id": gid("OrderTransaction", each["parent"])} if each["parent"] else None
    shown = {"kind": each["kind"], "status": each["status"], "gateway": each["gateway"], "parentTransaction": parent}
    return {"id": gid("OrderTransaction", each["number"]), "amountSet": _bag(each["amount"], order), **shown}


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
    return {"id": gid("CalculatedOrder", number), "lineItems": page_of(lines), "shippingLines": staged}
