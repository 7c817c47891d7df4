"""What accepting an offer would come to, and the operations by which it is accepted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from oms.quantities import plain
from orders.actions.edits.editing import preview_edit
from orders.policies.edits.quotes import Quote
from upsell.models import Offer, OfferItem


def preview_offer(offer: Offer, *, actor: str, by: str, at: datetime) -> Quote:
    """The order before and after, what is to pay or comes back. Nothing is written.

    Raises:
        OfferEnded, OfferTaken, EnoughAccepted.
        What `preview_edit` raises: StockShort, EditWindowClosed, EditAlreadyOpen …
    """
    operations = list_operations(offer.items.all())
    return preview_edit(number=offer.order.number, operations=operations, actor=actor, by=by, at=at)


def list_operations(items: Iterable[OfferItem]) -> list[dict[str, Any]]:
    """All of the offer, as operations of an edit."""
    return [{"op": "add_item", "sku": item.sku, "quantity": plain(item.quantity), "offer": item.pk} for item in items]
