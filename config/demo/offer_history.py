"""Offers of the weeks before: what the shop's former system told of orders that came as history.

Those orders were never open here, so nothing can be offered with them by actions. What was shown and taken with them is
taken over as rows; what it brought is counted by the product itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from config.demo.dice import roll
from config.demo.stories import LIVED
from oms.writing import insert_objects
from orders.models import Edit, Order, OrderLine
from upsell.choices import Group, Placement, Source
from upsell.models import Campaign, Exposure, Offer, OfferItem, OfferShowing
from upsell.policies.assigning import assign_group
from upsell.policies.netting import SoldLine, net_offer, net_order
from upsell.queries.sold import Sold, read_sold, reckon

BEGAN = timedelta(days=28)
"""So long ago the first campaign was switched on."""
MINUTE = timedelta(minutes=1)
CUSTOMER, SYSTEM = "customer", "system"
PRODUCT = OrderLine.Kind.PRODUCT
State = Offer.State


def take_over_history(*, now: datetime) -> None:
    """Of the recommender's campaign: sides, offers, and lines that were once offers."""
    campaign = Campaign.objects.get(source=Source.RECOMMENDER)
    orders = list(_list_orders(now))
    offered = list(_list_goods())
    sides = {order.pk: _side_of(campaign, order) for order in orders}
    for order in orders:
        if sides[order.pk] == Group.TREATMENT:
            _offer(campaign, order, offered)
    sold = {each.order: each for each in read_sold([order.pk for order in orders])}
    exposures = [_expose(campaign, order, sides[order.pk], sold[order.pk], now=now) for order in orders]
    if exposures:
        insert_objects(*exposures)


def _list_orders(now: datetime) -> Iterator[Order]:
    """In euro, of channels whose orders can be edited, in an order that chance does not change."""
    rows = Order.objects.filter(
        placed_at__range=(now - BEGAN, now - LIVED),
        channel__edit_window_minutes__gt=0,
        currency="EUR",
        test=False,
        made_here=False,
        exposures=None,
    )
    for order in rows.select_related("customer").prefetch_related("lines__variant").order_by("number"):
        if any(line.kind == PRODUCT for line in order.lines.all()):
            yield order


def _list_goods() -> Sequence[OrderLine]:
    """What sold in those weeks: one line a SKU, for its price."""
    lines = OrderLine.objects.filter(kind=PRODUCT, order__currency="EUR", order__test=False)
    return list(lines.select_related("variant__product").order_by("sku", "id").distinct("sku")[:120])


def _side_of(campaign: Campaign, order: Order) -> Group:
    unit = str(order.customer_id) if order.customer_id else order.number
    return assign_group(campaign.salt, unit, campaign.holdout_share)


def _offer(campaign: Campaign, order: Order, goods: Sequence[OrderLine]) -> None:
    """One that was taken, where the order has a line to spare; else one that was refused or ran out."""
    dice = roll("past offer", order.number)
    lines = [line for line in order.lines.all() if line.kind == PRODUCT and line.quantity]
    if len(lines) > 1 and dice.random() < 0.18:
        _take(campaign, order, lines[-1])
    else:
        sku = dice.choice(goods)
        state = State.REFUSED if dice.random() < 0.08 else State.EXPIRED
        _make(campaign, order, _Past(sku, Decimal(1), sku.unit_price / 10, state))


def _take(campaign: Campaign, order: Order, line: OrderLine) -> None:
    edit = Edit(
        order=order,
        state=Edit.State.COMMITTED,
        actor=Edit.Actor.CUSTOMER,
        by=CUSTOMER,
        operations=[{"op": "add_item", "sku": line.sku, "quantity": float(line.quantity)}],
        plan={},
        before={},
        reasons=[],
        total_before=max(order.total - line.quantity * line.unit_price + line.discount, Decimal(0)),
        total_after=order.total,
        currency=order.currency,
        base_version=1,
        asked_at=order.placed_at + 6 * MINUTE,
        ended_at=order.placed_at + 6 * MINUTE,
    )
    insert_objects(edit)
    item = _make(campaign, order, _Past(line, line.quantity, line.discount, State.ACCEPTED, edit))
    OrderLine.objects.filter(pk=line.pk).update(offer_item=item.pk)


@dataclass(frozen=True, slots=True)
class _Past:
    """What was offered once, and how it ended; `edit`: by which it was taken."""

    goods: OrderLine
    quantity: Decimal
    discount: Decimal
    state: str
    edit: Edit | None = None


def _make(campaign: Campaign, order: Order, past: _Past) -> OfferItem:
    offer = _tell_offer(campaign, order, past)
    insert_objects(offer)
    item = OfferItem(
        offer=offer,
        variant=past.goods.variant,
        sku=past.goods.sku,
        quantity=past.quantity,
        unit_price=past.goods.unit_price,
        discount=offer.saving,
    )
    insert_objects(item, *_tell_showings(offer, order, taken=past.edit is not None))
    return item


def _tell_offer(campaign: Campaign, order: Order, past: _Past) -> Offer:
    made_at, edit = order.placed_at + MINUTE, past.edit
    saving = past.discount.quantize(Decimal("0.01"))
    ended = past.state != State.ACCEPTED
    return Offer(
        order=order,
        campaign=campaign,
        contents=f"{past.quantity.normalize():f}×{past.goods.sku}",
        state=past.state,
        currency=order.currency,
        price=past.quantity * past.goods.unit_price - saving,
        saving=saving,
        because={"code": "popular", "sku": "", "title": ""},
        made_at=made_at,
        edit=edit,
        accepted_at=edit.asked_at if edit else None,
        accepted_through=Placement.CONFIRMATION if edit else "",
        ended_at=made_at + 30 * MINUTE if ended else None,
        ended_by=(CUSTOMER if past.state == State.REFUSED else SYSTEM) if ended else "",
    )


def _tell_showings(offer: Offer, order: Order, *, taken: bool) -> list[OfferShowing]:
    dice = roll("past showing", order.number)
    seen_at = offer.made_at + MINUTE if taken or dice.random() < 0.7 else None
    places = [Placement.CONFIRMATION, Placement.ORDER][: 1 + (dice.random() < 0.4)]
    return [
        OfferShowing(offer=offer, placement=place, shown_at=offer.made_at, times=1, seen_at=seen_at) for place in places
    ]


def _expose(campaign: Campaign, order: Order, side: Group, sold: Sold, *, now: datetime) -> Exposure:
    """Worth before: all of it but what was taken afterwards, as if nothing had come back."""
    facts = sold.family[0]
    whole = replace(facts, credited=Decimal(0), lines=[_kept(line) for line in facts.lines])
    taken = [line for line in whole.lines if line.offer]
    before, added, worth = net_order(whole), net_offer(whole, taken, waived=None), reckon([sold]).orders[sold.order]
    known = before.margin is not None and added.margin is not None
    return Exposure(
        campaign=campaign,
        order=order,
        group=side,
        placement=Placement.CONFIRMATION,
        currency=order.currency,
        assigned_at=order.placed_at + MINUTE,
        baseline=before.revenue - added.revenue,
        baseline_margin=(before.margin or 0) - (added.margin or 0) if known else None,
        net_revenue=worth.revenue,
        net_margin=worth.margin,
        given=Decimal(0),
        counted_at=now,
    )


def _kept(line: SoldLine) -> SoldLine:
    return replace(line, left=line.quantity)
