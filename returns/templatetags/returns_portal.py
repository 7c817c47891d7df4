"""Days as return terms mean them: an end is the first moment that is too late, people say the last day that is not."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.safestring import SafeString

from oms.templatetags.portal import day
from returns.wording.words import say_date, say_exactly

register = template.Library()


@register.filter
def last_day(ends_at: datetime) -> SafeString:
    return day(ends_at - timedelta(microseconds=1))


@register.filter
def plain_day(on: date) -> str:
    """A day that is none of any zone."""
    return say_date(on)


@register.filter
def exactly(at: datetime) -> str:
    """A moment to the second, as a receipt says it."""
    return say_exactly(at)
