"""What breaks in the middle leaves nothing behind, and the same again succeeds."""

from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from inventory.events import StockRanShort
from inventory.queries.drift import find_drift
from oms.models import Delivery, EventRecord
from orders.models import Order
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming, line, order_body, place, placed_order
from tests.make.partners import Partner, make_partner
from tests.make.snapshots import nothing_changes
from tests.make.stock import SKU, count, promises, stocked_variant
from tests.oms.wirings import rewired
from tests.races.together import PATIENCE, run_together

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def promise_rows_held():
    """Another session holds the promise rows: whoever promises next must wait, everything else written."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT FROM inventory_availability FOR UPDATE")
        yield other
        other.rollback()


def kill_who_waits():
    """End the session that waits for a lock, as a crash or an administrator would."""
    watcher = psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}, autocommit=True
    )
    with watcher:
        for _ in range(PATIENCE * 100):
            killed = watcher.execute(
                "SELECT pg_terminate_backend(pid), pg_sleep(0.01) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchall()
            if killed:
                return len(killed)
            watcher.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("Nobody waits.")


@pytest.fixture
def shop():
    channel(), stocked_variant(on_hand=10)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("size", [1, 20])
def test_a_connection_that_dies_while_stock_is_promised_leaves_nothing_half_done(size):
    batch = [incoming(external_id=str(number)) for number in range(size)]
    with nothing_changes():
        with promise_rows_held():
            error, killed = run_together(lambda: place(*batch), kill_who_waits)
        assert (type(error), killed) == (OperationalError, 1)

    placed = [placement for placement in place(*batch) if placement.status == "placed"]
    assert promises() == (10, len(placed)) == (10, min(size, 10))
    assert find_drift() == []


@pytest.mark.usefixtures("shop")
def test_a_request_that_died_with_its_connection_succeeds_when_it_is_sent_again():
    partner, body = make_partner("orders:write"), order_body()

    def post():
        return Partner(partner.key, partner.secret).post("/orders", body, label="7")

    with nothing_changes():
        with promise_rows_held():
            answer, _ = run_together(post, kill_who_waits)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")

    (again,) = run_together(post)
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again
    assert (Order.objects.count(), promises()) == (1, (10, 1))


@pytest.mark.usefixtures("shop")
def test_a_reaction_that_fails_together_undoes_its_cause():
    placed_order([line(quantity=8)])

    def fail(told):
        raise RuntimeError(f"Nobody can be held for {told[0].subject}.")

    with rewired(together={StockRanShort: [fail]}), nothing_changes(), pytest.raises(RuntimeError, match=SKU):
        count(on_hand=3)
    count(on_hand=3)
    assert promises() == (3, 0)


@pytest.mark.usefixtures("shop")
def test_what_is_rolled_back_is_announced_to_nobody():
    with nothing_changes(), pytest.raises(ZeroDivisionError), transaction.atomic():
        place(incoming())
        count(on_hand=0, at=NOON)
        assert EventRecord.objects.filter(by=ADA).exists()
        raise ZeroDivisionError
    assert not Delivery.objects.filter(event__type="stock.short").exists()
