"""What offers brought is counted anew whenever orders, returns or store credit change it."""

from collections.abc import Sequence

from oms.events import Event
from upsell.actions.counting import count_given, count_orders


def count_changed_orders(told: Sequence[Event]) -> None:
    """Events whose subject is an order."""
    count_orders({event.subject for event in told}, at=max(event.at for event in told))


def count_orders_of_facts(told: Sequence[Event]) -> None:
    """Events that name their order among their facts: those of returns, and of offers."""
    count_orders({event.facts["order"] for event in told}, at=max(event.at for event in told))


def count_credit(told: Sequence[Event]) -> None:
    """Events of credit accounts: a bonus on what was sent back is part of what its order cost."""
    count_given({event.subject for event in told}, at=max(event.at for event in told))
