"""Carriers and their services. Credentials can be set here, and never read."""

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
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminURLInputWidget

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.lists import Route, ShortListAdmin
from oms.templatetags.showing import badge, moment
from orders.actions.shipping.checking import check_carrier
from orders.models import CarrierAccount, CarrierService

Kind = CarrierAccount.Kind


def _hidden(label: str, help_text: str) -> forms.CharField:
    widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
    said = f"{help_text} Stored encrypted and never shown; empty keeps the old one."
    return forms.CharField(label=label, required=False, widget=widget, help_text=said)


class AccountForm(forms.ModelForm):
    """The new credentials go in and never come out."""

    url = forms.URLField(
        label="Address",
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="Empty: the usual one. The house carrier: where a parcel can be followed, with {} for its number.",
    )
    new_key = _hidden("Key", "EasyPost: the API key.")
    new_secret = _hidden("Webhook secret", "What the carrier signs its messages with.")

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        called = ("https://", "http://") if settings.CALL_PRIVATE_ADDRESSES else ("https://",)
        if url and not url.startswith(called):
            raise forms.ValidationError("Only https addresses are called.")
        if "@" in urlsplit(url).netloc:
            raise forms.ValidationError("Name and password do not belong in the address, where everybody reads them.")
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind") or self.instance.kind
        if kind == Kind.EASYPOST and not (cleaned.get("new_key") or self.instance.key):
            self.add_error("new_key", "EasyPost lets in nobody without a key.")
        return cleaned


class CarrierAccountAdmin(ShortListAdmin):
    title = "Carriers"
    form = AccountForm
    list_display = ("name", "kind", "shown_services", "webhook", "shown_state", "try_link")
    search_fields = ("code", "name")
    fields = ("code", "name", "kind", "url", "new_key", "new_secret", "active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "kind") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def routes(self) -> tuple[Route, ...]:
        return (("<int:account_id>/try/", self.try_connection, "try"),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("services")

    def save_model(self, request: HttpRequest, obj: CarrierAccount, form: forms.ModelForm, change: bool) -> None:
        obj.key = form.cleaned_data.get("new_key") or obj.key
        obj.secret = form.cleaned_data.get("new_secret") or obj.secret
        super().save_model(request, obj, form, change)

    def try_connection(self, request: HttpRequest, account_id: int) -> HttpResponse:
        require(request, "orders.change_carrieraccount", "Your role does not include changing carriers.")
        question = Question(
            title="Try the connection",
            consequence="The carrier is asked whether it knows the key. Nothing is bought.",
            submit="Try",
            back=reverse("admin:orders_carrieraccount_changelist"),
        )

        def act(answer: dict[str, Any]) -> str:
            return f"{check_carrier(account_id=account_id, by=actor_of(request), at=timezone.now())} answers."

        return ask(request, question, act)

    @admin.display(description="Services")
    def shown_services(self, account: CarrierAccount) -> str:
        names = [service.name for service in account.services.all() if service.active]
        if not names:
            return "none" if account.kind == Kind.HOUSE else "all that it offers"
        return ", ".join(names)

    @admin.display(description="Takes messages at")
    def webhook(self, account: CarrierAccount) -> SafeString | str:
        if account.kind == Kind.HOUSE:
            return "–"
        return format_html(
            '<span class="code">{}/api/v1/carriers/{}/webhooks</span>', settings.PUBLIC_URL, account.code
        )

    @admin.display(description="State")
    def shown_state(self, account: CarrierAccount) -> SafeString:
        if not account.active:
            return badge("switched off", "mute")
        if account.paused_until and account.paused_until > timezone.now():
            return format_html("{} {}", badge("rests", "warm"), moment(account.paused_until))
        return badge("active", "good")

    @admin.display(description="")
    def try_link(self, account: CarrierAccount) -> SafeString:
        address = reverse("admin:orders_carrieraccount_try", args=[account.pk])
        return format_html('<a class="link" href="{}">Try the connection</a>', address)


class ServiceForm(forms.ModelForm):
    def clean_indicator(self) -> str:
        return str(self.cleaned_data["indicator"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        account = cleaned.get("account") or getattr(self.instance, "account", None)
        if account and account.kind == Kind.HOUSE and not cleaned.get("indicator"):
            self.add_error("indicator", "The house carrier's numbers begin with two letters (UPU S10), such as CP.")
        return cleaned


class CarrierServiceAdmin(ShortListAdmin):
    title = "Carrier services"
    form = ServiceForm
    list_display = ("name", "code", "account", "shown_express", "limits", "shown_state")
    list_select_related = ("account",)
    search_fields = ("code", "name")
    fields = (
        *("account", "code", "name", "express", "tracked", "indicator", "most_grams", "volumetric_divisor", "active"),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("account", "code") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description="Speed")
    def shown_express(self, service: CarrierService) -> str:
        return "express" if service.express else "usual"

    @admin.display(description="Takes")
    def limits(self, service: CarrierService) -> str:
        most = f"up to {service.most_grams / 1000:g} kg" if service.most_grams else "any weight"
        volume = f", volume ÷ {service.volumetric_divisor}" if service.volumetric_divisor else ""
        return most + volume

    @admin.display(description="State")
    def shown_state(self, service: CarrierService) -> SafeString:
        return badge("in use", "good") if service.active else badge("switched off", "mute")
