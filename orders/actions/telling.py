"""Telling customers by mail: who is told of what, once, and never of a test or of what was long ago."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oms.actions.posting import Envelope, draft_letter, draft_withheld, find_told, post_messages
from oms.mailing import Letter, speaking_to
from oms.models import EventRecord, Message
from orders.actions.confirming import YOUNG
from orders.events import OrderPlaced
from orders.models import Order

Why = Message.Why

LONG_AGO = timedelta(days=2)
"""What happened so long before it was reported here is history: whoever had to know has known."""

Writer = Callable[[Order], Letter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is to be told. `key` says it for good; `write` puts it into words once the language is set.

    `news`: of parcels and the end of an order, which many shops tell themselves. `by_shop`: the channel did it, or says
    so. `happened_at`: where that is not now. `told`: another mail has just said the same.
    """

    key: str
    kind: str
    write: Writer
    secret: bool = False
    news: bool = False
    by_shop: bool = False
    happened_at: datetime | None = None
    told: bool = False


def tell_customer(order: Order, note: Note, *, at: datetime) -> None:
    """Mail the customer, or write down why not; once, whatever is repeated."""
    tell_customers([(order, note, at)])


def tell_customers(notes: Sequence[tuple[Order, Note, datetime]]) -> None:
    """The same for many, each with its order, which comes with its channel, and the moment."""
    told = find_told([note.key for _, note, _ in notes])
    post_messages([_draft(order, note, at=at) for order, note, at in notes if note.key not in told])


def _draft(order: Order, note: Note, *, at: datetime) -> Message:
    envelope = Envelope(
        key=note.key, kind=note.kind, about_kind="order", about=order.number, to=order.email, secret=note.secret
    )
    if why := find_obstacle(order, note, at=at):
        return draft_withheld(envelope, why, at=at)
    with speaking_to(order.locale, country=order.country):
        return draft_letter(note.write(order), envelope, at=at)


def find_obstacle(order: Order, note: Note, *, at: datetime) -> Message.Why | None:
    """Why the customer is not told; None where they are. The order comes with its channel."""
    if order.test:
        return Why.TEST
    if not order.email:
        return Why.NO_ADDRESS
    if (note.happened_at and note.happened_at < at - LONG_AGO) or (note.by_shop and came_late(order)):
        return Why.HISTORY
    if (note.news and not order.channel.parcel_mail) or (note.by_shop and not order.channel.confirmation_mail):
        return Why.SHOP_TELLS
    return Why.TOLD if note.told else None


def came_late(order: Order) -> bool:
    """True where an import brought it: it had been placed long before it was taken here."""
    placed = EventRecord.objects.filter(subject_kind="order", subject=order.number, type=OrderPlaced.type)
    taken_at = placed.values_list("at", flat=True).first()
    return taken_at is None or taken_at - order.placed_at > YOUNG
