"""Whose clock a page shows, and how it says so."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone, translation

from oms.money import Money
from oms.portal.zones import COOKIE, name_zone, zone_of, zone_of_country
from oms.templatetags.portal import change, say_amount, say_clock, say_moment, say_span

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def asked(zone: str = ""):
    request = RequestFactory().get("/")
    if zone:
        request.COOKIES[COOKIE] = zone
    return request


def test_the_browser_s_zone_comes_first():
    assert str(zone_of(asked("Asia/Tokyo"), country="DE")) == "Asia/Tokyo"


@pytest.mark.parametrize("nonsense", ["../../etc/passwd", "Mars/Olympus", "x" * 5_000])
def test_a_zone_that_is_none_is_ignored(nonsense):
    assert str(zone_of(asked(nonsense), country="DE")) == "Europe/Berlin"


@pytest.mark.parametrize(
    ("country", "zone"),
    [("DE", "Europe/Berlin"), ("CN", "Asia/Shanghai"), ("JP", "Asia/Tokyo"), ("GB", "Europe/London")],
)
def test_a_country_with_one_clock_tells_the_zone(country, zone):
    assert str(zone_of_country(country)) == zone


@pytest.mark.parametrize("country", ["US", "AU", "BR", "", "XX"])
def test_a_country_with_many_clocks_tells_none_and_the_shop_s_is_taken(country, settings):
    assert zone_of_country(country) is None
    assert zone_of(asked(), country=country) == timezone.get_default_timezone()


@pytest.mark.parametrize(("language", "said"), [("en", "Berlin time"), ("zh-hans", "柏林时间")])
def test_the_zone_is_named_by_its_town(language, said):
    with timezone.override(ZoneInfo("Europe/Berlin")), translation.override(language):
        assert name_zone() == said


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("language", "zone", "clock", "moment"),
    [
        ("en", "Europe/Berlin", "13:00", "21 November, 13:00"),
        ("en", "America/New_York", "7:00\u202fAM", "November 21, 7:00\u202fAM"),
        ("zh-hans", "Asia/Shanghai", "20:00", "11月21日 20:00"),
    ],
)
def test_moments_are_said_as_the_reader_would(language, zone, clock, moment):
    with timezone.override(ZoneInfo(zone)), translation.override(language):
        assert say_clock(NOON) == clock
        assert say_moment(NOON) == moment


@time_machine.travel(NOON, tick=False)
def test_a_moment_of_another_day_is_said_with_its_day():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert say_clock(NOON + timedelta(days=1)) == "22 November, 13:00"


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "0 minutes", "0分钟"),
        (1, "1 minute", "1分钟"),
        (26, "26 minutes", "26分钟"),
        (120, "2 hours", "2小时"),
        (200, "3 hours 20 minutes", "3小时 20分钟"),
        (4_400, "3 days", "3天"),
    ],
)
def test_a_span_is_said_as_near_as_it_matters(minutes, english, chinese):
    assert say_span(timedelta(minutes=minutes)) == english
    with translation.override("zh-hans"):
        assert say_span(timedelta(minutes=minutes)) == chinese


def test_a_span_never_says_less_than_is_left():
    assert say_span(timedelta(seconds=61)) == "2 minutes"


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [("1234.5", "EUR", "€1,234.50"), ("1500", "JPY", "JP¥1,500"), ("0.125", "EUR", "€0.125"), ("-5", "GBP", "−£5.00")],
)
def test_amounts_have_the_digits_of_their_currency(amount, currency, said):
    assert say_amount(Decimal(amount), currency) == said


def test_a_difference_bears_its_sign():
    assert "+€5.00" in change(Money(Decimal(5), "EUR"))
    assert "−€5.00" in change(Decimal(-5), "EUR")
