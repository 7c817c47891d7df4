"""What has become of an order is told to the systems that must learn of it. Afterwards: a queue of messages follows."""

from collections.abc import Sequence

from orders.actions.write_back.queueing import queue_write_backs
from orders.events import OrderCancelled, OrderEdited, OrderHeld
from orders.models import WriteBack

_SAID = ("edit", "operations", "changes", "total")
"""What the other system is told of the edit itself, beside the order as it is now."""


def tell_edits(told: Sequence[OrderEdited]) -> None:
    for event in told:
        queue_write_backs(
            number=event.subject,
            kind=WriteBack.Kind.EDIT,
            edit_id=event.facts.get("edit"),
            changes=[{name: event.facts[name] for name in _SAID if name in event.facts}],
            by=event.by,
            at=event.at,
        )


def tell_cancellations(told: Sequence[OrderCancelled]) -> None:
    for event in told:
        queue_write_backs(number=event.subject, kind=WriteBack.Kind.CANCEL, by=event.by, at=event.at)


def tell_holds(told: Sequence[OrderHeld]) -> None:
    for event in told:
        queue_write_backs(number=event.subject, kind=WriteBack.Kind.HOLD, by=event.by, at=event.at)
