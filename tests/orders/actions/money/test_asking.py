"""What gateways are asked, and when: money on its way back stays while a change counts on it."""

from decimal import Decimal

import pytest

from oms.models import Channel
from orders.actions.edits.approving import withdraw_edit
from orders.actions.money.asking import ask_gateways
from orders.actions.money.reimbursing import settle_by_hand
from orders.actions.money.sandboxing import answer_page
from orders.errors import NothingOwedBack
from orders.models import Checkout, Edit, Order, Repayment
from tests.make.edits import SOCKS, SOON, add, edit, open_shop, order_of_tees, set_quantity
from tests.make.gateways import LATER, money
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """One of two tees was taken off: 19.90 EUR of the 44.70 EUR that were paid are to go back."""
    open_shop()
    order = order_of_tees(payment={"status": "PAID", "gateway": "sandbox", "reference": "sb_1"})
    Channel.objects.update(gateway="sandbox")
    edit(order, set_quantity(order, 1))
    return order


@pytest.fixture
def waiting(order):
    """Three pairs of socks cost 22.50 EUR: the 19.90 EUR that are still here pay for most of it."""
    made = edit(order, add(SOCKS, 3), at=SOON)
    assert made.checkouts.get().amount == Decimal("2.60")
    return made


def pay(waiting):
    answer_page(reference=waiting.checkouts.get().reference, paid=True, at=LATER)


def test_what_a_change_counts_on_is_not_sent_back_while_it_waits_for_its_payment(order, waiting):
    ask_gateways(at=SOON)
    assert Repayment.objects.get().state == "WAITING"

    pay(waiting)

    assert Edit.objects.get(pk=waiting.pk).state == "COMMITTED"
    assert Repayment.objects.get().state == "WITHDRAWN"
    assert money(order) == ("47.30", "0.00", "0.00")


def test_it_is_sent_back_once_the_change_is_given_up(order, waiting):
    ask_gateways(at=SOON)
    withdraw_edit(edit_id=waiting.pk, by=ADA, at=SOON + ONE_MINUTE)
    ask_gateways(at=LATER)
    assert Repayment.objects.get().state == "DONE"
    assert money(order) == ("44.70", "19.90", "0.00")


def test_nor_does_anybody_give_it_back_by_hand_meanwhile(order, waiting):
    Repayment.objects.update(state="BY_HAND")
    with nothing_changes(), pytest.raises(NothingOwedBack):
        settle_by_hand(repayment_id=Repayment.objects.get().pk, reference="", by=ADA, at=LATER)


def test_what_a_gateway_may_have_sent_already_is_asked_after_all_the_same(order, waiting):
    Repayment.objects.update(doubtful=True)
    ask_gateways(at=SOON)
    assert Repayment.objects.get().state == "DONE"


def test_other_orders_money_goes_back_as_ever(order, waiting):
    other = order_of_tees(payment={"status": "PAID", "gateway": "sandbox", "reference": "sb_2"}, external_id="other")
    edit(other, set_quantity(other, 1))
    ask_gateways(at=SOON)
    assert Repayment.objects.get(order=other).state == "DONE"
    assert Checkout.objects.get().state == "OPEN"
    assert Order.objects.get(pk=order.pk).refunded == 0
