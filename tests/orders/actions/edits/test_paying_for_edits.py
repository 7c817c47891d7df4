"""An edit that costs more waits for its money at a gateway; one that costs less sends some back, once."""

import pytest

from orders.actions.edits.approving import approve_edit, expire_edits, withdraw_edit
from orders.actions.money.asking import ask_gateways
from orders.actions.money.sandboxing import answer_page
from orders.errors import AmountNotCollectable
from orders.models import Checkout, Edit, Repayment
from tests.make.edits import (
    MEDIUM,
    PARIS,
    SOON,
    edit,
    line_of,
    move,
    open_shop,
    order_of_tees,
    preview,
    promised_to,
    set_quantity,
    swap,
)
from tests.make.gateways import hear, look, money, pay_more, stripe
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.orders import channel, open_holds
from tests.make.snapshots import nothing_changes

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


@pytest.fixture
def dearer(stripe):
    """An order whose large size costs 30 cents more, at a shop that is paid by Stripe."""
    open_shop(large_price="20.20")
    channel(gateway="stripe")
    return order_of_tees(1)


@pytest.mark.parametrize("ask", [preview, edit])
def test_what_costs_less_than_its_gateway_asks_for_is_refused_before_anybody_waits(dearer, ask):
    with nothing_changes(), pytest.raises(AmountNotCollectable) as refusal:
        ask(dearer, swap(dearer))
    assert refusal.value.facts == {
        "to_pay": "0.30", "currency": "EUR", "gateway": "stripe", "smallest": "0.50", "step": "0.01",
    }  # fmt: skip
    assert refusal.value.message == (
        "0.30 EUR more would be to pay, and stripe asks for nothing below 0.50 EUR: change something more."
    )


def test_staff_may_give_the_difference_away_so_that_nothing_is_to_pay(dearer):
    price = {"op": "set_unit_price", "line": line_of(dearer, MEDIUM), "unit_price": "19.90"}
    assert edit(dearer, swap(dearer), price, actor="STAFF").state == "COMMITTED"
    assert money(dearer) == ("24.80", "0.00", "0.00")


def test_the_smallest_amount_that_its_gateway_asks_for_is_asked_for(stripe):
    open_shop(large_price="20.40")
    channel(gateway="stripe")
    order = order_of_tees(1)
    assert page_of(edit(order, swap(order))).state == "OPEN"


def test_where_a_person_collects_no_amount_is_too_small():
    open_shop(large_price="20.20")
    order = order_of_tees(1)
    assert edit(order, swap(order)).state == "AWAITING_PAYMENT"


def test_an_edit_of_which_too_little_is_left_to_pay_is_not_approved_and_waits_on(dearer):
    asked = edit(dearer, move(PARIS), set_quantity(dearer, 2))
    pay_more(dearer, "19.60")
    assert look(asked).state == "AWAITING_APPROVAL"
    with nothing_changes(), pytest.raises(AmountNotCollectable):
        approve_edit(edit_id=asked.pk, by=ADA, at=SOONER)


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
