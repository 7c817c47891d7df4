"""The log of webhook deliveries: every message of the last 30 days, how it went, and a way to send it again."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from oms.actions.webhooks.replaying import replay_several
from oms.admin.asking import actor_of, carry_out, require
from oms.admin.filters import ChoiceFilter, Choices, between_days
from oms.admin.lists import ReadOnlyAdmin, SavedView
from oms.events import public_types
from oms.models import WebhookDelivery, WebhookEndpoint
from oms.templatetags.showing import badge, moment

State = WebhookDelivery.State

TONES = {State.WAITING: "warm", State.DELIVERED: "good", State.FAILED: "bad"}


class EndpointFilter(ChoiceFilter):
    title = "endpoint"
    parameter_name = "endpoint"
    column = "endpoint_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(endpoint.pk, str(endpoint)) for endpoint in WebhookEndpoint.objects.standing()]


class TypeFilter(ChoiceFilter):
    title = "type"
    parameter_name = "type"
    column = "type"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(type_, type_) for type_ in public_types()]


class WebhookDeliveryAdmin(ReadOnlyAdmin):
    title = "Webhook deliveries"
    nouns = ("delivery", "deliveries")
    views = (
        SavedView("all", "All"),
        SavedView("waiting", "Waiting", lambda rows, at: rows.filter(state=State.WAITING)),
        SavedView("failed", "Given up", lambda rows, at: rows.filter(state=State.FAILED)),
        SavedView("delivered", "Delivered", lambda rows, at: rows.filter(state=State.DELIVERED)),
    )
    list_display = (
        "shown_type",
        "subject",
        "endpoint",
        "shown_state",
        "answer",
        "attempts",
        "tried",
        "next_try",
        "wrong",
    )
    list_display_links = ("shown_type",)
    list_filter = (EndpointFilter, TypeFilter, between_days("made_at"))
    list_select_related = ("endpoint",)
    search_fields = ("subject",)
    search_help_text = "An order's number, a SKU, or the message's id"
    change_list_template = "oms/admin/webhook_deliveries.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery], search_term: str
    ) -> tuple[QuerySet[WebhookDelivery], bool]:
        word = search_term.strip().replace("\x00", "")
        if not word:
            return queryset, False
        return queryset.filter(**{"message_id" if word.startswith("msg_") else "subject": word}), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.has_perm("oms.replay_webhookdelivery"):
            return {}
        return {"send_again": (WebhookDeliveryAdmin.send_again, "send_again", "Send the selected again")}

    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        """The selected, or the one whose page it is."""
        require(request, "oms.replay_webhookdelivery", "Your role does not include sending webhooks again.")
        ids = [int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk.isdigit()]
        by, at = actor_of(request), timezone.now()
        carry_out(request, lambda: _say_sent(replay_several(delivery_ids=ids, by=by, at=at)))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "oms.view_webhookdelivery", "Your role does not include reading webhook deliveries.")
        rows = WebhookDelivery.objects.select_related("endpoint", "event")
        delivery = rows.filter(pk=object_id).first() if object_id.isdigit() else None
        if delivery is None:
            raise Http404("There is no such delivery.")
        trail = [(self.title, reverse("admin:oms_webhookdelivery_changelist"))]
        context = {"title": f"{delivery.type} {delivery.subject}", "trail": trail, "delivery": delivery}
        context |= {"state": show_state(delivery)}
        return TemplateResponse(
            request, "oms/admin/webhook_delivery.html", {**self.admin_site.each_context(request), **context}
        )

    @admin.display(description="Event")
    def shown_type(self, row: WebhookDelivery) -> SafeString:
        return format_html('<span class="row-link">{}</span>', row.type)

    @admin.display(description="State")
    def shown_state(self, row: WebhookDelivery) -> SafeString:
        return show_state(row)

    @admin.display(description="Answer")
    def answer(self, row: WebhookDelivery) -> str:
        if row.tried_at is None:
            return "–"
        return f"{row.status or 'none'} in {row.milliseconds} ms"

    @admin.display(description="Last try")
    def tried(self, row: WebhookDelivery) -> Any:
        return moment(row.tried_at)

    @admin.display(description="Next try")
    def next_try(self, row: WebhookDelivery) -> Any:
        return moment(row.run_after) if row.state == State.WAITING and row.endpoint.active else "–"

    @admin.display(description="What was wrong")
    def wrong(self, row: WebhookDelivery) -> str:
        return Truncator(row.error).chars(90) or "–"


def show_state(row: WebhookDelivery) -> SafeString:
    return badge(row.get_state_display(), TONES[State(row.state)])


def _say_sent(number: int) -> str:
    if not number:
        return "Nothing is sent again: it is being sent now, or its endpoint is switched off."
    return f"{number} {'message is' if number == 1 else 'messages are'} on the way again."
