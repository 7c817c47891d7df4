"""Carriers and their services. Credentials can be set here, and never read."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminURLInputWidget

from oms.admin.lists import ShortListAdmin
from oms.templatetags.showing import badge
from orders.actions.shipping.checking import check_carrier
from orders.admin.connections import ConnectionAdmin, clean_called, secret_field
from orders.models import CarrierAccount, CarrierService

Kind = CarrierAccount.Kind


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
    new_key = secret_field("Key", "EasyPost: the API key.")
    new_secret = secret_field("Webhook secret", "What the carrier signs its messages with.")

    def clean_url(self) -> str:
        return clean_called(self.cleaned_data["url"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind") or self.instance.kind
        if kind == Kind.EASYPOST and not (cleaned.get("new_key") or self.instance.key):
            self.add_error("new_key", "EasyPost lets in nobody without a key.")
        return cleaned


class CarrierAccountAdmin(ConnectionAdmin):
    title = "Carriers"
    rows = "carriers"
    trial = "The carrier is asked whether it knows the key. Nothing is bought."
    form = AccountForm
    list_display = ("name", "kind", "shown_services", "webhook", "shown_state", "try_link")
    search_fields = ("code", "name")
    fields = ("code", "name", "kind", "url", "new_key", "new_secret", "active")

    def ask_who(self, key: int, *, by: str, at: datetime) -> str:
        return check_carrier(account_id=key, by=by, at=at)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("services")

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
