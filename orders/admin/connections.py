"""Other systems that we call with credentials: what may be typed in is kept and never shown, and can be tried."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminPasswordWidget

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.lists import Route, ShortListAdmin
from oms.templatetags.showing import badge, moment


def secret_field(label: str, help_text: str) -> forms.CharField:
    widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
    said = f"{help_text} Stored encrypted and never shown; empty keeps the old one."
    return forms.CharField(label=label, required=False, widget=widget, help_text=said)


def clean_called(url: str) -> str:
    """An address that we may call, or none."""
    called = ("https://", "http://") if settings.CALL_PRIVATE_ADDRESSES else ("https://",)
    if url and not url.startswith(called):
        raise forms.ValidationError("Only https addresses are called.")
    if "@" in urlsplit(url).netloc:
        raise forms.ValidationError("Name and password do not belong in the address, where everybody reads them.")
    return url


class ConnectionAdmin(ShortListAdmin):
    """Rows with `key`, `secret`, `active` and `paused_until`; the form has `new_key` and `new_secret`. Who was told
    something by them is on record, so they are switched off and never deleted.
    """

    rows = ""
    """What they are called together."""
    trial = ""
    """What happens when the connection is tried."""

    def ask_who(self, key: int, *, by: str, at: datetime) -> str:
        """Call the system; the name that it gives itself."""
        raise NotImplementedError

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "kind") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def routes(self) -> Sequence[Route]:
        return (("<int:key>/try/", self.try_connection, "try"),)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        obj.key = form.cleaned_data.get("new_key") or obj.key
        obj.secret = form.cleaned_data.get("new_secret") or obj.secret
        super().save_model(request, obj, form, change)

    def try_connection(self, request: HttpRequest, key: int) -> HttpResponse:
        name = self.opts.model_name
        require(request, f"{self.opts.app_label}.change_{name}", f"Your role does not include changing {self.rows}.")
        question = Question(
            title="Try the connection",
            consequence=self.trial,
            submit="Try",
            back=reverse(f"admin:{self.opts.app_label}_{name}_changelist"),
        )

        def act(answer: dict[str, Any]) -> str:
            return f"{self.ask_who(key, by=actor_of(request), at=timezone.now())} answers."

        return ask(request, question, act)

    @admin.display(description="State")
    def shown_state(self, row: Any) -> SafeString:
        if not row.active:
            return badge("switched off", "mute")
        if row.paused_until and row.paused_until > timezone.now():
            return format_html("{} {}", badge("rests", "warm"), moment(row.paused_until))
        return badge("active", "good")

    @admin.display(description="")
    def try_link(self, row: Any) -> SafeString:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_try", args=[row.pk])
        return format_html('<a class="link" href="{}">Try the connection</a>', address)
