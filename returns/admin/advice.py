"""What may save a return: hints for whoever is about to ask for one, and how often each of them did."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminURLInputWidget

from oms.admin.lists import ShortListAdmin
from returns.admin.languages import name_fields, read_said, show_said
from returns.models import ReturnAdvice


class ReturnAdviceForm(forms.ModelForm):
    """One field a language: `text_en`, `text_zh-hans`, …"""

    link = forms.URLField(required=False, max_length=500, assume_scheme="https", widget=UnfoldAdminURLInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_said(self, "text", self.instance.texts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("reason", "category", "product")):
            self.add_error("reason", "Say what it is for: a reason, a category or a product.")
        self.instance.texts = read_said(cleaned, "text", self.instance.texts)
        return cleaned


def _text(required: bool) -> forms.CharField:
    return forms.CharField(required=required, max_length=600, widget=UnfoldAdminTextareaWidget)


TEXTS = name_fields("text", _text)


class ReturnAdviceAdmin(ShortListAdmin):
    title = "Advice before returns"
    form = type("AdviceForm", (ReturnAdviceForm,), dict(TEXTS))
    list_display = (
        "shown_name",
        "reason",
        "category",
        "product",
        "times_shown",
        "times_kept",
        "times_returned",
        "active",
    )
    list_display_links = ("shown_name",)
    list_select_related = ("reason", "category", "product")
    ordering = ("name",)
    sortable_by = ()
    raw_id_fields = ("product",)
    fieldsets = (
        (None, {"fields": (("name", "active"), tuple(TEXTS), "link")}),
        ("For what", {"fields": (("reason", "category", "product"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnAdvice]:
        counted = {"seen": Q(), "kept": Q(shown__kept_at__isnull=False), "back": Q(shown__returned_at__isnull=False)}
        return super().get_queryset(request).annotate(**{n: Count("shown", filter=q) for n, q in counted.items()})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: ReturnAdvice | None = None) -> bool:
        """Its figures would go with it; what is not wanted any more is switched off."""
        return False

    @admin.display(description="Advice")
    def shown_name(self, advice: ReturnAdvice) -> SafeString:
        return format_html('<span class="row-link">{}</span>', advice.name)

    @admin.display(description="Shown")
    def times_shown(self, advice: Any) -> int:
        return advice.seen

    @admin.display(description="They keep it")
    def times_kept(self, advice: Any) -> str:
        return _share(advice.kept, advice.seen)

    @admin.display(description="Returned all the same")
    def times_returned(self, advice: Any) -> str:
        return _share(advice.back, advice.seen)


def _share(part: int, of: int) -> str:
    return f"{part} ({100 * part // of} %)" if of else "–"
