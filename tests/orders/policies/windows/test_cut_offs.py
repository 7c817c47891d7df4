"""The next cut-off, whatever the calendar and the clocks do."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from orders.policies.windows.cut_offs import CutOff, next_cut_off

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
WEEKDAYS, EVERY_DAY = (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7)


def at(day, clock="12:00", zone=BERLIN):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone)


def cut_off(clock="15:00", *, zone=BERLIN, days=WEEKDAYS):
    return CutOff(time.fromisoformat(clock), zone, days)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (at("2026-11-20", "14:59"), at("2026-11-20", "15:00")),
        (at("2026-11-20", "15:00"), at("2026-11-23", "15:00")),
        (at("2026-11-20", "16:00"), at("2026-11-23", "15:00")),
        (at("2026-11-21", "09:00"), at("2026-11-23", "15:00")),
        (at("2026-11-23", "00:00"), at("2026-11-23", "15:00")),
    ],
    ids=["just before", "at the cut-off itself", "after it on a Friday", "on a Saturday", "at midnight"],
)
def test_the_next_cut_off_is_the_first_that_is_still_to_come_on_a_working_day(after, expected):
    assert next_cut_off([cut_off()], after=after) == expected


def test_a_warehouse_that_works_one_day_a_week_is_waited_for_a_week():
    only_fridays = cut_off(days=[5])
    assert next_cut_off([only_fridays], after=at("2026-11-20", "15:00")) == at("2026-11-27", "15:00")


def test_the_earliest_of_all_warehouses_counts_wherever_they_are():
    both = [cut_off("10:00", zone=NEW_YORK), cut_off("17:00")]
    assert next_cut_off(both, after=at("2026-11-20", "15:30")) == at("2026-11-20", "10:00", NEW_YORK)


@pytest.mark.parametrize("cut_offs", [[], [cut_off(days=[])]], ids=["no warehouse", "none that works"])
def test_without_a_working_warehouse_there_is_no_cut_off(cut_offs):
    assert next_cut_off(cut_offs, after=at("2026-11-20")) is None


def test_a_cut_off_in_the_hour_that_is_skipped_in_spring_counts_with_the_offset_before():
    night = cut_off("02:30", days=EVERY_DAY)
    assert next_cut_off([night], after=at("2026-03-29", "00:00")) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_of_a_cut_off_that_comes_twice_in_autumn_the_first_counts():
    night = cut_off("02:30", days=EVERY_DAY)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_cut_off([night], after=at("2026-10-25", "00:00")) == first
    assert next_cut_off([night], after=first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_the_day_is_that_of_the_warehouse():
    """Late on Sunday in Berlin it is Monday in Tokyo already."""
    tokyo = ZoneInfo("Asia/Tokyo")
    assert next_cut_off([cut_off(zone=tokyo)], after=at("2026-11-22", "23:30")) == at("2026-11-23", "15:00", tokyo)
