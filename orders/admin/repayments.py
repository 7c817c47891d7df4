"""Money that must go back: what a person has to do stands in front, the oldest first."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import Question, actor_of, ask, carry_out, require
from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.admin.filters import between_days, choose
from oms.admin.lists import ReadOnlyAdmin, SavedView
from oms.errors import Refused
from oms.money import Money, round_amount
from oms.templatetags.showing import badge, moment, money
from orders.actions.money.reimbursing import settle_by_hand
from orders.actions.money.repaying import retry_repayment
from orders.admin.choices import say_known_reason
from orders.models import Repayment
from orders.payments.registry import CODES

State = Repayment.State

NOT_YOURS = "Your role does not include settling repayments."
_OLDEST_FIRST = ("asked_at", "id")


class SettleForm(forms.Form):
    reference = forms.CharField(
        max_length=100,
        required=False,
        help_text="The bank's or gateway's own name for it, so that it can be found again.",
    )


class RepaymentAdmin(ReadOnlyAdmin):
    title = "Repayments"
    nouns = ("repayment", "repayments")
    views = (
        SavedView("todo", "For a person", lambda repayments, at: repayments.for_a_person(), keyset=_OLDEST_FIRST),
        SavedView(
            "underway",
            "Underway",
            lambda repayments, at: repayments.filter(state__in=[State.WAITING, State.PENDING]),
            keyset=_OLDEST_FIRST,
        ),
        SavedView("done", "Done", lambda repayments, at: repayments.filter(state=State.DONE)),
        SavedView("all", "All"),
    )
    list_display = ("shown_amount", "shown_order", "way", "reason", "asked", "shown_state", "trouble")
    list_display_links = ("shown_amount",)
    list_filter = (
        choose("state", "state", State.choices),
        choose("gateway", "gateway", [(code, code) for code in CODES]),
        between_days("asked_at"),
    )
    list_select_related = ("order", "payment")
    search_fields = ("order__number",)
    search_help_text = "An order's number, or the gateway's reference"
    change_list_template = "orders/admin/repayments.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Repayment], search_term: str
    ) -> tuple[QuerySet[Repayment], bool]:
        word = search_term.strip().replace("\x00", "")
        if not word:
            return queryset, False
        return queryset.filter(order__number=word) | queryset.filter(reference=word), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.has_perm("orders.settle_repayment"):
            return {}
        return {"again": (RepaymentAdmin.send_again, "again", "Send the selected again")}

    def get_urls(self) -> list[URLPattern]:
        own: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("<int:repayment_id>/done/", settle, "settle"),
            ("<int:repayment_id>/again/", retry, "retry"),
        )
        patterns = [
            path(route, self.admin_site.admin_view(view), name=f"orders_repayment_{name}") for route, view, name in own
        ]
        return patterns + super().get_urls()

    def send_again(self, request: HttpRequest, queryset: QuerySet[Repayment]) -> None:
        """Those of the ticked ones that failed; each for itself."""
        require(request, "orders.settle_repayment", NOT_YOURS)
        ticked = [int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk.isdigit()]
        carry_out(request, lambda: _retry_all(ticked, by=actor_of(request)))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "orders.view_repayment", "Your role does not include reading repayments.")
        repayment = _find(object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Repayment of {_say(repayment)}",
            "trail": [("Repayments", reverse("admin:orders_repayment_changelist"))],
            "repayment": repayment,
            "way": say_way(repayment),
            "reason": say_known_reason(repayment.reason),
        }
        return TemplateResponse(request, "orders/admin/repayment.html", context)

    @admin.display(description="Amount")
    def shown_amount(self, repayment: Repayment) -> SafeString:
        return format_html('<span class="row-link">{}</span>', money(repayment.amount, repayment.currency))

    @admin.display(description="Order")
    def shown_order(self, repayment: Repayment) -> SafeString:
        page = reverse("admin:orders_order_change", args=[repayment.order.number])
        return format_html('<a class="link" href="{}">{}</a>', page, repayment.order.number)

    @admin.display(description="Goes back by")
    def way(self, repayment: Repayment) -> SafeString:
        was = f"paid by {repayment.payment.gateway}"
        return format_html('{}<br><span class="soft">{}</span>', say_way(repayment), was)

    @admin.display(description="Asked")
    def asked(self, repayment: Repayment) -> Any:
        return moment(repayment.asked_at)

    @admin.display(description="State")
    def shown_state(self, repayment: Repayment) -> SafeString:
        return badge(repayment.get_state_display(), _tone(repayment))

    @admin.display(description="What is wrong")
    def trouble(self, repayment: Repayment) -> str:
        return repayment.last_error[:110]


def settle(request: HttpRequest, repayment_id: int) -> HttpResponse:
    """Somebody has sent it elsewhere."""
    require(request, "orders.settle_repayment", NOT_YOURS)
    repayment = _find(str(repayment_id))
    question = Question(
        title=f"{_say(repayment)} went back: order {repayment.order.number}",
        consequence="Say so only once the money has left. The order's books will show it as refunded, and no gateway "
        "will be asked for it any more.",
        submit="It went back",
        back=reverse("admin:orders_repayment_change", args=[repayment_id]),
        form=SettleForm,
        tone="bad",
    )

    def act(answer: dict[str, Any]) -> str:
        settle_by_hand(
            repayment_id=repayment_id, reference=answer["reference"], by=actor_of(request), at=timezone.now()
        )
        return f"{_say(repayment)} of order {repayment.order.number} is on record as refunded."

    return ask(request, question, act)


def retry(request: HttpRequest, repayment_id: int) -> HttpResponse:
    """Have the gateway asked again."""
    require(request, "orders.settle_repayment", NOT_YOURS)
    repayment = _find(str(repayment_id))
    again = repayment.state != State.BY_HAND
    how = "again" if again else f"by {repayment.gateway}"
    question = Question(
        title=f"Send {_say(repayment)} {how}: order {repayment.order.number}",
        consequence="The gateway is asked once more. Mend the cause first, or it will refuse again. Where its answer "
        "was lost, it is first asked whether the money has gone already."
        if again
        else "Look first whether the money has come: the gateway will send it to the customer.",
        submit="Send again" if again else "Send it",
        back=reverse("admin:orders_repayment_change", args=[repayment_id]),
    )

    def act(answer: dict[str, Any]) -> str:
        retry_repayment(repayment_id=repayment_id, by=actor_of(request), at=timezone.now())
        return f"{_say(repayment)} of order {repayment.order.number} is on its way{' again' if again else ''}."

    return ask(request, question, act)


def show_repayments_due(request: HttpRequest, subject: object) -> str:
    """The dashboard's card: money that waits for a person to send it."""
    if not request.user.has_perm("orders.view_repayment"):
        return ""
    number = snapshot("repayments-due", lambda: count_up_to(Repayment.objects.for_a_person()))
    link = f"{reverse('admin:orders_repayment_changelist')}?view=todo"
    note = "to send back by hand, or again" if number else "no money waits for a person"
    return show_figure(Figure("Repayments", say_number(number), link, note, "bad" if number else ""))


