"""A label is bought once: by many workers at once, and by one that is killed wherever it stands."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.conf import settings
from django.db import transaction

from orders.actions.shipping.buying import buy_due_labels
from orders.actions.shipping.house_batches import lease_house_labels
from orders.actions.shipping.reaching import reach_house
from orders.models import LabelDocument, Order
from tests.fakes.easypost_server import EasyPostServer
from tests.fakes.serving import Answered, Asked
from tests.make.carriers import LATER, SOON, easypost, house, look, to_send, want, wanted, work
from tests.make.snapshots import announced
from tests.make.stock import stocked_variant
from tests.orders.importing.test_being_killed import database_url, wait_until_blocked
from tests.races.together import PATIENCE, errors_of, run_together, say, unguarded_table

__all__ = ["easypost"]

pytestmark = pytest.mark.django_db(transaction=True)

LABELS = 12
STEPS = ("rates", "shipment made", "shipment read", "label paid", "label fetched")


def told(label, kind="label.bought"):
    return announced(label.fulfillment.order.number).count(kind)


def wanted_labels(many):
    stocked_variant(on_hand=1_000)
    return want(*[to_send() for _ in range(many)])


@contextmanager
def worker_at_work() -> Iterator[subprocess.Popen[bytes]]:
    """On the database of the tests."""
    names = {"DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY, "HTTPS": "0"}
    names |= {"CALL_PRIVATE_ADDRESSES": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.races.label_worker"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **names},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


class Killer:
    """EasyPost, that kills who asks for the n-th time: it is done, and nobody is there to hear of it."""

    def __init__(self, server: EasyPostServer, step: int) -> None:
        self.left, self._answer = step, server.answer
        self.process: subprocess.Popen[bytes] | None = None
        server.answer = self.answer

    def answer(self, asked: Asked) -> Answered:
        answered = self._answer(asked)
        self.left -= 1
        if self.left == 0 and self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(PATIENCE)
        return answered


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1), ids=STEPS)
def test_a_worker_that_is_killed_at_any_step_buys_once(easypost, step):
    label, killer = wanted(), Killer(easypost, step)
    with worker_at_work() as killer.process:
        assert killer.process.wait(PATIENCE) == -signal.SIGKILL
    assert look(label).state == "WANTED"
    assert look(label).leased_until is not None

    work(at=LATER)
    assert look(label).state == "BOUGHT"
    assert easypost.account.paid == {look(label).reference: 1}
    assert (told(label), LabelDocument.objects.count()) == (1, 1)


def test_a_worker_that_is_killed_while_it_records_buys_once(easypost):
    label = wanted()
    buy_due_labels(at=SOON, limit=1)
    assert look(label).account is not None

    with worker_at_work() as process, transaction.atomic():
        Order.objects.locked(label.fulfillment.order.number)
        wait_until_blocked()
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    assert (look(label).state, sum(easypost.account.paid.values())) == ("WANTED", 1)

    work(at=LATER)
    assert look(label).state == "BOUGHT"
    assert (sum(easypost.account.paid.values()), told(label)) == (1, 1)


def test_a_house_worker_that_is_killed_after_it_counted_draws_the_same_number_again():
    account = house()
    label = wanted()
    (leased,) = lease_house_labels(account, reach_house(account), at=SOON, limit=10)
    assert work() == 0
    work(at=LATER)
    assert look(label).tracking_number == leased.reference


def test_four_workers_buy_each_label_of_a_carrier_once(easypost):
    labels = wanted_labels(LABELS)
    assert errors_of(run_together(*[work] * 4)) == []
    assert set(easypost.account.paid.values()) == {1}
    assert len(easypost.account.paid) == LABELS
    assert {look(label).state for label in labels} == {"BOUGHT"}
    assert [told(label) for label in labels] == [1] * LABELS


def test_four_workers_give_each_house_label_a_number_of_its_own():
    house()
    labels = wanted_labels(3 * LABELS)
    assert errors_of(run_together(*[lambda: work(limit=LABELS)] * 4)) == []
    numbers = {look(label).tracking_number for label in labels}
    assert len(numbers) == LabelDocument.objects.count() == 3 * LABELS
    assert [told(label) for label in labels] == [1] * 3 * LABELS


def test_control_without_the_rows_lock_two_workers_count_to_the_same_number():
    def count():
        ((last,),) = say("SELECT last FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        say("UPDATE unguarded SET last = %s WHERE id = 1", last + 1)
        return last + 1

    looked = Barrier(2)
    with unguarded_table(1, last=0):
        assert run_together(count, count) == [1, 1]
