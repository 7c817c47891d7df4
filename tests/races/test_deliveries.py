"""Four workers at once run each delivery once; one that dies in between loses none."""

from threading import Barrier, Lock

import pytest
from django.db import transaction

from oms import events
from oms.actions.delivering import LEASE, deliver_deliveries, lease_deliveries
from oms.models import Delivery
from orders.events import OrderHeld
from orders.models import Customer
from tests.make.moments import ADA, NOON, ONE_SECOND
from tests.oms.wirings import rewired
from tests.races.together import PATIENCE, errors_of, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 300


def write_customer(told):
    """Twice the same one would break its unique e-mail."""
    Customer.objects.bulk_create([Customer(email=f"{event.subject}@example.com") for event in told])
    with _counting:
        _runs.append(told[0].subject)


_runs: list[str] = []
_counting = Lock()


@pytest.fixture(autouse=True)
def _wired():
    _runs.clear()
    with rewired(afterwards={OrderHeld: [write_customer]}):
        with transaction.atomic():
            events.publish([OrderHeld(subject=str(number), by=ADA, at=NOON) for number in range(COUNT)])
        Delivery.objects.update(run_after=NOON)
        yield


def test_four_workers_run_each_delivery_once():
    done = run_together(*[lambda: deliver_deliveries(at=NOON)] * 4)
    assert errors_of(done) == []
    assert sum(done) == len(_runs) == Customer.objects.count() == COUNT
    assert set(Delivery.objects.values_list("state", "attempts")) == {("DONE", 1)}


def test_four_workers_tell_a_reaction_that_hears_all_at_once_of_each_event_once():
    with rewired(afterwards={OrderHeld: [write_customer]}, at_once=[write_customer]):
        done = run_together(*[lambda: deliver_deliveries(at=NOON)] * 4)
    assert errors_of(done) == []
    assert sum(done) == Customer.objects.count() == COUNT
    assert len(_runs) <= 8  # one would do; who comes while it is at work finds what it left
    assert set(Delivery.objects.values_list("state", flat=True)) == {"DONE"}


def test_who_comes_while_another_tells_everything_does_not_wait_for_that():
    def meanwhile(told):
        write_customer(told)
        assert run_together(lambda: deliver_deliveries(at=NOON)) == [0]

    with rewired(afterwards={OrderHeld: [meanwhile]}, at_once=[meanwhile]):
        Delivery.objects.update(reaction=events.name_of(meanwhile))
        assert deliver_deliveries(at=NOON) == COUNT
    assert len(_runs) == 1


def test_what_is_announced_during_a_look_at_everything_is_told_by_the_next():
    def meanwhile(told):
        write_customer(told)
        if len(_runs) == 1:
            late = OrderHeld(subject="late", by=ADA, at=NOON)
            run_together(transaction.atomic(lambda: events.publish([late])))

    with rewired(afterwards={OrderHeld: [meanwhile]}, at_once=[meanwhile]):
        Delivery.objects.update(reaction=events.name_of(meanwhile))
        deliver_deliveries(at=NOON)
        assert Delivery.objects.get(event__subject="late").state == "WAITING"
        Delivery.objects.update(run_after=NOON)
        assert deliver_deliveries(at=NOON) == 1
    assert Customer.objects.count() == COUNT + 1


def test_what_a_dead_worker_had_taken_is_done_by_another_after_its_lease():
    run_together(lambda: lease_deliveries(at=NOON, limit=50))
    assert sum(run_together(*[lambda: deliver_deliveries(at=NOON)] * 2)) == COUNT - 50
    assert deliver_deliveries(at=NOON + LEASE + ONE_SECOND) == 50
    assert Customer.objects.count() == COUNT


def test_control_without_a_lease_two_workers_do_the_same_work():
    def work():
        ((state,),) = say("SELECT state FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if state == 0:
            say("UPDATE unguarded SET state = 1, runs = runs + 1 WHERE id = 1")

    looked = Barrier(2)
    with unguarded_table(1, state=0, runs=0):
        run_together(work, work)
        assert say("SELECT runs FROM unguarded") == [(2,)]
