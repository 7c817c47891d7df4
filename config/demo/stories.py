"""Sixty days of purchases, each with its order and all that becomes of it until now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from config.demo.baskets import Item
from config.demo.brand import shop_named
from config.demo.dice import roll
from config.demo.lives import GivenBack, Life, foresee
from config.demo.rhythm import is_promotion, place_moments
from config.demo.sales import Market, Sale
from config.demo.scenes import SCARCE, SCENES, SOLD_OUT, Scene, scene_moments
from config.demo.writing import settle_payments, write_order
from orders.channels.incoming import IncomingOrder, IncomingPayment, IncomingRefund, IncomingRefundLine

LIVED = timedelta(days=3)
"""What was settled before that comes as history, in batches; younger orders are lived step by step."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Items that leave together; `at` None: not before now."""

    at: datetime | None
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Story:
    """One purchase from its first to its latest moment."""

    sale: Sale
    life: Life
    order: IncomingOrder

    def is_history(self, *, now: datetime) -> bool:
        settled_at = self.life.settled_at
        return settled_at is not None and settled_at < now - LIVED

    def parcels(self, *, now: datetime) -> list[Parcel]:
        """What left, and what still has to. Nothing of a cancelled order or of a test ever does."""
        if self.life.cancelled or self.sale.test:
            return []
        goods = [item for item in self.sale.items if item.article]
        whens = [(self.life.leaves_at, goods)]
        if self.life.first_parcel_at:
            whens = [(self.life.first_parcel_at, goods[:1]), (self.life.leaves_at, goods[1:])]
        return [Parcel(at if at and at <= now else None, items) for at, items in whens if items]

    def refunds(self, *, after: datetime | None = None, until: datetime) -> Iterator[IncomingRefund]:
        """Money that went back in that time."""
        for place, back in enumerate(self.life.given_back):
            if (after is None or back.at >= after) and back.at <= until:
                yield self._refund(place, back)

    def _refund(self, place: int, back: GivenBack) -> IncomingRefund:
        line = self.order.lines[-1]
        paid = sum((payment.amount or Decimal(0) for payment in self.order.payments), Decimal(0))
        price = line.quantity * line.unit_price - line.discount
        lines = self.order.lines if back.whole else [line]
        return IncomingRefund(
            external_id=f"re_{roll('refund', self.sale.number, place).getrandbits(48):012x}",
            amount=paid if back.whole else min(price, paid),
            gateway=self.sale.gateway,
            reason=back.reason,
            refunded_at=back.at,
            lines=[IncomingRefundLine(line=line.external_id, quantity=line.quantity) for line in lines],
        )


def tell_stories(count: int, *, now: datetime) -> list[Story]:
    """So many stories, oldest first: most by chance, the last days on purpose."""
    market = Market(without=[*SCARCE, *SOLD_OUT])
    ordinary = [(at, shop, None) for at, shop in place_moments(count - len(SCENES), now=now)]
    special = [(at, shop_named(scene.shop), scene) for at, scene in scene_moments(now)]
    moments = sorted([*ordinary, *special], key=lambda moment: (moment[0], moment[1].code))

    stories = []
    for number, (at, shop, scene) in enumerate(moments):
        recent = at >= now - LIVED
        sale = market.make_sale(number, at, shop, promotion=is_promotion(at, now=now), recent=recent)
        stories.append(_tell(sale, scene))
    return stories


def _tell(sale: Sale, scene: Scene | None) -> Story:
    life = foresee(sale)
    if scene:
        scene.twist(sale, life)
    return Story(sale, life, write_order(sale))


def as_history(story: Story, *, now: datetime) -> IncomingOrder:
    """The order as a channel tells it long afterwards: sent or cancelled, settled, with what had been given back."""
    order, life = story.order, story.life
    refunds = list(story.refunds(until=now - LIVED))
    if life.cancelled:
        given_up = {"cancelled_at": life.cancelled.at, "cancel_reason": life.cancelled.reason}
        lines = [line.model_copy(update={"cancelled_quantity": line.quantity}) for line in order.lines]
        payments = order.payments if life.given_back else [_void(payment) for payment in order.payments]
        changes = {"lines": lines, "payments": payments, "refunds": refunds, "updated_at": life.cancelled.at}
        return order.model_copy(update=changes | given_up)

    assert life.leaves_at
    lines = [line.model_copy(update={"fulfilled_quantity": line.quantity}) for line in order.lines]
    sent = settle_payments(order, life.paid_at or (life.leaves_at if story.sale.only_authorized else order.placed_at))
    changes = {"lines": lines, "refunds": refunds, "fulfilled_at": life.leaves_at, "updated_at": life.leaves_at}
    return sent.model_copy(update=changes)


def _void(payment: IncomingPayment) -> IncomingPayment:
    return payment.model_copy(update={"status": "VOIDED", "captured_at": None})
