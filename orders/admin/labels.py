"""Labels: what waits for a carrier, what was bought for how much, and what else there was."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.filters import ChoiceFilter, Choices, between_days, choose
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.templatetags.showing import badge, moment, money
from orders.actions.shipping.labelling import replace_label, void_label
from orders.models import CarrierAccount, Label, LabelDocument

State = Label.State

NOT_YOURS = "Your role does not include buying and voiding labels."
TROUBLED = (State.REFUSED, State.UNRETURNED)
WHY_NOT = {
    "dearer": "dearer",
    "late": "would arrive too late",
    "slow": "not express",
    "currency": "in another currency",
    "routed": "routing chose otherwise",
    "refused": "the carrier refused",
    "silent": "the carrier did not answer",
    "too_heavy": "too heavy for it",
    "no_rate": "no rate for this way and weight",
}
_TONES = {"WANTED": "cool", "BOUGHT": "good", "VOIDING": "warm", "REFUSED": "bad", "UNRETURNED": "bad"}


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=255, required=False, help_text="Stays with the label.")


class CarrierFilter(ChoiceFilter):
    title = "carrier"
    parameter_name = "carrier"
    column = "account_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(CarrierAccount.objects.values_list("id", "name"))


class LabelAdmin(ReadOnlyAdmin):
    title = "Labels"
    nouns = ("label", "labels")
    views = (
        SavedView("trouble", "For a person", lambda rows, at: rows.filter(state__in=TROUBLED)),
        SavedView("waiting", "Waiting", lambda rows, at: rows.filter(state__in=[State.WANTED, State.VOIDING])),
        SavedView("bought", "Bought", lambda rows, at: rows.filter(state=State.BOUGHT)),
        SavedView("all", "All"),
    )
    list_display = ("shown_parcel", "shown_state", "carrier", "number", "shown_cost", "wanted", "trouble")
    list_display_links = ("shown_parcel",)
    list_filter = (choose("state", "state", State.choices), CarrierFilter, between_days("wanted_at"))
    list_select_related = ("fulfillment__order", "order", "account")
    search_fields = ("tracking_number",)
    search_help_text = "A tracking number, a fulfillment or an order"
    change_list_template = "orders/admin/labels.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        return super().get_queryset(request).defer("ship_from", "ship_to", "customs", "rates")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Label], search_term: str
    ) -> tuple[QuerySet[Label], bool]:
        word = search_term.strip().replace("\x00", "").replace(" ", "")
        if not word:
            return queryset, False
        of_parcel = queryset.filter(fulfillment__number=word) | queryset.filter(fulfillment__order__number=word)
        back = queryset.filter(rma=word) | queryset.filter(order__number=word)
        return queryset.filter(tracking_number=word) | of_parcel | back, False

    def routes(self) -> tuple[Route, ...]:
        own: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("<int:label_id>/void/", give_back, "void"),
            ("<int:label_id>/again/", buy_again, "again"),
            ("<int:label_id>/print/", print_label, "print"),
        )
        return own

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "orders.view_label", "Your role does not include reading labels.")
        label = _find(object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Label for {label.number}",
            "trail": [("Labels", reverse("admin:orders_label_changelist"))],
            "label": label,
            "order": label.its_order,
            "abroad": label.ship_from if label.rma else label.ship_to,
            "tone": _TONES.get(label.state, "mute"),
            "options": [rate | {"why": WHY_NOT.get(rate["why_not"], rate["why_not"])} for rate in label.rates],
            "declared": len(label.customs.get("items", ())),
            "printable": LabelDocument.objects.filter(label=label).exists(),
        }
        return TemplateResponse(request, "orders/admin/label.html", context)

    @admin.display(description="Parcel")
    def shown_parcel(self, label: Label) -> SafeString:
        order, kind = label.its_order.number, "return of order" if label.rma else "order"
        return format_html('<span class="row-link">{}</span><br>{} {}', label.number, kind, order)

    @admin.display(description="State")
    def shown_state(self, label: Label) -> SafeString:
        return badge(label.get_state_display(), _TONES.get(label.state, "mute"))

    @admin.display(description="Carrier")
    def carrier(self, label: Label) -> SafeString | str:
        if label.account is None:
            return "not chosen yet" if label.state == State.WANTED else "–"
        return format_html('{}<br><span class="soft">{}</span>', label.account.name, label.service_name)

    @admin.display(description="Number")
    def number(self, label: Label) -> SafeString:
        return format_html('<span class="code">{}</span>', label.tracking_number or "–")

    @admin.display(description="Cost")
    def shown_cost(self, label: Label) -> Any:
        return money(label.cost, label.currency)

    @admin.display(description="Wanted")
    def wanted(self, label: Label) -> Any:
        return moment(label.wanted_at)

    @admin.display(description="What is wrong")
    def trouble(self, label: Label) -> str:
        return Truncator(label.last_error).chars(90)


def give_back(request: HttpRequest, label_id: int) -> HttpResponse:
    """The label is not needed."""
    require(request, "orders.buy_label", NOT_YOURS)
    label = _find(str(label_id))
    question = Question(
        title=f"Void the label for {label.number}",
        consequence="The carrier is asked to take it back. Whoever prints it after that sends a parcel that nobody "
        "paid for: make sure that it lies on no box.",
        submit="Void it",
        back=_page(label_id),
        form=ReasonForm,
        tone="bad",
    )

    def act(answer: dict[str, Any]) -> str:
        voided = void_label(label_id=label_id, reason=answer["reason"], by=actor_of(request), at=timezone.now())
        return f"The label is {voided.get_state_display()}."

    return ask(request, question, act)


def buy_again(request: HttpRequest, label_id: int) -> HttpResponse:
    """Another one, with what is known today."""
    require(request, "orders.buy_label", NOT_YOURS)
    label = _find(str(label_id))
    question = Question(
        title=f"Buy another label for {label.number}",
        consequence="Address, weight and rates are read anew, and the best offer of now is taken. The label that there "
        "is goes back to its carrier.",
        submit="Buy another",
        back=reverse("admin:orders_label_changelist") + f"?view=all&q={label.number}",
        form=ReasonForm,
    )

    def act(answer: dict[str, Any]) -> str:
        fresh = replace_label(label_id=label_id, reason=answer["reason"], by=actor_of(request), at=timezone.now())
        return fresh.last_error if fresh.state == State.REFUSED else "Another label is being bought."

    return ask(request, question, act)


def print_label(request: HttpRequest, label_id: int) -> HttpResponse:
    """What the carrier gave us to print."""
    require(request, "orders.view_label", "Your role does not include reading labels.")
    document = LabelDocument.objects.filter(label_id=label_id).first()
    if document is None:
        raise Http404("This label was not bought.")
    response = HttpResponse(bytes(document.content), content_type=document.media_type)
    response["Content-Disposition"] = f'inline; filename="label-{label_id}.{document.media_type.partition("/")[2]}"'
    return response


def list_refused_labels() -> QuerySet:
    """Of parcels that no carrier takes."""
    return Label.objects.filter(state=State.REFUSED)


def _page(label_id: int) -> str:
    return reverse("admin:orders_label_change", args=[label_id])


def _find(label_id: str) -> Label:
    known = Label.objects.select_related("fulfillment__order", "fulfillment__warehouse", "order", "account")
    found = known.filter(pk=label_id).first() if label_id.isascii() and label_id.isdigit() else None
    if found is None:
        raise Http404("There is no such label.")
    return found
