"""What the timeline says of an order, event by event."""

from datetime import timedelta

import pytest

from orders import events
from orders.actions.cancelling import cancel_order
from orders.actions.edits.approving import approve_edit
from orders.admin.timeline import read_timeline
from orders.admin.timeline_words import SAYINGS, find_saying
from orders.models import Order
from tests.make.edits import MEDIUM, PARIS, SOCKS, add, edit, move, open_shop, order_of_tees, set_quantity, swap
from tests.make.moments import ADA, NOON


@pytest.fixture
def order(db) -> Order:
    open_shop()
    return order_of_tees()


def said(order: Order) -> list[str]:
    """The newest first."""
    return [moment.said for moment in read_timeline(order).moments]


def test_a_change_that_is_done_says_what_was_and_what_is(order):
    edit(order, set_quantity(order, 1))

    assert "Changed for the customer: TEE-M: 2 → 1; total 44.70 → 24.80 EUR" in said(order)


def test_a_swap_names_both_variants(order):
    edit(order, swap(order))

    assert said(order)[0] == "Changed for the customer: 2 × TEE-M → 2 × TEE-L"


def test_a_change_that_waits_says_for_whom_and_for_what(order):
    change = edit(order, move(PARIS))

    assert "A change that the customer asked for waits for our approval: change the address" in said(order)

    approve_edit(edit_id=change.pk, by=ADA, at=NOON + timedelta(minutes=2))
    assert any("address" in each and "Paris" in each for each in said(order))


def test_a_change_that_costs_more_says_what_is_asked_for(order):
    edit(order, add(SOCKS))

    assert said(order)[0] == "Held back while the change waits"
    assert "waits for payment: add an item; total 44.70 → 52.20 EUR" in said(order)[1]


def test_cancelling_says_why_in_words_and_what_goes_back(order):
    cancel_order(number=order.number, reason="customer: changed_mind", by="customer", at=NOON)

    words = said(order)
    assert "Cancelled: customer: changed their mind" in words
    assert any(each.startswith("44.70 EUR is to go back") for each in words)


def test_lines_that_a_channel_changed_are_said_column_by_column():
    changes = {"line 1": {"fulfilled_quantity": {"before": "0", "after": "2"}}, "total": {"before": "1", "after": "2"}}
    payment = {"financial_status": {"before": "PENDING", "after": "PAID"}}

    saying = SAYINGS[events.OrderUpdated.type]

    assert saying.say({"changes": changes}) == "The channel changed it: line 1: 2 sent"
    assert saying.say({"changes": payment}) == "The channel changed it: payment pending → paid"


def test_what_another_system_has_otherwise_is_said_piece_by_piece():
    differences = [{"where": "quantity", "what": MEDIUM, "ours": "2", "theirs": "1"}]

    told = SAYINGS[events.WriteBackMismatched.type].say({"target": "web-shop", "differences": differences})

    assert told == "web-shop has it otherwise: quantity TEE-M: 2, there 1"


def test_an_event_of_a_newer_release_shows_under_its_own_name():
    assert find_saying("order.teleported").say({}) == "Order teleported"
