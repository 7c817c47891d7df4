"""A withdrawal from a part of an order while its warehouse takes it on: taken off, or seen by a person; never lost."""

from decimal import Decimal

import pytest

from orders.actions.fulfilling.accepting import accept_fulfillments
from orders.errors import FulfillmentEnded
from orders.models import Fulfillment
from returns.actions.withdrawing import withdraw_from_contract
from returns.models import Withdrawal
from tests.make.fulfillments import fulfillment, route
from tests.make.moments import ADA, ONE_HOUR
from tests.make.orders import line, released_order
from tests.make.returns import BOUGHT, line_of, terms_in_force
from tests.make.stock import stocked_variant
from tests.races.together import errors_of, race_over

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20
LATER = BOUGHT + ONE_HOUR


def orders():
    """Released and on their way to a warehouse: a tee and two caps each."""
    terms_in_force({})
    stocked_variant("CAP", on_hand=5 * MANY), stocked_variant(on_hand=5 * MANY)
    made = [released_order(lines=[line(), line("CAP", 2)], at=BOUGHT, external_id=f"w{n}") for n in range(MANY)]
    route(at=BOUGHT)
    return [(order, fulfillment(order).number) for order in made]


def accept(each):
    return accept_fulfillments(numbers=[each[1]], by=ADA, at=LATER)


def withdraw(each):
    units = {line_of(each[0], 1).pk: Decimal(1)}
    return withdraw_from_contract(number=each[0].number, units=units, form="f1", by="customer", at=LATER)


def test_it_is_taken_off_before_or_waits_for_a_person_after():
    made = orders()
    outcomes = race_over(made, accept, withdraw)
    refused = {type(error) for pair in outcomes for error in errors_of(pair)}
    assert refused <= {FulfillmentEnded}
    assert Withdrawal.objects.count() == MANY
    for order, number in made:
        state = order.withdrawals.get().state
        taken_on = Fulfillment.objects.get(number=number).request_status == "ACCEPTED"
        assert (state, line_of(order, 1).open_quantity) == (("STUCK", 2) if taken_on else ("STOPPED", 1))
