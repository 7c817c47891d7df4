from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from returns.policies.terms.windows import close_of, end_of_days
from returns.policies.terms.working_days import easter, is_working_day, next_working_day
from returns.policies.terms.zones import zones_of
from tests.make.terms import terms

BERLIN, TOKYO, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
ZONES = st.sampled_from([BERLIN, TOKYO, NEW_YORK, ZoneInfo("Atlantic/Azores"), ZoneInfo("Africa/Cairo"), UTC])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def ends(delivered_at: str, days: int = 14, zone: ZoneInfo = BERLIN, country: str = "DE") -> str:
    return end_of_days(datetime.fromisoformat(delivered_at), days, zone=zone, country=country).isoformat()


def test_the_day_of_delivery_is_not_one_of_the_days():
    assert ends("2026-11-03T09:00:00+01:00") == "2026-11-18T00:00:00+01:00"  # a Tuesday, to the end of a Tuesday


def test_the_day_of_delivery_is_that_of_the_customers_clock():
    assert ends("2026-11-02T23:30:00Z") == "2026-11-18T00:00:00+01:00"
    assert ends("2026-11-02T23:30:00Z", zone=NEW_YORK, country="US") == "2026-11-17T00:00:00-05:00"


def test_a_window_that_would_end_at_a_weekend_ends_with_the_monday():
    assert ends("2026-11-07T10:00:00Z") == "2026-11-24T00:00:00+01:00"  # delivered and ended on a Saturday
    assert ends("2026-11-08T10:00:00Z") == "2026-11-24T00:00:00+01:00"


def test_a_window_that_would_end_on_a_holiday_ends_on_the_next_day_on_which_people_work():
    assert ends("2026-12-11T10:00:00Z") == "2026-12-29T00:00:00+01:00"  # Christmas, Saint Stephen's, a Sunday
    assert ends("2026-12-11T10:00:00Z", country="JP", zone=TOKYO) == "2026-12-26T00:00:00+09:00"


def test_a_window_across_the_change_of_clocks_ends_at_the_new_midnight():
    assert ends("2026-03-17T10:00:00Z") == "2026-04-01T00:00:00+02:00"
    assert ends("2026-10-20T10:00:00Z") == "2026-11-04T00:00:00+01:00"


def test_29_february_is_a_day_like_any_other():
    assert ends("2028-02-15T10:00:00Z") == "2028-03-01T00:00:00+01:00"
    assert ends("2028-02-29T10:00:00Z", days=365) == "2029-03-01T00:00:00+01:00"


def test_where_no_delivery_is_known_the_days_count_from_shipping_and_some_more():
    row = terms(days=14, fallback_days=7)
    shipped = datetime(2026, 11, 2, 12, tzinfo=UTC)

    assert close_of(row, delivered_at=None, shipped_at=shipped, zone=BERLIN) == datetime(2026, 11, 24, tzinfo=BERLIN)
    assert close_of(row, delivered_at=shipped, shipped_at=shipped, zone=BERLIN) == datetime(2026, 11, 17, tzinfo=BERLIN)
    assert close_of(row, delivered_at=None, shipped_at=None, zone=BERLIN) is None


@given(MOMENTS, st.integers(0, 400), ZONES, st.sampled_from(["", "DE", "GR", "EG", "CN"]))
def test_a_window_has_at_least_its_days_and_ends_at_the_end_of_a_working_day(delivered_at, days, zone, country):
    ends_at = end_of_days(delivered_at, days, zone=zone, country=country)

    last = (ends_at.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone).date()
    assert last >= delivered_at.astimezone(zone).date() + timedelta(days=days)
    assert is_working_day(last, country)
    assert ends_at.astimezone(UTC).astimezone(zone).date() == last + timedelta(days=1)


@given(MOMENTS, MOMENTS, st.integers(0, 400), ZONES)
def test_who_got_it_later_never_has_to_return_it_sooner(one, other, days, zone):
    first, second = sorted([one, other])

    assert end_of_days(first, days, zone=zone) <= end_of_days(second, days, zone=zone)


def test_easter_is_where_the_churches_say():
    assert [easter(year) for year in (2024, 2025, 2026, 2027)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
    ]  # fmt: skip
    assert [easter(year, julian=True) for year in (2024, 2025, 2026)] == [
        date(2024, 5, 5), date(2025, 4, 20), date(2026, 4, 12),
    ]  # fmt: skip


def test_where_the_weekend_is_friday_and_saturday_a_window_may_end_on_a_sunday():
    assert next_working_day(date(2026, 11, 20), "EG") == date(2026, 11, 22)
    assert next_working_day(date(2026, 11, 20), "DE") == date(2026, 11, 20)


def test_a_country_with_one_clock_has_one_zone_and_a_province_can_tell():
    assert [str(zone) for zone in zones_of("CN")] == ["Asia/Shanghai"]
    assert [str(zone) for zone in zones_of("US", "california")] == ["America/Los_Angeles"]
    assert len(zones_of("DE")) == 1
    assert len(zones_of("US")) > 5
    assert zones_of("XX") == ()
