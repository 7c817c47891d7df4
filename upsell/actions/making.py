"""Making offers of what campaigns would show: the sides of experiments, the offers, and that they were shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms import events
from oms.money import round_amount
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import insert_objects, update_tables
from orders.models import Order
from upsell.events import OfferShown
from upsell.models import Campaign, Exposure, Offer, OfferItem, OfferShowing
from upsell.queries.considering import Thought
from upsell.queries.drafting import Draft
from upsell.queries.sold import read_sold, reckon
from upsell.queries.standing import Made, Standing, read_standing

State = Offer.State
_MAY_COME_BACK = (State.EXPIRED, State.WITHDRAWN)


@dataclass(slots=True)
class _Wanted:
    """A draft to show, with the offer that it is: `made` before, or `new`."""

    campaign: Campaign
    draft: Draft
    made: Made | None
    new: Offer | None = None

    @property
    def offer_id(self) -> int:
        return self.made.id if self.made else self.new.pk  # type: ignore[union-attr]


@transactional
def make_offers(*, number: str, thoughts: Sequence[Thought], placement: str, by: str, at: datetime) -> None:
    """Write down what is new of it. Under the order's lock: another tab may have thought the same in the meantime."""
    order = Order.objects.locked(number)
    standing = read_standing(order, at=at)
    if standing.edit_waits or not standing.listener.window_open:
        return
    wanted = list(_find_wanted(thoughts, standing))
    for rank, each in enumerate(wanted):
        if each.made is None:
            each.new = _new_offer(order, each, rank=rank, at=at)
    exposures = _new_exposures(order, thoughts, standing, placement, at=at)
    insert_objects(*exposures, *(each.new for each in wanted if each.new))
    _offer_anew([each for each in wanted if each.made and each.made.state in _MAY_COME_BACK])
    _show(order, wanted, placement, by=by, at=at)


def describe_offer(order: Order, offer: Offer, items: Iterable[OfferItem]) -> dict[str, Any]:
    """The facts that all events of the offer have."""
    return {
        "order": order.number,
        "campaign": offer.campaign_id,
        "items": [{"sku": each.sku, "quantity": plain(each.quantity)} for each in items],
        "price": str(round_amount(offer.price, offer.currency)),
        "saving": str(round_amount(offer.saving, offer.currency)),
        "currency": offer.currency,
    }


def _find_wanted(thoughts: Sequence[Thought], standing: Standing) -> Iterable[_Wanted]:
    """What was refused or taken in the meantime is not wanted any more."""
    for thought in thoughts:
        for draft in thought.drafts:
            made = standing.offered.get((thought.campaign.pk, draft.contents))
            if made is None or made.state in (State.OPEN, *_MAY_COME_BACK):
                yield _Wanted(thought.campaign, draft, made)


def _new_exposures(
    order: Order, thoughts: Sequence[Thought], standing: Standing, placement: str, *, at: datetime
) -> list[Exposure]:
    """Who fell on which side, and what the order was worth before anything was shown. Tests fall on none."""
    new = [each for each in thoughts if each.group and each.campaign.pk not in standing.groups]
    if order.test or not new:
        return []
    worth = reckon(read_sold([order.pk])).orders[order.pk]
    return [
        Exposure(
            campaign=each.campaign,
            order=order,
            group=each.group or "",
            placement=placement,
            currency=order.currency,
            assigned_at=at,
            baseline=worth.revenue,
            baseline_margin=worth.margin,
            net_revenue=worth.revenue,
            net_margin=worth.margin,
            given=Decimal(0),
            counted_at=at,
        )
        for each in new
    ]


def _new_offer(order: Order, wanted: _Wanted, *, rank: int, at: datetime) -> Offer:
    priced = wanted.draft.priced
    return Offer(
        order=order,
        campaign=wanted.campaign,
        contents=wanted.draft.contents,
        state=State.OPEN,
        rank=rank,
        currency=order.currency,
        price=priced.price,
        saving=priced.saving,
        frees_shipping=priced.frees_shipping,
        because=dict(wanted.draft.because),
        made_at=at,
    )


def _offer_anew(wanted: Sequence[_Wanted]) -> None:
    """What ran out or was withdrawn lives again, at what it costs now."""
    rows, items = [], []
    prices = {each.offer_id: {line.item.sku: line for line in each.draft.priced.items} for each in wanted}
    for each in wanted:
        priced = each.draft.priced
        rows.append(
            {"pk": each.offer_id, "state": State.OPEN, "ended_at": None, "ended_by": "", "price": priced.price}
            | {"saving": priced.saving, "frees_shipping": priced.frees_shipping}
        )
    for item in OfferItem.objects.filter(offer__in=prices) if prices else ():
        line = prices[item.offer_id][item.sku]
        items.append({"pk": item.pk, "unit_price": line.item.unit_price, "discount": line.discount})
    update_tables({Offer: rows, OfferItem: items})


def _show(order: Order, wanted: Sequence[_Wanted], placement: str, *, by: str, at: datetime) -> None:
    """The items of what is new, and that it stands here for the first time; told once a place."""
    items = {each.offer_id: _new_items(each) for each in wanted if each.new}
    first = [each for each in wanted if each.made is None or placement not in each.made.shown_in]
    showings = [OfferShowing(offer_id=each.offer_id, placement=placement, shown_at=at, times=1) for each in first]
    insert_objects(*(item for new in items.values() for item in new), *showings)
    offers = Offer.objects.filter(id__in=[each.offer_id for each in first if each.made]).prefetch_related("items")
    before = {offer.pk: offer for offer in offers} if any(each.made for each in first) else {}
    told = []
    for each in first:
        offer = each.new or before[each.offer_id]
        described = describe_offer(order, offer, items[offer.pk] if each.new else offer.items.all())
        told.append(OfferShown(subject=str(offer.pk), by=by, at=at, facts=described | {"placement": placement}))
    events.publish(told)


def _new_items(wanted: _Wanted) -> list[OfferItem]:
    return [
        OfferItem(
            offer_id=wanted.offer_id,
            variant_id=each.item.variant_id,
            sku=each.item.sku,
            quantity=each.item.quantity,
            unit_price=each.item.unit_price,
            discount=each.discount,
        )
        for each in wanted.draft.priced.items
    ]
