"""What gateways say: late, twice, in any order; money is real whenever it comes, and everything changes once."""

import itertools
from decimal import Decimal

import pytest

from orders.actions.cancelling import cancel_order
from orders.actions.money.asking import ask_gateways
from orders.models import Checkout, GatewayMessage, Order, Refund, Repayment
from tests.fakes.serving import LOST
from tests.make.gateways import (
    DEADLINE,
    LATER,
    SOON,
    ask_to_pay,
    cancelled,
    hear,
    heard,
    look,
    money,
    open_page,
    paid_by_stripe,
    stripe,
    take_question_back,
    unpaid_order,
)
from tests.make.moments import ADA, NOON
from tests.make.orders import open_holds
from tests.make.snapshots import announced, facts_of, nothing_changes

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db

State = Checkout.State


def test_a_paid_page_is_a_payment_and_the_order_is_paid(stripe):
    order = unpaid_order()
    checkout = open_page(order)

    assert hear(stripe.account.pay(checkout.reference)) == "paid"

    payment = order.payments.get()
    assert (look(checkout).state, look(checkout).payment) == (State.PAID, payment)
    assert (payment.gateway, payment.reference[:3], payment.status) == ("stripe", "pi_", "CAPTURED")
    assert money(order) == ("19.90", "0.00", "0.00")
    assert "PAYMENT" not in open_holds(order)


def test_the_same_message_again_changes_nothing(stripe):
    event = stripe.account.pay(open_page(unpaid_order()).reference)
    hear(event)
    with nothing_changes():
        assert hear(event) == "paid"


def test_another_message_of_the_same_payment_pays_nothing_twice(stripe):
    order = unpaid_order()
    event = stripe.account.pay(open_page(order).reference)
    hear(event)
    hear(event | {"id": "evt_again", "type": "checkout.session.async_payment_succeeded"})
    assert (money(order), heard()) == (("19.90", "0.00", "0.00"), 2)


def test_a_message_before_the_answer_to_our_own_question_is_understood(stripe):
    order = unpaid_order()
    checkout = ask_to_pay(order)
    stripe.have_trouble(LOST)
    ask_gateways(at=NOON)
    (reference,) = stripe.account.sessions

    assert hear(stripe.account.pay(reference), at=NOON) == "paid"

    assert (look(checkout).state, look(checkout).reference) == (State.PAID, reference)
    assert ask_gateways(at=LATER) == 0


def test_paid_after_it_was_taken_back_is_recorded_and_sent_back_once(stripe):
    order = paid_by_stripe(stripe)
    checkout = open_page(order, "7.50")
    event = stripe.account.pay(checkout.reference)
    take_question_back(order)

    assert hear(event) == "paid late, sent back"
    hear(event | {"id": "evt_again"})

    assert Repayment.objects.get().amount == Decimal("7.50")
    ask_gateways(at=LATER)
    assert stripe.account.returned() == 750
    assert money(order) == ("27.40", "7.50", "0.00")


