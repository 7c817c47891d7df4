"""What the queue of exceptions shows on the dashboard, and above itself."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from oms.admin.counting import count_up_to
from oms.admin.exception_words import show_deadline
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.admin.plots import plot_stacks
from oms.exceptions import say_type
from oms.models import ExceptionItem
from oms.queries.exceptions import count_by_age, count_by_type

_SHOWN = 20


def show_exceptions(request: HttpRequest, subject: object) -> str:
    """The dashboard's card: how much waits for a person, and how much of it is late."""
    if not request.user.has_perm("oms.view_exceptionitem"):
        return ""
    waiting, late = snapshot("exceptions", lambda: _count(timezone.now()))
    note = f"{say_number(late)} overdue" if late else "none overdue" if waiting else "nothing waits for a person"
    link = f"{_queue()}?view={'overdue' if late else 'waiting'}"
    return show_figure(Figure("Exceptions", say_number(waiting), link, note, "bad" if late else ""))


def show_exceptions_by_type(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("oms.view_exceptionitem"):
        return ""
    loads = snapshot("exceptions-by-type", lambda: count_by_type(timezone.now()))
    most = max((load.number for load in loads), default=0)
    bars = [
        (say_type(load.name), load, round(100 * load.number / most, 1), f"{_queue()}?view=waiting&type={load.name}")
        for load in loads
    ]
    return render_to_string("oms/admin/exceptions_by_type.html", {"bars": bars, "link": _queue()})


def render_about(request: HttpRequest, *, kind: str, subject: str) -> str:
    """A sheet for the page of a thing: what waits for a person about it, "" when nothing does."""
    if not request.user.has_perm("oms.view_exceptionitem"):
        return ""
    now, items = timezone.now(), ExceptionItem.objects.open().filter(subject=subject, subject_kind=kind)
    rows = [
        (item, say_type(item.type), show_deadline(item, now=now)) for item in items.select_related("owner")[:_SHOWN]
    ]
    return render_to_string("oms/admin/exceptions_about.html", {"rows": rows}) if rows else ""


def plot_ages(items: QuerySet[ExceptionItem], at: datetime) -> dict[str, Any]:
    """How long things have waited, those over their deadline on top of the others; with the same figures in rows."""
    loads = count_by_age(at, items)
    series = [
        ("in time", [load.number - load.overdue for load in loads]),
        ("overdue", [load.overdue for load in loads]),
    ]
    rows = [(load.name, load.number - load.overdue, load.overdue) for load in loads]
    return {"plot": plot_stacks([load.name for load in loads], series), "rows": rows, "series": series}


def _count(at: datetime) -> tuple[int, int]:
    return count_up_to(ExceptionItem.objects.waiting(at)), count_up_to(ExceptionItem.objects.overdue(at))


def _queue() -> str:
    return reverse("admin:oms_exceptionitem_changelist")
