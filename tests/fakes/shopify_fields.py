"""What Shopify's Admin GraphQL API says about parcels, and the words that all of its answers are made of."""

from typing import Any

from graphql import GraphQLResolveInfo

from tests.fakes import shopify_parcels as parcels
from tests.fakes.shopify_shop import Line, Order, Refused, Shop


class ParcelFields:
    """Each method is a field of Query or Mutation, in snake case."""

    _shop: Shop

    def fulfillment(self, info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:
        try:
            return parcel_document(parcels.find_fulfillment(self._shop, number_of(id, "Fulfillment")))
        except Refused:
            return None

    def fulfillment_order(self, info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:
        number = number_of(id, "FulfillmentOrder")
        known = ((order, each) for order in self._shop.orders.values() for each in order.fulfillment_orders)
        return next((waiting_document(each, order) for order, each in known if each["number"] == number), None)

    def fulfillment_create(
        self, info: GraphQLResolveInfo, fulfillment: dict[str, Any], message: str = ""
    ) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            wanted = [
                (
                    number_of(each["fulfillmentOrderId"], "FulfillmentOrder"),
                    [
                        (number_of(line["id"], "FulfillmentOrderLineItem"), line["quantity"])
                        for line in each.get("fulfillmentOrderLineItems") or ()
                    ],
                )
                for each in fulfillment["lineItemsByFulfillmentOrder"]
            ]
            said = {"notified": fulfillment["notifyCustomer"], "tracking": fulfillment.get("trackingInfo") or {}}
            return {"fulfillment": parcel_document(parcels.fulfill(self._shop, wanted, message=message, **said))}

        return payload_of(work)

    def fulfillment_tracking_info_update(self, info: GraphQLResolveInfo, **wanted: Any) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            number, notified = number_of(wanted["fulfillmentId"], "Fulfillment"), bool(wanted.get("notifyCustomer"))
            found = parcels.track(self._shop, number, wanted["trackingInfoInput"], notified=notified)
            return {"fulfillment": parcel_document(found)}

        return payload_of(work)

    def fulfillment_event_create(self, info: GraphQLResolveInfo, **wanted: Any) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            event = wanted["fulfillmentEvent"]
            made = parcels.note(self._shop, number_of(event["fulfillmentId"], "Fulfillment"), event)
            return {"fulfillmentEvent": made | {"id": gid("FulfillmentEvent", made["number"])}}

        return payload_of(work)


def gid(kind: str, number: int | str) -> str:
    return f"gid://shopify/{kind}/{number}"


def payload_of(work: Any) -> dict[str, Any]:
    try:
        return {**work(), "userErrors": []}
    except Refused as refused:
        return {"userErrors": [{"field": None, "message": str(refused)}]}


def number_of(name: str, kind: str = "") -> int:
    prefix, _, number = name.rpartition("/")
    assert prefix.startswith("gid://shopify/"), f"{name} is no global id"
    if (kind and not prefix.endswith(f"/{kind}")) or not number.isdigit():
        raise Refused(f"Invalid id: {name}")
    return int(number)


def line_document(line: Line) -> dict[str, Any]:
    shown = {"sku": line.sku, "name": line.name, "quantity": line.quantity, "currentQuantity": line.current}
    return {"id": gid("LineItem", line.number), **shown}


def page_of(nodes: list[dict[str, Any]]) -> Any:
    """A connection: so many from there on."""

    def resolve(info: GraphQLResolveInfo, first: int = 50, after: str | None = None) -> dict[str, Any]:
        begin = int(after or 0)
        page = {"hasNextPage": len(nodes) > begin + first, "endCursor": str(begin + first)}
        return {"nodes": nodes[begin : begin + first], "pageInfo": page}

    return resolve


def waiting_document(each: dict[str, Any], order: Order) -> dict[str, Any]:
    lines = [
        {"id": gid("FulfillmentOrderLineItem", parcels.line_number(each, line)), "lineItem": line_document(line)}
        | {"remainingQuantity": left, "totalQuantity": line.current}
        for line, left in parcels.lines_of(order, each)
    ]
    return {
        "id": gid("FulfillmentOrder", each["number"]),
        "status": each["status"],
        "fulfillmentHolds": [hold_document(hold) for hold in each["holds"]],
        "assignedLocation": {"location": {"id": gid("Location", each.get("location", 1))}},
        "lineItems": page_of(lines),
    }


def parcel_document(each: parcels.Fulfillment) -> dict[str, Any]:
    lines = {line.number: line for line in each.order.lines}
    units = [{"lineItem": line_document(lines[number]), "quantity": quantity} for _, number, quantity in each.units]
    events = [event | {"id": gid("FulfillmentEvent", event["number"])} for event in each.events]
    return {
        "id": gid("Fulfillment", each.number),
        "status": each.status,
        "trackingInfo": [each.tracking] if each.tracking else [],
        "fulfillmentLineItems": page_of(units),
        "events": page_of(events),
    }


def hold_document(hold: dict[str, Any]) -> dict[str, Any]:
    name = gid("FulfillmentHold", hold["number"])
    return {"id": name, "handle": hold["handle"], "heldByRequestingApp": hold["ours"], "reason": hold["reason"]}
