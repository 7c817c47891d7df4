"""How the admin shows moments, money, units and states: the same everywhere, escaped, with the exact value at hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from oms.money import round_amount
from oms.quantities import plain

register = template.Library()

TONES = {
    "HELD": "warm",
    "RELEASED": "cool",
    "CLOSED": "good",
    "CANCELLED": "mute",
    "PENDING": "warm",
    "AUTHORIZED": "cool",
    "PARTIALLY_PAID": "warm",
    "PAID": "good",
    "CAPTURED": "good",
    "PARTIALLY_REFUNDED": "mute",
    "REFUNDED": "mute",
    "VOIDED": "mute",
    "UNFULFILLED": "mute",
    "PARTIALLY_FULFILLED": "cool",
    "FULFILLED": "good",
    "EDIT_WINDOW": "cool",
    "PAYMENT": "warm",
    "FRAUD_REVIEW": "bad",
    "ADDRESS_CHECK": "warm",
    "STOCK_SHORT": "bad",
    "TOTALS_MISMATCH": "bad",
    "STAFF": "warm",
    "PROMISED": "good",
    "SHORT": "bad",
    "SETTLED": "mute",
    "OPEN": "warm",
    "TAKEN": "good",
    "DISMISSED": "mute",
    "WAITING": "warm",
    "RUNNING": "cool",
    "DONE": "good",
    "FAILED": "bad",
    "DEAD": "bad",
    "EDIT_OPEN": "warm",
    "AWAITING_APPROVAL": "warm",
    "AWAITING_PAYMENT": "warm",
    "COMMITTED": "good",
    "DECLINED": "bad",
    "SENT": "good",
    "KEPT": "cool",
    "SUPPRESSED": "mute",
    "BOUNCED": "bad",
}
"""Which colour says what; a state that is not here is grey."""


@register.simple_tag
def badge(text: Any, state: str = "", title: str = "") -> SafeString:
    """A state as a small coloured word."""
    tone = state if state in ("warm", "cool", "good", "bad", "mute") else TONES.get(state, "mute")
    return format_html('<span class="badge badge-{}" title="{}">{}</span>', tone, title, text)


@register.filter
def badges(states: Any) -> SafeString:
    """Several states beside each other: pairs of text and state."""
    return format_html_join(" ", "{}", ((badge(text, state),) for text, state in states))


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """How long ago, or in how long; the exact moment with its zone in the tooltip."""
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact(at), say_when(at, now=timezone.now())
    )


@register.filter
def exact(at: datetime | None) -> str:
    return format_date(timezone.localtime(at), "D j M Y, H:i:s T") if at else "–"


@register.filter
def clock(at: datetime) -> str:
    """The time of day, with the day when it is another day: 14:32, or 22 Nov 14:32."""
    local, today = timezone.localtime(at), timezone.localdate()
    return format_date(local, "H:i" if local.date() == today else "j M H:i")


def say_when(at: datetime, *, now: datetime) -> str:
    """ "5 min ago", "in 3 h", "12 Nov": as near as it matters."""
    gap = abs(now - at)
    if gap < timedelta(seconds=45):
        return "just now" if at <= now else "in a moment"
    if gap < timedelta(hours=22):
        minutes = max(1, round(gap / timedelta(minutes=1)))
        size = f"{minutes} min" if minutes < 60 else f"{round(gap / timedelta(hours=1))} h"
        return f"{size} ago" if at <= now else f"in {size}"
    local, here = timezone.localtime(at), timezone.localtime(now)
    return format_date(local, "j M, H:i" if local.year == here.year else "j M Y")


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> SafeString | str:
    """1,234.50 EUR in the currency's own minor unit."""
    if amount is None:
        return "–"
    return format_html(
        '<span class="money">{}<span class="currency">{}</span></span>',
        f"{round_amount(amount, currency):,f}",
        currency,
    )


@register.simple_tag
def amount(amount: Decimal | None, currency: str) -> str:
    """1,234.50 where the currency stands above it."""
    return "–" if amount is None else f"{round_amount(amount, currency):,f}"


@register.filter
def units(quantity: Decimal | None) -> str:
    """A quantity without needless zeros: 3, 2.5, 12,000."""
    return "–" if quantity is None else f"{plain(quantity):,}"


@register.filter
def signed(quantity: Decimal) -> str:
    return f"{plain(quantity):+,}"


@register.filter
def pretty_json(value: Any) -> str:
    """JSON for people: indented, keys in order; escaped by the template like any text."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()


@register.filter
def actor(by: str) -> str:
    """Who did it, as people say it: "staff:ada" is ada, "channel:web" the channel web."""
    kind, _, name = by.partition(":")
    said = {"staff": name, "key": f"API key {name}", "channel": f"channel {name}", "gateway": f"gateway {name}"}
    return said.get(kind, by) if name else by


@register.filter
def size(amount: Decimal) -> Decimal:
    """An amount without its sign, where words say the direction."""
    return abs(amount)
