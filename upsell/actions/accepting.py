"""Taking an offer: an ordinary edit of the order, to which the offer lends its price."""

from datetime import datetime

from oms.transactions import transactional
from orders.actions.edits.editing import edit_order
from orders.models import Edit, Order
from upsell.absences import OfferNotFound
from upsell.models import Offer
from upsell.queries.quoting import list_operations


@transactional
def accept_offer(
    *, offer_id: int, placement: str, actor: str, by: str, at: datetime, form: str = "", version: int | None = None
) -> Edit:
    """All of it or nothing, promised at once; what costs more waits for its payment, and the offer with it.

    The same `form` again is the same edit.

    Raises:
        OfferNotFound.
        OfferEnded, OfferTaken, EnoughAccepted.
        What `edit_order` raises: StockShort, EditWindowClosed, EditAlreadyOpen, VersionStale …
    """
    number = Offer.objects.filter(id=offer_id).values_list("order__number", flat=True).first()
    if number is None:
        raise OfferNotFound(offer_id)
    order = Order.objects.locked(number)
    if form and (sent := order.edits.filter(form=form).first()):
        return sent
    offer = Offer.objects.prefetch_related("items").get(id=offer_id)
    if offer.state == Offer.State.OPEN:
        Offer.objects.filter(id=offer_id).update(accepted_through=placement)
    return edit_order(
        number=number,
        operations=list_operations(offer.items.all()),
        actor=actor,
        by=by,
        at=at,
        version=version,
        form=form,
    )
