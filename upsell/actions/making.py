"""Making offers of what campaigns would show: the sides of experiments, the offers, and that they were shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms import events
from oms.events import Event
from oms.models import EventRecord
from oms.money import round_amount
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import Row, insert_rows, update_tables
from orders.models import Order
from upsell.actions.considering import lock_and_note
from upsell.events import OfferShown
from upsell.models import Exposure, Offer, OfferItem, OfferShowing
from upsell.queries.considering import Thought
from upsell.queries.drafting import Draft
from upsell.queries.sold import read_sold, reckon
from upsell.queries.standing import Afresh, Made, read_afresh
from upsell.queries.whole_offers import read_whole_offers

State = Offer.State
_MAY_COME_BACK = (State.EXPIRED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A draft to show, and the offer that it is: `made` before, or a new one with that id."""

    campaign_id: int
    draft: Draft
    made: Made | None
    offer_id: int


@transactional
def make_offers(*, order: Order, thoughts: Sequence[Thought], placement: str, by: str, at: datetime) -> None:
    """Write down what is new of it. Under the order's lock: another tab may have thought the same in the meantime.

    Raises:
        OrderNotFound
    """
    lock_and_note(order, thoughts, placement, at=at)
    afresh = read_afresh(order, wanted=sum(len(thought.drafts) for thought in thoughts), at=at)
    if not afresh.open:
        return
    wanted = _find_wanted(thoughts, afresh)
    first = [each for each in wanted if each.made is None or placement not in each.made.shown_in]
    told = [_tell(order, each, placement, by=by, at=at) for each in first if each.made is None]
    written = insert_rows(
        {
            Exposure: _new_exposures(order, thoughts, afresh, placement, at=at),
            Offer: [_new_offer(order, each, rank=rank, at=at) for rank, each in enumerate(wanted) if each.made is None],
            OfferItem: [item for each in wanted if each.made is None for item in _new_items(each)],
            OfferShowing: [_new_showing(each, placement, at=at) for each in first],
            EventRecord: events.first_rows(told),
        }
    )
    events.follow(told, written.get(EventRecord, []))
    _offer_anew([each for each in wanted if each.made and each.made.state in _MAY_COME_BACK])
    _tell_again(order, [each for each in first if each.made], placement, by=by, at=at)


def describe_offer(order: Order, offer: Offer, items: Iterable[OfferItem]) -> dict[str, Any]:
    """The facts that all events of the offer have."""
    units = [(each.sku, each.quantity) for each in items]
    return _describe(order, offer.campaign_id, units, price=offer.price, saving=offer.saving)


def _describe(
    order: Order, campaign_id: int, units: Iterable[tuple[str, Decimal]], *, price: Decimal, saving: Decimal
) -> dict[str, Any]:
    return {
        "order": order.number,
        "campaign": campaign_id,
        "items": [{"sku": sku, "quantity": plain(quantity)} for sku, quantity in units],
        "price": str(round_amount(price, order.currency)),
        "saving": str(round_amount(saving, order.currency)),
        "currency": order.currency,
    }


def _find_wanted(thoughts: Sequence[Thought], afresh: Afresh) -> list[_Wanted]:
    """What was refused or taken in the meantime is not wanted any more."""
    ids = iter(afresh.ids)
    wanted = []
    for thought in thoughts:
        for draft in thought.drafts:
            made = afresh.offered.get((thought.campaign.pk, draft.contents))
            if made is None or made.state in (State.OPEN, *_MAY_COME_BACK):
                wanted.append(_Wanted(thought.campaign.pk, draft, made, made.id if made else next(ids)))
    return wanted


def _new_exposures(
    order: Order, thoughts: Sequence[Thought], afresh: Afresh, placement: str, *, at: datetime
) -> list[Row]:
    """Who fell on which side, and what the order was worth before anything was shown. Tests fall on none."""
    new = [each for each in thoughts if each.group and each.campaign.pk not in afresh.groups]
    if order.test or not new:
        return []
    worth = reckon(read_sold([order.pk])).orders[order.pk]
    return [
        {
            "campaign_id": each.campaign.pk,
            "order_id": order.pk,
            "group": each.group,
            "placement": placement,
            "currency": order.currency,
            "assigned_at": at,
            "baseline": worth.revenue,
            "baseline_margin": worth.margin,
            "net_revenue": worth.revenue,
            "net_margin": worth.margin,
            "counted_at": at,
        }
        for each in new
    ]


def _new_offer(order: Order, wanted: _Wanted, *, rank: int, at: datetime) -> Row:
    priced = wanted.draft.priced
    return {
        "id": wanted.offer_id,
        "order_id": order.pk,
        "campaign_id": wanted.campaign_id,
        "contents": wanted.draft.contents,
        "rank": rank,
        "currency": order.currency,
        "price": priced.price,
        "saving": priced.saving,
        "frees_shipping": priced.frees_shipping,
        "because": wanted.draft.because,
        "made_at": at,
    }


def _new_items(wanted: _Wanted) -> list[Row]:
    return [
        {
            "offer_id": wanted.offer_id,
            "variant_id": each.item.variant_id,
            "sku": each.item.sku,
            "quantity": each.item.quantity,
            "unit_price": each.item.unit_price,
            "discount": each.discount,
        }
        for each in wanted.draft.priced.items
    ]


def _new_showing(wanted: _Wanted, placement: str, *, at: datetime) -> Row:
    return {"offer_id": wanted.offer_id, "placement": placement, "shown_at": at}


def _tell(order: Order, wanted: _Wanted, placement: str, *, by: str, at: datetime) -> Event:
    """That a new one is shown."""
    priced = wanted.draft.priced
    units = [(each.item.sku, each.item.quantity) for each in priced.items]
    facts = _describe(order, wanted.campaign_id, units, price=priced.price, saving=priced.saving)
    return OfferShown(subject=str(wanted.offer_id), by=by, at=at, facts=facts | {"placement": placement})


def _tell_again(order: Order, wanted: Sequence[_Wanted], placement: str, *, by: str, at: datetime) -> None:
    """That those of other places stand here, too."""
    told = [
        OfferShown(
            subject=str(offer.pk),
            by=by,
            at=at,
            facts=describe_offer(order, offer, offer.items.all()) | {"placement": placement},
        )
        for offer in read_whole_offers([each.offer_id for each in wanted]).values()
    ]
    events.publish(told)


def _offer_anew(wanted: Sequence[_Wanted]) -> None:
    """What ran out or was withdrawn lives again, at what it costs now, and in the variant in which it is thought of."""
    rows, items = [], []
    prices = {each.offer_id: {line.item.sku: line for line in each.draft.priced.items} for each in wanted}
    for each in wanted:
        priced = each.draft.priced
        rows.append(
            {"pk": each.offer_id, "state": State.OPEN, "ended_at": None, "ended_by": "", "price": priced.price}
            | {"saving": priced.saving, "frees_shipping": priced.frees_shipping}
        )
    for item in OfferItem.objects.filter(offer__in=prices) if prices else ():
        lines = prices[item.offer_id]
        line = lines.get(item.sku) or next(iter(lines.values()))  # another size was chosen: it was the only item
        row = {"pk": item.pk, "variant_id": line.item.variant_id, "sku": line.item.sku}
        items.append(row | {"unit_price": line.item.unit_price, "discount": line.discount})
    update_tables({Offer: rows, OfferItem: items})
