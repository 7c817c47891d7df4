"""An edit that costs more waits for its money at a gateway; one that costs less sends some back, once."""

import pytest

from orders.actions.edits.approving import expire_edits, withdraw_edit
from orders.actions.money.asking import ask_gateways
from orders.actions.money.sandboxing import answer_page
from orders.models import Checkout, Edit, Repayment
from tests.make.edits import MEDIUM, SOON, edit, open_shop, order_of_tees, promised_to, set_quantity
from tests.make.gateways import hear, look, money, stripe
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.orders import channel, open_holds

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db

SOONER, LATER = SOON + ONE_MINUTE, SOON + 40 * ONE_MINUTE


@pytest.fixture(params=["stripe", "sandbox"])
def gateway(request, stripe):
    open_shop()
    channel(gateway=request.param)
    return request.param


@pytest.fixture
def waiting(gateway):
    """Two tees, and the wish for a third, which is not paid for yet."""
    order = order_of_tees()
    return edit(order, set_quantity(order, 3))


def page_of(asked):
    ask_gateways(at=SOON)
    return Checkout.objects.get(edit=asked)


def pay(checkout, stripe, at=SOONER):
    if checkout.gateway == "stripe":
        return hear(stripe.account.pay(checkout.reference), at=at)
    return answer_page(reference=checkout.reference, paid=True, at=at)


def test_it_is_done_once_it_is_paid(waiting, stripe):
    checkout = page_of(waiting)
    assert (checkout.state, look(waiting).state) == ("OPEN", "AWAITING_PAYMENT")

    pay(checkout, stripe)

    assert (look(waiting).state, look(checkout).state) == (Edit.State.COMMITTED, "PAID")
    assert money(waiting.order)[1:] == ("0.00", "0.00")
    assert promised_to(waiting.order) == {MEDIUM: 3}
    assert "EDIT_OPEN" not in open_holds(waiting.order)
    assert not Repayment.objects.exists()


def test_paid_after_its_deadline_it_is_not_done_and_the_money_goes_back(stripe):
    open_shop()
    channel(gateway="stripe")
    order = order_of_tees()
    late = edit(order, set_quantity(order, 3))
    checkout = page_of(late)
    told = stripe.account.pay(checkout.reference)
    expire_edits(at=LATER)

    hear(told, at=LATER)
    ask_gateways(at=LATER)

    assert look(late).state == Edit.State.EXPIRED
    assert promised_to(order) == {MEDIUM: 2}
    assert money(order)[2] == "0.00"
    assert stripe.account.returned() == checkout.amount * 100


def test_withdrawn_its_page_is_closed(waiting, stripe):
    checkout = page_of(waiting)
    withdraw_edit(edit_id=waiting.pk, by=ADA, at=SOONER)
    ask_gateways(at=SOONER)
    assert (look(checkout).state, look(checkout).closing) == ("CANCELED", False)
    with pytest.raises(Exception, match=r"run out|expired"):
        pay(checkout, stripe)


def test_one_that_costs_less_sends_back_once(gateway):
    order = order_of_tees(payment={"status": "PAID", "gateway": "sandbox", "reference": "ch_1"})
    edit(order, set_quantity(order, 1))
    ask_gateways(at=SOON)
    ask_gateways(at=LATER)
    assert money(order)[1:] == ("19.90", "0.00")
    assert [row.state for row in Repayment.objects.all()] == ["DONE"]


def test_less_and_then_more_again_before_anything_moved_moves_nothing(gateway):
    order = order_of_tees(payment={"status": "PAID", "gateway": "bank", "reference": "t-1"})
    edit(order, set_quantity(order, 1))
    assert [row.state for row in Repayment.objects.all()] == ["BY_HAND"]

    again = edit(order, set_quantity(order, 2))

    assert look(again).state == Edit.State.COMMITTED
    assert [row.state for row in Repayment.objects.all()] == ["WITHDRAWN"]
    assert money(order)[1:] == ("0.00", "0.00")
    assert not Checkout.objects.exists()
