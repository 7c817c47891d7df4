"""Exceptions as staff read them: what is wrong, for how long, until when."""

from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.desks import find_desk
from oms.exceptions import say_type
from oms.models import ExceptionItem
from oms.templatetags.showing import badge, exact


def say_span(span: timedelta) -> str:
    """12 min, 3 h, 2 days: as near as it matters."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    if minutes < 60:
        return f"{minutes} min"
    hours = round(span / timedelta(hours=1))
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} days"


def say_deadline(item: ExceptionItem, *, now: datetime) -> str:
    """In a sentence's words: overdue by 3 h, due in 20 min."""
    if item.closed_at:
        return f"closed, {item.get_closed_because_display()}"
    if item.snoozed_until and item.snoozed_until > now:
        return f"put off for {say_span(item.snoozed_until - now)}"
    late = item.deadline < now
    return f"overdue by {say_span(now - item.deadline)}" if late else f"due in {say_span(item.deadline - now)}"


def show_deadline(item: ExceptionItem, *, now: datetime) -> SafeString:
    """Red once it is over."""
    said = say_deadline(item, now=now)
    if item.closed_at is None and item.deadline < now:
        return badge(said, "bad", exact(item.deadline))
    return format_html('<span class="soft nowrap" title="{}">{}</span>', exact(item.deadline), said)


def call_item(item: ExceptionItem) -> str:
    """Address to check: order S-1001."""
    return f"{say_type(item.type)}: {call_subject(item)}"


def call_subject(item: ExceptionItem) -> str:
    desk = find_desk(item.type)
    return desk.called(item) if desk else f"{item.subject_kind} {item.subject}"
