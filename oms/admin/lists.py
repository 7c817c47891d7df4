"""Lists that stay fast at a million rows: keyset pages, capped counts, filters that are remembered, saved views."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.views import ChangeList
from unfold.widgets import CHECKBOX_CLASSES

from oms.admin import counting
from oms.admin.keyset import Page, slice_page
from oms.admin.remembering import recall_filters, remember_filters, tidy_filters

VIEW_VAR = "view"
ALL = "all"

_BOX = '<input type="checkbox" name="{}" value="{}" class="action-select {}" aria-label="{}">'
_BOX_LOOKS = " ".join(CHECKBOX_CLASSES)


@dataclass(frozen=True)
class SavedView:
    """A tab above a list: rows that people look for every day; `keyset` where it has an order of its own."""

    name: str
    title: str
    narrow: Callable[[Any, datetime], QuerySet] = lambda queryset, at: queryset
    keyset: Sequence[str] = ()


class KeysetPaginator(Paginator):
    """Carries its template to the page; there is nothing to count."""

    template_name = "oms/admin/keyset_pagination.html"


class KeysetChangeList(ChangeList):
    """A change list by keyset. `page` has the tokens of its neighbours."""

    page: Page[Any]

    def get_results(self, request: HttpRequest) -> None:
        self.page = slice_page(
            self.queryset,
            order=self.order,
            token=request.GET.get(PAGE_VAR, ""),
            size=self.list_per_page,
        )
        self.result_list = self.page.rows
        self.result_count = self.full_result_count = len(self.page.rows)
        self.show_full_result_count = self.show_admin_actions = True
        self.can_show_all = self.multi_page = False
        self.paginator = KeysetPaginator(self.page.rows, self.list_per_page)
        self.clear_all_filters_qs = f"?{VIEW_VAR}={ALL}"

    @property
    def order(self) -> Sequence[str]:
        return self.view.keyset or self.model_admin.keyset

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        return {name: value for name, value in super().get_filters_params(params).items() if name != VIEW_VAR}

    def page_link(self, token: str) -> str:
        return self.get_query_string({PAGE_VAR: token})

    @property
    def next_link(self) -> str:
        return self.page_link(self.page.next) if self.page.next else ""

    @property
    def previous_link(self) -> str:
        return self.page_link(self.page.previous) if self.page.previous else ""

    @property
    def first_link(self) -> str:
        return self.get_query_string() if self.page.previous else ""

    @cached_property
    def count_text(self) -> str:
        noun, nouns = self.model_admin.nouns
        if not self.narrowed and (about := counting.estimate_rows(self.model)) > counting.LIMIT:
            return f"about {round(about, -3):,} {nouns}"
        return counting.say_count(counting.count_up_to(self.queryset), noun=noun, nouns=nouns)

    @property
    def narrowed(self) -> bool:
        """True when a search, a filter or a view leaves rows out."""
        return bool(self.query or self.chips or self.view.name != self.model_admin.views[0].name)

    @property
    def view(self) -> SavedView:
        return self.model_admin.view_of(self.params.get(VIEW_VAR, ""))

    @cached_property
    def chips(self) -> list[tuple[str, str, str]]:
        """The filters that are on: title, value, and the link that takes it off."""
        return [
            (str(spec.title), said, self._without(spec.expected_parameters()))
            for spec in self.filter_specs
            if (said := spec.say())
        ]

    def _without(self, parameters: Sequence[str]) -> str:
        """This list's address without a filter; never the bare one, which would recall it."""
        return self.get_query_string({VIEW_VAR: self.view.name}, remove=list(parameters))

    @property
    def without_search(self) -> str:
        return self._without([SEARCH_VAR])

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The saved views: title, link, and whether it is the one shown."""
        return [(view.title, f"?{VIEW_VAR}={view.name}", view == self.view) for view in self.model_admin.views]


Route = tuple[str, Callable[..., HttpResponse], str]
"""An address below the list's own, the view, and its name."""


class RoutedAdmin(ModelAdmin):
    """A page with more addresses than Django gives it; each is named <app>_<model>_<name>."""

    def routes(self) -> Sequence[Route]:
        return ()

    def get_urls(self) -> list[URLPattern]:
        start = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [path(at, self.admin_site.admin_view(view), name=f"{start}_{name}") for at, view, name in self.routes()]
        return [*own, *super().get_urls()]


class ShortListAdmin(RoutedAdmin):
    """A page with a short list, such as that of the channels: all of it, sorted and counted as Django does."""

    title = ""
    change_list_template: Any = "oms/admin/short_list.html"
    list_fullwidth = True
    list_per_page = 200

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.title, **(extra_context or {})})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A row's place stands in the list as a field, without a label of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == getattr(self, "ordering_field", None):
            field.widget.attrs.setdefault("aria-label", "Place in the list")
        return field


class ListAdmin(RoutedAdmin):
    """A page with a long list. `keyset` is its one order, by a unique key; every filter of it can `say()` its value.

    `title` stands above it, `nouns` are one and several of its rows.
    """

    title = ""
    nouns = ("row", "rows")
    keyset: Sequence[str] = ("-id",)
    views: Sequence[SavedView] = (SavedView(ALL, "All"),)
    change_list_template = "oms/admin/list.html"
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    list_disable_select_all = True
    show_facets = ShowFacets.NEVER
    sortable_by = ()
    actions: Sequence[Any] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetChangeList

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None but its own: the stock "delete selected" would go past the actions."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.display(description="")
    def action_checkbox(self, obj: Model) -> SafeString:
        """The box before a row. Written here because a widget with a template of its own takes longer than the row."""
        return format_html(_BOX, ACTION_CHECKBOX_NAME, obj.pk, _BOX_LOOKS, f"Select {obj}")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        queryset = super().get_queryset(request)
        if not self._is_list(request):
            return queryset
        return self.view_of(request.GET.get(VIEW_VAR, "")).narrow(queryset, timezone.now())

    def view_of(self, name: str) -> SavedView:
        return next((view for view in self.views if view.name == name), self.views[0])

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        elsewhere = tidy_filters(request, forget=(PAGE_VAR,)) or recall_filters(request, self.opts.label_lower)
        if elsewhere:
            return HttpResponseRedirect(f"{request.path}?{elsewhere}")
        response = super().changelist_view(request, {"title": self.title, **(extra_context or {})})
        if response.status_code == 200:
            remember_filters(request, self.opts.label_lower, forget=(PAGE_VAR,))
        return response

    def _is_list(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is not None and match.url_name == f"{self.opts.app_label}_{self.opts.model_name}_changelist"


class ReadOnlyAdmin(ListAdmin):
    """Nobody edits these rows by hand: they change by actions, or never."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
