"""What customers do not want to be offered, and who wants no mail about it; taken back on their word."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.filters import between_days, choose
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.templatetags.showing import actor, badge, moment
from orders.models import Customer, Order
from upsell.actions.opting_out import opt_in_again, opt_out
from upsell.actions.refusing import take_back_refusal
from upsell.models import OptOut, Refusal

NOT_YOURS = "Your role does not include changing what customers refused."


class RefusalAdmin(ReadOnlyAdmin):
    title = "Refusals"
    nouns = ("refusal", "refusals")
    views = (
        SavedView("standing", "Standing", lambda refusals, at: refusals.standing()),
        SavedView("all", "All"),
    )
    list_display = ("what", "whose", "order_link", "when", "state", "take_back")
    list_display_links = None
    list_filter = (choose("scope", "scope", Refusal.Scope.choices), between_days("at"))
    list_select_related = ("customer", "order", "product", "category")
    search_fields = ("id",)
    search_help_text = "E-mail or order number"

    def routes(self) -> Sequence[Route]:
        return [("<int:refusal_id>/take-back/", self.take_back_view, "take_back")]

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        may = request.user.has_perm("upsell.change_refusal")
        return [name for name in self.list_display if may or name != "take_back"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Refusal], search_term: str
    ) -> tuple[QuerySet[Refusal], bool]:
        word = search_term.strip()
        if not word or "\x00" in word:
            return queryset, False
        if "@" in word:
            return queryset.filter(customer__in=Customer.objects.filter(email=word.lower())), False
        return queryset.filter(order__in=Order.objects.filter(number=word.lstrip("#"))), False

    def take_back_view(self, request: HttpRequest, refusal_id: int) -> HttpResponse:
        require(request, "upsell.change_refusal", NOT_YOURS)
        refusal = Refusal.objects.filter(pk=refusal_id).first()
        if refusal is None:
            raise Http404("There is no such refusal.")
        question = Question(
            title="Take back a refusal",
            consequence=f"{say_what(refusal)} may be offered to this customer again. Do this on their word only.",
            submit="Take it back",
            back=reverse("admin:upsell_refusal_changelist"),
        )

        def act(answer: dict[str, Any]) -> str:
            take_back_refusal(refusal_id=refusal_id, by=actor_of(request), at=timezone.now())
            return f"{say_what(refusal)} may be offered again."

        return ask(request, question, act)

    @admin.display(description="Not wanted")
    def what(self, refusal: Refusal) -> str:
        return say_what(refusal)

    @admin.display(description="Customer")
    def whose(self, refusal: Refusal) -> str:
        return str(refusal.customer.name or refusal.customer.email) if refusal.customer else "this order alone"

    @admin.display(description="Order")
    def order_link(self, refusal: Refusal) -> SafeString:
        link = reverse("admin:orders_order_change", args=[refusal.order.number])
        return format_html('<a class="row-link" href="{}">{}</a>', link, refusal.order.number)

    @admin.display(description="Since")
    def when(self, refusal: Refusal) -> SafeString:
        return format_html('{} <span class="soft">{}</span>', moment(refusal.at), actor(refusal.by))

    @admin.display(description="State")
    def state(self, refusal: Refusal) -> SafeString:
        return badge("taken back", "mute") if refusal.taken_back_at else badge("stands", "warm")

    @admin.display(description="")
    def take_back(self, refusal: Refusal) -> SafeString | str:
        if refusal.taken_back_at:
            return ""
        link = reverse("admin:upsell_refusal_take_back", args=[refusal.pk])
        return format_html('<a class="link" href="{}">Take back</a>', link)


class OptOutForm(forms.Form):
    email = forms.EmailField(label="E-mail")


class OptOutAdmin(ReadOnlyAdmin):
    title = "No mail about offers"
    nouns = ("address", "addresses")
    list_display = ("email", "since", "how", "allow")
    list_display_links = None
    search_fields = ("email",)
    search_help_text = "E-mail"
    change_list_template = "upsell/admin/opt_outs.html"

    def routes(self) -> Sequence[Route]:
        return [("note/", self.note, "note"), ("<int:opt_out_id>/allow/", self.allow_view, "allow")]

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        may = request.user.has_perm("upsell.delete_optout")
        return [name for name in self.list_display if may or name != "allow"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OptOut], search_term: str
    ) -> tuple[QuerySet[OptOut], bool]:
        word = search_term.strip().lower()
        return (queryset.filter(email=word) if word and "\x00" not in word else queryset), False

    def note(self, request: HttpRequest) -> HttpResponse:
        """Somebody said so on the phone, or by mail."""
        require(request, "upsell.add_optout", NOT_YOURS)
        question = Question(
            title="No more mail about offers",
            consequence="Mails about their orders themselves go on.",
            submit="Note it",
            back=reverse("admin:upsell_optout_changelist"),
            form=OptOutForm,
        )

        def act(answer: dict[str, Any]) -> str:
            by = actor_of(request)
            opt_out(email=answer["email"], through="staff", by=by, at=timezone.now())
            return f"{answer['email']} gets no mail about offers any more."

        return ask(request, question, act)

    def allow_view(self, request: HttpRequest, opt_out_id: int) -> HttpResponse:
        require(request, "upsell.delete_optout", NOT_YOURS)
        found = OptOut.objects.filter(pk=opt_out_id).first()
        if found is None:
            raise Http404("There is no such address.")
        question = Question(
            title=f"Mail to {found.email} again",
            consequence="As far as the law and their consent go. Do this on their word only.",
            submit="Allow it again",
            back=reverse("admin:upsell_optout_changelist"),
        )

        def act(answer: dict[str, Any]) -> str:
            opt_in_again(email=found.email, by=actor_of(request), at=timezone.now())
            return f"{found.email} may get mail about offers again."

        return ask(request, question, act)

    @admin.display(description="Since")
    def since(self, found: OptOut) -> Any:
        return moment(found.at)

    @admin.display(description="Through")
    def how(self, found: OptOut) -> str:
        return {"one_click": "one click in the mail program", "page": "the page behind the link"}.get(
            found.through, found.through
        )

    @admin.display(description="")
    def allow(self, found: OptOut) -> SafeString:
        link = reverse("admin:upsell_optout_allow", args=[found.pk])
        return format_html('<a class="link" href="{}">Allow again</a>', link)


def say_what(refusal: Refusal) -> str:
    if refusal.product:
        return str(refusal.product)
    return f"The kind “{refusal.category}”" if refusal.category else "Any offer"
