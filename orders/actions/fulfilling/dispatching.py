"""Shipping: parcels leave, stock leaves with them, and everybody who must know is told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.actions.sending import Sent, send_stock
from oms import events
from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import Row, as_update, insert_rows, update_tables
from orders.actions.fulfilling.accepting import accept_locked, lock_fulfillments
from orders.errors import FulfillmentEnded, NotThatMany
from orders.events import OrderClosed, ShipmentSent
from orders.models import Fulfillment, FulfillmentLine, Label, OrderLine, Shipment, ShipmentLine

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One parcel that leaves. `units` by fulfillment line id; None: all that is still open.

    What is not said of the carrier is taken from the label that was bought for it.
    """

    number: str
    units: Mapping[int, Decimal] | None = None
    carrier: str = ""
    service: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    weight_grams: int | None = None


@dataclass(slots=True)
class _Parcel:
    dispatch: Dispatch
    fulfillment: Fulfillment
    lines: Sequence[FulfillmentLine]
    label: Label | None
    sequence: int
    units: dict[int, Decimal] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return f"{self.fulfillment.number}-P{self.sequence}"

    @property
    def tracking(self) -> dict[str, str]:
        """What the dispatch says of the carrier, else what the label does."""
        said, label = self.dispatch, self.label
        if said.tracking_number or label is None:
            return {
                "carrier": said.carrier,
                "service": said.service,
                "tracking_number": said.tracking_number,
                "tracking_url": said.tracking_url,
            }
        return {
            "carrier": label.account.name if label.account else "",
            "service": label.service_name,
            "tracking_number": label.tracking_number,
            "tracking_url": label.tracking_url,
        }


@transactional
def ship_fulfillments(dispatches: Sequence[Dispatch], *, by: str, at: datetime) -> list[Shipment]:
    """Send the parcels: all or none, in a constant number of statements. What was not accepted yet is by that.

    Raises:
        FulfillmentNotFound, OrderStillHeld.
        FulfillmentEnded: nothing of it is left to send.
        NotThatMany: names the line and what is left of it.
        Invalid: one fulfillment is named twice, or a line is not its own.
    """
    numbers = [each.number for each in dispatches]
    if len(set(numbers)) < len(numbers):
        detail = "A fulfillment is named twice; send its parcels one after the other."
        raise Invalid(detail, errors=[FieldError("", "named_twice", detail)])
    found = lock_fulfillments(numbers)
    accept_locked(found, by=by, at=at)
    parcels = _fill_parcels(dispatches, found)

    shipments = _write_shipments(parcels, by=by, at=at)
    _write_lines(parcels, at=at)
    _tell(parcels, shipments, _write_orders(parcels, at=at), by=by, at=at)
    send_stock([sent for parcel in parcels for sent in _leaving(parcel)], by=by, at=at)
    return shipments


def _fill_parcels(dispatches: Sequence[Dispatch], found: Sequence[Fulfillment]) -> list[_Parcel]:
    ids = [each.pk for each in found]
    lines: dict[int, list[FulfillmentLine]] = defaultdict(list)
    for line in FulfillmentLine.objects.filter(fulfillment__in=ids).select_related("order_line").order_by("id"):
        lines[line.fulfillment_id].append(line)
    labels = Label.objects.filter(fulfillment__in=ids, state=Label.State.BOUGHT).select_related("account")
    bought = {label.fulfillment_id: label for label in labels}
    sent: dict[int, int] = defaultdict(int)
    for fulfillment_id in Shipment.objects.filter(fulfillment__in=ids).values_list("fulfillment_id", flat=True):
        sent[fulfillment_id] += 1

    parcels = []
    for dispatch, each in zip(dispatches, found, strict=True):
        # A label is for one parcel; the second has to be told its own.
        label = None if sent[each.pk] else bought.get(each.pk)
        parcel = _Parcel(dispatch, each, lines[each.pk], label, sent[each.pk] + 1)
        parcel.units = _choose_units(parcel)
        parcels.append(parcel)
    return parcels


def _choose_units(parcel: _Parcel) -> dict[int, Decimal]:
    left = {line.pk: line.open_quantity for line in parcel.lines}
    wanted = parcel.dispatch.units
    if wanted is None:
        units = {key: quantity for key, quantity in left.items() if quantity > 0}
        if not units:
            raise FulfillmentEnded(parcel.fulfillment.number, Status.CLOSED)
        return units
    for key, quantity in wanted.items():
        if key not in left:
            detail = f"Line {key} is not one of fulfillment {parcel.fulfillment.number}."
            raise Invalid(detail, errors=[FieldError("/lines", "unknown_line", detail)])
        if quantity <= 0 or quantity > left[key]:
            detail = f"{plain(left[key])} units of line {key} are left to send, not {plain(quantity)}."
            raise NotThatMany(detail, line=key, left=plain(left[key]))
    if not wanted:
        detail = "A parcel has something in it."
        raise Invalid(detail, errors=[FieldError("/lines", "empty", detail)])
    return dict(wanted)


