"""The gates: the only ways to an offer. What somebody may not see does not exist for them."""

from oms.models import ApiKey
from orders.models import Order
from upsell.absences import OfferNotFound
from upsell.models import Offer


def offer_for_partner(key: ApiKey, offer_id: int) -> Offer:
    """Raises:
    OfferNotFound
    """
    offer = Offer.objects.select_related("order__channel").filter(id=offer_id).first()
    if offer is None or key.warehouses or not key.sees_channel(offer.order.channel.code):
        raise OfferNotFound(offer_id)
    return offer


def offer_of_order(order: Order, offer_id: int) -> Offer:
    """For whoever was let through to the order.

    Raises:
        OfferNotFound
    """
    offer = Offer.objects.filter(id=offer_id, order=order).first()
    if offer is None:
        raise OfferNotFound(offer_id)
    offer.order = order
    return offer
