"""Booking what routing decided: stock is set apart, warehouses are asked, the decision is written down.

It was decided without locks, so it is looked at again under them: an order that has changed since, or whose shelf has
emptied, is left for the next wave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.actions.allocating import Allotment, allocate
from oms import events
from oms.quantities import plain
from oms.sql import fetch_all
from oms.writing import insert_rows, update_tables
from orders.events import FulfillmentDeferred, FulfillmentRequested, OrderClosed, OrderRouted, OrderUnroutable
from orders.models import Fulfillment, FulfillmentLine, Order, RoutingDecision
from orders.policies.routing.orders import PricedPart, UnroutedLine
from orders.policies.routing.timing import Timing, time_part
from orders.policies.routing.waves import Decided
from orders.policies.shipping.shopping import add_working_days

LOOK_AGAIN = timedelta(minutes=15)
"""After so long an order that nobody could send is tried again; by hand it can be tried at any time."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of it: order numbers. `passed` had changed meanwhile, or their shelf had emptied."""

    routed: Sequence[str]
    unroutable: Sequence[str]
    passed: Sequence[str]
    parts: int


_LOCK = """
SELECT id, version, route_after IS NOT NULL FROM orders_order
WHERE id = ANY(%(orders)s::bigint[]) AND status = 'RELEASED' AND routed_at IS NULL AND cancellation IS NULL
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""


def book(
    decided: Sequence[Decided],
    *,
    wave_id: int | None = None,
    currency: str,
    note: str = "",
    dip_into_safety: bool = False,
    by: str,
    at: datetime,
) -> Booked:
    """Write down what was decided, in the caller's transaction and a constant number of statements."""
    rows = fetch_all(_LOCK, {"orders": [each.order.id for each in decided]})
    standing = {order_id: (version, told) for order_id, version, told in rows}
    fresh = [each for each in decided if standing.get(each.order.id, (None,))[0] == each.order.version]

    wanted = [each for each in fresh if each.parts]
    refused = set(allocate(_allot(wanted), dip_into_safety=dip_into_safety, by=by, at=at))
    routed = [each for each in wanted if each.order.number not in refused]
    stuck = [each for each in fresh if not each.parts and each.order.lines]
    empty = [each for each in fresh if not each.order.lines]

    override = RoutingDecision.Kind.OVERRIDE if note else RoutingDecision.Kind.WAVE
    head = {"wave_id": wave_id, "kind": override, "currency": currency, "note": note, "by": by, "at": at}
    requested = _write_parts(routed, head, by=by, at=at)
    closed = _write_orders(routed, stuck, empty, at=at)
    events.publish(
        [
            *(_tell_routed(each, currency, note, by=by, at=at) for each in routed),
            *requested,
            *(_tell_stuck(each, by=by, at=at) for each in stuck if not standing[each.order.id][1]),
            *(OrderClosed(subject=number, by=by, at=at) for number in closed),
        ]
    )
    known = {each.order.number for each in (*routed, *stuck, *empty)}
    return Booked(
        [each.order.number for each in (*routed, *empty)],
        [each.order.number for each in stuck],
        [each.order.number for each in decided if each.order.number not in known],
        len(requested),
    )


def number_part(decided: Decided, place: int) -> str:
    """What people call the part of an order that one warehouse sends."""
    return f"{decided.order.number}-F{decided.order.next_sequence + place}"


def _allot(decided: Sequence[Decided]) -> list[Allotment]:
    allotments = []
    for each in decided:
        lines = {line.id: line for line in each.order.lines}
        for place, part in enumerate(each.parts):
            sums: dict[int, Decimal] = {}
            for line_id, units in part.units.items():
                if variant_id := lines[line_id].variant_id:
                    sums[variant_id] = sums.get(variant_id, Decimal(0)) + units
            number = number_part(each, place)
            allotments += [Allotment(each.order.number, number, v, part.site.id, units) for v, units in sums.items()]
    return allotments


_SUPERSEDE = """
UPDATE orders_routingdecision SET superseded_at = %(at)s
WHERE order_id = ANY(%(orders)s::bigint[]) AND superseded_at IS NULL
"""


def _write_parts(
    routed: Sequence[Decided], head: dict[str, Any], *, by: str, at: datetime
) -> list[FulfillmentRequested | FulfillmentDeferred]:
    if not routed:
        return []
    fetch_all(_SUPERSEDE, {"orders": [each.order.id for each in routed], "at": at})
    parts = [
        (each, place, part, time_part(each.order.ship_after, part.site, at=at))
        for each in routed
        for place, part in enumerate(each.parts)
    ]
    keys = insert_rows(
        {
            RoutingDecision: [_decision(each, at=at) | head for each in routed],
            Fulfillment: [_fulfillment(*each, at=at) for each in parts],
        }
    )
    lines = [
        {"fulfillment_id": key, "order_line_id": line_id, "quantity": units}
        for key, (_, _, part, _) in zip(keys[Fulfillment], parts, strict=True)
        for line_id, units in part.units.items()
    ]
    insert_rows({FulfillmentLine: lines})
    return [_tell_part(*each, by=by, at=at) for each in parts]


def _tell_part(
    decided: Decided, place: int, part: PricedPart, timing: Timing, *, by: str, at: datetime
) -> FulfillmentRequested | FulfillmentDeferred:
    """What is for later is asked of nobody yet."""
    facts = {
        "fulfillment": number_part(decided, place),
        "warehouse": part.site.code,
        "lines": _lines(decided, part),
        "ship_by": timing.ship_by.isoformat(),
    }
    if timing.fulfill_at is None:
        return FulfillmentRequested(subject=decided.order.number, by=by, at=at, facts=facts)
    facts["fulfill_at"] = timing.fulfill_at.isoformat()
    return FulfillmentDeferred(subject=decided.order.number, by=by, at=at, facts=facts)


