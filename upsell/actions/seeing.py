"""Noting that offers came into view, or that their link was opened."""

from collections.abc import Collection
from datetime import datetime

from oms.transactions import transactional
from orders.models import Order
from upsell.models import OfferShowing


@transactional
def note_seen(*, offer_ids: Collection[int], order: Order, placement: str, at: datetime) -> int:
    """The first time counts; what was never shown there was not seen there. How many were new."""
    unseen = OfferShowing.objects.filter(offer__in=offer_ids, offer__order=order, placement=placement, seen_at=None)
    return unseen.update(seen_at=at)