def _retry_all(ids: list[int], *, by: str) -> str:
    sent, refused = 0, []
    for repayment_id in ids:
        try:
            retry_repayment(repayment_id=repayment_id, by=by, at=timezone.now())
            sent += 1
        except Refused as refusal:
            refused.append(refusal.message)
    said = f"{sent} {'is' if sent == 1 else 'are'} on the way again."
    return f"{said} {len(refused)} not: {refused[0]}" if refused else said


def _find(repayment_id: str) -> Repayment:
    known = Repayment.objects.select_related("order__channel", "payment", "refund", "edit")
    found = known.filter(pk=repayment_id).first() if repayment_id.isascii() and repayment_id.isdigit() else None
    if found is None:
        raise Http404("There is no such repayment.")
    return found


def _say(repayment: Repayment) -> Money:
    return Money(round_amount(repayment.amount, repayment.currency), repayment.currency)


def _tone(repayment: Repayment) -> str:
    tones = {State.BY_HAND: "warm", State.FAILED: "bad", State.DONE: "good", State.WITHDRAWN: "mute"}
    return tones.get(State(repayment.state), "cool")


def say_way(repayment: Repayment) -> str:
    """How it goes back: by which gateway, or by hand."""
    return "hand" if repayment.gateway == "manual" else repayment.gateway
