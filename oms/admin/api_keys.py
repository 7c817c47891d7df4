"""API keys: issued and shown once, revoked for good."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.actions.issuing_keys import issue_api_key, revoke_api_key
from oms.admin.asking import Question, actor_of, ask, carry_out, require, show_question
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.models import ApiKey, Channel
from oms.models.api_key import Scope
from oms.templatetags.showing import badge, moment


class KeyForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="Who will hold this key.")
    scopes = forms.MultipleChoiceField(choices=Scope, widget=forms.CheckboxSelectMultiple, label="It may")
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Only these channels",
        help_text="None ticked: all.",
    )
    warehouses = forms.CharField(
        required=False, label="Only these warehouses", help_text="Codes, separated by spaces. Empty: all."
    )


class ApiKeyAdmin(ReadOnlyAdmin):
    """The list, issuing and revoking. The secret is on one page, once."""

    title = "API keys"
    nouns = ("key", "keys")
    views = (
        SavedView("usable", "Usable", lambda keys, at: keys.usable()),
        SavedView("all", "All"),
    )
    list_display = ("name", "shown_prefix", "may", "limits", "created", "ends", "state", "revoke_link")
    list_display_links = None
    change_list_template = "oms/admin/api_keys.html"

    def routes(self) -> Sequence[Route]:
        return [("issue/", self.issue, "issue"), ("<int:key_id>/revoke/", self.revoke, "revoke")]

    def issue(self, request: HttpRequest) -> HttpResponse:
        require(request, "oms.add_apikey", "Your role does not include issuing API keys.")
        form = KeyForm(request.POST if request.method == "POST" else None)
        secrets: list[tuple[ApiKey, str]] = []

        def issue() -> str:
            asked = form.cleaned_data
            by, at = actor_of(request), timezone.now()
            channels = [channel.code for channel in asked["channels"]]
            warehouses = asked["warehouses"].upper().split()
            secrets.append(
                issue_api_key(
                    name=asked["name"], scopes=asked["scopes"], channels=channels, warehouses=warehouses, by=by, at=at
                )
            )
            return f"A key for {asked['name']} is issued."

        if form.is_valid() and carry_out(request, issue, form=form) and secrets:
            return self._show_once(request, *secrets[0])
        question = Question(
            title="Issue an API key",
            consequence="The key is shown once, on the next page. Only its fingerprint is stored.",
            submit="Issue key",
            back=reverse("admin:oms_apikey_changelist"),
        )
        return show_question(request, question, form)

    def revoke(self, request: HttpRequest, key_id: int) -> HttpResponse:
        require(request, "oms.delete_apikey", "Your role does not include revoking API keys.")
        key = ApiKey.objects.filter(id=key_id).first()
        question = Question(
            title="Revoke an API key",
            consequence=f"{key or 'This key'} opens nothing any more, at once and for good.",
            submit="Revoke",
            back=reverse("admin:oms_apikey_changelist"),
            tone="bad",
        )

        def act(answer: dict[str, Any]) -> str:
            revoked = revoke_api_key(key_id=key_id, by=actor_of(request), at=timezone.now())
            return f"The key of {revoked.name} is revoked."

        return ask(request, question, act)

    def _show_once(self, request: HttpRequest, key: ApiKey, secret: str) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "The new key", "key": key, "secret": secret}
        return TemplateResponse(request, "oms/admin/api_key_once.html", context)

    @admin.display(description="Key")
    def shown_prefix(self, key: ApiKey) -> SafeString:
        return format_html('<span class="code">{}…</span>', key.prefix)

    @admin.display(description="May")
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description="Only")
    def limits(self, key: ApiKey) -> str:
        return ", ".join([*key.channels, *key.warehouses]) or "–"

    @admin.display(description="Issued")
    def created(self, key: ApiKey) -> Any:
        return moment(key.created_at)

    @admin.display(description="Ends")
    def ends(self, key: ApiKey) -> Any:
        return moment(key.expires_at)

    @admin.display(description="State")
    def state(self, key: ApiKey) -> SafeString:
        if key.revoked_at:
            return badge("revoked", "mute")
        over = key.expires_at and key.expires_at <= timezone.now()
        return badge("over", "mute") if over else badge("usable", "good")

    @admin.display(description="")
    def revoke_link(self, key: ApiKey) -> SafeString | str:
        if key.revoked_at:
            return ""
        return format_html('<a class="link" href="{}">Revoke</a>', reverse("admin:oms_apikey_revoke", args=[key.pk]))
