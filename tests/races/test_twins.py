"""The same thing at the same moment: done once."""

import random
from collections import Counter
from threading import Barrier

import pytest

from oms.transactions import run_transaction
from orders.actions.placing import place_orders
from orders.models import Customer, Order
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming, line, order_body, place
from tests.make.partners import Partner, make_partner
from tests.make.snapshots import announced
from tests.make.stock import promises, stocked_variant
from tests.races.together import PATIENCE, errors_of, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shop():
    channel(), stocked_variant(on_hand=100)


def test_the_same_order_at_once_from_16_sides_is_one_order():
    order = incoming([line(quantity=2)], external_id="7")
    outcomes = run_together(*[lambda: place(order)[0]] * 16)
    assert errors_of(outcomes) == []
    assert Counter(outcome.status for outcome in outcomes) == {"placed": 1, "known": 15}
    assert {outcome.number for outcome in outcomes} == {Order.objects.get().number}
    assert promises() == (100, 2)
    assert announced(Order.objects.get().number) == ["order.placed"]


def test_the_same_batch_at_once_from_8_sides_in_any_order_is_placed_once():
    orders = [incoming(external_id=str(number)) for number in range(20)]
    outcomes = run_together(*[lambda: place(*orders), lambda: place(*reversed(orders))] * 4)
    assert errors_of(outcomes) == []
    assert Counter(member.status for batch in outcomes for member in batch) == {"placed": 20, "known": 140}
    assert promises() == (100, 20)


def test_one_new_customer_who_buys_16_times_at_once_is_one_row():
    orders = [incoming(customer={"email": "ada@example.com"}) for _ in range(16)]
    outcomes = run_together(*[lambda order=order: place(order)[0].status for order in orders])
    assert outcomes == ["placed"] * 16
    assert Customer.objects.get().orders.count() == 16


def test_batches_that_meet_the_same_new_customers_do_not_undo_one_another():
    people = [f"buyer{number}@example.com" for number in range(25)]
    batches = [[incoming(customer={"email": email}) for email in shuffled(people, seed)] for seed in range(4)]
    outcomes = run_together(*[lambda batch=batch: place_at_first_try(batch) for batch in batches])
    assert errors_of(outcomes) == []
    assert [member.status for batch in outcomes for member in batch] == ["placed"] * 100
    assert {customer.orders.count() for customer in Customer.objects.all()} == {4}
    assert Customer.objects.count() == 25


def shuffled(people, seed):
    return random.Random(seed).sample(people, len(people))


def place_at_first_try(batch):
    return run_transaction(lambda: place_orders(batch, by=ADA, at=NOON), attempts=1)


def test_one_idempotency_key_at_once_from_8_clients_places_one_order():
    partner, body = make_partner("orders:write"), order_body()

    def post():
        return Partner(partner.key, partner.secret).post("/orders", body, label="same")

    answers = run_together(*[post] * 8)
    assert errors_of(answers) == []
    assert {answer.status_code for answer in answers} <= {201, 409}
    done = [answer for answer in answers if answer.status_code == 201]
    assert sum("Idempotent-Replayed" not in answer for answer in done) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency_in_progress"}
    assert (Order.objects.count(), promises()) == (1, (100, 1))


def test_control_who_looks_whether_it_is_there_and_writes_afterwards_writes_twice():
    def write_unless_there():
        ((rows,),) = say("SELECT count(*) FROM unguarded WHERE name = 7")
        looked.wait(PATIENCE)
        if not rows:
            say("INSERT INTO unguarded (id, name) SELECT max(id) + %s, 7 FROM unguarded", next(numbers))

    looked, numbers = Barrier(2), iter((1, 2))
    with unguarded_table(1, name=0):
        assert errors_of(run_together(write_unless_there, write_unless_there)) == []
        assert say("SELECT count(*) FROM unguarded WHERE name = 7") == [(2,)]
