"""The page of one return: where it stands, what to do next, what comes of it; canceled while nothing has moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from oms.errors import Refused
from oms.panels import render_panels
from oms.portal.pages import show_page, show_refusal
from orders.models import Order
from orders.portal.access import for_customer
from orders.portal.items import Item, describe_line
from orders.wording.words import say_options
from returns.actions.asking import PHOTO_ASKED
from returns.actions.canceling import cancel_return
from returns.choices import Resolution
from returns.models import Return, ReturnItem, ReturnPhoto, Settlement
from returns.portal.gate import of_customer
from returns.portal.history import read_history
from returns.portal.progress import State, tell_progress
from returns.portal.sayings import SAYINGS
from returns.portal.sending import describe_sending
from returns.queries.prospects import foresee_sums
from returns.wording.advances import say_advance
from returns.wording.findings import say_finding
from returns.wording.nexts import list_nexts, say_kept
from returns.wording.sums import Sum, describe_sums
from returns.wording.words import name_reason, name_resolution

Acceptance, Reception = ReturnItem.Acceptance, ReturnItem.Reception


@dataclass(frozen=True, slots=True)
class ShownItem:
    """Units of one line, and how they fare. `mark`: "" as long as there is nothing to say."""

    item: Item
    quantity: Decimal
    reason: str
    comment: str
    resolution: str
    instead: str
    mark: str
    finding: str
    value: Decimal
    photos: Sequence[ReturnPhoto]


@dataclass(frozen=True, slots=True)
class Given:
    """What was given. `order`: the number of the one that brings an exchange; `until`: what holds of an advance."""

    name: str
    amount: Decimal
    bonus: Decimal
    order: str
    advanced: bool
    until: str


@require_safe
@for_customer
@of_customer
def show_return(request: HttpRequest, order: Order, return_: Return) -> HttpResponse:
    context = {**describe_return(order, return_), "new": "new" in request.GET}
    context["panels"] = render_panels("portal_return", request, [*context["brought"], order])
    return show_page(request, "returns/portal/return.html", context, country=order.country)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
@of_customer
def cancel(request: HttpRequest, order: Order, return_: Return) -> HttpResponse:
    back = reverse("returns:return", args=[order.number, return_.number])
    if not may_cancel(return_):
        return HttpResponseRedirect(back)
    if request.method != "POST":
        context = {"order": order, "return": return_, "kept": say_kept(return_)}
        return show_page(request, "returns/portal/cancel.html", context, country=order.country)
    try:
        cancel_return(number=return_.number, by="customer", at=timezone.now(), reason="customer")
    except Refused as refusal:
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    return HttpResponseRedirect(back)


def describe_return(order: Order, return_: Return) -> dict[str, Any]:
    """Everything that the page shows."""
    related = ("line__variant", "variant", "reason", "exchange_variant")
    items = list(return_.items.select_related(*related).prefetch_related("photos").filter(line__isnull=False))
    settlements = list(return_.settlements.select_related("order__channel", "advance"))
    state = State(return_, items, sum((each.given for each in settlements), Decimal(0)))
    return {
        **describe_sending(order, return_),
        "progress": tell_progress(state),
        "nexts": _list_nexts(state),
        "sums": _list_sums(return_, items, settlements),
        "items": [_show_item(item, order) for item in items],
        "given": [_show_given(each) for each in settlements],
        "has_credit": any(each.remedy == Resolution.STORE_CREDIT for each in settlements),
        "over": return_.status in (Return.Status.DECLINED, Return.Status.CANCELED),
        "brought": [each.order for each in settlements if each.order],
        "underway": _awaits_goods(return_, items),
        "may_cancel": may_cancel(return_),
        "withdrawal": return_.kind == Return.Kind.WITHDRAWAL,
        "claim": return_.kind == Return.Kind.CLAIM,
        "may_show": return_.status in (Return.Status.REQUESTED, Return.Status.OPEN),
        "photo_asked": PHOTO_ASKED in return_.tags,
        "loose_photos": return_.photos.filter(item=None, by="customer").defer("content"),
        "history": read_history(return_),
    }


def _awaits_goods(return_: Return, items: Sequence[ReturnItem]) -> bool:
    awaited = any(item.needs_goods and item.reception == Reception.AWAITING for item in items)
    return return_.status == Return.Status.OPEN and return_.moved_at is None and awaited


def may_cancel(return_: Return) -> bool:
    """As `cancel_return` will judge it; a withdrawal has been declared and cannot be taken back here."""
    underway = return_.status in (Return.Status.REQUESTED, Return.Status.OPEN)
    return underway and return_.moved_at is None and return_.kind != Return.Kind.WITHDRAWAL


def _show_item(item: ReturnItem, order: Order) -> ShownItem:
    assert item.line is not None
    wanted = item.exchange_variant
    return ShownItem(
        item=describe_line(item.line, order.currency),
        quantity=item.quantity,
        reason=name_reason(item.reason) if item.reason and item.reason.active else "",
        comment=item.comment,
        resolution=name_resolution(item.resolution),
        instead=(say_options(wanted.options) or wanted.sku) if wanted else "",
        mark=_mark(item),
        finding=say_finding(item) if item.acceptance == Acceptance.REJECTED else "",
        value=item.value,
        photos=[photo for photo in item.photos.all() if photo.by == "customer"],
    )


def _mark(item: ReturnItem) -> str:
    if item.acceptance == Acceptance.REJECTED:
        return gettext("Not accepted")
    if item.settlement_id:
        return gettext("Settled")
    return {
        Reception.IN_TRANSIT: gettext("On its way"),
        Reception.RECEIVED: gettext("Arrived"),
        Reception.LOST: gettext("Lost on the way"),
    }.get(Reception(item.reception), "")


def _show_given(settlement: Settlement) -> Given:
    return Given(
        name=name_resolution(settlement.remedy),
        amount=settlement.given + settlement.bonus,
        bonus=settlement.bonus,
        order=settlement.order.number if settlement.order else "",
        advanced=settlement.advanced,
        until=say_advance(advance) if (advance := getattr(settlement, "advance", None)) else "",
    )


def _list_nexts(state: State) -> list[str]:
    wanted = {item.resolution for item in state.items if item.acceptance != Acceptance.REJECTED}
    return list_nexts(state.of, wanted, settled=state.all_settled, exchange_goes=settings.RETURN_EXCHANGE_GOES)


def _list_sums(return_: Return, items: Sequence[ReturnItem], settlements: Sequence[Settlement]) -> Sequence[Sum]:
    """What it brings, or once all was given, how that came about; none where nothing comes of it."""
    if return_.status in (Return.Status.DECLINED, Return.Status.CANCELED):
        return ()
    sums = foresee_sums(return_, items)
    given = sum((each.given + each.bonus for each in settlements), Decimal(0))
    if settlements and given != sums.given + sums.bonus:
        return ()  # not all of it was accepted, or not yet: what was given stands for itself
    return describe_sums(sums, [item.resolution for item in items])
