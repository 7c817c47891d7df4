from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from oms.policies.working_time import WorkingTime, add_working_hours

BERLIN = WorkingTime(time(9), time(17), ZoneInfo("Europe/Berlin"), (1, 2, 3, 4, 5))


def moment(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """By Berlin's clock, in 2026: 20 November is a Friday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("after", "hours", "deadline"),
    [
        (moment(20, 10), 4, moment(20, 14)),
        (moment(20, 15), 4, moment(23, 11)),  # two hours on Friday, two on Monday
        (moment(20, 17), 1, moment(23, 10)),
        (moment(21, 3), 1, moment(23, 10)),  # Saturday night
        (moment(23, 6), 8, moment(23, 17)),  # before the desk opens, a whole day
        (moment(20, 9), 16, moment(23, 17)),
        (moment(23, 10), 0, moment(23, 10)),
    ],
)
def test_a_deadline_counts_the_hours_at_the_desk(after, hours, deadline):
    assert add_working_hours(BERLIN, after=after, hours=hours) == deadline.astimezone(UTC)


def test_a_night_in_which_the_clock_changes_is_no_work():
    """25 October 2026 is a Sunday: on Monday the clock is an hour back."""
    assert add_working_hours(BERLIN, after=moment(23, 16, month=10), hours=2) == moment(26, 10, month=10)


def test_a_shop_that_names_no_days_works_on_all_of_them():
    always = WorkingTime(time(9), time(17), ZoneInfo("Europe/Berlin"), ())
    assert add_working_hours(always, after=moment(21, 16), hours=2) == moment(22, 10)


def test_a_desk_that_closes_before_it_opens_is_refused():
    with pytest.raises(ValueError, match="open before it closes"):
        WorkingTime(time(17), time(9), ZoneInfo("UTC"), ())
