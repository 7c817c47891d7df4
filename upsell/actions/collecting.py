"""Putting an offer beside other changes that a customer collects, so that all are confirmed and paid together."""

from datetime import datetime
from typing import Any

from django.db import transaction

from upsell.absences import OfferNotFound
from upsell.models import Offer
from upsell.queries.quoting import list_operations


@transaction.atomic
def collect_offer(*, offer_id: int, placement: str, by: str, at: datetime) -> list[dict[str, Any]]:
    """The operations that take it, and through which place it will have been taken. It stays open until then.

    Raises:
        OfferNotFound
    """
    offer = Offer.objects.select_for_update(no_key=True).prefetch_related("items").filter(pk=offer_id).first()
    if offer is None:
        raise OfferNotFound(offer_id)
    if offer.state == Offer.State.OPEN:
        offer.accepted_through = placement
        offer.save(update_fields=["accepted_through"])
    return list_operations(offer.items.all())
