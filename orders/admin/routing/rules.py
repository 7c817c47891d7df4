"""Routing rules: what the operator wants beyond cost, and which of the last orders a rule would have concerned."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget

from oms.admin.arranging import TriedAdmin, sent_again
from oms.countries import COUNTRIES
from oms.money import round_amount
from oms.templatetags.showing import badge
from orders.models import Order, RoutingDecision, RoutingRule
from orders.policies.routing.orders import Rule

RECENT = 200

Kind = RoutingRule.Kind
_TONES = {Kind.PREFER: "good", Kind.FORBID: "bad", Kind.RESERVE: "warm"}


class RoutingRuleForm(forms.ModelForm):
    country = forms.ChoiceField(
        label="Country it goes to",
        required=False,
        choices=[("", "any"), *((code, code) for code in sorted(COUNTRIES))],
        widget=UnfoldAdminSelectWidget,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        prefers = cleaned.get("kind") == Kind.PREFER
        amount = cleaned.get("amount") or Decimal(0)
        if prefers and amount <= 0:
            self.add_error("amount", "Say by how much a parcel from there counts as cheaper.")
        if not prefers:
            cleaned["amount"] = Decimal(0)
        return cleaned


@dataclass(frozen=True)
class Tried:
    """One of the last orders: where it went, whether the rule fits it, and what would have been otherwise."""

    order: Order
    went: str
    fits: bool
    otherwise: str


class RoutingRuleAdmin(TriedAdmin):
    title = "Routing rules"
    form = RoutingRuleForm
    list_display = ("sentence", "shown_kind", "note", "active")
    list_display_links = ("sentence",)
    list_select_related = ("warehouse", "channel")
    change_form_after_template = "orders/admin/routing_preview_button.html"
    fieldsets = (
        (None, {"fields": (("kind", "warehouse"), "amount", "active")}),
        (
            "For which orders",
            {
                "fields": (("channel", "country"), ("shipping_method", "tag")),
                "description": "Every condition that is filled in must fit; with none, the rule is for every order.",
            },
        ),
        (None, {"fields": ("note",)}),
    )

    def show_preview(self, request: HttpRequest, row: RoutingRule) -> HttpResponse:
        tried = try_rule(row)
        context = {
            **self.admin_site.each_context(request),
            "title": "Preview of the rule",
            "trail": [(self.title, reverse("admin:orders_routingrule_changelist"))],
            "sentence": say_rule(row),
            "tried": tried,
            "fitting": sum(each.fits for each in tried),
            "changed": sum(bool(each.otherwise) for each in tried),
            "sent": sent_again(request),
        }
        return TemplateResponse(request, "orders/admin/routing_preview.html", context)

    @admin.display(description="Rule")
    def sentence(self, rule: RoutingRule) -> SafeString:
        return format_html('<span class="row-link">{}</span>', say_rule(rule))

    @admin.display(description="Kind")
    def shown_kind(self, rule: RoutingRule) -> SafeString:
        return badge(rule.get_kind_display(), _TONES[Kind(rule.kind)])


def say_rule(rule: RoutingRule) -> str:
    """ "Prefer LEJ by 2.00 a parcel for orders of web to DE" """
    conditions = [
        f"of {rule.channel.code}" if rule.channel else "",
        f"to {rule.country}" if rule.country else "",
        f"by “{rule.shipping_method}”" if rule.shipping_method else "",
        f"tagged “{rule.tag}”" if rule.tag else "",
    ]
    which = " ".join(filter(None, conditions))
    orders = f"orders {which}" if which else "every order"
    where = rule.warehouse.name
    if rule.kind == Kind.PREFER:
        return f"Prefer {where} by {round_amount(rule.amount, settings.SHOP_CURRENCY)} a parcel for {orders}"
    if rule.kind == Kind.FORBID:
        return f"Never from {where} for {orders}"
    return f"Keep {where} for {orders}"


def try_rule(rule: RoutingRule) -> list[Tried]:
    """The last orders that were routed, the newest first; nothing is saved."""
    meant = Rule(
        kind=cast(Any, rule.kind),
        warehouse_id=rule.warehouse_id,
        channel_id=rule.channel_id,
        country=rule.country,
        shipping_method=rule.shipping_method,
        tag=rule.tag,
        amount=rule.amount,
    )
    last = RoutingDecision.objects.filter(superseded_at=None).select_related("order__channel").order_by("-id")[:RECENT]
    return [_try(rule, meant, decision) for decision in last]


def _try(rule: RoutingRule, meant: Rule, decision: RoutingDecision) -> Tried:
    fits = meant.fits(cast(Any, decision.order))  # it has the columns that conditions are about
    codes = [part["warehouse"] for part in decision.parts]
    return Tried(decision.order, ", ".join(codes), fits, _foretell(rule, fits, codes, decision))


def _foretell(rule: RoutingRule, fits: bool, codes: list[str], decision: RoutingDecision) -> str:
    """As far as the decision tells: the next best ways are on record with what they would have cost."""
    here = rule.warehouse.code
    others = [part["name"] for each in decision.alternatives for part in each["parts"] if part["warehouse"] != here]
    if rule.kind == Kind.PREFER:
        dearer = [
            Decimal(str(each["dearer"]))
            for each in decision.alternatives
            if [part["warehouse"] for part in each["parts"]] == [here]
        ]
        wins = fits and here not in codes and dearer and dearer[0] < rule.amount
        return f"{rule.warehouse.name}: it was {round_amount(dearer[0], decision.currency)} dearer" if wins else ""
    shut_out = fits if rule.kind == Kind.FORBID else not fits
    if not shut_out or here not in codes:
        return ""
    return others[0] if others else "nobody else had it"
