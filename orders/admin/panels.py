"""What orders contribute to the dashboard and to the page of a SKU."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from inventory.models import Availability, Reservation
from oms.admin.counting import count_up_to
from oms.admin.exception_panels import render_about
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.admin.plots import SERIES, plot_stacks
from oms.models import Channel
from orders.admin.order_filters import midnight
from orders.models import Hold, Order, QuarantinedMessage

DAYS = 30
WAITING_SHOWN = 15


def show_orders_today(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("orders.view_order"):
        return ""
    today = timezone.localdate().isoformat()
    number = snapshot("placed-today", lambda: _count(lambda at: Order.objects.filter(placed_at__gte=midnight(at))))
    return show_figure(
        Figure("Orders today", number, f"{_orders()}?view=all&placed_at_from={today}", "placed since midnight")
    )


def show_held_now(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("orders.view_order"):
        return ""
    number = snapshot("held", lambda: _count(lambda at: Order.objects.filter(status=Order.Status.HELD)))
    return show_figure(Figure("Held now", number, f"{_orders()}?view=held", "waiting for something"))


def show_released_today(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("orders.view_order"):
        return ""
    number = snapshot("released", lambda: _count(lambda at: Order.objects.filter(released_at__gte=midnight(at))))
    return show_figure(Figure("Released today", number, f"{_orders()}?view=released", "on their way to a warehouse"))


def show_quarantine(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("orders.view_quarantinedmessage"):
        return ""
    number = snapshot("quarantine", lambda: count_up_to(QuarantinedMessage.objects.open()))
    link = f"{reverse('admin:orders_quarantinedmessage_changelist')}?view=open"
    note = "messages to look at" if number else "every message was taken"
    return show_figure(Figure("Quarantine", say_number(number), link, note, "bad" if number else ""))


def show_orders_a_day(request: HttpRequest, subject: object) -> str:
    """Stacked by channel; the channels beyond the colours are put together."""
    if not request.user.has_perm("orders.view_order"):
        return ""
    days, series = snapshot("a-day", lambda: read_orders_a_day(timezone.now()))
    said = [format_date(day, "j M") for day in days]
    rows = [(said[place], [figures[place] for _, figures in series]) for place in range(len(days))][::-1]
    context = {
        "days": DAYS,
        "series": series,
        "rows": rows,
        "total": sum(sum(figures) for _, figures in series),
        "plot": plot_stacks(said, series),
    }
    return render_to_string("orders/admin/orders_a_day.html", context)


def read_orders_a_day(at: datetime) -> tuple[list[Any], list[tuple[str, list[int]]]]:
    """The last days, and for each channel its orders on each of them; by the index over the moment of placing."""
    today = timezone.localdate(at)
    days = [today - timedelta(days=place) for place in reversed(range(DAYS))]
    begins = midnight(at) - timedelta(days=DAYS - 1)
    counted = Order.objects.filter(placed_at__gte=begins).order_by().annotate(day=TruncDate("placed_at"))
    found = {
        (channel, day): number
        for channel, day, number in counted.values("channel_id", "day")
        .annotate(n=Count("id"))
        .values_list("channel_id", "day", "n")
    }
    names = dict(Channel.objects.values_list("id", "name"))
    rows = [(name, [found.get((channel, day), 0) for day in days]) for channel, name in names.items()]
    rows = sorted((row for row in rows if any(row[1])), key=lambda row: -sum(row[1]))
    if len(rows) > SERIES:
        others = [sum(figures) for figures in zip(*(row[1] for row in rows[SERIES - 1 :]), strict=True)]
        rows = [*rows[: SERIES - 1], ("others", others)]
    return days, rows


def show_held_and_why(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("orders.view_order"):
        return ""
    counts = snapshot("held-for", lambda: read_held_for(timezone.now()))
    most = max(counts.values(), default=0)
    bars = [
        (Hold.Reason(reason).label, number, round(100 * number / most, 1), f"{_orders()}?view=all&held_for={reason}")
        for reason, number in sorted(counts.items(), key=lambda item: -item[1])
    ]
    return render_to_string("orders/admin/held_and_why.html", {"bars": bars})


def read_held_for(at: datetime) -> dict[str, int]:
    """Open holds by reason; an order that is held for two reasons counts in both."""
    held = Order.objects.filter(pk=OuterRef("order_id"), status=Order.Status.HELD)
    holds = Hold.objects.open(at=at).filter(Exists(held)).order_by().values("reason")
    return dict(holds.annotate(n=Count("id")).values_list("reason", "n"))


def show_exceptions_about(request: HttpRequest, subject: Order) -> str:
    """On the order's page: what waits for a person about it."""
    return render_about(request, kind="order", subject=subject.number)


def show_who_waits(request: HttpRequest, subject: Availability) -> str:
    """On a SKU's page: the orders that hold units of it, or wait for them, in their turn."""
    if not request.user.has_perm("orders.view_order"):
        return ""
    kept = Reservation.objects.open().filter(variant_id=subject.variant_id).order_by("-state", "since", "id")
    reservations = list(kept[: WAITING_SHOWN + 1])
    context = {"reservations": reservations[:WAITING_SHOWN], "more": len(reservations) > WAITING_SHOWN}
    return render_to_string("orders/admin/who_waits.html", context)


def _count(orders: Callable[[datetime], QuerySet]) -> str:
    return say_number(count_up_to(orders(timezone.now())))


def _orders() -> str:
    return reverse("admin:orders_order_changelist")
