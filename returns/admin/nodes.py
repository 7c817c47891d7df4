"""Places that take returns: what they cost, from where they take, and what goods bring there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest

from oms.admin.lists import ShortListAdmin
from oms.countries import COUNTRIES
from oms.currencies import MINOR_UNITS
from oms.templatetags.showing import money
from returns.models import Return, ReturnNode


class NodeForm(forms.ModelForm):
    """Countries as people list them."""

    class Meta:
        model = ReturnNode
        fields = "__all__"  # noqa: DJ007 - the page of it says which

    def clean_countries(self) -> list[str]:
        codes = sorted({code.strip().upper() for code in self.cleaned_data["countries"]} - {""})
        if wrong := [code for code in codes if code not in COUNTRIES]:
            raise forms.ValidationError(f"{', '.join(wrong)}: no country has that code.")
        return codes

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if code not in MINOR_UNITS:
            raise forms.ValidationError(f"{code} is no currency.")
        return code

    def clean_resale_percent(self) -> int:
        percent = int(self.cleaned_data["resale_percent"])
        if percent > 100:
            raise forms.ValidationError("Goods that came back bring 100 % of their price at most.")
        return percent


class ReturnNodeAdmin(ShortListAdmin):
    """Closing one sends what is asked for from then on elsewhere; what is on its way still arrives."""

    title = "Places that take returns"
    form = NodeForm
    list_display = ("warehouse", "kind", "takes_from", "handling", "resale", "on_the_way", "active")
    list_select_related = ("warehouse",)
    fieldsets = (
        (None, {"fields": (("warehouse", "kind"), ("countries", "active"))}),
        ("What it costs and brings", {"fields": (("handling_cost", "currency"), "resale_percent")}),
        ("For whoever brings it", {"fields": ("instructions",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnNode]:
        coming = Count("returns", filter=Q(returns__status=Return.Status.OPEN, returns__received_at=None))
        return super().get_queryset(request).annotate(coming=coming)

    @admin.display(description="Takes from")
    def takes_from(self, node: ReturnNode) -> str:
        return ", ".join(node.countries) or "everywhere"

    @admin.display(description="Handling an item")
    def handling(self, node: ReturnNode) -> Any:
        return money(node.handling_cost, node.currency)

    @admin.display(description="Grade B brings")
    def resale(self, node: ReturnNode) -> str:
        return f"{node.resale_percent} %"

    @admin.display(description="On their way")
    def on_the_way(self, node: Any) -> int:
        return int(node.coming)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
