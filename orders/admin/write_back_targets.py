"""The systems that are told of what becomes of orders. Their credentials can be set here, and never read."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminURLInputWidget

from inventory.queries.told import Lag as StockLag
from inventory.queries.told import read_lags as read_stock_lags
from oms.admin.figures import snapshot
from oms.templatetags.showing import badge
from orders.actions.write_back.reviewing import check_target
from orders.admin.connections import ConnectionAdmin, clean_called, secret_field
from orders.admin.write_back_words import say_lag
from orders.channels.outgoing.registry import offers
from orders.models import WriteBackTarget
from orders.queries.write_back_lag import Lag, read_lags

Kind = WriteBackTarget.Kind


class TargetForm(forms.ModelForm):
    """The new credentials go in and never come out."""

    url = forms.URLField(
        label="Address",
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="https://shop.myshopify.com, https://shop.example, https://sellingpartnerapi-eu.amazon.com, "
        "https://api.bigcommerce.com/stores/…, or where the partner takes webhooks.",
    )
    sign_in_url = forms.URLField(
        label="Sign-in address",
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="Where the refresh token is exchanged; empty: Amazon's own.",
    )
    new_key = secret_field(
        "Key", "Shopify, BigCommerce: the access token. WooCommerce: the consumer key. Amazon: the refresh token."
    )
    new_secret = secret_field(
        "Secret", "WooCommerce: the consumer secret. Amazon: the client secret. Partners: the signing secret, whsec_…"
    )

    def clean_url(self) -> str:
        return clean_called(self.cleaned_data["url"])

    def clean_sign_in_url(self) -> str:
        return clean_called(self.cleaned_data["sign_in_url"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key = cleaned.get("new_key") or self.instance.key
        secret = cleaned.get("new_secret") or self.instance.secret
        kind = cleaned.get("kind") or self.instance.kind
        if kind != Kind.PARTNER and not key:
            self.add_error("new_key", "This system lets in nobody without a key.")
        if kind in (Kind.WOOCOMMERCE, Kind.AMAZON, Kind.PARTNER) and not secret:
            self.add_error("new_secret", "This system needs a secret as well.")
        if cleaned.get("tells_stock") and not cleaned.get("channel"):
            self.add_error("channel", "Stock is told to one channel: choose which.")
        if cleaned.get("tells_stock") and kind and not offers(kind, "STOCK"):
            self.add_error("tells_stock", "This system cannot be told of stock yet.")
        if cleaned.get("takes_credit") and kind and not offers(kind, "CREDIT"):
            self.add_error("takes_credit", "This system keeps no store credit for customers.")
        needed = ("account", "marketplace", *(("seller",) if cleaned.get("tells_stock") else ()))
        for name in needed:
            if kind == Kind.AMAZON and not cleaned.get(name):
                self.add_error(name, "Amazon wants to know this as well.")
        return cleaned


def show_lag(lag: StockLag) -> SafeString:
    """p50 2 s, p95 9 s; in red what it could not be told."""
    said = f"p50 {lag.p50:.0f} s, p95 {lag.p95:.0f} s" if lag.p50 is not None and lag.p95 is not None else "none told"
    waits = f"{lag.due} due" if lag.due else ""
    title = f"{lag.told} SKUs told in a day; from the change until the channel had it"
    refused = badge(f"{lag.refused} not taken", "bad") if lag.refused else ""
    return format_html('<span title="{}">{}</span> <span class="soft">{}</span> {}', title, said, waits, refused)


class TargetList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """With what each has been measured at, read once for all of them."""
        super().get_results(request)
        lags = read_lags()
        for target in self.result_list:
            target.lag = lags.get(target.pk)


class WriteBackTargetAdmin(ConnectionAdmin):
    title = "Systems told of orders"
    rows = "other systems"
    trial = "The system is asked who it is; a partner gets a signed message of the type connection.tried."
    change_list_template = "orders/admin/write_back_targets.html"
    form = TargetForm
    list_display = ("name", "kind", "shown_channel", "url", "patience", "shown_lag", "stock", "shown_state", "try_link")
    search_fields = ("code", "name")
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "channel", "url", "new_key", "new_secret")}),
        ("Amazon only", {"fields": ("account", "marketplace", "seller", "sign_in_url")}),
        ("BigCommerce only", {"fields": ("location",)}),
        (None, {"fields": ("acknowledge_within", "tells_stock", "takes_credit", "active")}),
    )

    def ask_who(self, key: int, *, by: str, at: datetime) -> str:
        return check_target(target_id=key, by=by, at=at)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TargetList

    @admin.display(description="Orders of")
    def shown_channel(self, target: WriteBackTarget) -> str:
        return target.channel.code if target.channel else "all channels"

    @admin.display(description="Acknowledges within")
    def patience(self, target: WriteBackTarget) -> str:
        return f"{target.acknowledge_within} min"

    @admin.display(description="Stock")
    def stock(self, target: WriteBackTarget) -> SafeString | str:
        """How far behind it is with stock, as measured in a day."""
        if not target.tells_stock or target.channel_id is None:
            return "not told"
        lag = snapshot("stock-lags", lambda: read_stock_lags(timezone.now())).get(target.channel_id)
        return show_lag(lag) if lag else "nothing told yet"

    @admin.display(description="Acknowledged after")
    def shown_lag(self, target: WriteBackTarget) -> str:
        """Of the latest messages: half of them within the first, 95 of 100 within the second."""
        lag: Lag | None = getattr(target, "lag", None)
        return f"{say_lag(lag.median)} · 95 % {say_lag(lag.slow)}" if lag else "–"
