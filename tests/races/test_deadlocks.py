"""Buyers who want the same things in opposite order never block each other for good."""

from threading import Barrier

import psycopg.errors
import pytest
from django.db import OperationalError, transaction

from inventory.queries.drift import find_drift
from orders.actions.cancelling import cancel_order
from orders.models import Order
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming, line, place
from tests.make.stock import count, promises, receive, stocked_variants
from tests.races.together import PATIENCE, errors_of, run_together, say, share_out, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = ["A", "B", "C", "D"]


def order_of(skus, **fields):
    return incoming([line(sku) for sku in skus], **fields)


def test_lines_in_opposite_order_on_8_connections():
    channel(), stocked_variants(*SKUS, on_hand=1_000)
    orders = [order_of(SKUS if number % 2 else SKUS[::-1]) for number in range(160)]
    outcomes = share_out(orders, lambda order: place(order)[0].status, workers=8)
    assert outcomes == ["placed"] * 160
    assert {promises(sku) for sku in SKUS} == {(1_000, 160)}


def test_batches_in_opposite_order_on_8_connections():
    channel(), stocked_variants(*SKUS, on_hand=1_000)
    batches = []
    for number in range(32):
        batch = [order_of([sku], customer={"email": f"{sku}{number % 4}@example.com"}) for sku in SKUS * 2]
        batches.append(batch if number % 2 else batch[::-1])
    outcomes = share_out(batches, lambda batch: {placement.status for placement in place(*batch)}, workers=8)
    assert errors_of(outcomes) == []
    assert outcomes == [{"placed"}] * 32
    assert {promises(sku) for sku in SKUS} == {(1_000, 64)}


def test_whatever_moves_the_same_stock_at_once_ends_without_an_error():
    """Buyers, cancellations that serve those who wait, receipts and counts, all over the same SKUs."""
    channel(), channel("amazon", already_sold=True), stocked_variants(*SKUS, on_hand=12)
    numbers = [place(order_of(SKUS))[0].number for _ in range(12)]
    waiting = [order_of(SKUS[at % 4 :], channel="amazon") for at in range(24)]
    acts = [lambda order=order: place(order) for order in waiting]
    acts += [lambda number=number: cancel_order(number=number, reason="", by=ADA, at=NOON) for number in numbers]
    acts += [lambda sku=sku: receive(1, sku=sku) for sku in SKUS * 2]
    acts += [lambda sku=sku: count(sku, 12) for sku in SKUS]
    mixed = [acts[at * 17 % len(acts)] for at in range(len(acts))]

    assert errors_of(share_out(mixed, lambda act: act(), workers=8)) == []
    assert find_drift() == []
    assert Order.objects.filter(status="CANCELLED").count() == 12


def test_control_locks_taken_in_the_order_of_the_lines_block_each_other():
    def take(*rows):
        with transaction.atomic():
            for row in rows:
                say("UPDATE unguarded SET units = units - 1 WHERE id = %s", row)
                if row == rows[0]:
                    first.wait(PATIENCE)

    first = Barrier(2)
    with unguarded_table(2, units=5):
        (error,) = errors_of(run_together(lambda: take(1, 2), lambda: take(2, 1)))
    assert isinstance(error, OperationalError)
    assert isinstance(error.__cause__, psycopg.errors.DeadlockDetected)
