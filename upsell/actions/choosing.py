"""Choosing another size or colour of what is offered, before it is taken."""

from datetime import datetime

from oms import events
from oms.transactions import transactional
from orders.models import Order
from upsell.absences import OfferNotFound
from upsell.actions.making import describe_offer
from upsell.errors import NotAmongChoices, OfferEnded
from upsell.events import OfferVariantChosen
from upsell.models import Offer, OfferItem
from upsell.queries.choosing import list_choices
from upsell.queries.drafting import price_alone
from upsell.queries.ranked import RankedItem


@transactional
def choose_variant(*, offer_id: int, sku: str, by: str, at: datetime) -> Offer:
    """The same product in that variant, at the offer's terms: its price on the shelf, less by the same rule.

    The offer stays the one that was made; `contents` says what was offered first. Choosing what stands there changes
    nothing.

    Raises:
        OfferNotFound.
        OfferEnded: it was taken, refused, or waits for its payment.
        NotAmongChoices: a list names its goods, it is no variant of this product, or it may not be offered by now.
    """
    order, offer = _lock(offer_id)
    if offer.state != Offer.State.OPEN:
        raise OfferEnded(offer_id, state=offer.state, because=offer.state.lower())

    (item, *_) = offer.items.all()
    if item.sku == sku:
        return offer
    chosen = next((each for each in list_choices(offer, at=at) if each.sku == sku), None)
    if chosen is None:
        raise NotAmongChoices(offer_id, sku=sku)

    before = item.sku
    _become(offer, item, chosen)
    facts = describe_offer(order, offer, [item]) | {"before": before, "sku": sku}
    events.publish([OfferVariantChosen(subject=str(offer.pk), by=by, at=at, facts=facts)])
    return offer


def _lock(offer_id: int) -> tuple[Order, Offer]:
    number = Offer.objects.filter(pk=offer_id).values_list("order__number", flat=True).first()
    if number is None:
        raise OfferNotFound(offer_id)
    order = Order.objects.locked(number)
    offer = Offer.objects.select_related("campaign").prefetch_related("items").get(pk=offer_id)
    offer.order = order
    return order, offer


def _become(offer: Offer, item: OfferItem, chosen: RankedItem) -> None:
    """Nothing speaks for the new size but that it was chosen."""
    priced = price_alone(offer.campaign, chosen, offer.currency)
    item.variant_id, item.sku, item.unit_price = chosen.variant_id, chosen.sku, chosen.unit_price
    item.discount = priced.items[0].discount
    offer.price, offer.saving = priced.price, priced.saving
    offer.because = {name: said for name, said in offer.because.items() if name not in ("size", "known_from")}
    item.save(update_fields=["variant", "sku", "unit_price", "discount"])
    offer.save(update_fields=["price", "saving", "because"])
