"""Advice that did not save a return: it came back all the same."""

from collections.abc import Sequence

from returns.actions.advising import note_returned
from returns.events import ReturnRequested


def note_unheeded_advice(told: Sequence[ReturnRequested]) -> None:
    for event in told:
        note_returned(lines=[item["line"] for item in event.facts.get("items", ())], at=event.at)
