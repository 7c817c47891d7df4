"""Showing parcels at Shopify: fulfillments of the order's open fulfillment orders, one for each of their locations.

Shopify gives a fulfillment no name of ours. One of ours whose answer was lost is found by its tracking number, and
where there is none as one that was not there when we began and has nothing but our units in it.
https://shopify.dev/docs/apps/build/orders-fulfillment/order-management-apps/build-fulfillment-solutions
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orders.channels.outgoing import shopify_documents
from orders.channels.outgoing import shopify_fulfillment_documents as documents
from orders.channels.outgoing.port import ChannelRefused, ChannelShipment, Keep, ShippedLine
from orders.channels.outgoing.shopify_api import ShopifyApi, gid, tail
from orders.channels.reasons import quote

HANDLE = "order-management"
"""Our own hold among those of other apps."""
GONE = ("CANCELLED", "ERROR", "FAILURE")
SENDABLE = ("OPEN", "IN_PROGRESS")
SO_MANY, AT_MOST = 10, 250
"""Fulfillments that are asked for at first, and where there are so many."""
EVENTS = {
    "IN_TRANSIT": "IN_TRANSIT",
    "OUT_FOR_DELIVERY": "OUT_FOR_DELIVERY",
    "ATTEMPTED_DELIVERY": "ATTEMPTED_DELIVERY",
    "READY_FOR_PICKUP": "READY_FOR_PICKUP",
    "DELAYED": "DELAYED",
    "DELIVERED": "DELIVERED",
    "FAILURE": "FAILURE",
    "RETURNED": "FAILURE",
}


@dataclass(slots=True)
class _Waiting:
    """Units of one line of one fulfillment order that can still be sent from `location`."""

    id: str
    fulfillment_order: str
    location: str
    line: str
    sku: str
    left: int
    taken: int = 0


def fulfill(api: ShopifyApi, shipment: ChannelShipment, *, keep: Keep) -> str:
    """The ids of its fulfillments there, made unless they stand already.

    Raises:
        ChannelRefused: the order is cancelled there, held by somebody else, or not so much of it is left to send.
    """
    known = _read_fulfillments(api, shipment)
    ours, missing = _find_ours(api, shipment, known)
    if missing:
        waiting = _take(missing, _read_waiting(api, shipment.order.external_id))
        keep({"before": sorted({tail(each["id"]) for each in known} - {tail(each["id"]) for each in ours})})
        made = [_create(api, shipment, each) for each in waiting]
    else:
        made = []
    for each in ours:
        _correct_tracking(api, shipment, each)
    return ",".join(tail(each["id"]) for each in [*ours, *made])


def note_event(api: ShopifyApi, shipment: ChannelShipment) -> str:
    """Show where it is, once, and its tracking number where that is another one by now.

    Raises:
        ChannelRefused: Shopify does not know the parcel.
    """
    known = _read_fulfillments(api, shipment)
    names = set(filter(None, shipment.known_as.split(",")))
    ours = [each for each in known if tail(each["id"]) in names or _has_number(each, shipment)]
    if not ours:
        raise ChannelRefused(f"Shopify does not know the parcel {shipment.number}.")
    for each in ours:
        _correct_tracking(api, shipment, each)
        _add_event(api, shipment, each["id"])
    return ",".join(tail(each["id"]) for each in ours)


def _read_fulfillments(api: ShopifyApi, shipment: ChannelShipment) -> list[dict[str, Any]]:
    order = _read_order(api, shipment, first=SO_MANY)
    if len(order["fulfillments"]) == SO_MANY:
        order = _read_order(api, shipment, first=AT_MOST)
    if order["cancelledAt"]:
        raise ChannelRefused("The order is cancelled in Shopify.")
    live = (each for each in order["fulfillments"] if each["status"] not in GONE)
    return [each for each in live if tail(each["id"]) not in shipment.others]


def _read_order(api: ShopifyApi, shipment: ChannelShipment, *, first: int) -> dict[str, Any]:
    name = shipment.order.external_id
    order = api.ask(documents.READ_FULFILLMENTS, id=gid("Order", name), first=first)["order"]
    if order is None:
        raise ChannelRefused(f"Shopify has no order {name}.")
    return dict(order)


def _find_ours(
    api: ShopifyApi, shipment: ChannelShipment, known: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[tuple[ShippedLine, int]]]:
    """Those of the fulfillments that are this parcel, and the units of it that are in none of them."""
    left, ours = [_whole(line) for line in shipment.lines], []
    for each in known:
        if not (_has_number(each, shipment) or _is_new(each, shipment)):
            continue
        # One line more than ours shows already that something else is in it.
        found = api.ask(documents.READ_UNITS, id=each["id"], first=len(shipment.lines) + 1)["fulfillment"]
        rest = _subtract(found["fulfillmentLineItems"]["nodes"], shipment.lines, left)
        if rest is not None:
            left = rest
            ours.append(each)
    return ours, [(line, quantity) for line, quantity in zip(shipment.lines, left, strict=True) if quantity]


def _has_number(fulfillment: Mapping[str, Any], shipment: ChannelShipment) -> bool:
    numbers = [info["number"] for info in fulfillment["trackingInfo"]]
    return bool(shipment.tracking_number) and shipment.tracking_number in numbers


def _is_new(fulfillment: Mapping[str, Any], shipment: ChannelShipment) -> bool:
    before = shipment.noted.get("before")
    return not shipment.tracking_number and before is not None and tail(fulfillment["id"]) not in before


def _subtract(
    units: Sequence[Mapping[str, Any]], lines: Sequence[ShippedLine], left: Sequence[int]
) -> list[int] | None:
    """What is left to look for without what is in that fulfillment; None when it has something else in it."""
    after = list(left)
    for unit in units:
        name, sku, quantity = tail(unit["lineItem"]["id"]), unit["lineItem"]["sku"], unit["quantity"]
        for place, line in enumerate(lines):
            if _is_line(line, name, sku):
                part = min(after[place], quantity)
                after[place], quantity = after[place] - part, quantity - part
        if quantity:
            return None
    return after


def _read_waiting(api: ShopifyApi, external_id: str) -> list[_Waiting]:
    """What can be sent; a hold of our own is taken away first."""
    found, after = [], None
    while True:
        page = api.ask(documents.READ_WAITING, id=gid("Order", external_id), after=after)["order"]["fulfillmentOrders"]
        for each in page["nodes"]:
            if ours := [hold["id"] for hold in each["fulfillmentHolds"] if _is_ours(hold)]:
                document = shopify_documents.RELEASE
                released = api.do("fulfillmentOrderReleaseHold", document, id=each["id"], holdIds=ours)
                each["status"] = released["fulfillmentOrder"]["status"]
            if each["status"] in SENDABLE:
                found += [_waiting_of(each, line) for line in _read_lines(api, each)]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _is_ours(hold: Mapping[str, Any]) -> bool:
    return bool(hold["heldByRequestingApp"]) and hold["handle"] == HANDLE


def _read_lines(api: ShopifyApi, fulfillment_order: Mapping[str, Any]) -> list[dict[str, Any]]:
    connection = fulfillment_order["lineItems"]
    lines = list(connection["nodes"])
    while connection["pageInfo"]["hasNextPage"]:
        after = connection["pageInfo"]["endCursor"]
        more = api.ask(documents.READ_WAITING_LINES, id=fulfillment_order["id"], after=after)
        connection = more["fulfillmentOrder"]["lineItems"]
        lines += connection["nodes"]
    return lines


def _waiting_of(fulfillment_order: Mapping[str, Any], line: Mapping[str, Any]) -> _Waiting:
    location = (fulfillment_order["assignedLocation"] or {}).get("location") or {}
    item = line["lineItem"]
    return _Waiting(
        id=line["id"],
        fulfillment_order=fulfillment_order["id"],
        location=location.get("id", ""),
        line=tail(item["id"]),
        sku=item["sku"] or "",
        left=line["remainingQuantity"],
    )


def _take(missing: Sequence[tuple[ShippedLine, int]], waiting: Sequence[_Waiting]) -> list[list[_Waiting]]:
    """The lines of fulfillment orders that the units come from, in groups of one location."""
    for line, quantity in missing:
        left = quantity
        for each in waiting:
            if _is_line(line, each.line, each.sku):
                part = min(left, each.left - each.taken)
                each.taken, left = each.taken + part, left - part
        if left:
            name = quote(line.sku or line.title)
            raise ChannelRefused(f"Shopify has {quantity - left} of {name} that can be sent, not {quantity}.")
    places: dict[str, list[_Waiting]] = defaultdict(list)
    for each in waiting:
        if each.taken:
            places[each.location].append(each)
    return list(places.values())


def _is_line(line: ShippedLine, name: str, sku: str) -> bool:
    """By the channel's own name of the line; by the SKU only where we know none."""
    return line.external_id == name if line.external_id else bool(line.sku) and line.sku == sku


