"""Return rules: who decides on what is asked for, in their order, and what a rule would have decided lately."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextareaWidget

from inventory.models import Category
from oms.admin.arranging import TriedAdmin, sent_again
from oms.models import Channel
from oms.templatetags.showing import badge
from returns.admin.languages import name_fields, read_said, show_said
from returns.models import ReturnReason, ReturnRule
from returns.policies.deciding import BETWEEN, FLAGS, OF_ITEMS, ONE_OF
from returns.policies.rule_conditions import check_conditions, say_conditions
from returns.queries.rule_trial import try_rule

Verdict = ReturnRule.Verdict
TONES = {Verdict.APPROVE: "good", Verdict.KEEP_IT: "cool", Verdict.REVIEW: "warm", Verdict.DECLINE: "bad"}

_HELP = (
    "All of them must hold; none: every return. Lists of words: {words}. True or false: {flags}. "
    "At least, at most: {spans}. Like {example}"
).format(
    words=", ".join([*ONE_OF, *OF_ITEMS, "category"]),
    flags=", ".join(FLAGS),
    spans=", ".join(BETWEEN),
    example='{"value": {"at_most": "20.00", "currency": "EUR"}, "root_cause": ["DAMAGED_IN_TRANSIT"], "photo": true}',
)


class ReturnRuleForm(forms.ModelForm):
    """What the customer is told has one field a language: `explanation_en`, `explanation_zh-hans`, …"""

    conditions = forms.CharField(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}), help_text=_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_said(self, "explanation", self.instance.explanations)
        if self.instance.pk:
            self.initial["conditions"] = json.dumps(self.instance.conditions, ensure_ascii=False, indent=1)

    def clean_conditions(self) -> dict[str, Any]:
        try:
            conditions = json.loads(self.cleaned_data["conditions"] or "{}")
        except ValueError:
            raise forms.ValidationError("This is not JSON: check quotes, commas and braces.") from None
        if faults := check_conditions(conditions, known=_read_known()):
            raise forms.ValidationError(faults)
        return dict(conditions)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == Verdict.DECLINE and not cleaned.get("explanation_en"):
            self.add_error("explanation_en", "Say why: the customer reads it.")
        self.instance.explanations = read_said(cleaned, "explanation", self.instance.explanations)
        return cleaned


def _explanation(required: bool) -> forms.CharField:
    """Only who declines has to say why."""
    return forms.CharField(required=False, max_length=255, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))


EXPLANATIONS = name_fields("explanation", _explanation)


def _read_known() -> dict[str, list[str]]:
    return {
        "channel": list(Channel.objects.values_list("code", flat=True)),
        "reason": list(ReturnReason.objects.values_list("code", flat=True)),
        "category": list(Category.objects.values_list("code", flat=True)),
    }


class ReturnRuleAdmin(TriedAdmin):
    title = "Return rules"
    form = type("RuleForm", (ReturnRuleForm,), dict(EXPLANATIONS))
    list_display = ("shown_name", "fits", "shown_verdict", "active", "position")
    list_display_links = ("shown_name",)
    ordering = ("position", "id")
    ordering_field = "position"
    sortable_by = ()
    change_form_after_template = "returns/admin/rule_preview_button.html"
    fieldsets = (
        (None, {"fields": (("name", "position"), ("verdict", "active"))}),
        ("What the customer is told", {"fields": (tuple(EXPLANATIONS),)}),
        (
            "For which returns",
            {
                "fields": ("conditions",),
                "description": "The first rule that fits decides. Of reasons, categories and resolutions every item "
                "must be meant, where a person is called any one. What the law grants is never declined: a person "
                "looks at it.",
            },
        ),
    )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def show_preview(self, request: HttpRequest, row: ReturnRule) -> HttpResponse:
        tried = try_rule(row)
        context = {
            **self.admin_site.each_context(request),
            "title": "Preview of the rule",
            "trail": [(self.title, reverse("admin:returns_returnrule_changelist"))],
            "rule": row,
            "sentence": say_conditions(row.conditions),
            "tried": tried,
            "decides": sum(each.decides for each in tried),
            "changed": [each for each in tried if each.changes],
            "sent": sent_again(request),
        }
        return TemplateResponse(request, "returns/admin/rule_preview.html", context)

    @admin.display(description="Rule")
    def shown_name(self, rule: ReturnRule) -> SafeString:
        return format_html('<span class="row-link">{}</span>', rule.name)

    @admin.display(description="Fits")
    def fits(self, rule: ReturnRule) -> str:
        return say_conditions(rule.conditions)

    @admin.display(description="Decides")
    def shown_verdict(self, rule: ReturnRule) -> SafeString:
        return badge(rule.get_verdict_display(), TONES[Verdict(rule.verdict)])
