"""Deadlines, coloured when somebody should hurry."""

from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.templatetags.showing import exact, say_when

SOON, NEAR = timedelta(hours=6), timedelta(hours=1)


def show_deadline(deadline: datetime | None, *, at: datetime) -> SafeString | str:
    """In how long it is; warm within six hours, red within one and afterwards."""
    if deadline is None:
        return "–"
    left = deadline - at
    tone = "bad" if left < NEAR else "warm" if left < SOON else "mute"
    said = say_when(deadline, now=at) if left > timedelta(0) else "over"
    return format_html('<span class="badge badge-{}" title="{}">{}</span>', tone, exact(deadline), said)