def _create(api: ShopifyApi, shipment: ChannelShipment, taken: Sequence[_Waiting]) -> dict[str, Any]:
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in taken:
        parts[each.fulfillment_order].append({"id": each.id, "quantity": each.taken})
    fulfillment: dict[str, Any] = {
        "notifyCustomer": False,
        "lineItemsByFulfillmentOrder": [
            {"fulfillmentOrderId": name, "fulfillmentOrderLineItems": lines} for name, lines in parts.items()
        ],
    }
    if tracking := _tracking_of(shipment):
        fulfillment["trackingInfo"] = tracking
    made = api.do("fulfillmentCreate", documents.FULFILL, fulfillment=fulfillment, message=f"Parcel {shipment.number}")
    return dict(made["fulfillment"])


def _tracking_of(shipment: ChannelShipment) -> dict[str, str]:
    said = {"company": shipment.carrier, "number": shipment.tracking_number, "url": shipment.tracking_url}
    return {name: value for name, value in said.items() if value} if shipment.tracking_number else {}


def _correct_tracking(api: ShopifyApi, shipment: ChannelShipment, fulfillment: Mapping[str, Any]) -> None:
    wanted = _tracking_of(shipment)
    if wanted and not _has_number(fulfillment, shipment):
        asked = {"fulfillmentId": fulfillment["id"], "trackingInfoInput": wanted}
        api.do("fulfillmentTrackingInfoUpdate", documents.UPDATE_TRACKING, **asked)


def _add_event(api: ShopifyApi, shipment: ChannelShipment, fulfillment_id: str) -> None:
    status = EVENTS.get(shipment.status)
    if status is None or shipment.status_at is None:
        return
    events = api.ask(documents.READ_EVENTS, id=fulfillment_id)["fulfillment"]["events"]["nodes"]
    if status not in {event["status"] for event in events}:
        event = {"fulfillmentId": fulfillment_id, "status": status, "happenedAt": shipment.status_at.isoformat()}
        api.do("fulfillmentEventCreate", documents.ADD_EVENT, fulfillmentEvent=event)


def _whole(line: ShippedLine) -> int:
    if line.quantity != line.quantity.to_integral_value():
        raise ChannelRefused(f"Shopify counts whole units, not {line.quantity.normalize():f}.")
    return int(line.quantity)
