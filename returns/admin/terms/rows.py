"""Return terms: rows for goods, people and places, of which the most specific wins."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.arranging import ActedAdmin, TriedAdmin, sent_again
from oms.admin.asking import actor_of, carry_out, require
from oms.admin.lists import Route
from oms.templatetags.showing import badge
from returns.actions.terms.arranging import delete_terms, list_undercuts, save_terms, switch_terms
from returns.admin.terms.form import SECTIONS, TermsForm
from returns.models import ReturnTerms
from returns.policies.terms.choosing import find_conflicts
from returns.policies.terms.rows import read_terms
from returns.policies.terms.summaries import say_gives, say_scope
from returns.queries.terms import read_category_paths
from returns.queries.terms_previews import preview_terms
from returns.queries.terms_rows import as_value, describe_terms, propose_row

NOT_YOURS = "Your role does not include arranging return terms."
CHANGE = "returns.change_returnterms"


class TermsAdmin(ActedAdmin, TriedAdmin):
    """Only the actions change rows, and what they refuse is said in their own words."""

    title = "Return terms"
    form = TermsForm
    fieldsets = SECTIONS
    list_display = ("shown_name", "fits", "gives", "state")
    list_display_links = ("shown_name",)
    sortable_by = ()
    list_select_related = ("category", "channel")
    list_before_template = "returns/admin/terms_before.html"
    change_list_template = "returns/admin/terms_list.html"
    change_form_after_template = "returns/admin/terms_preview_button.html"

    def routes(self) -> list[Route]:
        return [("conflicts/", self.conflicts, "conflicts"), ("<int:terms_id>/switch/", self.switch, "switch")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnTerms]:
        return super().get_queryset(request).order_by("-active", "country", "category__code", "name")

    def get_list_display(self, request: HttpRequest) -> list[Any] | tuple[Any, ...]:
        columns = super().get_list_display(request)
        return [*columns, "switch_button"] if self.has_change_permission(request) else columns

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        document = describe_terms()
        rows = read_terms(document["terms"])
        conflicts = list(find_conflicts(rows, read_category_paths()))
        context = {
            "undercuts": list_undercuts(document, at=timezone.now()),
            "ties": sum(conflict.tied for conflict in conflicts),
            "crossings": sum(not conflict.tied for conflict in conflicts),
            "has_general": any(not row.scope for row in rows),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: ReturnTerms, form: Any, change: bool) -> None:
        save_terms(terms=obj, by=actor_of(request), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        delete_terms(terms_id=obj.pk, by=actor_of(request), at=timezone.now())

    def switch(self, request: HttpRequest, terms_id: int) -> HttpResponse:
        """One click, for it can be taken back by another."""
        require(request, CHANGE, NOT_YOURS)
        row = get_object_or_404(ReturnTerms, pk=terms_id)
        if request.method == "POST":

            def act() -> str:
                done = switch_terms(terms_id=terms_id, active=not row.active, by=actor_of(request), at=timezone.now())
                return f"“{done}” is switched {'on' if done.active else 'off'}."

            carry_out(request, act)
        return HttpResponseRedirect(_list_link())

    def conflicts(self, request: HttpRequest) -> HttpResponse:
        """Rows that fit some of the same goods without one being plainly a case of the other."""
        require(request, "returns.view_returnterms", "Your role does not include reading return terms.")
        rows = read_terms(describe_terms()["terms"])
        found = list(find_conflicts(rows, read_category_paths()))
        preview = preview_terms(describe_terms(), at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": "Conflicts between return terms",
            "trail": [(self.title, _list_link())],
            "conflicts": [
                (each, preview.ties.get((each.winner.name, each.loser.name), 0), _describe(each)) for each in found
            ],
            "orders": preview.orders,
        }
        return TemplateResponse(request, "returns/admin/terms_conflicts.html", context)

    def show_preview(self, request: HttpRequest, row: ReturnTerms) -> HttpResponse:
        """The page carries what was sent, so that it can be kept from there."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview of “{row.name}”",
            "trail": [(self.title, _list_link())],
            "preview": preview_terms(propose_row(row), at=timezone.now()),
            "sent": sent_again(request),
        }
        return TemplateResponse(request, "returns/admin/terms_preview.html", context)

    @admin.display(description="Terms")
    def shown_name(self, row: ReturnTerms) -> SafeString:
        return format_html('<span class="row-link">{}</span>', row.name)

    @admin.display(description="For")
    def fits(self, row: ReturnTerms) -> str:
        return say_scope(as_value(row))

    @admin.display(description="Gives")
    def gives(self, row: ReturnTerms) -> str:
        return say_gives(as_value(row))

    @admin.display(description="State")
    def state(self, row: ReturnTerms) -> SafeString:
        return badge("on", "good") if row.active else badge("off", "mute")

    @admin.display(description="")
    def switch_button(self, row: ReturnTerms) -> SafeString:
        """A button, for a link would be followed by whoever looks ahead."""
        return format_html(
            '<button class="link" type="submit" formaction="{}">{}</button>',
            reverse("admin:returns_returnterms_switch", args=[row.pk]),
            "Switch off" if row.active else "Switch on",
        )


def _describe(conflict: Any) -> tuple[str, str, str, str]:
    winner, loser = conflict.winner, conflict.loser
    return say_scope(winner), say_gives(winner), say_scope(loser), say_gives(loser)


def _list_link() -> str:
    return reverse("admin:returns_returnterms_changelist")
