"""Return reasons: the list that customers choose from, in every language that is offered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from oms.admin.lists import ShortListAdmin
from oms.templatetags.showing import badge
from returns.admin.languages import name_fields, read_said, show_said
from returns.models import ReturnReason

# Shopify's ReturnReason.
SHOPIFY = (
    *("COLOR", "DEFECTIVE", "NOT_AS_DESCRIBED", "OTHER", "SIZE_TOO_LARGE", "SIZE_TOO_SMALL", "STYLE", "UNKNOWN"),
    *("UNWANTED", "WRONG_ITEM"),
)
_TONES = {"NOT_AS_EXPECTED": "cool", "DAMAGED_IN_TRANSIT": "warm", "MISUNDERSTANDING": "mute", "ABUSE": "bad"}


class ReturnReasonForm(forms.ModelForm):
    """One field a language: `label_en`, `label_zh-hans`, …"""

    shopify = forms.ChoiceField(
        label="Shopify's word",
        choices=[(word, word.replace("_", " ").lower()) for word in SHOPIFY],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_said(self, "label", self.instance.labels)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.labels = read_said(cleaned, "label", self.instance.labels)
        return cleaned


def _label(required: bool) -> forms.CharField:
    return forms.CharField(required=required, max_length=120, widget=UnfoldAdminTextInputWidget)


LABELS = name_fields("label", _label)


class ReturnReasonAdmin(ShortListAdmin):
    title = "Return reasons"
    form = type("ReasonForm", (ReturnReasonForm,), dict(LABELS))
    list_display = ("shown_label", "code", "shown_cause", "asks", "active", "position")
    list_display_links = ("shown_label",)
    ordering = ("position", "code")
    ordering_field = "position"
    sortable_by = ()
    filter_horizontal = ("categories",)
    fieldsets = (
        (None, {"fields": (("code", "active"), tuple(LABELS), ("root_cause", "shopify"))}),
        ("What is asked", {"fields": (("needs_photo", "needs_comment"), "merchant_fault", "categories", "position")}),
    )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: ReturnReason | None = None) -> bool:
        """Returns bear them for ever; one that is not wanted any more is switched off."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: ReturnReason | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    @admin.display(description="Reason")
    def shown_label(self, reason: ReturnReason) -> SafeString:
        return format_html('<span class="row-link">{}</span>', str(reason))

    @admin.display(description="Root cause")
    def shown_cause(self, reason: ReturnReason) -> SafeString:
        return badge(reason.get_root_cause_display(), _TONES[reason.root_cause])

    @admin.display(description="Asks for")
    def asks(self, reason: ReturnReason) -> str:
        asked = [("a photo", reason.needs_photo), ("a few words", reason.needs_comment)]
        return ", ".join(name for name, wanted in asked if wanted) or "–"
