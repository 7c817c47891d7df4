"""The history of the return terms: who changed what and when, and the way back."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.lists import ReadOnlyAdmin, Route
from oms.templatetags.showing import actor, moment
from returns.actions.terms.restoring import restore_edition
from returns.admin.terms.rows import CHANGE, NOT_YOURS
from returns.models import OrderTerms, TermsEdition
from returns.policies.terms.rows import read_terms
from returns.policies.terms.summaries import compare_documents, say_gives, say_scope

EMPTY: dict[str, Any] = {}


class TermsEditionAdmin(ReadOnlyAdmin):
    title = "History of the return terms"
    nouns = ("edition", "editions")
    keyset = ("-in_force_from",)
    list_display = ("shown_moment", "who", "row_count", "shown_digest")
    list_display_links = ("shown_moment",)

    def routes(self) -> list[Route]:
        return [("<int:edition_id>/restore/", self.restore, "restore")]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "returns.view_termsedition", "Your role does not include reading return terms.")
        kept = _find(object_id)
        before = TermsEdition.objects.filter(in_force_from__lt=kept.in_force_from).first()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Return terms of {kept.in_force_from:%d %B %Y, %H:%M} UTC",
            "trail": [(self.title, reverse("admin:returns_termsedition_changelist"))],
            "kept": kept,
            "before": before,
            "orders": OrderTerms.objects.filter(edition=kept).count(),
            "changes": compare_documents(before.document if before else EMPTY, kept.document),
            "rows": [(row, say_scope(row), say_gives(row)) for row in read_terms(kept.document["terms"])],
            "is_newest": not TermsEdition.objects.filter(in_force_from__gt=kept.in_force_from).exists(),
            "may_restore": request.user.has_perm(CHANGE),
        }
        return TemplateResponse(request, "returns/admin/terms_edition.html", context)

    def restore(self, request: HttpRequest, edition_id: int) -> HttpResponse:
        require(request, CHANGE, NOT_YOURS)
        kept = _find(str(edition_id))
        question = Question(
            title=f"Bring back the terms of {kept.in_force_from:%d %B %Y, %H:%M}",
            consequence="The rows stand again as they stood in this edition; those that came later are switched off. "
            "That is a new edition: orders keep the terms they were bought under.",
            submit="Bring them back",
            back=reverse("admin:returns_termsedition_changelist"),
        )

        def act(answer: dict[str, Any]) -> str:
            restore_edition(edition_id=edition_id, by=actor_of(request), at=timezone.now())
            return f"The terms stand again as on {kept.in_force_from:%d %B %Y, %H:%M}."

        return ask(request, question, act)

    @admin.display(description="In force from")
    def shown_moment(self, kept: TermsEdition) -> SafeString:
        return format_html('<span class="row-link">{}</span>', moment(kept.in_force_from))

    @admin.display(description="By")
    def who(self, kept: TermsEdition) -> str:
        return actor(kept.by)

    @admin.display(description="Rows")
    def row_count(self, kept: TermsEdition) -> str:
        return str(len(kept.document["terms"]))

    @admin.display(description="Name")
    def shown_digest(self, kept: TermsEdition) -> SafeString:
        return format_html("<code>{}</code>", kept.digest[:12])


def _find(edition_id: str) -> TermsEdition:
    known = edition_id.isascii() and edition_id.isdigit()
    kept = TermsEdition.objects.filter(pk=int(edition_id)).first() if known else None
    if kept is None:
        raise Http404("There is no such edition of the terms.")
    return kept
