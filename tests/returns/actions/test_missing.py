"""Parcels that never arrive: a person is told, and what is found later is found."""

from datetime import timedelta

import pytest

from returns.actions.missing import give_up_parcels, miss_parcels
from tests.make.moments import ADA, ONE_DAY
from tests.make.returns import told
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.ways_back import SEEN_AT, parcel_of, seen, way_back

pytestmark = pytest.mark.django_db


def test_what_was_scanned_and_does_not_arrive_in_three_weeks_is_lost():
    found = seen(way_back())
    assert give_up_parcels(at=SEEN_AT + 21 * ONE_DAY) == 1
    assert parcel_of(found).status == "LOST"
    assert set(found.items.values_list("reception", flat=True)) == {"LOST"}
    assert told(found)[-1] == "return.lost"
    assert facts_of("return.lost")["parcels"][0]["tracking_number"] == parcel_of(found).tracking_number


def test_a_day_earlier_it_is_still_on_its_way():
    seen(way_back())
    with nothing_changes():
        assert give_up_parcels(at=SEEN_AT + 21 * ONE_DAY - timedelta(seconds=1)) == 0


def test_a_parcel_that_arrived_is_not_lost_however_long_it_lies():
    found = seen(seen(way_back()), "DELIVERED", at=SEEN_AT + ONE_DAY)
    with nothing_changes():
        assert not miss_parcels(number=found.number, by=ADA, at=SEEN_AT + 99 * ONE_DAY)


def test_losing_it_twice_is_once():
    found = seen(way_back())
    assert miss_parcels(number=found.number, by=ADA, at=SEEN_AT + ONE_DAY)
    with nothing_changes():
        assert not miss_parcels(number=found.number, by=ADA, at=SEEN_AT + ONE_DAY)


def test_a_parcel_that_turns_up_at_the_carrier_again_is_delivered():
    found = seen(way_back())
    miss_parcels(number=found.number, by=ADA, at=SEEN_AT + ONE_DAY)
    seen(found, "DELIVERED", at=SEEN_AT + 2 * ONE_DAY)
    assert parcel_of(found).status == "DELIVERED"
