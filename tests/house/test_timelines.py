"""Whatever can happen to an order is said to those who read its timeline."""

import pytest

import orders.events
from oms.events import Event
from orders.admin import timeline_words
from orders.portal import history


def kinds_of(cls: type[Event]) -> set[type[Event]]:
    return {cls, *(kind for child in cls.__subclasses__() for kind in kinds_of(child))}


def events_of_orders() -> set[type[Event]]:
    ours = {orders.events.__name__, "orders.return_label_events", "inventory.events", "returns.events", "upsell.events"}
    named = {kind for kind in kinds_of(Event) if "type" in vars(kind) and kind.__module__ in ours}
    return {kind for kind in named if kind.subject_kind == "order"}


def test_staff_read_a_sentence_of_each_event_of_an_order():
    assert set(timeline_words.SAYINGS) == {kind.type for kind in events_of_orders()}


@pytest.mark.parametrize("kind", sorted(timeline_words.SAYINGS))
def test_a_sentence_stands_when_the_event_says_nothing_more(kind: str):
    said = timeline_words.SAYINGS[kind].say({})
    assert len(said) >= len("Cancelled")
    assert kind not in said


def test_customers_are_told_of_each_event_of_their_order_or_spared_it_on_purpose():
    spared = {kind.type for kind in history.UNTOLD}
    assert spared.isdisjoint(history.SAYINGS)
    assert spared | set(history.SAYINGS) == {kind.type for kind in events_of_orders()}
