"""What payment gateways have told us, and what came of it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from oms.admin.filters import between_days, choose
from oms.admin.lists import ReadOnlyAdmin, SavedView
from oms.templatetags.showing import moment
from orders.models import GatewayMessage
from orders.payments.registry import CODES


class GatewayMessageAdmin(ReadOnlyAdmin):
    title = "Gateway messages"
    nouns = ("message", "messages")
    views = (
        SavedView("all", "All"),
        SavedView(
            "unrecorded",
            "Money that is not on record",
            lambda messages, at: messages.filter(outcome__contains="but not on record"),
        ),
    )
    change_list_template = "orders/admin/gateway_messages.html"
    list_display = ("type", "gateway", "external_id", "outcome", "received")
    list_display_links = None
    list_filter = (choose("gateway", "gateway", [(code, code) for code in CODES]), between_days("received_at"))
    search_fields = ("external_id",)
    search_help_text = "The gateway's own id of the message, exactly"

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        word = search_term.strip().replace("\x00", "")
        return (queryset.filter(gateway__in=CODES, external_id=word) if word else queryset), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All there is stands in the list."""
        return redirect("admin:orders_gatewaymessage_changelist")

    @admin.display(description="Received")
    def received(self, message: GatewayMessage) -> Any:
        return moment(message.received_at)
