"""The queue of exceptions: what waits for a person, what is due first on top."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from oms import exceptions
from oms.admin import exception_bulk, exception_page
from oms.admin.exception_panels import plot_ages
from oms.admin.exception_words import call_subject, say_span, show_deadline
from oms.admin.filters import ChoiceFilter, Choices
from oms.admin.lists import VIEW_VAR, KeysetChangeList, ReadOnlyAdmin, Route, SavedView
from oms.exceptions import say_type
from oms.models import ExceptionItem, User
from oms.models.exception_item import ExceptionItemQuerySet
from oms.templatetags.showing import exact

_FIRST_DUE = ("deadline", "id")
MINE = "mine"


class TypeFilter(ChoiceFilter):
    title = "type"
    parameter_name = "type"
    column = "type"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(each.code, each.title) for each in exceptions.known_types()]


class OwnerFilter(ChoiceFilter):
    title = "owner"
    parameter_name = "owner"
    column = "owner_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(
            User.objects.filter(is_staff=True, is_active=True).order_by("username").values_list("id", "username")
        )


class ExceptionList(KeysetChangeList):
    @cached_property
    def ages(self) -> dict[str, Any]:
        """The plot above the queue, of what is shown."""
        return plot_ages(self.queryset, timezone.now())

    @property
    def shows_ages(self) -> bool:
        return bool(self.result_list) and self.view.name not in ("closed", "all")


class ExceptionAdmin(ReadOnlyAdmin):
    title = "Exceptions"
    nouns = ("exception", "exceptions")
    views = (
        SavedView("waiting", "Waiting", lambda items, at: items.waiting(at), keyset=_FIRST_DUE),
        SavedView(MINE, "Mine", lambda items, at: items.waiting(at), keyset=_FIRST_DUE),
        SavedView("overdue", "Overdue", lambda items, at: items.overdue(at), keyset=_FIRST_DUE),
        SavedView("free", "Nobody's", lambda items, at: items.waiting(at).filter(owner=None), keyset=_FIRST_DUE),
        SavedView("later", "Put off", lambda items, at: items.open().filter(snoozed_until__gt=at), keyset=_FIRST_DUE),
        SavedView("closed", "Closed", lambda items, at: items.filter(closed_at__isnull=False), ("-closed_at", "-id")),
        SavedView("all", "All"),
    )
    list_display = ("what", "about", "shown_cause", "age", "due", "shown_owner")
    list_display_links = ("what",)
    list_filter = (TypeFilter, OwnerFilter)
    list_select_related = ("owner",)
    search_fields = ("subject",)
    search_help_text = "An order's number, a channel, a SKU"
    change_list_template = "oms/admin/exceptions.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return ExceptionList

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExceptionItem]:
        items = cast(ExceptionItemQuerySet, super().get_queryset(request))
        if self._is_list(request) and request.GET.get(VIEW_VAR) == MINE:
            return items.filter(owner_id=request.user.pk)
        return items

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ExceptionItem], search_term: str
    ) -> tuple[QuerySet[ExceptionItem], bool]:
        word = search_term.strip().replace("\x00", "")
        return (queryset.filter(subject=word) if word else queryset), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.has_perm(exception_page.MAY_WORK):
            return {}
        verbs = {
            "take": ("Take over", _go_to("take")),
            "solve": ("Solve …", _go_to("solve")),
            "assign": ("Give to somebody …", _go_to("assign")),
            "snooze": ("Put off …", _go_to("snooze")),
            "dismiss": ("Nothing need be done …", _go_to("dismiss")),
        }
        return {name: (work, name, title) for name, (title, work) in verbs.items()}

    def routes(self) -> Sequence[Route]:
        return (
            ("take/", exception_bulk.take, "take"),
            ("assign/", exception_bulk.assign, "assign"),
            ("snooze/", exception_bulk.snooze, "snooze"),
            ("dismiss/", exception_bulk.dismiss, "dismiss"),
            ("solve/", exception_bulk.choose_remedy, "solve"),
            ("solve/<slug:type_>/<slug:name>/", exception_bulk.solve, "solve_by"),
            ("solving/", exception_bulk.go_on_solving, "solving"),
            ("<int:item_id>/do/<slug:name>/", exception_page.press, "press"),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return exception_page.show_item(request, object_id)

    @admin.display(description="What")
    def what(self, item: ExceptionItem) -> SafeString:
        return format_html('<span class="row-link">{}</span>', say_type(item.type))

    @admin.display(description="About")
    def about(self, item: ExceptionItem) -> SafeString:
        said, page = call_subject(item), exception_page.page_of(item)
        return format_html('<a class="link" href="{}">{}</a>', page, said) if page else format_html("{}", said)

    @admin.display(description="What is wrong")
    def shown_cause(self, item: ExceptionItem) -> SafeString:
        return format_html('<span title="{}">{}</span>', item.cause, Truncator(item.cause).chars(110))

    @admin.display(description="Age")
    def age(self, item: ExceptionItem) -> SafeString:
        gone = (item.closed_at or timezone.now()) - item.since
        return format_html('<span class="nowrap" title="since {}">{}</span>', exact(item.since), say_span(gone))

    @admin.display(description="Deadline")
    def due(self, item: ExceptionItem) -> SafeString:
        return show_deadline(item, now=timezone.now())

    @admin.display(description="Owner")
    def shown_owner(self, item: ExceptionItem) -> str:
        return item.owner.username if item.owner else "–"


def _go_to(name: str) -> Any:
    """From the ticks of the list to the page that asks."""

    def go(page: ExceptionAdmin, request: HttpRequest, queryset: QuerySet[ExceptionItem]) -> HttpResponse:
        chosen = urlencode({"id": request.POST.getlist(ACTION_CHECKBOX_NAME)}, doseq=True)
        return HttpResponseRedirect(f"{reverse(f'admin:oms_exceptionitem_{name}')}?{chosen}")

    return go
