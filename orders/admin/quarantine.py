"""The quarantine: messages that could not be taken, by reason, with what to do about each."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst

from oms.admin.asking import require
from oms.admin.filters import ChoiceFilter, Choices
from oms.admin.lists import KeysetChangeList, ReadOnlyAdmin, Route, SavedView
from oms.models import Channel
from oms.templatetags.showing import badge, moment
from orders.admin import settling
from orders.admin.message_body import show_body
from orders.admin.order_filters import ChannelFilter
from orders.models import QuarantinedMessage


class ReasonFilter(ChoiceFilter):
    title = "reason"
    parameter_name = "reason"
    column = "reason"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(reason, f"{say_reason(reason)} ({number})") for reason, number in count_reasons()]

    def say(self) -> str:
        return say_reason(self.value() or "")


class QuarantineList(KeysetChangeList):
    @cached_property
    def reasons(self) -> list[tuple[str, str, int]]:
        return [(reason, say_reason(reason), number) for reason, number in count_reasons()]


class QuarantineAdmin(ReadOnlyAdmin):
    title = "Quarantine"
    nouns = ("message", "messages")
    views = (
        SavedView("open", "Open", lambda messages, at: messages.open()),
        SavedView("taken", "Taken after all", lambda rows, at: rows.filter(state=QuarantinedMessage.State.TAKEN)),
        SavedView("dismissed", "Dismissed", lambda rows, at: rows.filter(state=QuarantinedMessage.State.DISMISSED)),
        SavedView("all", "All"),
    )
    list_display = ("shown_reason", "channel", "external_id", "what_to_do", "times_seen", "received", "shown_state")
    list_display_links = ("shown_reason",)
    list_filter = (ReasonFilter, ChannelFilter)
    list_select_related = ("channel",)
    search_fields = ("external_id",)
    search_help_text = "The order's id at its channel"
    change_list_template = "orders/admin/quarantine.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return QuarantineList

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuarantinedMessage]:
        return super().get_queryset(request).defer("body")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage], search_term: str
    ) -> tuple[QuerySet[QuarantinedMessage], bool]:
        wanted = search_term.strip().replace("\x00", "")
        channels = list(Channel.objects.values_list("id", flat=True))
        return (queryset.filter(channel__in=channels, external_id=wanted) if wanted else queryset), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.has_perm("orders.settle_quarantine"):
            return {}
        return {
            "retry": (QuarantineAdmin.retry_selected, "retry", "Retry the selected"),
            "dismiss": (QuarantineAdmin.dismiss_selected, "dismiss", "Dismiss the selected"),
        }

    def routes(self) -> Sequence[Route]:
        return (
            ("retry/", settling.retry, "retry"),
            ("dismiss/", settling.dismiss, "dismiss"),
            ("<int:message_id>/body/", self.download_body, "body"),
        )

    def retry_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> HttpResponse:
        return settling.go_and_ask("retry", request)

    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> HttpResponse:
        return settling.go_and_ask("dismiss", request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        message = _message_for_staff(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Message {message.pk}",
            "trail": [("Quarantine", reverse("admin:orders_quarantinedmessage_changelist"))],
            "message_row": message,
            "reason": say_reason(message.reason),
            "body": show_body(bytes(message.body)),
        }
        return TemplateResponse(request, "orders/admin/quarantined_message.html", context)

    def download_body(self, request: HttpRequest, message_id: int) -> HttpResponse:
        """The message as it came, never shown as a page."""
        message = _message_for_staff(request, str(message_id))
        response = HttpResponse(bytes(message.body), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="message-{message.pk}.bin"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    @admin.display(description="What is wrong")
    def shown_reason(self, message: QuarantinedMessage) -> SafeString:
        return format_html('<span class="row-link">{}</span>', say_reason(message.reason))

    @admin.display(description="And what to do")
    def what_to_do(self, message: QuarantinedMessage) -> SafeString:
        return format_html('<span title="{}">{}</span>', message.detail, Truncator(message.detail).chars(110))

    @admin.display(description="Times")
    def times_seen(self, message: QuarantinedMessage) -> int:
        return message.seen

    @admin.display(description="Received")
    def received(self, message: QuarantinedMessage) -> Any:
        return moment(message.received_at)

    @admin.display(description="State")
    def shown_state(self, message: QuarantinedMessage) -> SafeString:
        return badge(message.get_state_display(), message.state)


def say_reason(code: str) -> str:
    """ "unknown_sku" as people read it: Unknown SKU."""
    words = [word.upper() if word in ("sku", "json", "id") else word for word in code.split("_")]
    return capfirst(" ".join(words))


def count_reasons() -> list[tuple[str, int]]:
    """Open messages by reason, the most first."""
    counted = QuarantinedMessage.objects.open().values("reason").annotate(number=Count("id"))
    return list(counted.order_by("-number", "reason").values_list("reason", "number"))


def _message_for_staff(request: HttpRequest, message_id: str) -> QuarantinedMessage:
    require(request, "orders.view_quarantinedmessage", "Your role does not include reading quarantined messages.")
    known = QuarantinedMessage.objects.select_related("channel", "order")
    message = known.filter(pk=message_id).first() if message_id.isascii() and message_id.isdigit() else None
    if message is None:
        raise Http404("There is no such message.")
    return message
