"""On the page of an order: what it was offered, what was thought of and left, and why."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from orders.models import Order
from upsell.admin.exclusion_words import say_because, say_excluded, say_unoffered
from upsell.admin.offers import TONES, say_goods, say_showings
from upsell.admin.words import PLACES
from upsell.choices import Group, Placement
from upsell.models import Consideration, Offer


def show_offers_of_order(request: HttpRequest, subject: Order) -> str:
    """Nothing where no campaign has looked at it."""
    if not request.user.has_perm("upsell.view_offer"):
        return ""
    offers = list(subject.offers.select_related("campaign").prefetch_related("items__variant__product", "showings"))
    thoughts = list(subject.considerations.select_related("campaign").order_by("campaign__priority", "campaign", "at"))
    if not offers and not thoughts:
        return ""
    sides = dict(subject.exposures.values_list("campaign_id", "group"))
    context = {
        "order": subject,
        "offers": [_describe_offer(each) for each in offers],
        "thoughts": [_describe_thought(each, sides.get(each.campaign_id, "")) for each in thoughts],
        "mail": getattr(subject, "room_mail", None),
    }
    return render_to_string("upsell/admin/offers_of_order.html", context, request=request)


def _describe_offer(offer: Offer) -> dict[str, Any]:
    return {
        "offer": offer,
        "goods": say_goods(offer),
        "because": say_because(offer.because),
        "tone": TONES[Offer.State(offer.state)],
        "shown": say_showings(offer),
        "through": PLACES[Placement(offer.accepted_through)] if offer.accepted_through else "",
    }


def _describe_thought(thought: Consideration, side: str) -> dict[str, Any]:
    return {
        "thought": thought,
        "place": PLACES[Placement(thought.placement)],
        "held_out": side == Group.HOLDOUT,
        "why": say_unoffered(thought.unoffered) if thought.unoffered else "",
        "excluded": [
            f"{each['sku']} {say_excluded(each['reason'], each.get('facts', {}))}" for each in thought.excluded
        ],
    }
