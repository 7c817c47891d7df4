"""What fulfillments do when an order is held, cancelled at the warehouse, or its shelf turns out to be empty."""

from collections.abc import Sequence

from inventory.events import AllocationsBroken
from orders.actions.cancelling import finish_cancellation
from orders.actions.fulfilling.recalling import recall_fulfillments, recall_held
from orders.events import CancellationAnswered, OrderHeld


def recall_held_orders(told: Sequence[OrderHeld]) -> None:
    """An order that is held again is taken back from warehouses that have not accepted it."""
    for event in told:
        recall_held(number=event.subject, by=event.by, at=event.at)


def reroute_missing(told: Sequence[AllocationsBroken]) -> None:
    """After a count found less than was set apart: those who had it are routed anew."""
    parts = {part for event in told for part in event.facts["parts"]}
    recall_fulfillments(numbers=sorted(parts), because="stock_missing", by=told[-1].by, at=told[-1].at)


def finish_cancellations(told: Sequence[CancellationAnswered]) -> None:
    """Together with the warehouse's answer: what it could stop is cancelled."""
    for event in told:
        finish_cancellation(number=event.subject, stopped=event.facts["accepted"], by=event.by, at=event.at)
