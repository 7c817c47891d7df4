"""The page of a fulfillment: the packing bench. What to pick, where it goes, how it leaves, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from inventory.policies.swatches import find_swatch
from oms.admin.asking import dress
from oms.quantities import plain
from oms.templatetags.showing import clock
from orders.admin.fulfilling.buttons import BEGINNING, BUTTONS, LABEL_BUTTONS
from orders.admin.fulfilling.filters import BY_DUE
from orders.admin.fulfilling.scanning import Scanned
from orders.admin.fulfilling.words import say_grams, show_due, show_parcel_state, show_state
from orders.admin.timeline_sending import say_reason
from orders.models import Fulfillment, FulfillmentLine, Label, Shipment, TrackingEvent
from orders.wording.handling import describe_handling

Request = Fulfillment.RequestStatus


class ShipForm(forms.Form):
    """One parcel that leaves. Everything but the contents can stay empty where a label was bought."""

    grams = forms.IntegerField(
        label="Weight in grams", min_value=1, max_value=1_000_000, required=False, help_text="As the scales say."
    )
    tracking_number = forms.CharField(max_length=60, required=False)
    carrier = forms.CharField(max_length=120, required=False, help_text="Empty: as the number says.")
    everything = forms.BooleanField(required=False)


@dataclass(frozen=True)
class ShownLine:
    """One thing to pick. `left` is what is still to be picked of `most`."""

    line: FulfillmentLine
    swatch: str
    initial: str
    title: str
    options: str

    @property
    def most(self) -> Decimal:
        return self.line.quantity - self.line.short_quantity

    @property
    def left(self) -> Decimal:
        return self.most - self.line.picked_quantity

    @property
    def state(self) -> str:
        if not self.most:
            return "short"
        return "done" if not self.left else "begun" if self.line.picked_quantity else "open"


@dataclass(frozen=True)
class ShownParcel:
    """A parcel that has left, what is in it, and where it has been seen; newest first."""

    parcel: Shipment
    state: str
    goods: str
    seen: list[TrackingEvent] = field(default_factory=list)


def show_bench(request: HttpRequest, number: str, *, form: ShipForm | None = None) -> HttpResponse:
    fulfillment = fulfillment_for_staff(request, number)
    context = {
        **admin.site.each_context(request),
        **describe_work(request, fulfillment),
        **_describe(request, fulfillment, form, at=timezone.now()),
        "title": fulfillment.number,
        "trail": [("Fulfillments", reverse("admin:orders_fulfillment_changelist"))],
    }
    status = 422 if form and form.errors else 200
    return TemplateResponse(request, "orders/admin/bench.html", context, status=status)


def fulfillment_for_staff(request: HttpRequest, number: str) -> Fulfillment:
    """The fulfillment, with everything that its page joins to it.

    Raises:
        PermissionDenied: this person may not see fulfillments.
        Http404: there is no such one.
    """
    if not request.user.has_perm("orders.view_fulfillment"):
        raise PermissionDenied("Your role does not include reading fulfillments.")
    joined = ("order__channel", "order__customer", "warehouse", "service__account", "address")
    found = Fulfillment.objects.select_related(*joined).filter(number=number).first()
    if found is None:
        raise Http404(f"There is no fulfillment {number}.")
    return found


def list_lines(fulfillment: Fulfillment) -> list[FulfillmentLine]:
    return list(fulfillment.lines.select_related("order_line__variant__product").order_by("id"))


def describe_work(request: HttpRequest, fulfillment: Fulfillment, scanned: Scanned | None = None) -> dict[str, Any]:
    """The part of the page that every scan changes."""
    lines = [_show_line(line) for line in list_lines(fulfillment)]
    picked = sum((shown.line.picked_quantity for shown in lines), Decimal(0))
    total = sum((shown.most for shown in lines), Decimal(0))
    sent = sum((shown.line.shipped_quantity for shown in lines), Decimal(0))
    can_begin = fulfillment.status in BEGINNING
    return {
        "fulfillment": fulfillment,
        "lines": lines,
        "picked": picked,
        "total": total,
        "percent": int(100 * picked / total) if total else 0,
        "in_hand": picked - sent,
        "still_open": total - sent,
        "works": can_begin and request.user.has_perm("orders.work_fulfillment"),
        "scanned": scanned,
    }


def _show_line(line: FulfillmentLine) -> ShownLine:
    ordered = line.order_line
    swatch = find_swatch(ordered.variant.options) if ordered.variant else ""
    title = ordered.title or ordered.sku or "?"
    options = ordered.variant.option_text if ordered.variant else ""
    return ShownLine(line, swatch, title[:1].upper(), title, options)


def _describe(request: HttpRequest, fulfillment: Fulfillment, form: ShipForm | None, *, at: datetime) -> dict[str, Any]:
    label = fulfillment.labels.exclude(state=Label.State.WITHDRAWN).select_related("account").order_by("-id").first()
    following = _find_next(fulfillment)
    return {
        "order": fulfillment.order,
        "state": show_state(fulfillment),
        "due": show_due(fulfillment, at=at),
        "story": tell_work(fulfillment),
        "packing_rules": describe_handling(_read_handling(fulfillment)),
        "ship_form": dress(form or ShipForm(initial={"grams": fulfillment.weight_grams})),
        "should_weigh": say_grams(fulfillment.weight_grams),
        "label": label,
        "parcels": _show_parcels(fulfillment),
        "buttons": [button for button in BUTTONS.values() if button.is_shown(request, fulfillment)],
        "label_buttons": [button for button in LABEL_BUTTONS.values() if button.is_shown(request, fulfillment)],
        "asked_to_stop": fulfillment.is_in_hand and fulfillment.request_status == Request.CANCELLATION_REQUESTED,
        "why_stop": say_reason(fulfillment.reason),
        "following": following,
        "crosses": fulfillment.address is not None and fulfillment.address.country != fulfillment.warehouse.country,
    }


def tell_work(fulfillment: Fulfillment) -> str:
    """Where it stands, in one sentence."""
    where = fulfillment.warehouse.name
    if fulfillment.request_status == Request.REJECTED:
        note = f" “{fulfillment.note}”" if fulfillment.note else ""
        return f"{where} would not send it: {say_reason(fulfillment.reason)}.{note} It was routed again."
    if fulfillment.status == Fulfillment.Status.CANCELLED:
        why = say_reason(fulfillment.reason)
        return f"It was taken back from {where}{f': {why}' if why else ''}."
    if fulfillment.status == Fulfillment.Status.INCOMPLETE:
        return f"{where} has sent what it found; the rest was routed again."
    if fulfillment.status == Fulfillment.Status.CLOSED:
        return f"{where} has sent all of it."
    if fulfillment.request_status == Request.CANCELLATION_REQUESTED:
        return f"{where} is asked to stop. Do not hand it over before somebody has answered."
    if fulfillment.status == Fulfillment.Status.ON_HOLD:
        note = f" “{fulfillment.hold_note}”" if fulfillment.hold_note else ""
        return f"On hold, {fulfillment.get_hold_reason_display()}.{note} Nobody picks it before the hold is released."
    if fulfillment.status == Fulfillment.Status.SCHEDULED and fulfillment.fulfill_at:
        return f"It is for later: nobody picks it before {clock(fulfillment.fulfill_at)}."
    if fulfillment.is_in_hand:
        return (
            f"{where} has picked all of it: pack it and ship it." if fulfillment.picked_at else f"{where} works on it."
        )
    if fulfillment.warehouse.partner:
        return f"{where} is asked to send it and has not answered yet."
    return f"{where} is to send it. Whoever picks the first unit takes it on."


def _read_handling(fulfillment: Fulfillment) -> set[str]:
    """The handling classes of all that is in it."""
    classes = fulfillment.lines.values_list("order_line__variant__product__handling", flat=True)
    return {code for codes in classes for code in codes or ()}


def _find_next(fulfillment: Fulfillment) -> Fulfillment | None:
    """What the same warehouse has to send next."""
    others = Fulfillment.objects.live().filter(warehouse=fulfillment.warehouse_id).exclude(pk=fulfillment.pk)
    return (
        others.filter(status__in=BEGINNING)
        .exclude(request_status=Request.CANCELLATION_REQUESTED)
        .order_by(*BY_DUE)
        .first()
    )


def _show_parcels(fulfillment: Fulfillment) -> list[ShownParcel]:
    parcels = fulfillment.shipments.prefetch_related("lines__fulfillment_line__order_line", "tracking_events")
    return [show_parcel(parcel) for parcel in parcels.order_by("sequence")]


def show_parcel(parcel: Shipment) -> ShownParcel:
    """With its lines and tracking events, which are to be read beforehand for several."""
    held = [(line.quantity, line.fulfillment_line.order_line) for line in parcel.lines.all()]
    goods = ", ".join(f"{plain(units)} × {ordered.sku or ordered.title}" for units, ordered in held)
    seen = sorted(parcel.tracking_events.all(), key=lambda event: (event.at, event.pk), reverse=True)
    return ShownParcel(parcel, show_parcel_state(parcel), goods, seen)
