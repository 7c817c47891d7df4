"""Velocity tiers: the steps in which SKUs count as hot, regular or slow."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.views import ChangeList

from inventory.models import VelocityTier
from oms.admin.asking import actor_of
from orders.actions.windows.arranging import faults_of
from orders.actions.windows.tiering import delete_tier, save_tier
from orders.admin.windows import ArrangedAdmin
from orders.admin.windows_form import point_to_fields
from orders.models import WindowRule
from orders.queries.windows.previews import count_skus_by_tier
from orders.queries.windows.rules import as_edition, describe_rules


class TierForm(forms.ModelForm):
    """The code is what rules name; while they do, it stays."""

    class Meta:
        model = VelocityTier
        fields = ("name", "code", "from_units_a_day")
        labels = {"from_units_a_day": "From so many units a day"}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            point_to_fields(self, faults_of(self.instance))


class TierList(ChangeList):
    """Each tier knows how many SKUs are in it now: one statement for all."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        counts = count_skus_by_tier(as_edition(describe_rules()), at=timezone.now())
        for tier in self.result_list:
            tier.sku_count = counts.get(tier.code, 0)


class TierAdmin(ArrangedAdmin):
    title = "Velocity tiers"
    list_before_template = "orders/admin/window_tiers.html"
    form = TierForm
    list_display = ("name", "code", "begins", "skus")
    sortable_by = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj and _is_named(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not while rules name it."""
        return super().has_delete_permission(request, obj) and not (obj and _is_named(obj))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TierList

    def save_model(self, request: HttpRequest, obj: VelocityTier, form: Any, change: bool) -> None:
        save_tier(tier=obj, by=actor_of(request), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: VelocityTier) -> None:
        delete_tier(tier_id=obj.pk, by=actor_of(request), at=timezone.now())

    @admin.display(description="Units a day")
    def begins(self, tier: VelocityTier) -> str:
        return f"{tier.from_units_a_day:g} and more"

    @admin.display(description="SKUs now")
    def skus(self, tier: Any) -> str:
        return f"{tier.sku_count:,}"


def _is_named(tier: VelocityTier) -> bool:
    return WindowRule.objects.filter(velocity_tiers__contains=[tier.code]).exists()
