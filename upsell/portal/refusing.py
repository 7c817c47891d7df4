"""Putting offers aside, one, all of a kind or all at all; and taking that back."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from oms.errors import Refused
from oms.portal.pages import show_page, show_refusal
from orders.models import Order
from orders.portal.access import for_customer
from upsell.actions.refusing import refuse_offer, take_back_refusal
from upsell.models import Offer, Refusal
from upsell.portal.gate import of_customer
from upsell.portal.places import find_way_back
from upsell.portal.sayings import SAYINGS
from upsell.queries.refusals import list_standing

BY = "customer"


@require_POST
@for_customer
@of_customer
def refuse(request: HttpRequest, order: Order, offer: Offer) -> HttpResponse:
    """Then back to the page that it stood on, which says what was put aside and offers to take it back."""
    back = find_way_back(order, request.POST)
    scope = request.POST.get("scope", "")
    if scope not in Refusal.Scope.values:
        return HttpResponseRedirect(back)
    try:
        refusal = refuse_offer(offer_id=offer.pk, scope=scope, by=BY, at=timezone.now())
    except Refused as refused:
        return show_refusal(request, refused, SAYINGS, back=back, country=order.country)
    return HttpResponseRedirect(f"{back}?aside={refusal.pk}#offers")


@require_POST
@for_customer
def take_back(request: HttpRequest, order: Order, refusal: int) -> HttpResponse:
    if not list_standing(order).filter(pk=refusal).exists():
        raise Http404
    back = find_way_back(order, request.POST)
    try:
        take_back_refusal(refusal_id=refusal, by=BY, at=timezone.now())
    except Refused as refused:
        return show_refusal(request, refused, SAYINGS, back=back, country=order.country)
    return HttpResponseRedirect(f"{back}#offers")


@require_safe
@for_customer
def show_unwanted(request: HttpRequest, order: Order) -> HttpResponse:
    """All that the customer does not want to see, on whichever order they said so."""
    refusals = list_standing(order).select_related("product", "category").order_by("-id")
    context = {
        "order": order,
        "refusals": refusals,
        "here": reverse("offers:unwanted", args=[order.number]).removeprefix(
            reverse("portal:order", args=[order.number])
        ),
    }
    return show_page(request, "upsell/portal/unwanted.html", context, country=order.country)
