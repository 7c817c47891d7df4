"""Tracking: reports in any order and any number of times become one story."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from oms.models import EventRecord
from orders.absences import ShipmentNotFound
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import LATE, note_overdue, record_report, record_tracking
from orders.errors import TrackingConflict
from orders.models import Shipment, TrackingEvent
from tests.make.fulfillments import LATER, fulfillment, ship
from tests.make.moments import ONE_DAY, ONE_HOUR, ONE_SECOND

pytestmark = pytest.mark.django_db
CARRIER = "carrier:dhl"


def shipped(tracking_number: str = "RR123456785CN") -> Shipment:
    return ship(fulfillment().number, tracking_number=tracking_number)


def report(shipment: Shipment, status: str, hours: float, **fields: object) -> Report:
    return Report(shipment=shipment.tracking_number, status=status, at=LATER + hours * ONE_HOUR, **fields)  # type: ignore[arg-type]


def record(*reports: Report, at: datetime = LATER + ONE_DAY) -> int:
    return record_tracking(reports, by=CARRIER, at=at).new


def told(kind: str) -> int:
    return EventRecord.objects.filter(type=f"shipment.{kind}").count()


def test_what_a_carrier_reports_is_one_timeline_and_moves_the_parcel():
    parcel = shipped()

    record(report(parcel, "IN_TRANSIT", 1, place="Leipzig"), report(parcel, "DELIVERED", 20, place="Berlin"))

    parcel.refresh_from_db()
    assert (parcel.status, parcel.delivered_at) == ("DELIVERED", LATER + 20 * ONE_HOUR)
    assert list(parcel.tracking_events.values_list("status", "place")) == [
        ("IN_TRANSIT", "Leipzig"),
        ("DELIVERED", "Berlin"),
    ]
    assert (told("moved"), told("delivered")) == (2, 1)


def test_in_whatever_order_reports_come_the_parcel_ends_where_it_is():
    for order in permutations([("IN_TRANSIT", 1), ("OUT_FOR_DELIVERY", 5), ("DELIVERED", 6)]):
        parcel = shipped(f"T{''.join(str(hours) for _, hours in order)}")
        for status, hours in order:
            record(report(parcel, status, hours))

        parcel.refresh_from_db()
        assert (parcel.status, parcel.delivered_at) == ("DELIVERED", LATER + 6 * ONE_HOUR)


def test_the_same_report_twice_counts_once():
    parcel = shipped()
    again = report(parcel, "DELIVERED", 3, external_id="e1")

    assert (record(again, again), record(again)) == (1, 0)
    assert TrackingEvent.objects.count() == 1
    assert told("delivered") == 1


def test_a_report_of_one_name_that_says_something_else_is_refused():
    parcel = shipped()
    record(report(parcel, "IN_TRANSIT", 3, external_id="e1"))

    with pytest.raises(TrackingConflict):
        record(report(parcel, "DELIVERED", 3, external_id="e1"))

    parcel.refresh_from_db()
    assert parcel.status == "IN_TRANSIT"
    assert told("delivered") == 0


def test_a_parcel_that_is_not_ours_is_named_and_the_others_are_noted():
    parcel = shipped()
    stranger = Report(shipment="XX", status="DELIVERED", at=LATER)

    recorded = record_tracking([stranger, report(parcel, "IN_TRANSIT", 1)], by=CARRIER, at=LATER)

    assert (recorded.new, list(recorded.unknown)) == (1, ["XX"])
    with pytest.raises(ShipmentNotFound):
        record_report(stranger, by=CARRIER, at=LATER)


def test_a_delay_is_told_once_whether_the_carrier_says_it_or_the_day_is_over():
    parcel = shipped()
    due = LATER + 2 * ONE_DAY
    Shipment.objects.update(expected_at=due)

    assert note_overdue(at=due + LATE) == 0
    assert note_overdue(at=due + LATE + ONE_SECOND) == 1
    assert note_overdue(at=due + 2 * LATE) == 0
    record(report(parcel, "DELAYED", 80))

    assert told("delayed") == 1
    assert EventRecord.objects.get(type="shipment.delayed").facts["because"] == "overdue"


def test_what_arrives_late_but_arrives_is_not_delayed_any_more():
    parcel = shipped()
    Shipment.objects.update(expected_at=LATER)
    record(report(parcel, "DELIVERED", 1))

    assert note_overdue(at=LATER + timedelta(days=30)) == 0


def test_what_comes_back_is_told_as_failed():
    parcel = shipped()
    record(report(parcel, "IN_TRANSIT", 1), report(parcel, "RETURNED", 9, description="Refused"))

    parcel.refresh_from_db()
    assert parcel.status == "RETURNED"
    facts = EventRecord.objects.get(type="shipment.failed").facts
    assert (facts["status"], facts["description"]) == ("RETURNED", "Refused")
