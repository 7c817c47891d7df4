"""The edit window rules: one list that is read from the top, the first that fits an order wins."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin.arranging import PREVIEW, ActedAdmin, TriedAdmin
from oms.admin.asking import actor_of, carry_out, require
from oms.templatetags.showing import badge
from orders.actions.windows.arranging import delete_rule, reorder_rules, save_rule, switch_rule
from orders.admin.windows_form import SECTIONS, RuleForm
from orders.admin.windows_preview import show_preview
from orders.models import WindowCampaign, WindowRule
from orders.policies.windows.dead_rules import find_dead_rules, find_overlaps
from orders.policies.windows.editions import Rule, read_rules
from orders.policies.windows.rules import say_outcome
from orders.policies.windows.words import say_conditions
from orders.queries.windows.rules import as_edition, describe_rule, describe_rules, propose_order, propose_rule

NOT_YOURS = "Your role does not include arranging edit window rules."
MOST_HINTS = 5


class ArrangedAdmin(ActedAdmin):
    """Rules, campaigns and tiers: who may arrange them may do everything with them, and only by the actions. What an
    action refuses after all is said in its own words."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.arrange_rules")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("orders.arrange_rules")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("orders.arrange_rules")


class RuleAdmin(ArrangedAdmin, TriedAdmin):
    """The usual rules, or, with ?campaign=…, those of a campaign."""

    title = "Edit window rules"
    form = RuleForm
    fieldsets = SECTIONS
    list_display = ("shown_name", "fits", "gives", "state", "position")
    list_display_links = ("shown_name",)
    ordering = ("position", "id")
    sortable_by = ()
    ordering_field = "position"
    list_before_template = "orders/admin/window_rules.html"
    change_list_template = "orders/admin/window_rule_list.html"
    change_form_after_template = "orders/admin/window_preview_button.html"

    def get_urls(self) -> list[URLPattern]:
        switch = self.admin_site.admin_view(self.switch)
        return [path("<int:rule_id>/switch/", switch, name="orders_windowrule_switch"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> list[Any] | tuple[Any, ...]:
        columns = super().get_list_display(request)
        return [*columns, "switch_button"] if self.has_change_permission(request) else columns

    def get_queryset(self, request: HttpRequest) -> QuerySet[WindowRule]:
        rules = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "orders_windowrule_changelist"
        return rules.filter(campaign=None) if is_list and "campaign" not in request.GET else rules

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and self.has_change_permission(request):
            return self._reorder(request)
        campaign = _campaign(request)
        document = describe_rules()
        edition = as_edition(document)
        hints = find_overlaps(edition)
        context = {
            "title": f"Rules of campaign “{campaign}”" if campaign else self.title,
            "campaign": campaign,
            "campaigns": WindowCampaign.objects.filter(active=True, ends_at__gt=timezone.now()),
            "findings": find_dead_rules(edition),
            "hints": hints[:MOST_HINTS],
            "more_hints": max(len(hints) - MOST_HINTS, 0),
            "preview": PREVIEW,
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def show_preview(self, request: HttpRequest, row: WindowRule) -> HttpResponse:
        trail = [(self.title, _list_link(row.campaign_id))]
        return show_preview(request, propose_rule(row), title=f"Preview of “{row.name}”", trail=trail)

    def response_post_save_add(self, request: HttpRequest, obj: WindowRule) -> HttpResponse:
        return HttpResponseRedirect(_list_link(obj.campaign_id))

    def response_post_save_change(self, request: HttpRequest, obj: WindowRule) -> HttpResponse:
        return HttpResponseRedirect(_list_link(obj.campaign_id))

    def save_model(self, request: HttpRequest, obj: WindowRule, form: Any, change: bool) -> None:
        save_rule(rule=obj, by=actor_of(request), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: WindowRule) -> None:
        delete_rule(rule_id=obj.pk, by=actor_of(request), at=timezone.now())

    def switch(self, request: HttpRequest, rule_id: int) -> HttpResponse:
        """One click, for it can be taken back by another."""
        require(request, "orders.arrange_rules", NOT_YOURS)
        rule = get_object_or_404(WindowRule, pk=rule_id)
        if request.method == "POST":

            def act() -> str:
                done = switch_rule(rule_id=rule_id, active=not rule.active, by=actor_of(request), at=timezone.now())
                return f"“{done}” is switched {'on' if done.active else 'off'}."

            carry_out(request, act)
        return HttpResponseRedirect(_list_link(rule.campaign_id))

    def _reorder(self, request: HttpRequest) -> HttpResponse:
        rule_ids = sent_order(request)
        if PREVIEW in request.POST:
            title, trail = "Preview of this order", [(self.title, request.get_full_path())]
            return show_preview(request, propose_order(rule_ids), title=title, trail=trail)

        def act() -> str:
            reorder_rules(rule_ids=rule_ids, by=actor_of(request), at=timezone.now())
            return "The rules stand in this order now."

        carry_out(request, act)
        return HttpResponseRedirect(request.get_full_path())

    @admin.display(description="Rule")
    def shown_name(self, rule: WindowRule) -> SafeString:
        return format_html('<span class="row-link">{}</span>', rule.name)

    @admin.display(description="Fits orders")
    def fits(self, rule: WindowRule) -> str:
        return "; ".join(say_conditions(as_value(rule))) or "all"

    @admin.display(description="Edit window")
    def gives(self, rule: WindowRule) -> str:
        return say_outcome(as_value(rule))

    @admin.display(description="State")
    def state(self, rule: WindowRule) -> SafeString:
        return badge("on", "good") if rule.active else badge("off", "mute")

    @admin.display(description="")
    def switch_button(self, rule: WindowRule) -> SafeString:
        """A button, for a link would be followed by whoever looks ahead."""
        return format_html(
            '<button class="link" type="submit" formaction="{}">{}</button>',
            reverse("admin:orders_windowrule_switch", args=[rule.pk]),
            "Switch off" if rule.active else "Switch on",
        )


def as_value(rule: WindowRule) -> Rule:
    """The rule as policies know it."""
    return read_rules([describe_rule(rule)])[0]


def _campaign(request: HttpRequest) -> WindowCampaign | None:
    named = request.GET.get("campaign", "")
    return WindowCampaign.objects.filter(pk=int(named)).first() if named.isascii() and named.isdigit() else None


def _list_link(campaign_id: int | None) -> str:
    link = reverse("admin:orders_windowrule_changelist")
    return f"{link}?campaign={campaign_id}" if campaign_id else link


def sent_order(request: HttpRequest) -> list[int]:
    """The ids of the rules as the list's numbers put them; of two with one number the upper stays above."""
    total = request.POST.get("form-TOTAL_FORMS", "")
    rows = []
    for place in range(int(total) if total.isdigit() else 0):
        rule_id, position = (request.POST.get(f"form-{place}-{name}", "") for name in ("id", "position"))
        if rule_id.isdigit():
            rows.append((int(position) if position.isdigit() else place, place, int(rule_id)))
    return [rule_id for *_, rule_id in sorted(rows)]
