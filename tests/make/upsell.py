"""Campaigns, and offers made by the product's own actions."""

import itertools
from datetime import datetime
from typing import Any

from orders.models import Edit, Order
from tests.make.edits import SOCKS, SOON
from upsell.actions.accepting import accept_offer
from upsell.actions.offering import Offered, offer_to
from upsell.choices import DiscountKind, Placement, Source
from upsell.models import Campaign, Offer

_numbers = itertools.count(1)


def running_campaign(*skus: str, **fields: Any) -> Campaign:
    """A campaign that is on, on every page and for everybody: socks from a list, unless said otherwise."""
    standing = {
        "name": f"Campaign {next(_numbers)}",
        "active": True,
        "placements": [each.value for each in Placement],
        "source": Source.FIXED,
        "skus": list(skus) or [SOCKS],
        "salt": "pepper",
    }
    return Campaign.objects.create(**(standing | fields))


def ten_percent(*skus: str, **fields: Any) -> Campaign:
    return running_campaign(*skus, **({"discount_kind": DiscountKind.PERCENTAGE, "discount": 10} | fields))


def free_shipping(*skus: str, **fields: Any) -> Campaign:
    return running_campaign(*skus, **({"discount_kind": DiscountKind.FREE_SHIPPING} | fields))


def filling(*skus: str, **fields: Any) -> Campaign:
    """Offers what closes the gap to free shipping, of these SKUs or of everything in stock."""
    return running_campaign(*skus, **({"source": Source.FILLERS, "skus": list(skus)} | fields))


def show(order: Order, placement: str = Placement.ORDER, *, at: datetime = SOON) -> Offered:
    """The customer opens the page."""
    return offer_to(order=Order.objects.get(pk=order.pk), placement=placement, by="customer", at=at)


def offered(order: Order, placement: str = Placement.ORDER, *, at: datetime = SOON) -> Offer:
    """The one offer that the page shows."""
    (offer,) = show(order, placement, at=at).offers
    return offer


def accept(
    offer: Offer, placement: str = Placement.ORDER, *, actor: str = "CUSTOMER", at: datetime = SOON, **fields: Any
) -> Edit:
    return accept_offer(offer_id=offer.pk, placement=placement, actor=actor, by=actor.lower(), at=at, **fields)


def state_of(offer: Offer) -> str:
    return Offer.objects.values_list("state", flat=True).get(pk=offer.pk)
