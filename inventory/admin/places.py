"""Warehouses, and the units that channels are not told of."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from inventory.models import ChannelBuffer
from oms.admin.lists import ShortListAdmin
from oms.countries import COUNTRIES
from oms.templatetags.showing import units


class WarehouseForm(forms.ModelForm):
    country = forms.ChoiceField(choices=[(code, code) for code in sorted(COUNTRIES)], widget=UnfoldAdminSelectWidget)
    time_zone = forms.ChoiceField(
        choices=[(name, name) for name in sorted(available_timezones())], initial="UTC", widget=UnfoldAdminSelectWidget
    )


class WarehouseAdmin(ShortListAdmin):
    """Opening or closing one changes what may be sold of every SKU in it, so that is not a tick in a form."""

    title = "Warehouses"
    form = WarehouseForm
    list_display = ("code", "name", "country", "city", "priority", "active")
    fields = ("code", "name", "country", "city", "address", "time_zone", "priority", "active")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return ("code", "active") if obj else ("active",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ChannelBufferAdmin(ShortListAdmin):
    title = "Channel buffers"
    list_display = ("channel", "for_what", "shown_units")
    list_select_related = ("channel", "variant")
    list_per_page = 100
    list_filter = ("channel",)
    search_fields = ("variant__sku",)
    autocomplete_fields = ("variant",)

    @admin.display(description="For")
    def for_what(self, buffer: ChannelBuffer) -> str:
        return buffer.variant.sku if buffer.variant else "every other SKU"

    @admin.display(description="Units kept back")
    def shown_units(self, buffer: ChannelBuffer) -> str:
        return units(buffer.units)
