"""Changes of orders: the queue of those that we decide on, and all others with what became of them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from oms.admin.filters import ChoiceFilter, Choices, between_days, choose
from oms.admin.lists import KeysetChangeList, ReadOnlyAdmin, SavedView
from oms.models import Channel
from oms.money import round_amount
from oms.templatetags.showing import actor, badge, moment, money
from orders.admin import deciding, edit_page
from orders.admin.deadlines import show_deadline
from orders.admin.edit_words import tell_edits
from orders.models import Edit, Order

State = Edit.State
ENDED = (State.DECLINED, State.EXPIRED, State.CANCELED, State.SUPERSEDED)
_OLDEST_FIRST = ("asked_at", "id")


class EditChannelFilter(ChoiceFilter):
    title = "channel"
    parameter_name = "channel"
    column = "order__channel_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Channel.objects.values_list("id", "code"))


class EditList(KeysetChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """What each changes, said for the whole page at once."""
        super().get_results(request)
        words = tell_edits(self.result_list)
        for edit in self.result_list:
            edit.words = words[edit.pk]


class EditAdmin(ReadOnlyAdmin):
    title = "Changes"
    nouns = ("change", "changes")
    views = (
        SavedView(
            "approval",
            "For us to decide",
            lambda edits, at: edits.filter(state=State.AWAITING_APPROVAL),
            keyset=_OLDEST_FIRST,
        ),
        SavedView(
            "payment",
            "Waiting for payment",
            lambda edits, at: edits.filter(state=State.AWAITING_PAYMENT),
            keyset=_OLDEST_FIRST,
        ),
        SavedView("done", "Done", lambda edits, at: edits.filter(state=State.COMMITTED)),
        SavedView("ended", "Not done", lambda edits, at: edits.filter(state__in=ENDED)),
        SavedView("all", "All"),
    )
    list_display = ("shown_order", "what", "shown_total", "why", "asked", "shown_deadline", "shown_state")
    list_display_links = ("shown_order",)
    list_filter = (
        choose("actor", "asked by", Edit.Actor.choices),
        choose("state", "state", State.choices),
        EditChannelFilter,
        between_days("asked_at"),
    )
    list_select_related = ("order__channel",)
    search_fields = ("order__number",)
    search_help_text = "An order's number, or who asked"
    change_list_template = "orders/admin/edits.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return EditList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edit]:
        return super().get_queryset(request).prefetch_related("order__lines")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Edit], search_term: str
    ) -> tuple[QuerySet[Edit], bool]:
        word = search_term.strip().replace("\x00", "")
        if not word:
            return queryset, False
        orders = Order.objects.filter(Q(number=word) | Q(external_number=word)).values_list("id", flat=True)
        if found := list(orders[:10]):
            return queryset.filter(order__in=found), False
        return queryset.filter(by__in=[word, f"staff:{word}", f"key:{word}", f"channel:{word}"]), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.has_perm("orders.decide_edit"):
            return {}
        return {
            "approve": (EditAdmin.approve_selected, "approve", "Approve the selected"),
            "decline": (EditAdmin.decline_selected, "decline", "Decline the selected"),
        }

    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Edit]) -> HttpResponse:
        return deciding.go_and_ask("approve", request)

    def decline_selected(self, request: HttpRequest, queryset: QuerySet[Edit]) -> HttpResponse:
        return deciding.go_and_ask("decline", request)

    def get_urls(self) -> list[URLPattern]:
        own: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("approve/", deciding.approve_many, "approve_many"),
            ("decline/", deciding.decline_many, "decline_many"),
            ("<int:edit_id>/approve/", deciding.approve, "approve"),
            ("<int:edit_id>/decline/", deciding.decline, "decline"),
            ("<int:edit_id>/withdraw/", deciding.withdraw, "withdraw"),
        )
        patterns = [
            path(route, self.admin_site.admin_view(view), name=f"orders_edit_{name}") for route, view, name in own
        ]
        return patterns + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return edit_page.show_edit(request, object_id)

    @admin.display(description="Order")
    def shown_order(self, edit: Edit) -> SafeString:
        test = badge("test", "warm") if edit.order.test else ""
        return format_html('<span class="row-link">{}</span> {}', edit.order.number, test)

    @admin.display(description="What changes")
    def what(self, edit: Any) -> SafeString:
        return say_list(edit.words)

    @admin.display(description="Total")
    def shown_total(self, edit: Edit) -> SafeString:
        after = money(edit.total_after, edit.currency)
        if edit.total_before == edit.total_after:
            return format_html('<span class="soft">{}</span>', after)
        before = f"{round_amount(edit.total_before, edit.currency):,f}"
        return format_html('<span class="number">{} → {}</span>', before, after)

    @admin.display(description="Why it waits")
    def why(self, edit: Edit) -> SafeString | str:
        return say_list([reason["sentence"] or reason["code"] for reason in edit.reasons]) or "–"

    @admin.display(description="Asked")
    def asked(self, edit: Edit) -> SafeString:
        kind, name = edit.get_actor_display(), actor(edit.by)
        who = kind if name == kind else f"{kind}, {name}"
        return format_html('{}<br><span class="soft">{}</span>', who, moment(edit.asked_at))

    @admin.display(description="Until")
    def shown_deadline(self, edit: Edit) -> SafeString | str:
        return show_deadline(edit.deadline, at=timezone.now()) if edit.is_open else ""

    @admin.display(description="State")
    def shown_state(self, edit: Edit) -> SafeString:
        return badge(edit.get_state_display(), edit.state)


def say_list(words: Sequence[str]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((word,) for word in words))
