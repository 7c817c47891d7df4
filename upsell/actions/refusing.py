"""A customer does not want it: this product, this kind, or any offers; and takes that back."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from oms import events
from oms.transactions import transactional
from orders.models import Order
from upsell.absences import OfferNotFound, RefusalNotFound
from upsell.actions.making import describe_offer
from upsell.errors import OfferTaken
from upsell.events import OfferEvent, OfferRefused, RefusalTakenBack
from upsell.models import Offer, OfferItem, Refusal
from upsell.queries.refusals import list_standing, read_unwanted

State = Offer.State
Scope = Refusal.Scope

Words = tuple[str, int | None, int | None]
"""What is refused: scope, product and category."""


@transactional
def refuse_offer(*, offer_id: int, scope: str, by: str, at: datetime) -> Refusal:
    """Not this product, nothing of this kind, or nothing at all: from now on with every order of the same customer;
    of a buyer without an address with this order. All that stands open with the order and is meant by it ends, too.

    What has ended may be refused all the same. A product that stands in no category has no kind: it alone is refused.
    Of several items each is refused; the first of the refusals is returned. Refusing twice is harmless.

    Raises:
        OfferNotFound; OfferTaken: it is on the order, or waits for its payment.
    """
    order, offer = _lock(offer_id)
    if offer.state in (State.ACCEPTED, State.AWAITING_PAYMENT):
        raise OfferTaken(offer.pk, edit=offer.edit_id)

    wanted = dict.fromkeys(_describe_refusal(scope, item) for item in offer.items.all())
    refusals = [_find_or_make(order, offer, words, by=by, at=at) for words in wanted]
    meant = read_unwanted(refusals)
    ended = [each for each in _list_open(order) if each.pk == offer.pk or meant.meets(each.items.all())]
    Offer.objects.filter(pk__in=[each.pk for each in ended]).update(state=State.REFUSED, ended_at=at, ended_by=by)
    _tell(OfferRefused, order, ended, scope=scope, by=by, at=at)
    return refusals[0]


@transactional
def take_back_refusal(*, refusal_id: int, by: str, at: datetime) -> Refusal:
    """It may be offered again; what ended with the refusal is open again for as long as its window is. What was
    refused by the same word is taken back with it. Taking back twice is harmless.

    Raises:
        RefusalNotFound.
    """
    refusal = Refusal.objects.select_related("order").filter(pk=refusal_id).first()
    if refusal is None:
        raise RefusalNotFound(refusal_id)
    order = Order.objects.locked(refusal.order.number)
    same = Refusal.objects.standing().filter(order=order, offer=refusal.offer_id, scope=refusal.scope, at=refusal.at)
    if same.update(taken_back_at=at):
        ended = Offer.objects.filter(order=order, state=State.REFUSED, ended_at=refusal.at).order_by("id")
        still = read_unwanted(list_standing(order))
        again = [each for each in _with_goods(ended) if not still.meets(each.items.all())]
        Offer.objects.filter(pk__in=[each.pk for each in again]).update(state=State.OPEN, ended_at=None, ended_by="")
        _tell(RefusalTakenBack, order, again, scope=refusal.scope, by=by, at=at)
    refusal.refresh_from_db()
    return refusal


def _lock(offer_id: int) -> tuple[Order, Offer]:
    """The offer as it is under its order's lock."""
    number = Offer.objects.filter(pk=offer_id).values_list("order__number", flat=True).first()
    if number is None:
        raise OfferNotFound(offer_id)
    order = Order.objects.locked(number)
    (offer,) = _with_goods(Offer.objects.filter(pk=offer_id))
    return order, offer


def _list_open(order: Order) -> list[Offer]:
    return _with_goods(Offer.objects.open().filter(order=order).order_by("id"))


def _with_goods(offers: QuerySet[Offer]) -> list[Offer]:
    return list(offers.prefetch_related("items__variant__product"))


def _describe_refusal(scope: str, item: OfferItem) -> Words:
    product = item.variant.product
    if scope == Scope.ALL:
        return Scope.ALL, None, None
    if scope == Scope.KIND and product.category_id:
        return Scope.KIND, None, product.category_id
    return Scope.PRODUCT, product.pk, None


def _find_or_make(order: Order, offer: Offer, words: Words, *, by: str, at: datetime) -> Refusal:
    scope, product, category = words
    if known := list_standing(order).filter(scope=scope, product=product, category=category).first():
        return known
    return Refusal.objects.create(
        customer=order.customer,
        order=order,
        offer=offer,
        scope=scope,
        product_id=product,
        category_id=category,
        at=at,
        by=by,
    )


def _tell(event: type[OfferEvent], order: Order, offers: Sequence[Offer], *, scope: str, by: str, at: datetime) -> None:
    told = [(each, describe_offer(order, each, each.items.all()) | {"scope": scope}) for each in offers]
    events.publish([event(subject=str(each.pk), by=by, at=at, facts=facts) for each, facts in told])
