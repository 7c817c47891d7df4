"""A warehouse accepts at the very moment in which somebody changes the order: one of them wins, and the other is told.

Sixty rounds each, or as many as RACE_ROUNDS says.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError

from inventory.queries.drift import find_drift
from orders.actions.cancelling import cancel_order
from orders.actions.edits.editing import edit_order
from orders.actions.fulfilling import accepting
from orders.actions.fulfilling.accepting import accept_fulfillments
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.actions.fulfilling.holding_back import hold_fulfillment
from orders.actions.routing.waving import route_wave
from orders.errors import FulfillmentAccepted, FulfillmentEnded, FulfillmentOnHold, OrderAtWarehouse
from orders.models import EditPermission, Fulfillment, Order, Shipment
from tests.make.fulfillments import LATER, route, solve
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming, line, place
from tests.make.stock import on_hand, stocked_variant
from tests.races.together import errors_of, race_over, run_together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("RACE_ROUNDS", "60"))


def open_shop(rounds: int) -> list[str]:
    """So many orders of three shirts each, asked of the warehouse and not accepted yet; their numbers."""
    channel(minutes=0)
    EditPermission.objects.get_or_create(actor="STAFF", verdict="ALLOW")
    stocked_variant(on_hand=10 * rounds)
    sent = [incoming([line(quantity=3, external_id="l1")]) for _ in range(rounds)]
    numbers = [placement.number for placement in place(*sent, at=NOON)]
    Order.objects.filter(number__in=numbers).update(status="RELEASED", released_at=NOON)
    while route(limit=500):
        pass
    return numbers


def accept(number: str) -> object:
    return accept_fulfillments(numbers=[f"{number}-F1"], by="warehouse", at=NOON)


def edit(number: str) -> object:
    key = Order.objects.get(number=number).lines.get().pk
    operation = {"op": "set_quantity", "line": key, "quantity": 1}
    return edit_order(number=number, operations=[operation], actor="STAFF", by=ADA, at=NOON)


def cancel(number: str) -> object:
    return cancel_order(number=number, reason="", by=ADA, at=NOON)


def ship(number: str) -> object:
    return ship_fulfillments([Dispatch(number=f"{number}-F1")], by="warehouse", at=LATER)


def test_edit_against_acceptance_has_one_winner():
    numbers = open_shop(ROUNDS)

    wins: Counter[str] = Counter()
    for number, (edited, taken) in zip(numbers, race_over(numbers, edit, accept), strict=True):
        order, asked = Order.objects.get(number=number), Fulfillment.objects.get(number=f"{number}-F1")
        if isinstance(edited, Exception):
            assert isinstance(edited, OrderAtWarehouse), edited
            assert not isinstance(taken, Exception)
            assert (asked.status, order.lines.get().quantity) == ("IN_PROGRESS", 3)
            wins["warehouse"] += 1
        else:
            assert isinstance(taken, FulfillmentEnded), taken
            assert (asked.status, order.lines.get().quantity) == ("CANCELLED", 1)
            wins["edit"] += 1
    while route(limit=500):
        pass
    print(f"edit against acceptance: {ROUNDS} rounds, {dict(wins)}")
    sent = Fulfillment.objects.live().values_list("lines__quantity", flat=True)
    assert sum(sent) == 3 * wins["warehouse"] + wins["edit"]
    assert find_drift() == []


def test_cancelling_against_shipping_sends_nothing_that_was_cancelled():
    numbers = open_shop(ROUNDS)

    wins: Counter[str] = Counter()
    for number, (cancelled, sent) in zip(numbers, race_over(numbers, cancel, ship), strict=True):
        order = Order.objects.get(number=number)
        assert order.status == ("CANCELLED" if isinstance(sent, Exception) else "CLOSED"), (cancelled, sent)
        assert Shipment.objects.filter(fulfillment__order=order).exists() == (order.status == "CLOSED")
        wins[order.status] += 1
    print(f"cancelling against shipping: {ROUNDS} rounds, {dict(wins)}")
    assert on_hand() == 10 * ROUNDS - 3 * wins["CLOSED"]
    assert find_drift() == []


def test_two_waves_at_once_route_each_order_once():
    channel(minutes=0), stocked_variant(on_hand=1000)
    numbers = [each.number for each in place(*[incoming([line(quantity=3)]) for _ in range(100)], at=NOON)]
    Order.objects.filter(number__in=numbers).update(status="RELEASED", released_at=NOON)

    waves = run_together(*[lambda: route_wave(solve=solve, limit=100, by="system", at=NOON)] * 3)

    assert errors_of(waves) == []
    assert Fulfillment.objects.count() == 100
    assert sum(wave.routed for wave in waves if wave) == 100
    assert find_drift() == []


def test_two_parcels_of_the_last_units_are_not_both_sent():
    numbers = open_shop(ROUNDS)

    for number, outcomes in zip(numbers, race_over(numbers, ship, ship), strict=True):
        assert len(errors_of(outcomes)) == 1
        assert Shipment.objects.filter(fulfillment__number=f"{number}-F1").count() == 1
    assert on_hand() == 10 * ROUNDS - 3 * ROUNDS
    assert find_drift() == []


@contextmanager
def unlocked(meanwhile) -> Iterator[None]:
    """The warehouse reads without locks, and `meanwhile` happens before it writes."""
    locked, came = accepting.lock_fulfillments, []

    def read(numbers):
        if came:
            return locked(numbers)
        came.append(numbers)
        found = list(Fulfillment.objects.filter(number__in=numbers).select_related("order", "warehouse"))
        assert errors_of(run_together(meanwhile)) == []
        return found

    accepting.lock_fulfillments = read
    try:
        yield
    finally:
        accepting.lock_fulfillments = locked


def test_control_a_warehouse_that_accepts_without_locks_would_pack_what_was_edited_away():
    """It read an open fulfillment, and writes over one that is cancelled: the database's own table of lives refuses."""
    (number,) = open_shop(1)

    with unlocked(lambda: edit(number)), pytest.raises(DatabaseError, match=r"CANCELLED.*IN_PROGRESS"):
        accept(number)


def hold(number: str) -> object:
    return hold_fulfillment(number=f"{number}-F1", reason="OTHER", by=ADA, at=NOON)


def test_a_hold_against_acceptance_has_one_winner():
    numbers = open_shop(ROUNDS)

    wins: Counter[str] = Counter()
    for number, (held, taken) in zip(numbers, race_over(numbers, hold, accept), strict=True):
        asked = Fulfillment.objects.get(number=f"{number}-F1")
        if isinstance(held, Exception):
            assert isinstance(held, FulfillmentAccepted), held
            assert not isinstance(taken, Exception)
        else:
            assert isinstance(taken, FulfillmentOnHold), taken
        assert asked.status == ("IN_PROGRESS" if isinstance(held, Exception) else "ON_HOLD")
        wins[asked.status] += 1
    print(f"hold against acceptance: {ROUNDS} rounds, {dict(wins)}")
    assert find_drift() == []


def test_control_a_warehouse_that_accepts_without_locks_would_begin_what_is_held():
    """The database's own table of lives refuses it, too."""
    (number,) = open_shop(1)

    with unlocked(lambda: hold(number)), pytest.raises(DatabaseError, match=r"ON_HOLD.*IN_PROGRESS"):
        accept(number)
