"""Where parcels are: what carriers and 3PLs report becomes one timeline, and those who wait are told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from oms import events
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import as_update, insert_rows, update_tables
from orders.absences import ShipmentNotFound
from orders.actions.shipping.reports import Recorded, Report, refuse_other_words
from orders.actions.shipping.tracking_back import record_back
from orders.events import ShipmentDelayed, ShipmentDelivered, ShipmentFailed, ShipmentMoved
from orders.models import Shipment, TrackingEvent
from orders.policies.shipping.tracking import Sighting, find_standing

Status = Shipment.Status
_FAILED = (Status.FAILURE, Status.RETURNED)
_COLUMNS = ["status", "delivered_at", "delayed_at", "last_event_at", "expected_at"]

LATE = timedelta(hours=24)
"""So long after it should have arrived a parcel that nobody has reported as delivered counts as delayed."""


@transactional
def record_tracking(reports: Sequence[Report], *, by: str, at: datetime) -> Recorded:
    """Note the reports, in any order and any number of times; what a parcel's status is follows from all of them.

    A report of a parcel that is not ours is left out and named.

    Raises:
        TrackingConflict: a report of this name said something else.
    """
    found = _lock_shipments({report.shipment for report in reports})
    known = _known_reports(found.values())
    fresh: dict[tuple[int, str], tuple[Shipment, Report]] = {}
    for report in reports:
        if shipment := found.get(report.shipment):
            key = shipment.pk, report.name
            refuse_other_words(known.get(key), report)
            if key not in known:
                fresh.setdefault(key, (shipment, report))
    if fresh:
        _write(list(fresh.values()), known, by=by, at=at)
    others = [report for report in reports if report.shipment not in found]
    back = record_back(others, by=by, at=at) if others else Recorded(0)
    return Recorded(len(fresh) + back.new, back.unknown)


@transactional
def record_report(report: Report, *, by: str, at: datetime) -> bool:
    """The same for one report of a parcel that must be ours; True when it was new.

    Raises:
        ShipmentNotFound, TrackingConflict.
    """
    recorded = record_tracking([report], by=by, at=at)
    if recorded.unknown:
        raise ShipmentNotFound(report.shipment)
    return recorded.new > 0


_OVERDUE = """
SELECT s.id FROM orders_shipment s
WHERE s.delivered_at IS NULL AND s.delayed_at IS NULL AND NOT s.status IN ('DELIVERED', 'RETURNED')
  AND s.expected_at < %(before)s
ORDER BY s.expected_at LIMIT %(limit)s
"""


@transactional
def note_overdue(*, at: datetime, limit: int = 500) -> int:
    """Tell of parcels that should have arrived and that nobody has reported as delivered; how many. Each once."""
    ids = [key for (key,) in fetch_all(_OVERDUE, {"before": at - LATE, "limit": limit})]
    locked = _with_orders(Shipment.objects.filter(id__in=ids)).select_for_update(of=("self",), no_key=True)
    late = [each for each in locked if each.delayed_at is None and each.delivered_at is None]
    for each in late:
        each.delayed_at = at
    update_tables({Shipment: [as_update(each, ["delayed_at"]) for each in late]})
    events.publish([_delayed(each, "overdue", by="system", at=at) for each in late])
    return len(late)


def _with_orders(shipments: Any) -> Any:
    return shipments.select_related("fulfillment__order").order_by("id")


def _lock_shipments(names: set[str]) -> dict[str, Shipment]:
    """By the name that the reports use. Of two parcels with one tracking number the newer one is meant."""
    named = Shipment.objects.filter(Q(number__in=names) | Q(tracking_number__in=names - {""}))
    found: dict[str, Shipment] = {}
    for each in _with_orders(named).select_for_update(of=("self",), no_key=True):
        found |= {name: each for name in (each.tracking_number, each.number) if name in names}
    return found


def _known_reports(shipments: Iterable[Shipment]) -> dict[tuple[int, str], TrackingEvent]:
    rows = TrackingEvent.objects.filter(shipment__in={each.pk for each in shipments})
    return {(row.shipment_id or 0, row.external_id): row for row in rows}


def _write(
    fresh: Sequence[tuple[Shipment, Report]],
    known: dict[tuple[int, str], TrackingEvent],
    *,
    by: str,
    at: datetime,
) -> None:
    insert_rows({TrackingEvent: [_row(shipment, report, by=by) for shipment, report in fresh]})
    seen: dict[int, list[Sighting]] = defaultdict(list)
    for (shipment_id, _), row in known.items():
        seen[shipment_id].append(Sighting(row.status, row.at))
    told: list[events.Event] = []
    shipments: dict[int, Shipment] = {}
    said: dict[tuple[int, str], str] = {}
    for shipment, report in fresh:
        shipments[shipment.pk] = shipment
        seen[shipment.pk].append(Sighting(report.status, report.at))
        said[shipment.pk, report.status] = report.description
        if report.expected_at:
            shipment.expected_at = report.expected_at
        told.append(_moved(shipment, report, by=by, at=at))
    for shipment in shipments.values():
        told += _move(shipment, seen[shipment.pk], said, by=by, at=at)
    update_tables({Shipment: [as_update(each, _COLUMNS) for each in shipments.values()]})
    events.publish(told)


def _move(
    shipment: Shipment, sightings: Sequence[Sighting], said: Mapping[tuple[int, str], str], *, by: str, at: datetime
) -> list[events.Event]:
    """Where it stands now; what that means to those who wait, said once each time it becomes so.

    `said`: the reporter's own words, by parcel and status.
    """
    standing = find_standing(sightings)
    assert standing is not None
    before, shipment.status = shipment.status, Status(standing.status)
    shipment.last_event_at = max(sighting.at for sighting in sightings)
    if shipment.status == Status.DELIVERED:
        shipment.delivered_at = standing.at
    if shipment.status == before:
        return []
    if shipment.status == Status.DELIVERED:
        facts = {"shipment": shipment.number, "delivered_at": standing.at.isoformat()}
        return [ShipmentDelivered(subject=_order_of(shipment), by=by, at=at, facts=facts)]
    if shipment.status in _FAILED:
        words = said.get((shipment.pk, shipment.status.value), "")
        facts = {"shipment": shipment.number, "status": shipment.status.value, "description": words}
        return [ShipmentFailed(subject=_order_of(shipment), by=by, at=at, facts=facts)]
    if shipment.status == Status.DELAYED and shipment.delayed_at is None:
        shipment.delayed_at = at
        return [_delayed(shipment, "carrier", by=by, at=at)]
    return []


def _row(shipment: Shipment, report: Report, *, by: str) -> dict[str, Any]:
    return {
        "shipment_id": shipment.pk,
        "external_id": report.name,
        "status": report.status,
        "at": report.at,
        "place": report.place[:120],
        "description": report.description[:255],
        "by": by,
    }


def _moved(shipment: Shipment, report: Report, *, by: str, at: datetime) -> ShipmentMoved:
    facts = {
        "shipment": shipment.number,
        "status": report.status,
        "at": report.at.isoformat(),
        "place": report.place,
        "description": report.description,
    }
    return ShipmentMoved(subject=_order_of(shipment), by=by, at=at, facts=facts)


def _delayed(shipment: Shipment, because: str, *, by: str, at: datetime) -> ShipmentDelayed:
    expected = shipment.expected_at.isoformat() if shipment.expected_at else None
    facts = {"shipment": shipment.number, "expected_at": expected, "because": because}
    return ShipmentDelayed(subject=_order_of(shipment), by=by, at=at, facts=facts)


def _order_of(shipment: Shipment) -> str:
    return shipment.fulfillment.order.number
