"""The history of the edit window rules: who changed what and when, and the way back."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.lists import ReadOnlyAdmin
from oms.templatetags.showing import actor, badge, moment
from orders.actions.windows.restoring import restore_edition
from orders.admin.windows import NOT_YOURS
from orders.models import WindowRuleSet
from orders.policies.windows.changes import compare_editions
from orders.policies.windows.editions import read_edition
from orders.policies.windows.rules import say_outcome
from orders.policies.windows.words import say_conditions

EMPTY: dict[str, Any] = {}


class EditionAdmin(ReadOnlyAdmin):
    title = "History of the edit window rules"
    nouns = ("edition", "editions")
    list_display = ("shown_number", "when", "who", "rule_count", "campaign_count")
    list_display_links = ("shown_number",)
    change_list_template = "orders/admin/window_editions.html"

    def get_urls(self) -> list[URLPattern]:
        restore = self.admin_site.admin_view(self.restore)
        return [path("<int:edition_id>/restore/", restore, name="orders_windowruleset_restore"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "orders.view_windowruleset", "Your role does not include reading edit window rules.")
        kept = _find(object_id)
        before = WindowRuleSet.objects.filter(pk__lt=kept.pk).first()
        edition = read_edition(kept.pk, kept.rules)
        lists = [("The usual rules", edition.rules), *((f"Campaign “{c.name}”", c.rules) for c in edition.campaigns)]
        context = {
            **self.admin_site.each_context(request),
            "title": str(kept),
            "trail": [(self.title, reverse("admin:orders_windowruleset_changelist"))],
            "kept": kept,
            "before": before,
            "changes": compare_editions(before.rules if before else EMPTY, kept.rules),
            "lists": [
                (name, [(r, "; ".join(say_conditions(r)), say_outcome(r)) for r in rules]) for name, rules in lists
            ],
            "tiers": edition.tiers,
            "is_newest": not WindowRuleSet.objects.filter(pk__gt=kept.pk).exists(),
            "may_restore": request.user.has_perm("orders.arrange_rules"),
        }
        return TemplateResponse(request, "orders/admin/window_edition.html", context)

    def restore(self, request: HttpRequest, edition_id: int) -> HttpResponse:
        require(request, "orders.arrange_rules", NOT_YOURS)
        kept = _find(str(edition_id))
        question = Question(
            title=f"Restore edition {kept.pk}",
            consequence="Rules, campaigns and tiers stand again as they stood in this edition. That is a new edition: "
            "the list of now stays in the history, and can be restored, too. Windows that are open stay as they are.",
            submit="Restore this edition",
            back=reverse("admin:orders_windowruleset_changelist"),
        )

        def act(answer: dict[str, Any]) -> str:
            restore_edition(edition_id=edition_id, by=actor_of(request), at=timezone.now())
            return f"The rules stand again as in edition {edition_id}."

        return ask(request, question, act)

    @admin.display(description="Edition")
    def shown_number(self, kept: WindowRuleSet) -> SafeString:
        return format_html('<span class="row-link">{}</span>', kept)

    @admin.display(description="When")
    def when(self, kept: WindowRuleSet) -> Any:
        return moment(kept.at)

    @admin.display(description="By")
    def who(self, kept: WindowRuleSet) -> str:
        return actor(kept.by)

    @admin.display(description="Usual rules")
    def rule_count(self, kept: WindowRuleSet) -> str:
        return str(len(kept.rules.get("rules", ())))

    @admin.display(description="Campaigns")
    def campaign_count(self, kept: WindowRuleSet) -> SafeString | str:
        campaigns = kept.rules.get("campaigns", ())
        active = sum(campaign["active"] for campaign in campaigns)
        return badge(f"{active} of {len(campaigns)} active", "cool") if campaigns else "–"


def _find(edition_id: str) -> WindowRuleSet:
    kept = (
        WindowRuleSet.objects.filter(pk=int(edition_id)).first()
        if edition_id.isascii() and edition_id.isdigit()
        else None
    )
    if kept is None:
        raise Http404("There is no such edition of the rules.")
    return kept
