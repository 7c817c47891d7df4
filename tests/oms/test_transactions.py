"""A transaction that lost a race is run again; inside another one, only its own part is undone."""

from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DeadlockDetected, QueryCanceled

from oms.errors import Raced, Refused
from oms.transactions import run_transaction, transactional
from orders.models import Customer


class Work:
    """Writes a row, then fails as often as it is told to."""

    def __init__(self, *failures):
        self.failures, self.runs = list(failures), 0

    def __call__(self):
        self.runs += 1
        Customer.objects.create(email=f"{self.runs}@example.com")
        if self.failures:
            raise self.failures.pop(0)
        return self.runs


def caused_by(cause):
    error = OperationalError("database")
    error.__cause__ = cause
    return error


def written():
    return list(Customer.objects.values_list("email", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lost", [Raced("x"), caused_by(DeadlockDetected()), None])
def test_a_lost_race_is_run_again_from_the_start(lost):
    work = Work(*([lost] * 2 if lost else []))
    assert run_transaction(work) == work.runs == (3 if lost else 1)
    assert written() == [f"{work.runs}@example.com"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [Refused("no"), ZeroDivisionError(), caused_by(QueryCanceled())])
def test_whatever_else_went_wrong_is_not_run_again(error):
    work = Work(error)
    with pytest.raises(type(error)):
        run_transaction(work)
    assert (work.runs, written()) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_one_that_always_loses_gives_up():
    work = Work(*[Raced("x")] * 9)
    with pytest.raises(Raced):
        run_transaction(work, attempts=3)
    assert (work.runs, written()) == (3, [])


@pytest.mark.django_db(transaction=True)
def test_an_action_is_a_transaction_of_its_own():
    work = Work(Raced("x"))
    assert transactional(work.__call__)() == 2
    assert written() == ["2@example.com"]


@pytest.mark.django_db
@pytest.mark.parametrize("run", [run_transaction, lambda work: transactional(work.__call__)()])
def test_inside_another_transaction_its_part_is_undone_and_only_its_owner_runs_it_again(run):
    work = Work(Raced("x"))
    with pytest.raises(Raced):
        run(work)
    assert (work.runs, written()) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_a_durable_one_is_never_part_of_another():
    work = Work()
    with pytest.raises(RuntimeError), transaction.atomic():
        run_transaction(work, durable=True)
    assert (work.runs, written()) == (0, [])


@transactional
def write_and_refuse():
    Work(Refused("no"))()


@pytest.mark.django_db(transaction=True)
def test_in_a_durable_one_an_action_is_a_part_without_a_savepoint_of_its_own():
    with CaptureQueriesContext(connection) as queries, pytest.raises(Refused):
        run_transaction(write_and_refuse, durable=True)
    assert [query["sql"].split()[0] for query in queries] == ["BEGIN", "INSERT", "ROLLBACK"]
    assert written() == []


@pytest.mark.django_db(transaction=True)
def test_in_a_durable_one_nobody_goes_on_with_half_of_what_was_refused():
    def go_on():
        with suppress(Refused):
            write_and_refuse()
        return Customer.objects.count()

    with pytest.raises(transaction.TransactionManagementError):
        run_transaction(go_on, durable=True)
    assert written() == []


@pytest.mark.django_db(transaction=True)
def test_in_a_durable_one_a_savepoint_of_ones_own_lets_one_go_on():
    def go_on():
        with suppress(Refused), transaction.atomic():
            write_and_refuse()
        return Customer.objects.count()

    assert run_transaction(go_on, durable=True) == 0
