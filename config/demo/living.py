"""Living the stories: every order goes through its life by the same actions as a real one."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from config.demo.lives import Ending, Stop
from config.demo.stories import LIVED, Parcel, Story, as_history
from config.demo.windows import list_lengths
from config.demo.writing import settle_payments
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order, lift_hold
from orders.actions.intake.refunding import record_refunds
from orders.actions.intake.updating import update_order
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.placing import place_orders
from orders.actions.releasing import release_due_orders
from orders.channels.incoming import IncomingOrder, IncomingRefund
from orders.models import Hold, Order

GATHERED = timedelta(hours=1)
"""History of one channel is placed in batches of so long."""
SWEEP = timedelta(seconds=7)
"""How long after its end a window is noticed."""

Deed = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done at a moment."""

    at: datetime
    deed: Deed


@dataclass(slots=True)
class Stage:
    """What has come of it so far, by the sale's number: the order's own number, and what its channel said last."""

    numbers: dict[int, str] = field(default_factory=dict)
    orders: dict[int, IncomingOrder] = field(default_factory=dict)


def list_acts(stage: Stage, stories: Sequence[Story], *, now: datetime) -> list[Act]:
    """Everything that is done with the orders; none of it later than now."""
    acts = list(_history_acts(stage, stories, now=now))
    for story in stories:
        acts += _acts_of(stage, story, now=now)
    return acts


def _history_acts(stage: Stage, stories: Sequence[Story], *, now: datetime) -> Iterator[Act]:
    batches: dict[tuple[int, str], list[Story]] = defaultdict(list)
    for story in stories:
        if story.is_history(now=now):
            batches[int((now - story.sale.at) / GATHERED), story.sale.shop.actor].append(story)
    for batch in batches.values():
        at = max(story.sale.recorded_at for story in batch)
        yield Act(at, partial(_place, stage, batch, [as_history(story, now=now) for story in batch]))


def _acts_of(stage: Stage, story: Story, *, now: datetime) -> Iterator[Act]:
    """One order's acts; of history only what happened lately."""
    life, sale = story.life, story.sale
    if not story.is_history(now=now):
        yield Act(min(sale.recorded_at, now), partial(_place, stage, [story], [story.order]))
        wanted: list[tuple[datetime | None, Deed]] = [(life.paid_at, partial(_pay, stage, story))]
        wanted += [(sale.at + length + SWEEP, _release) for length in sorted(list_lengths(sale.shop))]
        for stop in life.stops:
            wanted += [
                (stop.at, partial(_stop, stage, story, stop)),
                (stop.lifted_at, partial(_lift, stage, story, stop)),
            ]
        parcels = story.parcels(now=now)
        wanted += [(parcel.at, partial(_send, stage, story, parcels, parcel)) for parcel in parcels]
        if life.cancelled:
            wanted.append((life.cancelled.at, partial(_cancel, stage, story, life.cancelled)))
        yield from (Act(at, deed) for at, deed in wanted if at and at <= now)
    for refund in story.refunds(after=now - LIVED, until=now):
        yield Act(refund.refunded_at, partial(_give_back, stage, story, refund))


def _place(stage: Stage, stories: Sequence[Story], orders: Sequence[IncomingOrder], at: datetime) -> None:
    placements = place_orders(orders, by=stories[0].sale.shop.actor, at=at)
    for story, order, placement in zip(stories, orders, placements, strict=True):
        if placement.status != "placed":
            raise RuntimeError(f"The demo's order {order.external_id} was not placed: {placement.refusal}")
        stage.numbers[story.sale.number] = placement.number
        stage.orders[story.sale.number] = order


def _release(at: datetime) -> None:
    release_due_orders(by="system", at=at)


def _pay(stage: Stage, story: Story, at: datetime) -> None:
    """The bank statement shows the transfer."""
    number, order = story.sale.number, stage.orders[story.sale.number]
    for payment in order.payments:
        assert payment.amount
        receipt = Receipt(
            amount=payment.amount, currency=order.currency, gateway=payment.gateway, reference=payment.reference
        )
        record_payment(number=stage.numbers[number], receipt=receipt, by="staff:marta", at=at)
    stage.orders[number] = settle_payments(order, at)


def _stop(stage: Stage, story: Story, stop: Stop, at: datetime) -> None:
    hold_order(number=stage.numbers[story.sale.number], reason=stop.reason, detail=stop.detail, by=stop.by, at=at)


def _lift(stage: Stage, story: Story, stop: Stop, at: datetime) -> None:
    number = stage.numbers[story.sale.number]
    hold = Hold.objects.open(at=at).get(order__number=number, reason=stop.reason)
    lift_hold(number=number, hold_id=hold.pk, by="staff:marta", at=at)


@transaction.atomic
def _send(stage: Stage, story: Story, parcels: Sequence[Parcel], parcel: Parcel, at: datetime) -> None:
    """The channel says what has left, and with the last parcel that the money was taken."""
    number, order = story.sale.number, stage.orders[story.sale.number]
    sent = {
        item.article.sku
        for parcel_sent in parcels[: parcels.index(parcel) + 1]
        for item in parcel_sent.items
        if item.article
    }
    last = parcel is parcels[-1]
    lines = [
        line.model_copy(update={"fulfilled_quantity": line.quantity}) if last or line.sku in sent else line
        for line in order.lines
    ]
    order = order.model_copy(update={"lines": lines, "updated_at": at, "fulfilled_at": at if last else None})
    stage.orders[number] = settle_payments(order, at) if last else order
    update_order(stage.numbers[number], stage.orders[number], by=story.sale.shop.actor, at=at)


def _cancel(stage: Stage, story: Story, ending: Ending, at: datetime) -> None:
    by = ending.by or ("customer" if story.sale.shop.connector == "API" else story.sale.shop.actor)
    cancel_order(number=stage.numbers[story.sale.number], reason=ending.reason, by=by, at=at)


@transaction.atomic
def _give_back(stage: Stage, story: Story, refund: IncomingRefund, at: datetime) -> None:
    order = Order.objects.locked(stage.numbers[story.sale.number])
    record_refunds(order, [refund], by=story.sale.shop.actor, at=at)
