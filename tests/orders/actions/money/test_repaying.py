"""What was paid too much goes back once, by the way it came; what a machine cannot do waits for a person."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from oms.events import OutsideTransaction
from orders.absences import RepaymentNotFound
from orders.actions.money.asking import BACKOFF, LEASE, ask_gateways
from orders.actions.money.reimbursing import record_answer, settle_by_hand
from orders.actions.money.repaying import repay_surplus, retry_repayment
from orders.errors import NothingOwedBack, RepaymentNotOpen
from orders.models import Order, Refund, Repayment
from orders.payments.port import Refunded
from tests.fakes.serving import GONE, LOST
from tests.fakes.stripe_server import DOWN
from tests.make.gateways import (
    LATER,
    SOON,
    cancelled,
    hours,
    look,
    money,
    paid_by_stripe,
    pay_more,
    repay,
    stripe,
)
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db

State = Repayment.State


def states(order):
    rows = Repayment.objects.filter(order=order).order_by("id").values_list("state", "amount", "gateway")
    return [(state, f"{amount:.2f}", gateway) for state, amount, gateway in rows]


def test_nothing_is_owed_back_of_an_order_that_is_just_paid(stripe):
    order = paid_by_stripe(stripe)
    with nothing_changes():
        assert repay(order) == []


def test_a_surplus_is_written_down_and_the_gateway_sends_it_afterwards(stripe):
    order = paid_by_stripe(stripe)
    cancelled(order)
    assert states(order) == [("WAITING", "19.90", "stripe")]
    assert stripe.account.returned() == 0

    ask_gateways(at=LATER)

    assert states(order) == [("DONE", "19.90", "stripe")]
    assert stripe.account.returned() == 1990
    assert money(order) == ("19.90", "19.90", "0.00")
    assert announced(order.number)[-2:] == ["repayment.requested", "refund.issued"]
    assert facts_of("refund.issued", order.number)["amount"] == "19.90"


def test_the_refund_says_of_which_payment_it_is(stripe):
    order = paid_by_stripe(stripe)
    repayment = cancelled(order)
    ask_gateways(at=LATER)
    refund = Refund.objects.get()
    assert (look(repayment).refund, refund.payment, refund.external_id) == (
        refund, order.payments.get(), look(repayment).reference,
    )  # fmt: skip
    assert (look(repayment).done_at, refund.refunded_at) == (LATER, LATER)


def test_asking_twice_sends_once(stripe):
    order = paid_by_stripe(stripe)
    cancelled(order)
    with nothing_changes():
        assert repay(order) == []
    ask_gateways(at=LATER)
    with nothing_changes():
        assert repay(order) == []
        assert ask_gateways(at=LATER) == 0
    assert stripe.account.returned() == 1990


def test_a_surplus_of_two_payments_goes_back_to_both(stripe):
    order = paid_by_stripe(stripe)
    pay_more(order, "5.10", reference="cash-1")
    Repayment.objects.all().delete()
    order_cancelled(order)
    assert states(order) == [("BY_HAND", "5.10", "manual"), ("WAITING", "19.90", "stripe")]


def order_cancelled(order):
    Order.objects.filter(pk=order.pk).update(credited=Decimal("19.90"))
    repay(order)


def test_refunds_that_are_on_record_already_do_not_go_back_again(stripe):
    order = paid_by_stripe(stripe)
    Refund.objects.create(
        order=order, gateway="stripe", external_id="re_1", amount=Decimal("12.00"), currency="EUR", refunded_at=NOON
    )
    Order.objects.filter(pk=order.pk).update(refunded=Decimal("12.00"))
    cancelled(order)
    assert states(order) == [("WAITING", "7.90", "stripe")]


def test_what_is_not_owed_any_more_is_withdrawn_while_nobody_has_sent_it(stripe):
    order = paid_by_stripe(stripe)
    Order.objects.filter(pk=order.pk).update(credited=Decimal("8.00"))
    repay(order)
    Order.objects.filter(pk=order.pk).update(credited=Decimal("3.00"))

    repay(order)

    assert states(order) == [("WITHDRAWN", "8.00", "stripe"), ("WAITING", "3.00", "stripe")]
    ask_gateways(at=LATER)
    assert stripe.account.returned() == 300
    assert "repayment.withdrawn" in announced(order.number)


def test_what_may_be_on_its_way_is_not_withdrawn(stripe):
    order = paid_by_stripe(stripe)
    Order.objects.filter(pk=order.pk).update(credited=Decimal("8.00"))
    repay(order)
    stripe.have_trouble(LOST)
    ask_gateways(at=SOON)
    Order.objects.filter(pk=order.pk).update(credited=Decimal("3.00"))

    assert repay(order) == []

    assert states(order) == [("WAITING", "8.00", "stripe")]
    ask_gateways(at=LATER)
    assert stripe.account.returned() == 800
    assert money(order) == ("19.90", "8.00", "5.00")


def test_what_could_not_be_withdrawn_is_once_it_has_failed(stripe):
    order = paid_by_stripe(stripe)
    Order.objects.filter(pk=order.pk).update(credited=Decimal("8.00"))
    repay(order)
    stripe.have_trouble(GONE)
    ask_gateways(at=SOON)
    Order.objects.filter(pk=order.pk).update(credited=0)
    repay(order)
    stripe.account.refunds_end_as = "failed"

    ask_gateways(at=LATER)

    assert states(order) == [("WITHDRAWN", "8.00", "stripe")]
    assert announced(order.number)[-2:] == ["repayment.failed", "repayment.withdrawn"]


def test_a_lost_answer_is_one_refund(stripe):
    order = paid_by_stripe(stripe)
    repayment = cancelled(order)
    stripe.have_trouble(LOST)
    ask_gateways(at=SOON)
    assert (look(repayment).state, look(repayment).doubtful) == (State.WAITING, True)
    ask_gateways(at=LATER)
    assert look(repayment).state == State.DONE
    assert (stripe.account.returned(), Refund.objects.count()) == (1990, 1)


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_worker_that_dies_after_the_call_leaves_one_refund_and_one_row(stripe, monkeypatch, forgotten):
    order = paid_by_stripe(stripe)
    repayment = cancelled(order)
    with monkeypatch.context() as dying:
        dying.setattr("orders.actions.money.asking.record_answer", die)
        with pytest.raises(SystemExit):
            ask_gateways(at=SOON)
    assert stripe.account.returned() == 1990
    if forgotten:
        stripe.forget_keys()

    ask_gateways(at=SOON + LEASE)

    assert look(repayment).state == State.DONE
    assert (stripe.account.returned(), Refund.objects.count()) == (1990, 1)


def die(**_):
    raise SystemExit


def test_the_same_answer_twice_is_recorded_once(stripe):
    repayment = cancelled(paid_by_stripe(stripe))
    ask_gateways(at=LATER)
    with nothing_changes():
        record_answer(repayment_id=repayment.pk, answer=Refunded("re_other"), by=ADA, at=LATER)


def test_what_the_gateway_refuses_fails_and_is_still_owed(stripe):
    order = paid_by_stripe(stripe, "0.50")
    stripe.account.create_refund({"payment_intent": order.payments.get().reference, "amount": "50"})
    repayment = cancelled(order)
    ask_gateways(at=LATER)
    assert (look(repayment).state, look(repayment).last_error) == (
        State.FAILED, "Stripe: Charge has already been refunded.",
    )  # fmt: skip
    assert facts_of("repayment.failed", order.number)["amount"] == "0.50"
    with nothing_changes():
        assert repay(order) == []


def failed(stripe, **fields):
    """Stripe had no money for it."""
    stripe.account.refunds_end_as = "failed"
    repayment = cancelled(paid_by_stripe(stripe, **fields))
    ask_gateways(at=LATER)
    stripe.account.refunds_end_as = "succeeded"
    assert look(repayment).state == State.FAILED
    return repayment


def test_staff_send_it_again_under_a_new_key(stripe):
    repayment = failed(stripe)
    retry_repayment(repayment_id=repayment.pk, by=ADA, at=LATER)
    ask_gateways(at=LATER)
    assert (look(repayment).state, look(repayment).retries) == (State.DONE, 1)
    assert stripe.account.returned() == 1990


def test_only_what_failed_can_be_sent_again(stripe):
    repayment = cancelled(paid_by_stripe(stripe))
    with nothing_changes(), pytest.raises(RepaymentNotOpen):
        retry_repayment(repayment_id=repayment.pk, by=ADA, at=LATER)
    with nothing_changes(), pytest.raises(RepaymentNotFound):
        retry_repayment(repayment_id=0, by=ADA, at=LATER)


def test_what_is_not_owed_any_more_is_neither_sent_again_nor_done_by_hand(stripe):
    repayment = failed(stripe)
    Order.objects.update(credited=0)
    with nothing_changes(), pytest.raises(NothingOwedBack):
        retry_repayment(repayment_id=repayment.pk, by=ADA, at=LATER)
    with nothing_changes(), pytest.raises(NothingOwedBack):
        settle_by_hand(repayment_id=repayment.pk, reference="", by=ADA, at=LATER)


def test_after_many_silences_a_person_must_look_and_it_is_not_withdrawn(stripe):
    repayment = cancelled(paid_by_stripe(stripe))
    for place in range(len(BACKOFF) + 1):
        stripe.have_trouble(GONE if place % 2 else DOWN)
        ask_gateways(at=NOON + hours(24 * (place + 1)))
    repayment = look(repayment)
    assert (repayment.state, repayment.doubtful, repayment.is_retractable) == (State.FAILED, True, False)
    assert "did not answer" in repayment.last_error


def test_waits_grow_and_differ(stripe):
    repayment = cancelled(paid_by_stripe(stripe))
    stripe.have_trouble(DOWN, DOWN, DOWN)
    waits = []
    for minute in (1, 5, 20):
        at = NOON + minute * ONE_MINUTE
        ask_gateways(at=at)
        waits.append((look(repayment).run_after - at).total_seconds())
    assert 4 <= waits[0] <= 6
    assert 12 <= waits[1] <= 18
    assert 48 <= waits[2] <= 72


def test_a_refund_that_takes_its_time_is_looked_after(stripe):
    stripe.account.refunds_end_as = "pending"
    order = paid_by_stripe(stripe)
    repayment = cancelled(order)
    ask_gateways(at=LATER)
    assert (look(repayment).state, money(order)) == (State.PENDING, ("19.90", "0.00", "-19.90"))
    assert ask_gateways(at=LATER + 30 * ONE_MINUTE) == 0
    stripe.account.end_refund(look(repayment).reference, "succeeded")
    ask_gateways(at=LATER + hours(2))
    assert (look(repayment).state, money(order)) == (State.DONE, ("19.90", "19.90", "0.00"))


def by_hand(**fields):
    """Paid by bank transfer: nobody but a person can send it back."""
    return cancelled(placed_order(payment={"status": "PAID", "gateway": "bank", "reference": "t-1"}, **fields))


def test_what_no_gateway_can_do_waits_for_a_person_who_then_says_so():
    repayment = by_hand()
    assert repayment.state == State.BY_HAND
    assert ask_gateways(at=LATER) == 0

    settle_by_hand(repayment_id=repayment.pk, reference="SEPA-77", by=ADA, at=LATER)

    assert (look(repayment).state, look(repayment).refund.external_id) == (State.DONE, "SEPA-77")
    assert money(repayment.order) == ("19.90", "19.90", "0.00")
    assert facts_of("refund.issued")["external_id"] == "SEPA-77"


def test_by_hand_it_is_done_once():
    repayment = by_hand()
    settle_by_hand(repayment_id=repayment.pk, reference="", by=ADA, at=LATER)
    with nothing_changes(), pytest.raises(RepaymentNotOpen):
        settle_by_hand(repayment_id=repayment.pk, reference="", by=ADA, at=LATER)


def test_a_reference_that_stands_with_another_refund_is_refused():
    order = placed_order(payment={"status": "PAID", "gateway": "bank", "reference": "t-1"})
    Order.objects.filter(pk=order.pk).update(credited=Decimal("5.00"))
    (first,) = repay(order)
    settle_by_hand(repayment_id=first.pk, reference="SEPA-77", by=ADA, at=SOON)
    Order.objects.filter(pk=order.pk).update(credited=Decimal("9.00"))
    (second,) = repay(order)
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        settle_by_hand(repayment_id=second.pk, reference="SEPA-77", by=ADA, at=LATER)
    assert refusal.value.errors[0].pointer == "/reference"


def test_a_payment_of_a_demo_goes_back_by_the_sandbox():
    order = placed_order()
    cancelled(order)
    ask_gateways(at=LATER)
    assert states(order) == [("DONE", "19.90", "sandbox")]
    assert money(order) == ("19.90", "19.90", "0.00")


def test_a_test_order_moves_no_money(stripe):
    order = paid_by_stripe(stripe, test=True)
    cancelled(order)
    ask_gateways(at=LATER)
    assert states(order) == [("DONE", "19.90", "sandbox")]
    assert stripe.account.returned() == 0


def test_stripe_without_an_account_here_is_by_hand(stripe, settings):
    order = paid_by_stripe(stripe)
    settings.STRIPE_SECRET_KEY = ""
    cancelled(order)
    assert states(order) == [("BY_HAND", "19.90", "manual")]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_back_outside_a_transaction():
    order = placed_order()
    with pytest.raises(OutsideTransaction):
        repay_surplus(order, reason="", by=ADA, at=NOON)
