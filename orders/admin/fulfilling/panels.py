"""What warehouse work contributes to the dashboard."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from inventory.models import Warehouse
from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.admin.plots import SERIES, plot_stacks
from orders.admin.fulfilling.filters import due_today, overdue
from orders.admin.order_filters import midnight, unroutable
from orders.models import Fulfillment, Order, Shipment

DAYS = 30


def show_due_today(request: HttpRequest, subject: object) -> str:
    notes = "what is overdue is among them", "nothing is left to send today"
    return _show_work(request, "today", "To send today", due_today, notes)


def show_overdue(request: HttpRequest, subject: object) -> str:
    notes = "missed their van", "nothing missed its van"
    return _show_work(request, "overdue", "Overdue", overdue, notes)


def _show_work(
    request: HttpRequest,
    view: str,
    title: str,
    narrow: Callable[[QuerySet, datetime], QuerySet],
    notes: tuple[str, str],
) -> str:
    """`notes`: what stands below some, and below none."""
    if not request.user.has_perm("orders.view_fulfillment"):
        return ""
    number = snapshot(f"work-{view}", lambda: count_up_to(narrow(Fulfillment.objects.all(), timezone.now())))
    link = f"{reverse('admin:orders_fulfillment_changelist')}?view={view}"
    tone = "bad" if number and view == "overdue" else ""
    return show_figure(Figure(title, say_number(number), link, notes[0 if number else 1], tone))


def show_unroutable(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("orders.view_fulfillment"):
        return ""
    number = snapshot("unroutable", lambda: count_up_to(unroutable(Order.objects.all())))
    link = f"{reverse('admin:orders_order_changelist')}?view=unrouted"
    note = "orders that no warehouse can send" if number else "every order has its warehouse"
    return show_figure(Figure("No way found", say_number(number), link, note, "bad" if number else ""))


def show_shipped_a_day(request: HttpRequest, subject: object) -> str:
    """Stacked by warehouse. Nothing before the first parcel has left."""
    if not request.user.has_perm("orders.view_shipment"):
        return ""
    days, series = snapshot("shipped-a-day", lambda: read_shipped_a_day(timezone.now()))
    if not series:
        return ""
    said = [format_date(day, "j M") for day in days]
    context = {
        "days": DAYS,
        "series": series,
        "rows": [(said[place], [figures[place] for _, figures in series]) for place in range(len(days))][::-1],
        "plot": plot_stacks(said, series),
    }
    return render_to_string("orders/admin/shipped_a_day.html", context)


def read_shipped_a_day(at: datetime) -> tuple[list[date], list[tuple[str, list[int]]]]:
    """The last days, and for each warehouse its parcels on each of them; by the index over the moment of leaving."""
    today = timezone.localdate(at)
    days = [today - timedelta(days=place) for place in reversed(range(DAYS))]
    sent = Shipment.objects.filter(shipped_at__gte=midnight(at) - timedelta(days=DAYS - 1)).order_by()
    counted = sent.annotate(day=TruncDate("shipped_at")).values("fulfillment__warehouse_id", "day")
    rows = counted.annotate(n=Count("id")).values_list("fulfillment__warehouse_id", "day", "n")
    found = {(warehouse, day): number for warehouse, day, number in rows}
    names = dict(Warehouse.objects.values_list("id", "name"))
    series = [(name, [found.get((key, day), 0) for day in days]) for key, name in names.items()]
    shown = sorted((each for each in series if any(each[1])), key=lambda each: -sum(each[1]))
    if len(shown) > SERIES:
        others = [sum(figures) for figures in zip(*(each[1] for each in shown[SERIES - 1 :]), strict=True)]
        shown = [*shown[: SERIES - 1], ("others", others)]
    return days, shown
