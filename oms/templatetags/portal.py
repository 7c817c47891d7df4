"""How the portal's pages show money, moments and units: in the reader's language and on the reader's clock.

Inside a page the active time zone is the reader's (`oms.portal.zones`). Moments are <time> elements, so that the script
can tell them anew in the browser's zone, where that differs from what the server could know.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from oms.money import Money, minor_unit
from oms.portal.zones import babel_locale, name_zone
from oms.quantities import plain

register = template.Library()


@register.simple_tag
def amount(value: Decimal | Money | None, currency: str = "") -> SafeString | str:
    """An amount as this language writes it; figures of money never break over two lines."""
    if value is None:
        return "–"
    return format_html('<bdi class="amount">{}</bdi>', say_amount(value, currency))


@register.simple_tag
def change(value: Decimal | Money, currency: str = "") -> SafeString | str:
    """The same with its sign: +€5.00, −€5.00."""
    if isinstance(value, Money):
        currency = value.currency
        value = value.amount
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return format_html('<bdi class="amount">{}{}</bdi>', sign, say_amount(abs(value), currency))


def say_amount(value: Decimal | Money, currency: str = "") -> str:
    if isinstance(value, Money):
        currency = value.currency
        value = value.amount
    return _write_amount(str(value), currency, babel_locale())


@lru_cache(maxsize=10_000)
def _write_amount(digits: str, currency: str, locale: Locale) -> str:
    """A page has some twenty amounts, half of them the same, and the next page has many of them again."""
    value = Decimal(digits)
    # A unit price may be finer than the minor unit (0.125 a gram); then all its digits are shown.
    fine = value.normalize() % minor_unit(currency) != 0
    shown = format_currency(value, currency, locale=locale, decimal_quantization=not fine)
    return shown.replace("-", "−")


@register.filter
def units(quantity: Decimal) -> str:
    """3, 2.5, 12,000: as this language writes numbers."""
    return format_decimal(plain(quantity), locale=babel_locale(), decimal_quantization=False)


@register.filter
def moment(at: datetime) -> SafeString:
    """Day and time of day; the year where it is not this one."""
    return _time(at, say_moment(at), "moment")


@register.filter
def day(at: datetime) -> SafeString:
    return _time(at, say_day(at), "day")


@register.filter
def clock(at: datetime) -> SafeString:
    """14:32; with its day where that is not today."""
    return _time(at, say_clock(at), "clock")


@register.simple_tag
def zone() -> SafeString:
    """Whose clock it is: "Berlin time"."""
    return format_html('<span data-zone="{}">{}</span>', str(timezone.get_current_timezone()), name_zone())


def say_clock(at: datetime) -> str:
    local = timezone.localtime(at)
    return say_time(at) if local.date() == timezone.localdate() else say_moment(at)


def say_time(at: datetime) -> str:
    local = timezone.localtime(at)
    return format_time(local, "short", locale=babel_locale(), tzinfo=local.tzinfo)


def say_day(at: datetime) -> str:
    local = timezone.localtime(at)
    locale = babel_locale()
    if local.year != timezone.localdate().year:
        return format_date(local.date(), "long", locale=locale)
    return format_skeleton("MMMMd", local, tzinfo=local.tzinfo, locale=locale)


def say_moment(at: datetime) -> str:
    pattern = str(babel_locale().datetime_formats["medium"])  # {1} is the day, {0} the time
    return pattern.replace("{1}", say_day(at)).replace("{0}", say_time(at))


def _time(at: datetime, said: str, style: str) -> SafeString:
    return format_html('<time datetime="{}" data-when="{}">{}</time>', at.isoformat(), style, said)


@register.filter
def time_left(until: datetime, now: datetime) -> str:
    """26 minutes left; rounded up, so that it never says none before the end."""
    return gettext("{time} left").replace("{time}", say_span(until - now))


def say_span(span: timedelta) -> str:
    """26 minutes, 3 hours 20 minutes, 4 days: the script says it the same way (`portal.js`)."""
    minutes = max(0, ceil(span / timedelta(minutes=1)))
    if minutes >= 48 * 60:
        return _say_units(timedelta(days=minutes // (24 * 60)), "day")
    if minutes < 100:
        return _say_units(timedelta(minutes=minutes), "minute")
    hours, rest = _say_units(timedelta(hours=minutes // 60), "hour"), timedelta(minutes=minutes % 60)
    return f"{hours} {_say_units(rest, 'minute')}" if rest else hours


def _say_units(span: timedelta, unit: Literal["day", "hour", "minute"]) -> str:
    return format_timedelta(span, granularity=unit, threshold=1_000_000, locale=babel_locale())
