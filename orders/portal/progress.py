"""Where an order stands, in human words: one headline, what happens next, and a line of steps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext

from oms.templatetags.portal import say_day
from orders.models import Edit, Hold, Order
from orders.portal.parcels import Sending
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


def tell_progress(
    order: Order, reasons: Collection[str], window: ShownWindow, edit: Edit | None, sending: Sending
) -> Progress:
    """`reasons`: of the holds that are open."""
    if order.status == Order.Status.CANCELLED:
        return Progress(gettext("This order was cancelled"), _after_cancelling(order), _cancelled_steps(order), "end")
    whole = order.fulfillment_status == Order.FulfillmentStatus.FULFILLED or order.status == Order.Status.CLOSED
    if whole or order.fulfillment_status == Order.FulfillmentStatus.PARTIALLY_FULFILLED:
        return _tell_sent(order, sending, whole=whole)
    if order.status == Order.Status.RELEASED:
        return _tell_packing(order, sending)
    return _tell_held(order, reasons, window, edit)


def _tell_sent(order: Order, sending: Sending, *, whole: bool) -> Progress:
    """What needs attention comes first; then what has arrived, and what is still to come."""
    rest = gettext("All of it has left us.") if whole else gettext("The rest follows as soon as it is ready.")
    steps = _steps(order, 4 if whole and sending.all_arrived else 3, sending)
    if any(parcel.lost for parcel in sending.parcels):
        look = gettext("We look at it and write to you; there is nothing you need to do.")
        return Progress(gettext("A parcel could not be delivered"), look, steps, "wait")
    if any(parcel.late for parcel in sending.parcels):
        eye = gettext("We keep an eye on it and write to you when it arrives.")
        return Progress(gettext("A parcel takes longer than planned"), eye, steps, "wait")
    if whole and sending.all_arrived:
        return Progress(gettext("Your order has arrived"), gettext("We hope you like it."), steps, "good")
    headline = gettext("Your order is on its way") if whole else gettext("Part of your order is on its way")
    return Progress(headline, rest, steps, "good")


def _tell_packing(order: Order, sending: Sending) -> Progress:
    steps = _steps(order, 2, sending)
    if sending.stopping:
        asked = gettext("We asked the warehouse to stop it, and write to you as soon as it has answered.")
        return Progress(gettext("We try to stop your order"), asked, steps, "wait")
    if sending.leaves_at:
        later = gettext("It ships on %(day)s. We write to you when it leaves.") % {"day": say_day(sending.leaves_at)}
        return Progress(gettext("Your order is planned for later"), later, steps)
    if sending.packing:
        packing = gettext("The warehouse picks and packs it now. We write to you when it leaves.")
    else:
        packing = gettext("The warehouse packs it next. We write to you when it leaves.")
    return Progress(gettext("We are preparing your order"), packing, steps)


def _tell_held(order: Order, reasons: Collection[str], window: ShownWindow, edit: Edit | None) -> Progress:
    steps = _steps(order, 1, Sending())
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


def _steps(order: Order, now: int, sending: Sending) -> list[Step]:
    """Placed, changes, preparing, sent, arrived. The step that is reached is `now`; who sent it without telling us
    where it is will not tell when it arrives either.
    """
    names = [gettext("Ordered"), gettext("Time for changes"), gettext("Preparing"), gettext("On its way")]
    moments = [order.placed_at, None, order.released_at, sending.sent_at or order.closed_at]
    if sending.parcels or now < 3:
        names.append(gettext("Arrived"))
        moments.append(sending.arrived_at)
    places: list[Place] = ["done" if place < now else "now" if place == now else "next" for place in range(len(names))]
    return [Step(*step) for step in zip(names, places, moments, strict=True)]


def _cancelled_steps(order: Order) -> list[Step]:
    placed = Step(gettext("Ordered"), "done", order.placed_at)
    return [placed, Step(gettext("Cancelled"), "now", order.cancelled_at)]
