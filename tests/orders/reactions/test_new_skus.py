"""Products enter the catalogue by the thousand; what waited for them is tried again once, not once a product."""

import pytest

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from oms.actions.delivering import AT_ONCE, deliver_deliveries
from oms.events import name_of
from oms.models import Delivery
from orders.actions.intake.taking import Message, take_messages
from orders.models import Order, QuarantinedMessage
from orders.reactions.stock import retry_unknown_skus
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming, line
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db

AFTERWARDS = NOON.replace(year=2040)
MANY, BATCH = 2_000, 250


def new_products(first, last):
    price = {"amount": "19.90", "currency": "EUR"}
    return [
        IncomingProduct.model_validate({"title": "Tee", "variants": [{"sku": f"NEW-{n:04}", "price": price}]})
        for n in range(first, last)
    ]


def take_order(*numbers):
    """An order that names these new SKUs, and waits in quarantine as long as one of them is unknown."""
    shop = channel("amazon", minutes=0, already_sold=True)
    order = incoming([line(f"NEW-{number:04}") for number in numbers], channel="amazon")
    message = Message(body=order.model_dump_json().encode())
    (outcome,) = take_messages([message], channel=shop, format="jsonl", by=shop.actor, at=NOON)
    assert outcome.reason == "unknown_sku"


def runs():
    """How often the reaction ran: what it was told of together was done at one moment."""
    done = Delivery.objects.filter(reaction=name_of(retry_unknown_skus), state="DONE")
    return len(set(done.values_list("done_at", flat=True)))


def test_two_thousand_new_skus_are_looked_through_in_four_goes_and_nothing_that_waits_is_missed():
    for numbers in [(0,), (1999,), (251, 1750), (3, 4, 5), (2000,)]:
        take_order(*numbers)
    for first in range(0, MANY, BATCH):
        create_products(new_products(first, first + BATCH), by=ADA, at=NOON)

    deliver_deliveries(at=AFTERWARDS)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"DONE"}
    assert runs() == MANY / AT_ONCE
    waits = QuarantinedMessage.objects.get(state="OPEN")
    assert "NEW-2000" in waits.detail
    assert Order.objects.count() == 4
    assert QuarantinedMessage.objects.get(detail__contains="NEW-0004").attempts == 2


def test_skus_that_come_one_by_one_are_looked_for_together():
    take_order(0, 39)
    for number in range(40):
        create_products(new_products(number, number + 1), by=ADA, at=NOON)
    deliver_deliveries(at=AFTERWARDS)
    assert (runs(), Order.objects.count()) == (1, 1)
    assert QuarantinedMessage.objects.get().state == "TAKEN"


def test_what_nothing_waits_for_costs_the_same_for_one_product_as_for_hundreds():
    costs = []
    for first, last in [(0, 1), (1, 301)]:
        create_products(new_products(first, last), by=ADA, at=NOON)
        with statements_made() as statements:
            deliver_deliveries(at=AFTERWARDS)
        costs.append(len([sql for sql in statements if "quarantined" in sql]))
    assert costs[0] == costs[1] > 0
