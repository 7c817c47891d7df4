"""Parcels at Shopify: what may be fulfilled of which fulfillment order, and what Shopify says to the rest.

A fulfillment is made of fulfillment orders of one order and one location that are open; none exceeds what remains of
its line. Whoever fulfills the same twice has done it twice, if there is enough left.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.shopify_shop import Line, Order, Refused, Shop

OPEN = ("OPEN", "IN_PROGRESS")


@dataclass
class Fulfillment:
    number: int
    order: Order
    units: list[tuple[int, int, int]]
    """Fulfillment order, line, quantity."""
    tracking: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    notified: bool = False
    message: str = ""
    status: str = "SUCCESS"


def line_number(waiting: dict[str, Any], line: Line) -> int:
    return waiting["number"] * 100_000 + line.number


def lines_of(order: Order, waiting: dict[str, Any]) -> list[tuple[Line, int]]:
    """The lines of a fulfillment order, with what remains of each. Without a share of its own it has all of them."""
    share = waiting.get("share")
    if share is None:
        return [(line, line.current - line.fulfilled) for line in order.lines]
    sent = [units for each in order.fulfillments for units in each.units if units[0] == waiting["number"]]
    return [
        (line, share[line.number] - sum(quantity for _, number, quantity in sent if number == line.number))
        for line in order.lines
        if line.number in share
    ]


def fulfill(shop: Shop, wanted: list[tuple[int, list[tuple[int, int]]]], **said: Any) -> Fulfillment:
    """`wanted`: by fulfillment order the lines with their units; without lines, all that remains of it."""
    places = [_find(shop, number) for number, _ in wanted]
    if not places:
        raise Refused("Line items by fulfillment order can't be blank")
    if len({order.number for order, _ in places}) > 1 or len({each.get("location", 1) for _, each in places}) > 1:
        raise Refused("All fulfillment orders must be assigned to a single location")
    units = []
    for (order, waiting), (_, lines) in zip(places, wanted, strict=True):
        units += _units_of(order, waiting, lines)
    order = places[0][0]
    for _, number, quantity in units:
        next(line for line in order.lines if line.number == number).fulfilled += quantity
    made = Fulfillment(shop.next_number(), order, units, **said)
    order.fulfillments.append(made)
    for _, waiting in places:
        waiting["status"] = "IN_PROGRESS" if any(left > 0 for _, left in lines_of(order, waiting)) else "CLOSED"
    order.version += 1
    return made


def _units_of(order: Order, waiting: dict[str, Any], lines: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    if waiting["status"] not in OPEN or order.cancelled_at:
        number, status = waiting["number"], waiting["status"]
        raise Refused(f"Fulfillment order {number} has an unfulfillable status= {status.lower()}.")
    known = {line_number(waiting, line): (line, left) for line, left in lines_of(order, waiting)}
    units = []
    for name, quantity in lines or [(name, left) for name, (_, left) in known.items() if left > 0]:
        if name not in known:
            raise Refused("Fulfillment order line item does not exist.")
        line, left = known[name]
        if not 0 < quantity <= left:
            raise Refused("Invalid fulfillment order line item quantity requested.")
        units.append((waiting["number"], line.number, quantity))
    return units


def find_fulfillment(shop: Shop, number: int) -> Fulfillment:
    for order in shop.orders.values():
        for each in order.fulfillments:
            if each.number == number:
                return each
    raise Refused("Fulfillment does not exist.")


def track(shop: Shop, number: int, tracking: dict[str, str], *, notified: bool) -> Fulfillment:
    found = find_fulfillment(shop, number)
    if found.status == "CANCELLED":
        raise Refused("Fulfillment is cancelled.")
    found.tracking, found.notified = tracking, found.notified or notified
    return found


def note(shop: Shop, number: int, event: dict[str, Any]) -> dict[str, Any]:
    found = find_fulfillment(shop, number)
    if found.status == "CANCELLED":
        raise Refused("Fulfillment is cancelled.")
    found.events.append(event | {"number": shop.next_number()})
    return found.events[-1]


def _find(shop: Shop, number: int) -> tuple[Order, dict[str, Any]]:
    for order in shop.orders.values():
        for waiting in order.fulfillment_orders:
            if waiting["number"] == number:
                return order, waiting
    raise Refused("Fulfillment order does not exist.")
