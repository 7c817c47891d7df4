"""The quarantine: messages that could not be taken, by reason, with what to do about each."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from oms.admin.asking import Question, ask, require
from oms.admin.filters import ChoiceFilter, Choices
from oms.admin.lists import KeysetChangeList, ReadOnlyAdmin, SavedView
from oms.models import Channel
from oms.templatetags.showing import badge, moment
from orders.actions.quarantining import dismiss_messages
from orders.actions.taking import retry_messages
from orders.admin.message_body import show_body
from orders.models import QuarantinedMessage

AT_ONCE = 500
"""So many are retried in one go; the others wait for the next."""

_NOT_YOURS = "Your role does not include settling quarantined messages."


class DismissForm(forms.Form):
    note = forms.CharField(max_length=255, help_text="Why nothing has to be done. It stays with the message.")


class ReasonFilter(ChoiceFilter):
    title = "reason"
    parameter_name = "reason"
    column = "reason"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(reason, f"{say_reason(reason)} ({number})") for reason, number in count_reasons()]

    def say(self) -> str:
        return say_reason(self.value() or "")


class QuarantineChannelFilter(ChoiceFilter):
    title = "channel"
    parameter_name = "channel"
    column = "channel_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Channel.objects.values_list("id", "code"))


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
    list_filter = (ReasonFilter, QuarantineChannelFilter)
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

    def get_urls(self) -> list[URLPattern]:
        own: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("retry/", self.retry, "retry"),
            ("dismiss/", self.dismiss, "dismiss"),
            ("<int:message_id>/body/", self.download_body, "body"),
        )
        patterns = [
            path(route, self.admin_site.admin_view(view), name=f"orders_quarantinedmessage_{name}")
            for route, view, name in own
        ]
        return patterns + super().get_urls()

    def retry_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> HttpResponse:
        return self._go("retry", request)

    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> HttpResponse:
        return self._go("dismiss", request)

    def _go(self, name: str, request: HttpRequest) -> HttpResponse:
        """From the ticks of the list to the page that asks."""
        chosen = urlencode({"id": request.POST.getlist(ACTION_CHECKBOX_NAME)}, doseq=True)
        return HttpResponseRedirect(f"{reverse(f'admin:orders_quarantinedmessage_{name}')}?{chosen}")

    def retry(self, request: HttpRequest) -> HttpResponse:
        """One, the selected, all of a reason, or all; what the address or the ticks say."""
        require(request, "orders.settle_quarantine", _NOT_YOURS)
        ids = _chosen(request)

        def act(answer: dict[str, Any]) -> str:
            outcomes = retry_messages(ids=ids, by=request.user.actor, at=timezone.now())
            still = sum(outcome.status == "quarantined" for outcome in outcomes)
            return _say_retried(len(outcomes) - still, still)

        consequence = f"{_messages(len(ids))} will be read again, as if it came in now. Mend the cause first."
        return self._ask(request, "Retry", consequence, ids, act)

    def dismiss(self, request: HttpRequest) -> HttpResponse:
        require(request, "orders.settle_quarantine", _NOT_YOURS)
        ids = _chosen(request)

        def act(answer: dict[str, Any]) -> str:
            number = dismiss_messages(ids=ids, note=answer["note"], by=request.user.actor, at=timezone.now())
            return f"{_messages(number)} dismissed."

        consequence = f"{_messages(len(ids))} will be put aside for good. Nothing of it is deleted."
        return self._ask(request, "Dismiss", consequence, ids, act, form=DismissForm, tone="bad")

    def _ask(
        self,
        request: HttpRequest,
        verb: str,
        consequence: str,
        ids: Sequence[int],
        act: Callable[[dict[str, Any]], str],
        **looks: Any,
    ) -> HttpResponse:
        question = Question(
            title=f"{verb} quarantined messages",
            consequence=consequence,
            submit=verb,
            back=reverse("admin:orders_quarantinedmessage_changelist"),
            template="orders/admin/ask_messages.html",
            context={"ids": ids},
            **looks,
        )
        return ask(request, question, act)

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
        return format_html('<span title="{}">{}</span>', message.detail, message.detail[:80])

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
    """ "unknown_sku" as people read it."""
    return code.replace("_", " ").capitalize()


def count_reasons() -> list[tuple[str, int]]:
    """Open messages by reason, the most first."""
    counted = QuarantinedMessage.objects.open().values("reason").annotate(number=Count("id"))
    return list(counted.order_by("-number", "reason").values_list("reason", "number"))


def _chosen(request: HttpRequest) -> list[int]:
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME) or request.GET.getlist("id")
    if ticked:
        return [int(pk) for pk in ticked if pk.isascii() and pk.isdigit()][:AT_ONCE]
    messages = QuarantinedMessage.objects.open()
    if reason := request.GET.get("reason"):
        messages = messages.filter(reason=reason)
    return list(messages.order_by("id").values_list("id", flat=True)[:AT_ONCE])


def _message_for_staff(request: HttpRequest, message_id: str) -> QuarantinedMessage:
    require(request, "orders.view_quarantinedmessage", "Your role does not include reading quarantined messages.")
    known = QuarantinedMessage.objects.select_related("channel", "order")
    message = known.filter(pk=message_id).first() if message_id.isascii() and message_id.isdigit() else None
    if message is None:
        raise Http404("There is no such message.")
    return message


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"


def _say_retried(taken: int, still: int) -> str:
    if not still:
        return f"{_messages(taken)} taken."
    return f"{_messages(taken)} taken, {_messages(still)} still cannot be taken: the reason may be another one now."
