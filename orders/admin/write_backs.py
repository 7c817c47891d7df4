"""Messages to other systems: what was acknowledged, what waits, what differs, and what can be done about it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, snapshot
from oms.admin.filters import ChoiceFilter, Choices, between_days, choose
from oms.admin.lists import KeysetChangeList, ReadOnlyAdmin, SavedView
from oms.templatetags.showing import moment
from orders.admin import write_back_page
from orders.admin.write_back_words import say_differences, say_lag, show_state
from orders.models import WriteBack, WriteBackTarget
from orders.queries.write_back_lag import Lag, read_lags

State = WriteBack.State


class TargetFilter(ChoiceFilter):
    title = "system"
    parameter_name = "target"
    column = "target_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(WriteBackTarget.objects.values_list("id", "name"))


class WriteBackList(KeysetChangeList):
    @cached_property
    def figures(self) -> list[Figure]:
        """The counts on top, each a link to its rows."""
        return [_figure(view) for view in WriteBackAdmin.views if view.name in _NOTES]

    @cached_property
    def lags(self) -> list[Figure]:
        """How long each system takes to acknowledge, a link to its messages."""
        lags = snapshot("write-back-lags", read_lags)
        return [_lag_figure(target, lags[target.pk]) for target in WriteBackTarget.objects.all() if target.pk in lags]


class WriteBackAdmin(ReadOnlyAdmin):
    title = "Write-backs"
    nouns = ("message", "messages")
    views = (
        SavedView("waiting", "Waiting", lambda rows, at: rows.filter(state__in=WriteBack.UNDERWAY)),
        SavedView("mismatched", "Mismatched", lambda rows, at: rows.filter(state=State.MISMATCHED)),
        SavedView("failed", "Failed", lambda rows, at: rows.filter(state=State.FAILED)),
        SavedView("overdue", "Overdue", lambda rows, at: overdue(rows)),
        SavedView("acknowledged", "Acknowledged", lambda rows, at: rows.filter(state=State.ACKNOWLEDGED)),
        SavedView("all", "All"),
    )
    list_display = ("shown_order", "target", "shown_kind", "shown_state", "age", "tries", "next_try", "trouble")
    list_display_links = ("shown_order",)
    list_filter = (TargetFilter, choose("kind", "change", WriteBack.Kind.choices), between_days("made_at"))
    list_select_related = ("order", "target")
    search_fields = ("order__number",)
    search_help_text = "The order's number"
    change_list_template = "orders/admin/write_backs.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return WriteBackList

    def get_queryset(self, request: HttpRequest) -> QuerySet[WriteBack]:
        return super().get_queryset(request).defer("body")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WriteBack], search_term: str
    ) -> tuple[QuerySet[WriteBack], bool]:
        wanted = search_term.strip().replace("\x00", "")
        return (queryset.filter(order__number=wanted) if wanted else queryset), False

    def get_urls(self) -> list[URLPattern]:
        own: tuple[tuple[str, Callable[..., HttpResponse]], ...] = (
            ("again", write_back_page.send_message_again),
            ("dismiss", write_back_page.dismiss_message),
            ("compare", write_back_page.compare_message),
        )
        patterns = [
            path(f"<int:message_id>/{name}/", self.admin_site.admin_view(view), name=f"orders_writeback_{name}")
            for name, view in own
        ]
        return patterns + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return write_back_page.show_message(request, object_id)

    @admin.display(description="Order")
    def shown_order(self, message: WriteBack) -> SafeString:
        return format_html('<span class="row-link">{}</span>', message.order.number)

    @admin.display(description="Change")
    def shown_kind(self, message: WriteBack) -> str:
        return message.get_kind_display()

    @admin.display(description="State")
    def shown_state(self, message: WriteBack) -> SafeString:
        return show_state(message)

    @admin.display(description="Queued")
    def age(self, message: WriteBack) -> Any:
        return moment(message.made_at)

    @admin.display(description="Tries")
    def tries(self, message: WriteBack) -> int:
        return message.attempts

    @admin.display(description="Next try")
    def next_try(self, message: WriteBack) -> Any:
        return moment(message.run_after) if message.state in WriteBack.UNDERWAY else "–"

    @admin.display(description="What is wrong")
    def trouble(self, message: WriteBack) -> str:
        return Truncator(message.last_error or say_differences(message)).chars(90)


def overdue(rows: QuerySet[WriteBack]) -> QuerySet[WriteBack]:
    """Told to operations, and still not settled."""
    return rows.filter(state__in=WriteBack.TROUBLED, alerted_at__isnull=False)


_NOTES = {
    "waiting": ("on their way", ""),
    "mismatched": ("the other side differs", "bad"),
    "failed": ("given up", "bad"),
    "acknowledged": ("the other side has them", ""),
}


PROMISED = timedelta(seconds=5)
"""Ninety-five of a hundred changes are to have reached the other side by then."""


def _lag_figure(target: WriteBackTarget, lag: Lag) -> Figure:
    link = f"{reverse('admin:orders_writeback_changelist')}?view=acknowledged&target={target.pk}"
    note = f"half of the last {lag.messages} by then; 95 % within {say_lag(lag.slow)}"
    return Figure(target.name, say_lag(lag.median), link, note, "warm" if lag.slow > PROMISED else "")


def _figure(view: SavedView) -> Figure:
    note, tone = _NOTES[view.name]
    number = count_up_to(view.narrow(WriteBack.objects.all(), None))  # type: ignore[arg-type]
    link = f"{reverse('admin:orders_writeback_changelist')}?view={view.name}"
    return Figure(view.title, say_number(number), link, note, tone if number else "")
