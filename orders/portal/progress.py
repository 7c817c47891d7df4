"""Where an order stands, in human words: one headline, what happens next, and a line of steps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext

from orders.models import Edit, Hold, Order
from orders.wording.windows import ShownWindow

Place = Literal["done", "now", "next"]


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    place: Place
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """`tone` is for the eye only: the headline says it all."""

    headline: str
    next: str
    steps: Sequence[Step]
    tone: Literal["calm", "wait", "good", "end"] = "calm"


def tell_progress(order: Order, reasons: Collection[str], window: ShownWindow, edit: Edit | None) -> Progress:
    """`reasons`: of the holds that are open."""
    if order.status == Order.Status.CANCELLED:
        return Progress(gettext("This order was cancelled"), _after_cancelling(order), _cancelled_steps(order), "end")
    if order.fulfillment_status == Order.FulfillmentStatus.FULFILLED or order.status == Order.Status.CLOSED:
        return Progress(
            gettext("Your order is on its way"), gettext("All of it has left us."), _steps(order, 3), "good"
        )
    if order.fulfillment_status == Order.FulfillmentStatus.PARTIALLY_FULFILLED:
        rest = gettext("The rest follows as soon as it is ready.")
        return Progress(gettext("Part of your order is on its way"), rest, _steps(order, 3), "good")
    if order.status == Order.Status.RELEASED:
        packing = gettext("The warehouse picks and packs it now. We write to you when it leaves.")
        return Progress(gettext("We are preparing your order"), packing, _steps(order, 2))
    return _tell_held(order, reasons, window, edit)


def _tell_held(order: Order, reasons: Collection[str], window: ShownWindow, edit: Edit | None) -> Progress:
    steps = _steps(order, 1)
    if edit and edit.state == Edit.State.AWAITING_PAYMENT:
        pay = gettext("It is done as soon as your payment is here. Until then your order stays as it was.")
        return Progress(gettext("Your change waits for payment"), pay, steps, "wait")
    if edit:
        look = gettext("We look at it and write to you. Until then your order stays as it was.")
        return Progress(gettext("Your change is with us"), look, steps, "wait")
    for reason, (headline, then) in _waits().items():
        if reason in reasons:
            return Progress(headline, then, steps, "wait")
    if window.is_open:
        then = gettext("After that it goes to the warehouse by itself; there is nothing you need to do.")
        return Progress(gettext("You can still change this order"), then, steps)
    then = gettext("It goes to the warehouse in a moment.")
    return Progress(gettext("Your order is all set"), then, steps)


def _waits() -> dict[str, tuple[str, str]]:
    """What a held order waits for. What is nobody's business but ours is only called a closer look."""
    look = (
        gettext("We are taking a closer look"),
        gettext("Somebody checks your order before it goes out. There is nothing you need to do."),
    )
    return {
        Hold.Reason.PAYMENT: (
            gettext("Your order waits for payment"),
            gettext("It goes on as soon as your payment is here."),
        ),
        Hold.Reason.STOCK_SHORT: (
            gettext("Something is not in stock yet"),
            gettext("Your order goes out as soon as everything is here."),
        ),
        Hold.Reason.ADDRESS_CHECK: (
            gettext("We are checking the address"),
            gettext("If something is missing we write to you."),
        ),
        Hold.Reason.FRAUD_REVIEW: look,
        Hold.Reason.TOTALS_MISMATCH: look,
        Hold.Reason.STAFF: look,
    }


def _after_cancelling(order: Order) -> str:
    if order.balance.amount < 0:
        return gettext("What you paid goes back the way it came; that can take some days.")
    if order.refunded:
        return gettext("What you paid has gone back the way it came.")
    return gettext("You owe nothing for it.")


def _steps(order: Order, now: int) -> list[Step]:
    """Placed, changes, preparing, sent. The step that is reached is `now`."""
    names = [gettext("Ordered"), gettext("Time for changes"), gettext("Preparing"), gettext("On its way")]
    moments = [order.placed_at, None, order.released_at, order.closed_at]
    places: list[Place] = ["done" if place < now else "now" if place == now else "next" for place in range(4)]
    return [Step(*step) for step in zip(names, places, moments, strict=True)]


def _cancelled_steps(order: Order) -> list[Step]:
    placed = Step(gettext("Ordered"), "done", order.placed_at)
    return [placed, Step(gettext("Cancelled"), "now", order.cancelled_at)]
