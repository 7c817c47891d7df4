"""Channels: where orders come from. Their webhook secret can be set here, and never read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from oms.admin.lists import ShortListAdmin
from oms.models import Channel
from oms.money import MINOR_UNITS
from oms.templatetags.showing import badge

GATEWAYS = [
    ("manual", "By hand: staff ask for it and record it"),
    ("stripe", "Stripe: its own payment page"),
    ("channel", "The channel: it asks the customer itself"),
    ("sandbox", "Sandbox: a payment page for trying things out, no real money"),
]
WEBHOOKS = "/api/v1/channels/{code}/webhooks/"


class ChannelForm(forms.ModelForm):
    """`new_secret` goes in and never comes out; empty leaves the old one."""

    gateway = forms.ChoiceField(
        label="Where customers pay what an edit adds",
        choices=GATEWAYS,
        initial="manual",
        widget=UnfoldAdminSelectWidget,
        help_text="Money that goes back takes the way it came, whatever is chosen here. Without its key in the "
        "settings a gateway is not asked, and staff do it by hand.",
    )

    new_secret = forms.CharField(
        label="Webhook secret",
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="The channel signs its messages with it. Stored encrypted and never shown; empty keeps the old one.",
    )

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if currency not in MINOR_UNITS:
            raise forms.ValidationError(f"{currency} is not an ISO 4217 currency code.")
        return currency


class ChannelAdmin(ShortListAdmin):
    title = "Channels"
    form = ChannelForm
    list_display = ("shown_name", "connector", "currency", "edit_window", "pilot", "signed", "shown_active")
    search_fields = ("code", "name")
    fieldsets = (
        (None, {"fields": (("code", "name"), ("connector", "currency"), "already_sold", "active")}),
        (
            "Edits by customers",
            {
                "fields": (
                    "edit_window_minutes",
                    "self_service_share",
                    ("approval_minutes", "payment_minutes"),
                    "gateway",
                ),
                "description": "Which orders get which window is said by the edit window rules; the minutes here hold "
                "where no rule fits. A pilot begins with a small share of customers and ends at 100.",
            },
        ),
        ("Mails", {"fields": ("confirmation_mail", "parcel_mail")}),
        ("Webhooks", {"fields": ("new_secret", "has_secret", "webhook_address")}),
    )
    readonly_fields = ("has_secret", "webhook_address")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Channel | None:
        channel = super().get_object(request, object_id, from_field)
        if channel:
            channel.asked_at = request.build_absolute_uri("/")[:-1]
        return channel

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Channel, form: forms.ModelForm, change: bool) -> None:
        if secret := form.cleaned_data.get("new_secret"):
            obj.webhook_secret = secret
        super().save_model(request, obj, form, change)

    @admin.display(description="Channel", ordering="name")
    def shown_name(self, channel: Channel) -> SafeString:
        names = (channel.name, channel.code)
        return format_html('<span class="row-link">{}</span><br><span class="soft">{}</span>', *names)

    @admin.display(description="Edit window")
    def edit_window(self, channel: Channel) -> str:
        return f"{channel.edit_window_minutes} min" if channel.edit_window_minutes else "none"

    @admin.display(description="Customers who may edit")
    def pilot(self, channel: Channel) -> str:
        return {0: "none", 100: "all"}.get(channel.self_service_share, f"{channel.self_service_share} %")

    @admin.display(description="Webhooks")
    def signed(self, channel: Channel) -> SafeString:
        return badge("signed", "good") if channel.webhook_secret else badge("no secret", "mute")

    @admin.display(description="Active")
    def shown_active(self, channel: Channel) -> SafeString:
        return badge("active", "good") if channel.active else badge("switched off", "mute")

    @admin.display(description="Secret on file")
    def has_secret(self, channel: Channel) -> str:
        return "yes" if channel.webhook_secret else "no: messages of this channel are refused"

    @admin.display(description="Webhook address")
    def webhook_address(self, channel: Any) -> SafeString | str:
        """What to enter at the channel; the topic follows it."""
        if not channel.pk:
            return "shown once the channel is saved"
        address = f"{channel.asked_at}{WEBHOOKS.format(code=channel.code)}"
        return format_html('<code class="code wrap" style="user-select: all">{}</code>', address)
