"""A return's costs are noted whenever more of them may be certain."""

from collections.abc import Sequence

from returns.actions.costing import note_costs
from returns.events import ReturnEvent


def note_costs_of(told: Sequence[ReturnEvent]) -> None:
    """All that happened together, together."""
    note_costs(sorted({event.subject for event in told}), at=max(event.at for event in told))
