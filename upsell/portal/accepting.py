"""Accepting an offer: one page that says what comes of it, and one button. What follows is the page of any change."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from oms.errors import Refused, VersionStale
from oms.portal.pages import is_htmx, say_refusal, show_page
from orders.models import Edit, Order
from orders.policies.edits.quotes import Quote
from orders.portal.access import for_customer
from orders.portal.quoted import describe_quote
from upsell.actions.accepting import accept_offer
from upsell.actions.seeing import note_seen
from upsell.choices import Placement
from upsell.errors import OfferTaken
from upsell.models import Offer
from upsell.portal.choosing import show_choices
from upsell.portal.gate import of_customer
from upsell.portal.places import read_placement
from upsell.portal.sayings import SAYINGS
from upsell.portal.sealing import seal, unseal
from upsell.portal.shown import show_all
from upsell.queries.quoting import preview_offer
from upsell.queries.whole_offers import read_whole_offers
from upsell.queries.windows import find_window_end

BY = "customer"


@require_safe
@for_customer
@of_customer
def open_from_mail(request: HttpRequest, order: Order, offer: Offer) -> HttpResponse:
    """Where the link of a mail leads: whoever follows it has seen the offer."""
    return HttpResponseRedirect(f"{reverse('offers:offer', args=[order.number, offer.pk])}?via={Placement.MAIL}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
@of_customer
def accept(request: HttpRequest, order: Order, offer: Offer) -> HttpResponse:
    """What it costs and what is to be paid; POST does exactly what was shown."""
    if request.method == "POST":
        return _accept(request, order, offer)
    placement = read_placement(request.GET)
    if offer.state == Offer.State.OPEN:
        note_seen(offer_ids=[offer.pk], order=order, placement=placement, at=timezone.now())
    return _show(request, order, offer, placement)


def _show(
    request: HttpRequest, order: Order, offer: Offer, placement: Placement, *, notice: str = "", status: int = 200
) -> HttpResponse:
    quote, refused, code = _quote(offer)
    (shown,) = show_all(read_whole_offers([offer.pk]).values())
    context = {
        "order": order,
        "offer": shown,
        "edit": offer.edit_id if offer.state in (Offer.State.AWAITING_PAYMENT, Offer.State.ACCEPTED) else None,
        "until": find_window_end(order, at=timezone.now()),
        "notice": notice if notice != refused else "",
        "refused": refused,
        "code": code,
        "quote": describe_quote(quote, order) if quote else None,
        "sealed": seal(order, offer, placement=placement, version=quote.version) if quote else "",
        "placement": placement,
        "choices": show_choices(offer, at=timezone.now()) if quote else (),
    }
    part = "upsell/portal/offer_body.html" if is_htmx(request) else "upsell/portal/offer.html"
    return show_page(request, part, context, country=order.country, status=status)


def _quote(offer: Offer) -> tuple[Quote | None, str, str]:
    """The quote; or a sentence, and the code of what is in the way."""
    try:
        quote = preview_offer(offer, actor=Edit.Actor.CUSTOMER, by=BY, at=timezone.now())
    except Refused as refusal:
        return None, say_refusal(refusal, SAYINGS), refusal.code
    return quote, "", ""


def _accept(request: HttpRequest, order: Order, offer: Offer) -> HttpResponse:
    """The same form again leads to the same edit; an order that has changed since is shown again first."""
    acceptance = unseal(order, offer, request.POST.get("sealed", ""))
    if acceptance is None:
        return _show(request, order, offer, Placement.ORDER)
    try:
        edit = accept_offer(
            offer_id=offer.pk,
            placement=acceptance.placement,
            actor=Edit.Actor.CUSTOMER,
            by=BY,
            at=timezone.now(),
            form=acceptance.form,
            version=acceptance.version,
        )
    except OfferTaken as refusal:
        if edit_id := refusal.facts.get("edit"):
            return HttpResponseRedirect(reverse("portal:edit", args=[order.number, edit_id]))
        return _refuse(request, order, offer, acceptance.placement, refusal)
    except Refused as refusal:
        return _refuse(request, order, offer, acceptance.placement, refusal)
    return HttpResponseRedirect(reverse("portal:edit", args=[order.number, edit.pk]))


def _refuse(request: HttpRequest, order: Order, offer: Offer, placement: Placement, refusal: Refused) -> HttpResponse:
    order.refresh_from_db()
    offer.refresh_from_db()
    status = 409 if isinstance(refusal, VersionStale) else refusal.status
    return _show(request, order, offer, placement, notice=say_refusal(refusal, SAYINGS), status=status)
