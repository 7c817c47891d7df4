"""Warehouses, and the units that channels are not told of."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from inventory.actions.opening import close_warehouse, open_warehouse
from inventory.models import ChannelBuffer, Warehouse
from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.lists import Route, ShortListAdmin
from oms.countries import COUNTRIES
from oms.templatetags.showing import units

_CLOSING = (
    "Its stock can no longer be promised. Orders whose promise rested on it go short, the newest first, and are held "
    "until stock arrives elsewhere."
)
_OPENING = "Its stock can be promised again; orders that wait get it first."


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class WorkingDaysField(forms.MultipleChoiceField):
    """The days of a week as boxes, kept as their ISO 8601 numbers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=list(enumerate(DAYS, start=1)),
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            **options,
        )

    def clean(self, value: Any) -> Any:
        return sorted(int(day) for day in super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed([str(day) for day in initial or ()], data)


class HolidaysField(forms.CharField):
    """Days as people list them: one a line, or with commas between, each like 2026-12-25."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(day.isoformat() for day in sorted(value or ()))

    def to_python(self, value: Any) -> Any:
        days = set()
        for word in re.split(r"[\s,;]+", value or ""):
            try:
                days |= {date.fromisoformat(word)} if word else set()
            except ValueError:
                raise forms.ValidationError(f"{word} is no day; write it like 2026-12-25.") from None
        return sorted(days)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return sorted(initial or ()) != self.to_python(data)
        except forms.ValidationError:
            return True


PARTS = ("company", "line1", "line2", "postal_code", "province", "phone")
"""Of a warehouse's address; town and country stand beside them."""
WHERE = (("company", "phone"), ("line1", "line2"), ("postal_code", "city"), ("province", "country"))


def _part(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, widget=UnfoldAdminTextInputWidget)


class WarehouseForm(forms.ModelForm):
    """The address is asked part by part; parts that it has beyond these stay as they are."""

    company = _part("Company")
    line1 = _part("Street and house number")
    line2 = _part("Building, gate, dock")
    postal_code = _part("Postal code")
    province = _part("Province or state")
    phone = _part("Phone")
    working_days = WorkingDaysField(
        help_text="On other days no parcel leaves: the next cut-off is that of the next working day."
    )
    holidays = HolidaysField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="Days on which nothing leaves, beside the weekly ones, each like 2026-12-25.",
    )
    country = forms.ChoiceField(choices=[(code, code) for code in sorted(COUNTRIES)], widget=UnfoldAdminSelectWidget)
    time_zone = forms.ChoiceField(
        choices=[(name, name) for name in sorted(available_timezones())], initial="UTC", widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PARTS:
            self.initial[name] = self.instance.address.get(name, "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts = {name: cleaned.get(name, "") for name in PARTS}
        parts |= {"city": cleaned.get("city", ""), "country": cleaned.get("country", "")}
        self.instance.address = {name: value for name, value in (self.instance.address | parts).items() if value}
        return cleaned


class WarehouseAdmin(ShortListAdmin):
    """Opening or closing one changes what may be sold of every SKU in it, so that is not a tick in a form."""

    title = "Warehouses"
    form = WarehouseForm
    list_display = ("code", "name", "country", "city", "leaves", "works", "priority", "active", "switch_link")
    fieldsets = (
        (None, {"fields": (("code", "name"), ("priority", "active"))}),
        ("Where it stands", {"fields": WHERE}),
        ("When parcels leave", {"fields": (("cut_off", "time_zone"), "working_days", "holidays")}),
        ("How it works", {"fields": (("daily_capacity", "partner"),)}),
    )
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return ("code", "active") if obj else ("active",)

    def routes(self) -> Sequence[Route]:
        return [("<str:code>/switch/", self.switch, "switch")]

    def switch(self, request: HttpRequest, code: str) -> HttpResponse:
        """Open a closed warehouse, close an open one."""
        require(request, "inventory.move_stock", "Your role does not include opening and closing warehouses.")
        warehouse = get_object_or_404(Warehouse, code=code)
        verb, act = ("Close", close_warehouse) if warehouse.active else ("Open", open_warehouse)
        question = Question(
            title=f"{verb} {warehouse.name}",
            consequence=_CLOSING if warehouse.active else _OPENING,
            submit=verb,
            back=reverse("admin:inventory_warehouse_changelist"),
            tone="bad" if warehouse.active else "cool",
        )

        def switch(answer: dict[str, Any]) -> str:
            act(code=code, by=actor_of(request), at=timezone.now())
            return f"{warehouse.name} is {'closed' if warehouse.active else 'open'}."

        return ask(request, question, switch)

    @admin.display(description="Parcels leave")
    def leaves(self, warehouse: Warehouse) -> str:
        """ "Mon–Fri by 14:00 (Europe/Berlin)" """
        if warehouse.cut_off is None:
            return "no cut-off"
        return f"{say_days(warehouse.working_days)} by {warehouse.cut_off:%H:%M} ({warehouse.time_zone})"

    @admin.display(description="Works")
    def works(self, warehouse: Warehouse) -> str:
        """ "partner, 400 parcels a day" """
        capacity = f"{warehouse.daily_capacity:,} parcels a day" if warehouse.daily_capacity is not None else ""
        return ", ".join(filter(None, ("partner" if warehouse.partner else "our own", capacity)))

    @admin.display(description="")
    def switch_link(self, warehouse: Warehouse) -> SafeString:
        verb = "Close" if warehouse.active else "Open"
        address = reverse("admin:inventory_warehouse_switch", args=[warehouse.code])
        return format_html('<a class="link" href="{}">{}</a>', address, verb)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def say_days(days: Sequence[int]) -> str:
    """ "Mon–Fri", "Mon, Wed, Sat"; the days as ISO 8601 numbers."""
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0] - 1]}–{DAYS[days[-1] - 1]}"
    return ", ".join(DAYS[day - 1] for day in days) or "never"


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
