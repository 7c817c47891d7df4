"""What returns contribute to the dashboard, and to the page of an order."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.admin.plots import plot_stacks
from orders.admin.order_filters import midnight
from orders.models import Order
from returns.admin.filters import to_inspect, to_review
from returns.admin.seen import sees_money, user_of
from returns.admin.words import INSPECT_LATE, REVIEW_LATE, say_goods, say_span, say_wishes, show_state
from returns.models import Return
from returns.queries.access import narrow_to_seen
from returns.queries.dashboard import DAYS, Figures, read_figures

_KEPT_SECONDS = 600
_SERIES = ("refund", "store credit", "exchange", "replacement")


def show_returns_today(request: HttpRequest, subject: object) -> str:
    if not _may_see(request):
        return ""
    number = snapshot("returns-today", lambda: count_up_to(Return.objects.filter(requested_at__gte=_today())))
    link = f"{_list()}?view=all&requested_at_from={timezone.localdate().isoformat()}"
    return show_figure(Figure("Returns today", say_number(number), link, "asked for since midnight"))


def show_to_review(request: HttpRequest, subject: object) -> str:
    """How many wait for a decision, and for how long the first of them has."""
    if not _may_see(request):
        return ""
    number, oldest = snapshot("returns-review", lambda: _count_waiting(to_review, "requested_at"))
    return _show_waiting("To review", number, oldest, REVIEW_LATE, f"{_list()}?view=review")


def show_to_inspect(request: HttpRequest, subject: object) -> str:
    if not _may_see(request):
        return ""
    number, oldest = snapshot("returns-inspect", lambda: _count_waiting(to_inspect, "received_at"))
    return _show_waiting("To inspect", number, oldest, INSPECT_LATE, f"{_list()}?view=inspect")


def show_retained(request: HttpRequest, subject: object) -> str:
    """What part of what was given stays in the house: as credit, or as other goods."""
    if not _may_see(request):
        return ""
    read = _read()
    note = f"of {read.settled:,} settled in {DAYS} days stayed as credit or goods"
    share = f"{read.retained_percent} %" if read.settled else "–"
    return show_figure(Figure("Retained", share, f"{_list()}?view=closed", note))


def show_returns_touch_free(request: HttpRequest, subject: object) -> str:
    """What part of returns the rules decided on without a person."""
    if not _may_see(request):
        return ""
    read = _read()
    share = f"{read.untouched_percent} %" if read.asked else "–"
    note = f"of {read.asked:,} asked for in {DAYS} days, by nobody's hand"
    return show_figure(Figure("Decided by rules", share, f"{_list()}?view=all", note))


def show_returns_a_day(request: HttpRequest, subject: object) -> str:
    """What was asked for day by day, and the share of what was sent that comes back."""
    if not _may_see(request):
        return ""
    read = _read()
    said = [format_date(day.day, "j M") for day in read.days]
    series = [(name, [day.wished[place] for day in read.days]) for place, name in enumerate(_SERIES)]
    context = {
        "read": read,
        "days": DAYS,
        "series": series,
        "plot": plot_stacks(said, series),
        "rows": list(zip(said, read.days, strict=True))[::-1],
        "total": sum(sum(day.wished) for day in read.days),
    }
    return render_to_string("returns/admin/returns_a_day.html", context)


def show_returns_of_order(request: HttpRequest, subject: Order) -> str:
    """On the order's page: what of it comes back."""
    if not request.user.has_perm("returns.view_return"):
        return ""
    seen = narrow_to_seen(subject.returns.select_related("node__warehouse"), user_of(request))
    found = list(seen.prefetch_related("items__line", "items__variant").order_by("-sequence"))
    rows = [
        (each, show_state(each), say_goods(each.items.all(), most=3), say_wishes(each.items.all())) for each in found
    ]
    return render_to_string("returns/admin/returns_of_order.html", {"rows": rows}) if rows else ""


def _show_waiting(title: str, number: int, oldest: datetime | None, late: timedelta, link: str) -> str:
    waited = timezone.now() - oldest if oldest else timedelta(0)
    note = f"the first waits for {say_span(waited)}" if oldest else "nobody waits"
    return show_figure(Figure(title, say_number(number), link, note, "bad" if waited > late else ""))


def _count_waiting(narrow: Callable[[QuerySet[Return]], QuerySet[Return]], since: str) -> tuple[int, datetime | None]:
    waiting = narrow(Return.objects.all())
    return count_up_to(waiting), waiting.order_by(since).values_list(since, flat=True).first()


def _may_see(request: HttpRequest) -> bool:
    """Figures of all warehouses are not for the people of one."""
    return request.user.has_perm("returns.view_return") and sees_money(request)


def _read() -> Figures:
    return snapshot("returns-figures", lambda: read_figures(timezone.now()), seconds=_KEPT_SECONDS)


def _today() -> datetime:
    return midnight(timezone.now())


def _list() -> str:
    return reverse("admin:returns_return_changelist")
