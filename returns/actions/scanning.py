"""Where parcels are that come back: the first scan moves the return, and those who wait are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oms import events
from oms.transactions import transactional
from orders.models import Shipment
from orders.policies.shipping.tracking import Sighting, find_standing
from returns.absences import ReturnNotFound
from returns.actions.locking import lock_return
from returns.actions.sending_back import new_token
from returns.events import ReturnInTransit
from returns.models import Return, ReturnItem, ReturnParcel

Seen, Status = Shipment.Status, ReturnParcel.Status

NOT_YET = (Seen.CONFIRMED,)
"""The carrier knows of it and has not seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One report of a parcel. `id` is the reporter's name for it: twice counts once. `status` is a shipment's."""

    id: str
    status: str
    at: datetime
    place: str = ""
    description: str = ""


@transactional
def record_scan(
    *, number: str, parcel: int | None = None, label: int | None = None, scans: Sequence[Scan], by: str, at: datetime
) -> ReturnParcel:
    """Note where a parcel of the return is, by its own id or that of the label on it. In any order, and any number of
    times; a label that we had given up and that was used all the same has a parcel from then on.

    Raises:
        ReturnNotFound: no such return, or no such parcel of it.
    """
    found = lock_return(number)
    of_it = found.parcels.select_for_update(no_key=True)
    one = of_it.filter(pk=parcel).first() if parcel is not None else of_it.filter(label=label or 0).first()
    if one is None and label is not None:
        one = ReturnParcel(of=found, label_id=label, token=new_token(), announced_at=at)
    if one is None:
        raise ReturnNotFound(number)

    known = {event["id"] for event in one.events}
    fresh = {scan.id: scan for scan in scans if scan.id not in known}
    if fresh or one.pk is None:
        _note(found, one, list(fresh.values()), by=by, at=at)
    return one


def _note(found: Return, parcel: ReturnParcel, scans: Sequence[Scan], *, by: str, at: datetime) -> None:
    parcel.events = [*parcel.events, *(_describe(scan) for scan in scans)]
    seen_before = parcel.scanned_at is not None
    seen = [_sighting(event) for event in parcel.events if event["status"] not in NOT_YET]
    standing = find_standing(seen)
    if standing is not None and parcel.status != Status.DELIVERED:
        parcel.scanned_at = min(each.at for each in seen)
        arrived = standing.status == Seen.DELIVERED
        parcel.status = Status.DELIVERED if arrived else Status.IN_TRANSIT
        parcel.delivered_at = standing.at if arrived else None
    parcel.save()
    if parcel.scanned_at is not None and not seen_before:
        _move(found, parcel, by=by, at=at)


def _move(found: Return, parcel: ReturnParcel, *, by: str, at: datetime) -> None:
    """It has left the customer: from here on nothing is canceled."""
    found.items.filter(needs_goods=True, reception=ReturnItem.Reception.AWAITING).update(
        reception=ReturnItem.Reception.IN_TRANSIT
    )
    if found.moved_at is None:
        found.moved_at, found.expires_at = at, None
        found.touch("moved_at", "expires_at", at=at)
    facts = {
        "order": found.order.number,
        "parcel": parcel.pk,
        "tracking_number": parcel.tracking_number,
        "scanned_at": parcel.scanned_at,
    }
    events.publish([ReturnInTransit(subject=found.number, by=by, at=at, facts=facts)])


def _describe(scan: Scan) -> dict[str, str]:
    return {
        "id": scan.id,
        "status": scan.status,
        "at": scan.at.isoformat(),
        "place": scan.place,
        "description": scan.description,
    }


def _sighting(event: dict[str, str]) -> Sighting:
    return Sighting(event["status"], datetime.fromisoformat(event["at"]))
