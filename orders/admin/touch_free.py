"""The dashboard's answer to "how much goes out by itself?"."""

from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from oms.admin.figures import Figure, show_figure, snapshot
from oms.admin.plots import plot_stacks
from oms.models import Channel
from orders.queries.touch_free import DAYS, Share, TouchFree, read_touch_free

_KEPT_SECONDS = 600
"""A month changes little in ten minutes, and counting 200,000 orders takes a second."""


def show_touch_free_figure(request: HttpRequest, subject: object) -> str:
    """The card: the share of the last days."""
    if not request.user.has_perm("orders.view_order"):
        return ""
    read = _read()
    whole = read.whole
    note = f"of {whole.sent:,} orders sent in {DAYS} days" if whole.sent else f"nothing was sent in {DAYS} days"
    return show_figure(Figure("Touch-free", say_percent(whole), _by_hand(_span(read)), note))


def show_touch_free(request: HttpRequest, subject: object) -> str:
    """Day by day what went out by itself and what did not, and the share of each channel."""
    if not request.user.has_perm("orders.view_order"):
        return ""
    read = _read()
    said = [format_date(date.fromisoformat(day.name), "j M") for day in read.days]
    series = [("by itself", [day.untouched for day in read.days]), ("by hand", [day.by_hand for day in read.days])]
    channels = {channel.code: channel for channel in Channel.objects.only("id", "code", "name")}
    context = {
        "days": DAYS,
        "whole": read.whole,
        "share": say_percent(read.whole),
        "plot": plot_stacks(said, series),
        "rows": [
            (words, day, say_percent(day), _by_hand(day.name))
            for words, day in zip(said, read.days, strict=True)
            if day.sent
        ][::-1],
        "channels": [
            (channel.name, each, say_percent(each), f"{_by_hand(_span(read))}&channel={channel.pk}")
            for each in read.channels
            if (channel := channels.get(each.name))
        ],
    }
    return render_to_string("orders/admin/touch_free.html", context)


def say_percent(share: Share) -> str:
    """ "97 %", never "100 %" while one was touched."""
    if share.percent is None:
        return "–"
    return f"{min(round(share.percent), 99 if share.by_hand else 100)} %"


def _read() -> TouchFree:
    return snapshot("touch-free", lambda: read_touch_free(timezone.now()), seconds=_KEPT_SECONDS)


def _span(read: TouchFree) -> str:
    """The days that were counted, as the list's filter takes them."""
    return f"{read.days[0].name}..{read.days[-1].name}"


def _by_hand(sent_on: str) -> str:
    """The list of what was sent then and somebody had a hand on."""
    return f"{reverse('admin:orders_order_changelist')}?view=all&sent_on={sent_on}&hands=1"
