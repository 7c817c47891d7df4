"""Who may change what on an order: the table in its order, what each row says, and which row decides."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from oms.admin.asking import actor_of, carry_out, require
from oms.models import EventRecord
from oms.templatetags.showing import badge
from orders.actions.edits.permitting import delete_permission, reorder_permissions, save_permission
from orders.admin.permission_preview import read_matrix, read_question, value_of
from orders.admin.windows import ArrangedAdmin, sent_order
from orders.models import EditPermission
from orders.policies.edits.permission_words import NOTHING, read_limits, say_limits, say_permission

TONES = {"ALLOW": "good", "APPROVE": "warm", "REFUSE": "bad"}
WHERE = [("", "wherever it goes"), ("True", "only to another country"), ("False", "only within its country")]
HISTORY = 12


class PermissionForm(forms.ModelForm):
    """Limits are typed as people write them, the country is asked in words."""

    limits = forms.CharField(
        label="Raises the order by at most",
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text="Like 200 EUR, 220 USD. In a currency that is not named the row fits only what costs nothing more. "
        f"Empty: any amount. “{NOTHING}”: only what costs nothing more.",
    )
    to_another_country = forms.TypedChoiceField(
        label="Destination",
        choices=WHERE,
        coerce=lambda word: word == "True",
        empty_value=None,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["limits"] = say_limits(value_of(self.instance).limits)
            asked = self.instance.to_another_country
            self.initial["to_another_country"] = "" if asked is None else str(asked)

    def clean_limits(self) -> dict[str, str] | None:
        try:
            return read_limits(self.cleaned_data["limits"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None


class PermissionAdmin(ArrangedAdmin):
    title = "Who may change what"
    form = PermissionForm
    list_display = ("shown_sentence", "verdict_badge", "told", "position")
    list_display_links = ("shown_sentence",)
    ordering = ("position", "id")
    sortable_by = ()
    ordering_field = "position"
    list_before_template = "orders/admin/permissions_before.html"
    change_list_template = "orders/admin/permission_list.html"
    fieldsets = (
        (
            None,
            {
                "fields": (("actor", "operation"), ("stage", "to_another_country"), "limits"),
                "description": "The row fits when all of this does. Of all rows the first that fits decides; where "
                "none fits, the change is refused.",
            },
        ),
        ("Then", {"fields": ("verdict", "sentence")}),
    )

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        return [path("preview/", preview, name="orders_editpermission_preview"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and self.has_change_permission(request):
            return self._reorder(request)
        context = {"history": read_history(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def save_model(self, request: HttpRequest, obj: EditPermission, form: Any, change: bool) -> None:
        save_permission(permission=obj, by=actor_of(request), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        delete_permission(permission_id=obj.pk, by=actor_of(request), at=timezone.now())

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Each operation at each stage, for one actor and one amount: the verdict, and the row that says so."""
        require(request, "orders.view_editpermission", "Your role does not include reading this table.")
        question = read_question(request.GET)
        context = {
            **self.admin_site.each_context(request),
            "title": "Which row decides",
            "trail": [(self.title, reverse("admin:orders_editpermission_changelist"))],
            "form": question.form,
            "asked": question.said,
            **read_matrix(question),
        }
        return TemplateResponse(request, "orders/admin/permission_preview.html", context)

    def _reorder(self, request: HttpRequest) -> HttpResponse:
        def act() -> str:
            reorder_permissions(permission_ids=sent_order(request), by=actor_of(request), at=timezone.now())
            return "The rows are asked in this order now."

        carry_out(request, act)
        return HttpResponseRedirect(request.get_full_path())

    @admin.display(description="What it says")
    def shown_sentence(self, row: EditPermission) -> SafeString:
        return format_html('<span class="row-link">{}</span>', say_permission(value_of(row)))

    @admin.display(description="Verdict")
    def verdict_badge(self, row: EditPermission) -> SafeString:
        return badge(row.get_verdict_display(), TONES[row.verdict])

    @admin.display(description="Told with it")
    def told(self, row: EditPermission) -> str:
        return row.sentence or "–"


def read_history() -> list[dict[str, Any]]:
    """The last changes of the table, the newest first, as sentences."""
    records = EventRecord.objects.filter(subject_kind="edit_permission").order_by("-id")[:HISTORY]
    return [{"at": record.at, "by": record.by, **_tell(record)} for record in records]


def _tell(record: EventRecord) -> dict[str, str]:
    facts = record.facts
    if record.type == "edit_permission.ordered":
        return {"what": "Another order", "before": "", "after": ""}
    before, after = (say_permission(value_of(facts[side])) if facts.get(side) else "" for side in ("before", "after"))
    what = "Changed" if before and after else "Added" if after else "Removed"
    return {"what": what, "before": before, "after": after}
