"""Two workers look at the same orders at the same moment: each customer is written to once."""

import pytest
from django.db import connection

from oms.models import EventRecord, Message
from orders.models import Order
from tests.make.edits import open_shop, order_of_tees
from tests.make.moments import NOON, ONE_MINUTE
from tests.make.orders import channel
from tests.make.upsell import running_campaign
from tests.races.together import errors_of, run_together
from upsell.actions.mailing_room import send_room_mails
from upsell.models import RoomMail
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


def test_control_without_the_lock_all_workers_find_the_same_orders():
    """What the lock is for: who only looks would write to customers whom others are writing to."""

    def look():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM orders_order o WHERE NOT EXISTS (SELECT FROM upsell_roommail m WHERE m.order_id = o.id)"
            )
            return len(cursor.fetchall())

    assert run_together(*[look] * WORKERS) == [ORDERS] * WORKERS
