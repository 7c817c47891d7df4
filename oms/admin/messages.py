"""Mails: what was sent to whom, what was kept or held back and why, and each as its reader sees it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.actions.mailing import send_again
from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.counting import list_distinct
from oms.admin.filters import ChoiceFilter, Choices, between_days, choose
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.models import Message
from oms.templatetags.showing import badge, moment

State = Message.State

READ, SEND = "oms.view_message", "oms.send_message"
NOT_YOURS = "Your role does not include reading mails."

MAIL_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        f"img-src 'self' data: {settings.PUBLIC_URL}",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    ]
)
"""A mail is what customers typed, in part: it runs nothing and loads nothing but the shop's logo."""

PAGES_OF = {"order": "admin:orders_order_change"}
"""Where what a mail is about has its page."""


class KindFilter(ChoiceFilter):
    title = "what"
    parameter_name = "kind"
    column = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(kind, kind.replace("_", " ").capitalize()) for kind in list_distinct(Message, "kind")]


class MessageAdmin(ReadOnlyAdmin):
    title = "Mails"
    nouns = ("mail", "mails")
    views = (
        SavedView("all", "All"),
        SavedView("unsent", "Not arrived", lambda mails, at: mails.unsent()),
        SavedView("waiting", "Waiting", lambda mails, at: mails.filter(state=State.WAITING)),
        SavedView("kept", "Kept here", lambda mails, at: mails.filter(state=State.KEPT)),
        SavedView("suppressed", "Held back", lambda mails, at: mails.filter(state=State.SUPPRESSED)),
    )
    list_display = ("shown_subject", "shown_kind", "to", "shown_about", "shown_state", "when")
    list_display_links = ("shown_subject",)
    list_filter = (
        choose("state", "state", State.choices),
        KindFilter,
        choose("language", "language", settings.LANGUAGES),
        between_days("made_at"),
    )
    search_fields = ("to",)
    search_help_text = "An e-mail address, or an order's number"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("html", "text")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        word = search_term.strip().replace("\x00", "")
        if not word:
            return queryset, False
        return queryset.filter(to=word) if "@" in word else queryset.filter(about_kind="order", about=word), False

    def routes(self) -> Sequence[Route]:
        return [
            ("<int:message_id>/preview/", self.preview, "preview"),
            ("<int:message_id>/again/", self.again, "again"),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, READ, NOT_YOURS)
        message = self.get_object(request, object_id)
        if message is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": message.subject or message.what,
            "trail": [("Mails", reverse("admin:oms_message_changelist"))],
            "message": message,
            "page": find_page(message),
            "server": settings.MAIL_SERVER,
        }
        return TemplateResponse(request, "oms/admin/message.html", context)

    def preview(self, request: HttpRequest, message_id: int) -> HttpResponse:
        """The mail alone, for the frame on its page."""
        require(request, READ, NOT_YOURS)
        headers = {"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}
        return HttpResponse(_find(message_id).html, headers=headers)

    def again(self, request: HttpRequest, message_id: int) -> HttpResponse:
        """Once more to the same address. There is no way to send it to another one."""
        require(request, SEND, "Your role does not include sending mails again.")
        message = _find(message_id)
        question = Question(
            title=f"Send again: {message.subject or message.what}",
            consequence=f"It goes to {message.to} once more, as it was written then."
            if message.sent_at
            else f"It goes to {message.to}, as it was written then.",
            submit="Send",
            back=reverse("admin:oms_message_change", args=[message_id]),
        )

        def act(answer: dict[str, Any]) -> str:
            sent = send_again(message_id=message_id, by=actor_of(request), at=timezone.now())
            return f"It is on its way to {sent.to}."

        return ask(request, question, act)

    @admin.display(description="Subject")
    def shown_subject(self, message: Message) -> SafeString:
        return format_html('<span class="row-link">{}</span>', message.subject or message.what)

    @admin.display(description="What")
    def shown_kind(self, message: Message) -> str:
        return message.what

    @admin.display(description="About")
    def shown_about(self, message: Message) -> SafeString | str:
        page = find_page(message)
        return format_html('<a class="link" href="{}">{}</a>', page, message.about) if page else message.about

    @admin.display(description="State")
    def shown_state(self, message: Message) -> SafeString:
        shown = badge(message.get_state_display(), message.state)
        return (
            format_html('{}<br><span class="soft">{}</span>', shown, message.get_why_display())
            if message.why
            else shown
        )

    @admin.display(description="When")
    def when(self, message: Message) -> Any:
        return moment(message.sent_at or message.made_at)


def find_page(message: Message) -> str:
    """The admin's page of what the mail is about, "" where it has none."""
    try:
        return reverse(PAGES_OF[message.about_kind], args=[message.about])
    except (KeyError, NoReverseMatch):
        return ""


def _find(message_id: int) -> Message:
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        raise Http404("There is no such mail.")
    return message
