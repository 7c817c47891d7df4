"""What other apps' pages show of offers: calm, nothing ticked before, and nothing at all where there is nothing."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from oms.portal.zones import zone_of
from orders.models import Order
from orders.portal.access import list_admitted, order_for_customer
from orders.queries.portal_links import make_link
from upsell.actions.offering import offer_to
from upsell.choices import Placement
from upsell.models import Refusal
from upsell.portal.collecting import count_collected, leave_out_collected
from upsell.portal.places import place_below
from upsell.portal.shown import show_all
from upsell.wording.words import say_words

BY = "customer"
PANEL = "upsell/portal/panel.html"


def show_offers(request: HttpRequest, order: Order) -> str:
    """On the order's own page."""
    return render_offers(request, order, Placement.ORDER)


def show_offers_beside_changes(request: HttpRequest, order: Order) -> str:
    """Where collected changes are looked at before they are confirmed."""
    return render_offers(request, order, Placement.EDIT)


def show_offers_beside_return(request: HttpRequest, orders: Sequence[Order]) -> str:
    """With the first order that can still take something: what an exchange brings, the order itself, or another one of
    the same address that this browser was let in to.
    """
    own = orders[-1]
    for order in [*orders, *_find_others(request, orders)]:
        shown = order.email.lower() == own.email.lower() and render_offers(request, order, Placement.RETURN, home=own)
        if shown:
            return shown
    return ""


def _find_others(request: HttpRequest, orders: Sequence[Order]) -> list[Order]:
    known = {order.number for order in orders}
    numbers = [number for number in list_admitted(request, at=timezone.now()) if number not in known]
    held = Order.objects.filter(number__in=numbers, status=Order.Status.HELD).select_related("channel")
    return list(held.order_by("-id")) if numbers else []


def render_offers(request: HttpRequest, order: Order, placement: Placement, *, home: Order | None = None) -> str:
    """`home`: the order on whose page it stands, where that is another one."""
    at = timezone.now()
    offered = offer_to(order=order, placement=placement, by=BY, at=at)
    offers = leave_out_collected(request, order, offered.offers)
    undo = _find_undo(request, order)
    gap = offered.gap if offered.gap and offered.gap.missing > 0 else None
    if placement == Placement.EDIT:
        gap, offers = count_collected(request, order, gap, offers, at=at)
    if not offers and gap is None and undo is None:
        return ""
    context = {
        "order": order,
        "offers": show_all(offers),
        "gap": gap,
        "until": offered.until,
        "heading": say_words(offered.words, default=gettext("There is still room in your parcel")),
        "placement": placement,
        "undo": undo,
        "back": place_below(order, request.path),
        "now": at,
        **_find_doors(request, order, home),
    }
    with timezone.override(zone_of(request, country=order.country)):
        return render_to_string(PANEL, context, request=request)


def _find_doors(request: HttpRequest, order: Order, home: Order | None) -> dict[str, Any]:
    """Whether this browser may act on the order from here, or needs a link to come in first."""
    if home is None or order.pk == home.pk or order_for_customer(request, order.number, at=timezone.now()):
        return {"other": order if home and order.pk != home.pk else None, "link": ""}
    return {"other": order, "link": make_link(order)}


def _find_undo(request: HttpRequest, order: Order) -> Refusal | None:
    """What was put aside by the click before this page."""
    asked = request.GET.get("aside", "")
    if not asked.isdigit() or len(asked) > 18:
        return None
    found = Refusal.objects.standing().filter(pk=int(asked), order=order)
    return found.select_related("product", "category").first()
