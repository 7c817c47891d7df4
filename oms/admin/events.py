"""The event log: everything that happened, to whom, by whom."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import require
from oms.admin.counting import list_distinct
from oms.admin.filters import ChoiceFilter, Choices
from oms.admin.lists import ReadOnlyAdmin
from oms.models import EventRecord
from oms.templatetags.showing import actor, moment


class TypeFilter(ChoiceFilter):
    title = "type"
    parameter_name = "type"
    column = "type"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(name, name) for name in list_distinct(EventRecord, "type")]


class EventAdmin(ReadOnlyAdmin):
    title = "Events"
    nouns = ("event", "events")
    list_display = ("what", "about", "subject", "who", "when", "sequence")
    list_display_links = ("what",)
    list_filter = (TypeFilter,)
    search_fields = ("subject",)
    search_help_text = "What it is about: an order's number, a SKU, a channel"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[EventRecord], search_term: str
    ) -> tuple[QuerySet[EventRecord], bool]:
        """By the index over (kind, subject): the kinds are few, and known to it."""
        subject = search_term.strip().replace("\x00", "")
        if not subject:
            return queryset, False
        return queryset.filter(subject_kind__in=list_distinct(EventRecord, "subject_kind"), subject=subject), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "oms.view_eventrecord", "Your role does not include reading events.")
        event = self.get_object(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        deliveries = list(event.deliveries.order_by("id"))
        trail = [("Events", reverse("admin:oms_eventrecord_changelist"))]
        context = {"title": f"Event {event.pk}", "trail": trail, "event": event, "deliveries": deliveries}
        return TemplateResponse(request, "oms/admin/event.html", {**self.admin_site.each_context(request), **context})

    @admin.display(description="What")
    def what(self, event: EventRecord) -> SafeString:
        return format_html('<span class="row-link">{}</span>', event.type)

    @admin.display(description="About")
    def about(self, event: EventRecord) -> str:
        return event.subject_kind

    @admin.display(description="By")
    def who(self, event: EventRecord) -> str:
        return actor(event.by)

    @admin.display(description="When")
    def when(self, event: EventRecord) -> Any:
        return moment(event.at)