def _write_shipments(parcels: Sequence[_Parcel], *, by: str, at: datetime) -> list[Shipment]:
    shipments = [
        Shipment(
            number=parcel.number,
            fulfillment=parcel.fulfillment,
            sequence=parcel.sequence,
            weight_grams=parcel.dispatch.weight_grams or parcel.fulfillment.weight_grams,
            shipped_at=at,
            expected_at=parcel.fulfillment.deliver_by,
            by=by,
            **parcel.tracking,
        )
        for parcel in parcels
    ]
    Shipment.objects.bulk_create(shipments)
    rows = [
        {"shipment_id": shipment.pk, "fulfillment_line_id": key, "quantity": quantity}
        for shipment, parcel in zip(shipments, parcels, strict=True)
        for key, quantity in parcel.units.items()
    ]
    insert_rows({ShipmentLine: rows})
    return shipments


def _write_lines(parcels: Sequence[_Parcel], *, at: datetime) -> None:
    """What is sent of each line, and the fulfillments of which nothing is left."""
    lines: list[Row] = []
    fulfillments: list[Row] = []
    of_orders: dict[int, Decimal] = defaultdict(Decimal)
    for parcel in parcels:
        for line in parcel.lines:
            if units := parcel.units.get(line.pk):
                line.shipped_quantity += units
                line.picked_quantity = max(line.picked_quantity, line.shipped_quantity)
                of_orders[line.order_line_id] += units
                lines.append(as_update(line, ["shipped_quantity", "picked_quantity"]))
        close_if_done(parcel.fulfillment, parcel.lines, at=at)
        fulfillments.append(as_update(parcel.fulfillment, ["status", "request_status", "closed_at", "version"]))
    update_tables({FulfillmentLine: lines, Fulfillment: fulfillments})
    fetch_all(_FULFILL, {"lines": list(of_orders), "units": list(of_orders.values())})


def close_if_done(fulfillment: Fulfillment, lines: Sequence[FulfillmentLine], *, at: datetime) -> None:
    """Nothing is left to send of it: CLOSED, or INCOMPLETE where something was not there. It is not saved."""
    fulfillment.version += 1
    if any(line.open_quantity > 0 for line in lines):
        return
    short = any(line.short_quantity > 0 for line in lines)
    fulfillment.status, fulfillment.closed_at = Status.INCOMPLETE if short else Status.CLOSED, at
    if fulfillment.request_status == Request.CANCELLATION_REQUESTED:
        fulfillment.request_status = Request.CANCELLATION_REJECTED


_FULFILL = """
UPDATE orders_orderline l SET fulfilled_quantity = l.fulfilled_quantity + s.units
FROM unnest(%(lines)s::bigint[], %(units)s::numeric[]) AS s(id, units) WHERE l.id = s.id
"""

# Goods only: gift cards and fees are never sent.
_PROGRESS = """
WITH progress AS (
    SELECT o.id, bool_and(l.quantity = l.cancelled_quantity + l.fulfilled_quantity) AS done
    FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.kind IN ('PRODUCT', 'CUSTOM')
    WHERE o.id = ANY(%(orders)s::bigint[]) GROUP BY o.id
)
UPDATE orders_order o SET
    fulfillment_status = CASE WHEN done THEN 'FULFILLED' ELSE 'PARTIALLY_FULFILLED' END,
    status = CASE WHEN done THEN 'CLOSED' ELSE status END,
    closed_at = CASE WHEN done THEN %(at)s ELSE closed_at END,
    version = version + 1, updated_at = %(at)s
FROM progress p WHERE p.id = o.id
RETURNING o.number, p.done
"""


def _write_orders(parcels: Sequence[_Parcel], *, at: datetime) -> dict[str, bool]:
    """By order number: is all of it sent?"""
    orders = sorted({parcel.fulfillment.order_id for parcel in parcels})
    return dict(fetch_all(_PROGRESS, {"orders": orders, "at": at}))


def _tell(
    parcels: Sequence[_Parcel], shipments: Sequence[Shipment], closed: Mapping[str, bool], *, by: str, at: datetime
) -> None:
    told: list[events.Event] = [
        _sent(parcel, shipment, rest=not closed[parcel.fulfillment.order.number], by=by, at=at)
        for parcel, shipment in zip(parcels, shipments, strict=True)
    ]
    told += [OrderClosed(subject=number, by=by, at=at) for number, done in sorted(closed.items()) if done]
    events.publish(told)


def _sent(parcel: _Parcel, shipment: Shipment, *, rest: bool, by: str, at: datetime) -> ShipmentSent:
    facts: dict[str, Any] = {
        "fulfillment": parcel.fulfillment.number,
        "warehouse": parcel.fulfillment.warehouse.code,
        "shipment": shipment.number,
        "expected_at": shipment.expected_at.isoformat() if shipment.expected_at else None,
        "lines": [_line_facts(line, parcel.units[line.pk]) for line in parcel.lines if line.pk in parcel.units],
        "rest": rest,
        **parcel.tracking,
    }
    return ShipmentSent(subject=parcel.fulfillment.order.number, by=by, at=at, facts=facts)


def _line_facts(line: FulfillmentLine, units: Decimal) -> dict[str, Any]:
    ordered: OrderLine = line.order_line
    return {"line": ordered.pk, "sku": ordered.sku, "title": ordered.title, "quantity": plain(units)}


def _leaving(parcel: _Parcel) -> list[Sent]:
    """What leaves the shelves: an item without a variant lay on none."""
    of = parcel.fulfillment
    return [
        Sent(of.order.number, of.number, variant_id, of.warehouse_id, parcel.units[line.pk])
        for line in parcel.lines
        if line.pk in parcel.units and (variant_id := line.order_line.variant_id)
    ]