def _fulfillment(decided: Decided, place: int, part: PricedPart, timing: Timing, *, at: datetime) -> dict[str, Any]:
    lines = {line.id: line for line in decided.order.lines}
    later = timing.fulfill_at is not None
    grams = sum((lines[line_id].grams * units for line_id, units in part.units.items()), Decimal(0))
    return {
        "number": number_part(decided, place),
        "order_id": decided.order.id,
        "warehouse_id": part.site.id,
        "sequence": decided.order.next_sequence + place,
        "status": Fulfillment.Status.SCHEDULED if later else Fulfillment.Status.OPEN,
        "request_status": Fulfillment.RequestStatus.UNSUBMITTED if later else Fulfillment.RequestStatus.SUBMITTED,
        "fulfill_at": timing.fulfill_at,
        "address_id": decided.order.address_id,
        "service_id": part.fare.service_id,
        "weight_grams": int(grams) or None,
        "ship_by": timing.ship_by,
        "deliver_by": _arrival(part, timing.ship_by),
        "made_at": at,
        "requested_at": None if later else at,
    }


def _arrival(part: PricedPart, left: datetime) -> datetime | None:
    """At the hour at which it left, so many working days later."""
    if part.fare.service_id is None:
        return None
    return datetime.combine(add_working_days(left.date(), part.fare.days), left.timetz())


def _decision(decided: Decided, *, at: datetime) -> dict[str, Any]:
    return {
        "order_id": decided.order.id,
        "cost": decided.cost,
        "parts": [_describe(decided, part, at=at) for part in decided.parts],
        "alternatives": [
            {
                "parts": [_describe(decided, part, at=at) for part in each.parts],
                "cost": each.cost,
                "dearer": each.dearer,
            }
            for each in decided.alternatives
        ],
        "excluded": [
            {"warehouse": each.warehouse, "code": each.code, "sentence": each.sentence} for each in decided.excluded
        ],
    }


def _describe(decided: Decided, part: PricedPart, *, at: datetime) -> dict[str, Any]:
    return {
        "warehouse": part.site.code,
        "name": part.site.name,
        "service": part.fare.service,
        "freight": part.fare.price,
        "duty": part.duty,
        "duty_note": part.duty_note,
        "parcel": part.handling,
        "waiting": part.waiting,
        "preference": part.preference,
        "cost": part.cost,
        "days": part.fare.days,
        "ship_by": time_part(decided.order.ship_after, part.site, at=at).ship_by,
        "cut_off": part.site.cut_off,
        "lines": _lines(decided, part),
    }


def _lines(decided: Decided, part: PricedPart) -> list[dict[str, Any]]:
    lines: dict[int, UnroutedLine] = {line.id: line for line in decided.order.lines}
    return [
        {"line": line_id, "sku": lines[line_id].sku, "quantity": plain(units)} for line_id, units in part.units.items()
    ]


def _write_orders(
    routed: Sequence[Decided], stuck: Sequence[Decided], empty: Sequence[Decided], *, at: datetime
) -> list[str]:
    """The orders' own columns; the numbers of those that are closed, for there was never anything to send."""
    done = {"routed_at": at, "route_after": None}
    later = {"routed_at": None, "route_after": at + LOOK_AGAIN}  # the same columns: they are written together
    rows = [_versioned(each, done, at) for each in (*routed, *empty)] + [_versioned(each, later, at) for each in stuck]
    update_tables({Order: rows})
    closed = fetch_all(_CLOSE_EMPTY, {"orders": [each.order.id for each in empty], "at": at}) if empty else []
    return [number for (number,) in closed]


# Not one whose goods are all with a warehouse already.
_CLOSE_EMPTY = """
UPDATE orders_order o SET status = 'CLOSED', closed_at = %(at)s, fulfillment_status = 'FULFILLED'
WHERE o.id = ANY(%(orders)s::bigint[]) AND NOT EXISTS (
    SELECT FROM orders_fulfillment f
    WHERE f.order_id = o.id AND f.status IN ('OPEN', 'SCHEDULED', 'ON_HOLD', 'IN_PROGRESS')
)
RETURNING o.number
"""


def _versioned(decided: Decided, columns: dict[str, Any], at: datetime) -> dict[str, Any]:
    made = decided.order.next_sequence - 1 + len(decided.parts)
    version = decided.order.version + 1
    return {"pk": decided.order.id, **columns, "fulfillment_count": made, "version": version, "updated_at": at}


def _tell_routed(decided: Decided, currency: str, note: str, *, by: str, at: datetime) -> OrderRouted:
    asked = [
        {"number": number_part(decided, place), "warehouse": part.site.code} for place, part in enumerate(decided.parts)
    ]
    facts = {"cost": plain(decided.cost), "currency": currency, "fulfillments": asked, "note": note}
    return OrderRouted(subject=decided.order.number, by=by, at=at, facts=facts)


def _tell_stuck(decided: Decided, *, by: str, at: datetime) -> OrderUnroutable:
    reasons = [{"warehouse": e.warehouse, "code": e.code, "sentence": e.sentence} for e in decided.excluded]
    facts = {"reasons": reasons, "missing": list(decided.short)}
    return OrderUnroutable(subject=decided.order.number, by=by, at=at, facts=facts)
