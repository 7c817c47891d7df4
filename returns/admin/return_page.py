"""The page of a return: what comes back and why, where it is, what was decided by whom, and what it comes to."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from inventory.policies.swatches import find_swatch
from oms.panels import render_panels
from oms.quantities import plain
from returns.admin.buttons import BUTTONS
from returns.admin.seen import return_for_page, sees_money
from returns.admin.timeline import read_timeline
from returns.admin.words import (
    GRADE_TONES,
    METHODS,
    RESOLUTIONS,
    UNMET,
    name_item,
    say_span,
    show_acceptance,
    show_reception,
    show_score,
    show_state,
)
from returns.choices import Condition
from returns.models import Return, ReturnItem, ReturnParcel, ReturnPhoto
from returns.policies.dispositions import SET_ASIDE

Status, Reception = Return.Status, ReturnItem.Reception


@dataclass(frozen=True)
class ShownItem:
    """One item, with its badges and pictures."""

    item: ReturnItem
    named: str
    title: str
    options: str
    swatch: str
    wish: str
    reception: SafeString
    acceptance: SafeString
    grade_tone: str
    photos: list[ReturnPhoto]

    @property
    def is_set_aside(self) -> bool:
        return self.item.disposition in SET_ASIDE

    @property
    def unmet(self) -> str:
        return ", ".join(UNMET[Condition(word)] for word in self.item.unmet)

    @property
    def initial(self) -> str:
        return self.title[:1].upper()


def show_return(request: HttpRequest, number: str) -> HttpResponse:
    found = return_for_page(request, number)
    context = {
        **admin.site.each_context(request),
        **describe_return(request, found),
        "title": found.number,
        "trail": [("Returns", reverse("admin:returns_return_changelist"))],
        "buttons": [button for button in BUTTONS.values() if button.is_shown(request, found)],
        "may_receive": may_receive(request, found),
        "panels": render_panels("return", request, found) if sees_money(request) else [],
        "timeline": read_timeline(found.number, with_money=sees_money(request)),
        "parcels": [(parcel, _read_events(parcel)) for parcel in found.parcels.select_related("label")],
    }
    return TemplateResponse(request, "returns/admin/return_page.html", context)


def _read_events(parcel: ReturnParcel) -> list[dict[str, Any]]:
    return [event | {"at": datetime.fromisoformat(event["at"])} for event in parcel.events]


def may_receive(request: HttpRequest, found: Return) -> bool:
    return request.user.has_perm("returns.receive_return") and found.status in (Status.OPEN, Status.CLOSED)


def describe_return(request: HttpRequest, found: Return) -> dict[str, Any]:
    """What the page and the review queue have in common."""
    items = show_items(found)
    settlements = list(found.settlements.select_related("order"))
    at, whole = timezone.now(), sees_money(request)
    return {
        "found": found,
        "order": found.order,
        "state": show_state(found),
        "score": show_score(found) if whole else "",
        "abuse": getattr(found, "abuse_score", None) if whole else None,
        "story": tell_return(found, items, at=at),
        "items": items,
        "method": METHODS.get(found.method, found.method),  # type: ignore[call-overload]
        "money_seen": whole,
        "value": sum((shown.item.value for shown in items if shown.item.reception != Reception.CANCELED), Decimal(0)),
        "settlements": [(each, RESOLUTIONS.get(each.remedy, each.remedy)) for each in settlements],  # type: ignore[call-overload]
        "given": sum((each.given for each in settlements), Decimal(0)),
        "bonus": sum((each.bonus for each in settlements), Decimal(0)),
        "advances": list(found.advances.all()),
        "because": (found.decision.get("because") or []) if whole else [],
        "decided_by": found.decision.get("by", ""),
        "photos": [photo for shown in items for photo in shown.photos] + _loose_photos(found),
    }


def show_items(found: Return) -> list[ShownItem]:
    """All of its items with their photos, in two statements."""
    joined = ("line__variant", "variant__product", "reason", "exchange_variant", "split_from")
    items = found.items.select_related(*joined).order_by("id")
    photos: dict[int, list[ReturnPhoto]] = {}
    for photo in found.photos.exclude(item=None).defer("content"):
        photos.setdefault(photo.item_id or 0, []).append(photo)
    return [_show(item, photos.get(item.pk, [])) for item in items]


def _show(item: ReturnItem, photos: list[ReturnPhoto]) -> ShownItem:
    variant = item.variant or (item.line.variant if item.line else None)
    title = (item.line.title if item.line else "") or (variant.product.title if item.variant and variant else "")
    wish = RESOLUTIONS.get(item.resolution, item.resolution)  # type: ignore[call-overload]
    if item.exchange_variant:
        wish = f"{wish} for {item.exchange_variant.option_text or item.exchange_variant.sku}"
    return ShownItem(
        item=item,
        named=name_item(item),
        title=title or name_item(item),
        options=variant.option_text if variant else "",
        swatch=find_swatch(variant.options) if variant else "",
        wish=wish,
        reception=show_reception(item),
        acceptance=show_acceptance(item),
        grade_tone=GRADE_TONES.get(item.grade, "mute"),
        photos=photos,
    )


def _loose_photos(found: Return) -> list[ReturnPhoto]:
    """Pictures of the whole, of no item in particular."""
    return list(found.photos.filter(item=None).defer("content"))


def tell_return(found: Return, items: list[ShownItem], *, at: datetime) -> str:
    """Where it stands, in one sentence."""
    if found.status == Status.REQUESTED:
        return f"Somebody has to decide on it; the customer has waited for {say_span(at - found.requested_at)}."
    if found.status == Status.DECLINED:
        return f"It was refused. The customer was told: “{found.explanation}”"
    if found.status == Status.CANCELED:
        return "It was canceled before anything had moved."
    if found.status == Status.CLOSED:
        return "Nothing of it is open any more."
    return _tell_open(found, items, at=at)


def _tell_open(found: Return, items: list[ShownItem], *, at: datetime) -> str:
    where = found.node.warehouse.name if found.node else "us"
    lost = [shown for shown in items if shown.item.reception == Reception.LOST]
    undecided = [shown for shown in items if shown.item.acceptance == ReturnItem.Acceptance.NEEDS_PERSON]
    if undecided:
        return f"{_units(undecided)} of it could not be judged at {where}: somebody has to decide."
    if lost:
        return f"{_units(lost)} of it got lost on the way."
    if found.inspected_at:
        return f"{where} has inspected it; what is left of it is still awaited or not settled."
    if found.received_at:
        return f"It has been at {where} for {say_span(at - found.received_at)} and is to be inspected."
    if found.moved_at:
        return f"It is on its way to {where}."
    if not any(shown.item.needs_goods for shown in items):
        return "Nothing has to come back."
    return f"The customer may send it to {where}; nothing has moved yet."


def _units(shown: list[ShownItem]) -> str:
    total = plain(sum((each.item.quantity for each in shown), Decimal(0)))
    return f"{total} unit" if total == 1 else f"{total} units"
