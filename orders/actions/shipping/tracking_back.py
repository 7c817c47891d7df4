"""Where parcels are that come back under labels of ours: kept with the label, and announced to whoever waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oms import events
from oms.sql import fetch_all
from oms.writing import insert_rows
from orders.actions.shipping.reports import Recorded, Report, refuse_other_words
from orders.models import TrackingEvent
from orders.return_label_events import ReturnParcelMoved

# Also one that was given back: a customer may have sent it all the same. Of two of one number the newer one is meant.
_LOCK = """
SELECT l.id, l.tracking_number, l.rma, o.number, w.code
FROM orders_label l
JOIN orders_order o ON o.id = l.order_id
JOIN inventory_warehouse w ON w.id = (l.parcel->>'warehouse')::bigint
WHERE l.tracking_number = ANY(%s) AND l.tracking_number <> '' AND l.rma <> ''
ORDER BY l.id FOR NO KEY UPDATE OF l
"""


def record_back(reports: Sequence[Report], *, by: str, at: datetime) -> Recorded:
    """Note the reports whose tracking numbers are those of such labels; the others are named, being nobody's.

    Raises:
        TrackingConflict: a report of this name said something else.
    """
    rows = fetch_all(_LOCK, [sorted({report.shipment for report in reports})])
    found = {row[1]: row for row in rows}
    known = _known_reports([label for label, *_ in found.values()])
    fresh: dict[tuple[int, str], Report] = {}
    for report in reports:
        if row := found.get(report.shipment):
            key = row[0], report.name
            refuse_other_words(known.get(key), report)
            if key not in known:
                fresh.setdefault(key, report)
    insert_rows({TrackingEvent: [_row(label, report, by=by) for (label, _), report in fresh.items()]})
    events.publish([_moved(found[report.shipment], report, by=by, at=at) for report in fresh.values()])
    return Recorded(len(fresh), sorted({report.shipment for report in reports} - found.keys()))


def _known_reports(labels: Sequence[int]) -> dict[tuple[int, str], TrackingEvent]:
    rows = TrackingEvent.objects.filter(label__in=labels) if labels else ()
    return {(row.label_id or 0, row.external_id): row for row in rows}


def _row(label: int, report: Report, *, by: str) -> dict[str, Any]:
    return {
        "label_id": label,
        "external_id": report.name,
        "status": report.status,
        "at": report.at,
        "place": report.place[:120],
        "description": report.description[:255],
        "by": by,
    }


def _moved(row: Sequence[Any], report: Report, *, by: str, at: datetime) -> ReturnParcelMoved:
    label, tracking_number, rma, order, warehouse = row
    facts = {
        "return": rma,
        "warehouse": warehouse,
        "label": label,
        "tracking_number": tracking_number,
        "report": report.name,
        "status": report.status,
        "at": report.at.isoformat(),
        "place": report.place[:120],
        "description": report.description[:255],
    }
    return ReturnParcelMoved(subject=order, by=by, at=at, facts=facts)
