"""Two workers look at the same orders at the same moment: each customer is written to once."""

from collections import Counter
from threading import Barrier

import pytest
from django.db import IntegrityError

from oms.models import EventRecord, Message
from orders.models import Order
from tests.make.edits import open_shop, order_of_tees
from tests.make.moments import NOON, ONE_MINUTE
from tests.make.orders import channel
from tests.make.upsell import running_campaign
from tests.races.together import PATIENCE, errors_of, run_together, say, unguarded_table
from upsell.actions import mailing_room
from upsell.actions.mailing_room import send_room_mails
from upsell.models import RoomMail
from upsell.queries import room
from upsell.wording.letters.room import write_room

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
ORDERS = 12
HALF_WAY = NOON + 30 * ONE_MINUTE


@pytest.fixture(autouse=True)
def orders():
    open_shop(units=1000)
    channel(minutes=60)
    running_campaign()
    for n in range(ORDERS):
        customer = {"email": f"buyer{n}@example.com", "name": "A Buyer", "accepts_marketing": True}
        order_of_tees(customer=customer)


def tell():
    return send_room_mails(write=write_room, at=HALF_WAY)


def test_four_workers_tell_each_customer_once():
    outcomes = run_together(*[tell] * WORKERS)
    assert errors_of(outcomes) == []
    tell()  # what was locked by others when the last of them looked
    assert RoomMail.objects.filter(withheld="").count() == ORDERS
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(Order.objects.values_list("email", flat=True))
    assert EventRecord.objects.filter(type="offer.shown").count() == ORDERS


def test_control_who_looks_for_a_mail_and_writes_it_afterwards_writes_two():
    """The lock and the key of a mail are the guard: without both, two workers that look at once tell twice."""
    looked = Barrier(2)

    def tell_without():
        told = say("SELECT mails FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if told == [(0,)]:
            say("UPDATE unguarded SET mails = mails + 1 WHERE id = 1")

    with unguarded_table(1, mails=0):
        assert errors_of(run_together(tell_without, tell_without)) == []
        assert say("SELECT mails FROM unguarded") == [(2,)]


def test_control_without_the_lock_every_letter_is_written_twice_and_only_its_key_keeps_it_from_going_out():
    """The product's own statement, without FOR NO KEY UPDATE: both workers look, and write to everybody."""
    letters, looked = Counter(), Barrier(2)
    locking, reading = room._WAITING, mailing_room.read_room_facts

    def read(*asked, **words):
        facts = reading(*asked, **words)
        looked.wait(PATIENCE)
        return facts

    def write(order, note):
        letters[order.number] += 1
        return write_room(order, note)

    room._WAITING, mailing_room.read_room_facts = locking.replace("FOR NO KEY UPDATE OF o SKIP LOCKED", ""), read
    try:
        outcomes = run_together(*[lambda: send_room_mails(write=write, at=HALF_WAY)] * 2)
    finally:
        room._WAITING, mailing_room.read_room_facts = locking, reading
    assert set(letters.values()) == {2}
    assert [type(error) for error in errors_of(outcomes)] == [IntegrityError]
    assert Message.objects.count() == ORDERS
