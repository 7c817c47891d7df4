"""Offers of the last days, by the product's own actions: shown, seen, taken, refused, and those that ran out."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from config.demo.dice import roll
from config.demo.living import Act, Stage
from config.demo.offer_history import BEGAN, take_over_history
from config.demo.stories import LIVED, Story
from inventory.models import Variant
from oms.errors import NotFound, Refused
from oms.money import round_amount
from orders.models import Order
from upsell.actions.accepting import accept_offer
from upsell.actions.campaigning import save_campaign, switch_campaign
from upsell.actions.counting import count_behind
from upsell.actions.expiring import expire_offers
from upsell.actions.offering import offer_to
from upsell.actions.refusing import refuse_offer
from upsell.actions.seeing import note_seen
from upsell.actions.training import train_recommender
from upsell.choices import DiscountKind, Placement, Source
from upsell.errors import NotRankable
from upsell.models import Campaign, Offer

BY, CUSTOMER, SYSTEM = "staff:marta", "customer", "system"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

PAGES = [Placement.CONFIRMATION, Placement.ORDER, Placement.EDIT, Placement.MAIL]
GOES_WITH = Campaign(
    name="Goes with your order, 10 % off",
    source=Source.RECOMMENDER,
    discount_kind=DiscountKind.PERCENTAGE,
    discount=Decimal(10),
    holdout_share=Decimal("0.200"),
    placements=PAGES,
    stock_floor=Decimal(3),
    priority=10,
    words={"en": "Goes well with what you ordered, in the same parcel", "zh-hans": "与您的订单很搭，同一包裹寄出"},
)
FILLS_UP = Campaign(
    name="Free shipping is near",
    source=Source.FILLERS,
    placements=[Placement.CONFIRMATION, Placement.ORDER],
    holdout_share=Decimal("0.100"),
    priority=20,
    words={"en": "A little more, and shipping is free", "zh-hans": "再加一点就包邮"},
)


def arrange_offers(*, at: datetime) -> None:
    """Three campaigns, switched on. Their salts are given: two loads draw the same sides."""
    for place, campaign in enumerate([GOES_WITH, FILLS_UP, _bundle()]):
        pattern = Campaign(**{field.attname: getattr(campaign, field.attname) for field in _columns()})
        kept = save_campaign(campaign=pattern, by=BY, at=at)
        Campaign.objects.filter(pk=kept.pk).update(salt=f"morrow-{place}")
        switch_campaign(campaign_id=kept.pk, active=True, by=BY, at=at)


def list_offer_acts(stage: Stage, stories: Sequence[Story], *, now: datetime) -> Iterator[Act]:
    """None later than now: what was learned of the past, that past, and the orders that were lived step by step."""
    first = now - LIVED
    yield Act(first, partial(_learn))
    for story in stories:
        shown_at = story.sale.recorded_at + MINUTE
        if not story.is_history(now=now) and first <= story.sale.at and shown_at <= now:
            yield Act(shown_at, partial(_show, stage, story))
            if not story.life.wishes:  # whoever has another change in mind answers no offer before it
                yield Act(min(shown_at + 4 * MINUTE, now), partial(_answer, stage, story))


def end_offers(*, now: datetime) -> None:
    """The weeks before, as rows; then all is counted as workers would."""
    take_over_history(now=now)
    expire_offers(at=now)
    count_behind(since=now - BEGAN, at=now)


def _learn(at: datetime) -> None:
    """A small brand may have too little to learn from."""
    with suppress(NotRankable):
        train_recommender(by="system:nightly", at=at)


def _show(stage: Stage, story: Story, at: datetime) -> None:
    """The buyer sees the confirmation, and some of them look at their order later."""
    order = _find(stage, story)
    if order is None:
        return
    dice = roll("offer", story.sale.number)
    for placement in (Placement.CONFIRMATION, Placement.ORDER)[: 1 + (dice.random() < 0.4)]:
        shown = offer_to(order=order, placement=placement, by=CUSTOMER, at=at)
        if shown.offers and dice.random() < 0.7:
            note_seen(offer_ids=[offer.pk for offer in shown.offers], order=order, placement=placement, at=at)


def _answer(stage: Stage, story: Story, at: datetime) -> None:
    """One of seven takes the first offer, one of twelve wants nothing of the kind."""
    order = _find(stage, story)
    offer = Offer.objects.open().filter(order=order).order_by("rank", "id").first() if order else None
    if offer is None:
        return
    fate = roll("answer", story.sale.number).random()
    with suppress(Refused, NotFound):
        if fate < 0.14:
            place = Placement.CONFIRMATION
            accept_offer(offer_id=offer.pk, placement=place, actor="CUSTOMER", by=CUSTOMER, at=at)
        elif fate < 0.22:
            refuse_offer(offer_id=offer.pk, scope="PRODUCT", by=CUSTOMER, at=at)


def _find(stage: Stage, story: Story) -> Order | None:
    number = stage.numbers.get(story.sale.number)
    return Order.objects.select_related("channel", "customer").filter(number=number).first() if number else None


def _bundle() -> Campaign:
    """Two small things at one price; what is on the shelf decides which."""
    cheap = Variant.objects.filter(price__range=(6, 25), currency="EUR", divisible=False)
    small = list(cheap.order_by("price", "sku")[:40])
    first = small[0]
    second = next(each for each in small if each.product_id != first.product_id)
    together = (first.price or Decimal(0)) + (second.price or Decimal(0))
    return Campaign(
        name="Two for the home",
        source=Source.FIXED,
        skus=[first.sku, second.sku],
        discount_kind=DiscountKind.BUNDLE_PRICE,
        discount=round_amount(together * Decimal("0.85"), "EUR"),
        currency="EUR",
        placements=[Placement.ORDER, Placement.EDIT],
        holdout_share=Decimal("0.100"),
        priority=30,
    )


def _columns() -> list:
    return [field for field in Campaign._meta.concrete_fields if not field.primary_key and field.name != "created_at"]