def test_paid_after_the_order_was_cancelled_is_recorded_and_sent_back_once(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    event = stripe.account.pay(checkout.reference)
    cancel_order(number=order.number, reason="", by=ADA, at=SOON)
    hear(event)
    hear(event | {"id": "evt_again"})
    ask_gateways(at=LATER)
    assert money(order) == ("19.90", "19.90", "0.00")
    assert (stripe.account.returned(), Repayment.objects.count()) == (1990, 1)


def test_two_pages_paid_for_one_debt_keep_one_payment_and_send_one_back(stripe):
    order = unpaid_order()
    events = [stripe.account.pay(open_page(order).reference) for _ in range(2)]
    for event in events:
        hear(event)
    ask_gateways(at=LATER)
    assert money(order) == ("39.80", "19.90", "0.00")
    assert stripe.account.returned() == 1990


@pytest.mark.parametrize("order_told", list(itertools.permutations(range(3))))
def test_paid_expired_and_paid_again_come_to_paid_in_any_order(stripe, order_told):
    order = unpaid_order()
    checkout = open_page(order)
    paid = stripe.account.pay(checkout.reference)
    expired = stripe.account.tell("checkout.session.expired", stripe.account.sessions[checkout.reference])
    told = [paid, expired, paid]
    for place in order_told:
        hear(told[place])
    assert look(checkout).state == State.PAID
    assert money(order) == ("19.90", "0.00", "0.00")


def test_a_page_that_ran_out_at_the_gateway_is_over_here(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    assert hear(stripe.account.tell("checkout.session.expired", {"id": checkout.reference})) == "expired"
    assert (look(checkout).state, look(checkout).closed_at) == (State.EXPIRED, LATER)
    assert facts_of("checkout.ended", order.number)["state"] == "EXPIRED"


def test_a_payment_that_came_to_nothing_ends_the_page(stripe):
    checkout = open_page(unpaid_order())
    session = stripe.account.sessions[checkout.reference]
    assert hear(stripe.account.tell("checkout.session.async_payment_failed", session)) == "failed"
    assert look(checkout).state == State.FAILED


def test_money_in_another_currency_is_not_put_on_the_order_but_kept_in_sight(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    stripe.account.pay(checkout.reference)
    session = stripe.account.sessions[checkout.reference] | {"currency": "usd"}
    outcome = hear(stripe.account.tell("checkout.session.completed", session))
    assert outcome.startswith("paid, but not on record")
    assert money(order) == ("0.00", "0.00", "19.90")


def test_what_concerns_nobody_here_is_kept_and_changes_nothing_else(stripe):
    order = unpaid_order()
    before = announced(order.number)
    session = {"id": "cs_of_another_shop", "payment_status": "paid", "amount_total": 100, "currency": "eur"}
    assert hear(stripe.account.tell("checkout.session.completed", session)) == "unknown here"
    assert hear(stripe.account.tell("customer.created", {"id": "cus_1"})) == "nothing to do"
    assert GatewayMessage.objects.count() == 2
    assert announced(order.number) == before


def test_a_refund_told_before_our_own_record_is_one_refund(stripe):
    order = paid_by_stripe(stripe)
    repayment = cancelled(order)
    stripe.have_trouble(LOST)
    ask_gateways(at=SOON)

    assert hear(stripe.account.events[-1]) == "done"
    assert ask_gateways(at=LATER) == 0

    assert look(repayment).state == Repayment.State.DONE
    assert (Refund.objects.count(), money(order)) == (1, ("19.90", "19.90", "0.00"))


def test_a_refund_told_after_our_own_record_changes_nothing_more(stripe):
    order = paid_by_stripe(stripe)
    cancelled(order)
    ask_gateways(at=SOON)
    before = announced(order.number)
    assert hear(stripe.account.events[-1]) == "done"
    assert announced(order.number) == before


def test_a_refund_that_the_bank_sends_home_is_none_and_a_person_must_look(stripe):
    order = paid_by_stripe(stripe)
    repayment = cancelled(order)
    ask_gateways(at=SOON)
    event = stripe.account.end_refund(look(repayment).reference, "failed", reason="expired_or_canceled_card")

    assert hear(event) == "failed"
    hear(event | {"id": "evt_again"})

    assert (look(repayment).state, look(repayment).refund) == ("FAILED", None)
    assert (Refund.objects.count(), money(order)) == (0, ("19.90", "0.00", "-19.90"))
    assert facts_of("repayment.failed", order.number)["reason"] == "expired or canceled card"


def test_a_failure_of_an_earlier_attempt_does_not_undo_the_later_one(stripe):
    repayment = cancelled(paid_by_stripe(stripe))
    ask_gateways(at=SOON)
    session = {"id": "re_earlier", "status": "failed", "amount": 1990, "currency": "eur", "payment_intent": "pi"}
    event = stripe.account.tell("refund.failed", session | {"metadata": {"repayment": str(repayment.key)}})
    assert hear(event) == "of an earlier attempt"
    assert look(repayment).state == Repayment.State.DONE


def test_a_refund_made_in_stripes_own_pages_is_recorded_and_forgives_the_debt(stripe):
    order = paid_by_stripe(stripe)
    stripe.account.create_refund({"payment_intent": order.payments.get().reference, "amount": "500"})
    event = stripe.account.events[-1]
    assert hear(event) == "given back elsewhere"
    assert hear(event | {"id": "evt_again", "type": "refund.updated"}) == "known"
    assert money(order) == ("19.90", "5.00", "0.00")


def test_a_refund_made_elsewhere_pays_back_what_was_owed_and_ours_is_withdrawn(stripe):
    order = paid_by_stripe(stripe)
    repayment = cancelled(order)
    stripe.account.create_refund({"payment_intent": order.payments.get().reference})
    hear(stripe.account.events[-1])
    assert look(repayment).state == "WITHDRAWN"
    assert money(order) == ("19.90", "19.90", "0.00")
    assert ask_gateways(at=LATER) == 0


def test_a_dispute_holds_the_order_until_a_person_has_looked(stripe):
    order = paid_by_stripe(stripe)
    assert hear(stripe.account.dispute(order.payments.get().reference)) == "disputed"
    assert "FRAUD_REVIEW" in open_holds(order)
    assert facts_of("payment.disputed", order.number)["reason"] == "fraudulent"


def test_a_dispute_of_a_cancelled_order_is_told_and_holds_nothing(stripe):
    order = paid_by_stripe(stripe)
    cancelled(order)
    hear(stripe.account.dispute(order.payments.get().reference))
    assert "payment.disputed" in announced(order.number)
    assert look(order).status == Order.Status.CANCELLED


def test_a_page_paid_by_a_way_that_takes_days_and_too_late_is_sent_back(stripe):
    order = paid_by_stripe(stripe)
    checkout = open_page(order, "7.50")
    hear(stripe.account.pay(checkout.reference, later=True))
    assert look(checkout).state == State.OPEN
    stripe.account.now = DEADLINE.timestamp
    ask_gateways(at=DEADLINE)
    assert (look(checkout).state, look(checkout).closing) == (State.EXPIRED, False)

    session = stripe.account.sessions[checkout.reference] | {"payment_status": "paid"}
    assert hear(stripe.account.tell("checkout.session.async_payment_succeeded", session)) == "paid late, sent back"
