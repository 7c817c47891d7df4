"""Money that came in elsewhere is recorded once; a paid order goes."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from orders.absences import OrderNotFound
from orders.actions.cancelling import cancel_order
from orders.actions.edits.approving import expire_edits
from orders.actions.money.asking import ask_gateways
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.money.reimbursing import settle_by_hand
from orders.actions.money.repaying import LOOK_FIRST, retry_repayment
from orders.errors import PaymentConflict, RepaymentNotOpen
from tests.make.edits import SOON, add, edit, open_shop, order_of_tees
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import channel, open_holds, placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes

pytestmark = pytest.mark.django_db


def receipt(amount="19.90", *, reference="ch_9", currency="EUR", status="CAPTURED"):
    return Receipt(amount=Decimal(amount), currency=currency, gateway="bank", reference=reference, status=status)


def of_stripe(amount):
    """What a clerk copied from Stripe's own pages."""
    return Receipt(amount=Decimal(amount), currency="EUR", gateway="stripe", reference="pi_1")


def pay(order, amount="19.90", **fields):
    return record_payment(number=order.number, receipt=receipt(amount, **fields), by=ADA, at=NOON + ONE_HOUR)


@pytest.fixture
def unpaid():
    channel(minutes=0)
    return placed_order(payment=None)


def test_a_payment_in_full_ends_the_payment_hold_and_the_order_goes(unpaid):
    payment = pay(unpaid)
    unpaid.refresh_from_db()
    assert (unpaid.financial_status, unpaid.paid, unpaid.balance.amount) == ("PAID", Decimal("19.90"), 0)
    assert (unpaid.status, open_holds(unpaid)) == ("RELEASED", [])
    assert (payment.status, payment.captured_at) == ("CAPTURED", NOON + ONE_HOUR)
    assert announced(unpaid.number)[1:] == ["order.payment_recorded", "order.hold_lifted", "order.released"]
    assert facts_of("order.payment_recorded") == {
        "amount": "19.90", "currency": "EUR", "gateway": "bank", "reference": "ch_9", "status": "CAPTURED",
    }  # fmt: skip


def test_a_payment_in_part_keeps_the_order_back_until_the_rest_comes(unpaid):
    pay(unpaid, "9.90", reference="1")
    unpaid.refresh_from_db()
    assert (unpaid.financial_status, unpaid.status, open_holds(unpaid)) == ("PARTIALLY_PAID", "HELD", ["PAYMENT"])
    pay(unpaid, "10.00", reference="2")
    unpaid.refresh_from_db()
    assert (unpaid.financial_status, unpaid.status) == ("PAID", "RELEASED")


def test_an_authorization_lets_the_order_go_and_is_captured_under_its_reference(unpaid):
    pay(unpaid, status="AUTHORIZED")
    unpaid.refresh_from_db()
    assert (unpaid.financial_status, unpaid.paid, unpaid.status) == ("AUTHORIZED", 0, "RELEASED")
    pay(unpaid)
    unpaid.refresh_from_db()
    assert (unpaid.financial_status, unpaid.paid) == ("PAID", Decimal("19.90"))
    assert unpaid.payments.count() == 1


def test_the_same_reference_again_changes_nothing(unpaid):
    first = pay(unpaid)
    with nothing_changes():
        assert pay(unpaid) == first


def test_an_authorization_told_late_does_not_take_captured_money_back(unpaid):
    pay(unpaid)
    with nothing_changes():
        pay(unpaid, status="AUTHORIZED")


def test_payments_without_reference_are_each_their_own(unpaid):
    pay(unpaid, "9.95", reference="")
    pay(unpaid, "9.95", reference="")
    unpaid.refresh_from_db()
    assert (unpaid.paid, unpaid.payments.count()) == (Decimal("19.90"), 2)


def test_the_same_reference_with_another_amount_is_refused_and_changes_nothing(unpaid):
    pay(unpaid, "9.90")
    with nothing_changes(), pytest.raises(PaymentConflict) as refusal:
        pay(unpaid, "9.91")
    assert refusal.value.facts == {"recorded": "9.90"}


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"currency": "USD"}, "/amount/currency", "wrong_currency"),
        ({"amount": "0"}, "/amount/amount", "amount_not_possible"),
        ({"amount": "-1"}, "/amount/amount", "amount_not_possible"),
        ({"amount": "19.905"}, "/amount/amount", "amount_not_possible"),
    ],
)
def test_money_that_cannot_be_the_orders_is_refused_and_changes_nothing(unpaid, fields, pointer, code):
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        pay(unpaid, **fields)
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [(pointer, code)]


def test_money_for_a_cancelled_order_is_recorded_and_sent_back_once(unpaid):
    cancel_order(number=unpaid.number, reason="", by=ADA, at=NOON)
    pay(unpaid)
    pay(unpaid)
    unpaid.refresh_from_db()
    assert (unpaid.status, unpaid.paid) == ("CANCELLED", Decimal("19.90"))
    assert [each.amount for each in unpaid.repayments.standing()] == [Decimal("19.90")]


def test_a_payment_recorded_before_the_cancellation_is_still_known_after_it(unpaid):
    pay(unpaid)
    cancel_order(number=unpaid.number, reason="", by=ADA, at=NOON)
    with nothing_changes():
        pay(unpaid)


def standing(order):
    """What waits to go back: amount, state and reason of each."""
    return [(f"{each.amount:.2f}", each.state, each.reason) for each in order.repayments.standing().order_by("id")]


def test_more_than_was_owed_is_recorded_and_waits_for_a_person_who_sends_it_back(unpaid):
    pay(unpaid, "25.00")
    unpaid.refresh_from_db()
    assert (unpaid.financial_status, unpaid.balance.amount) == ("PAID", Decimal("-5.10"))
    assert standing(unpaid) == [("5.10", "BY_HAND", "Paid more than is owed")]
    facts = facts_of("repayment.requested")
    assert (facts["amount"], facts["state"], facts["reason"]) == ("5.10", "BY_HAND", LOOK_FIRST)


def test_the_same_excess_told_again_is_owed_back_once(unpaid):
    pay(unpaid, "25.00")
    with nothing_changes():
        pay(unpaid, "25.00")


def test_a_second_excess_waits_beside_the_first(unpaid):
    pay(unpaid, "25.00")
    pay(unpaid, "10.00", reference="ch_10")
    assert [amount for amount, *_ in standing(unpaid)] == ["5.10", "10.00"]


def test_what_a_clerk_recorded_of_a_gateway_goes_back_by_it_only_when_somebody_says_so(settings, unpaid):
    settings.STRIPE_SECRET_KEY = "sk_test"
    record_payment(number=unpaid.number, receipt=of_stripe("25.00"), by=ADA, at=NOON)
    waits = unpaid.repayments.get()
    assert (waits.gateway, waits.state) == ("stripe", "BY_HAND")
    assert ask_gateways(at=NOON + ONE_HOUR) == 0
    assert retry_repayment(repayment_id=waits.pk, by=ADA, at=NOON).state == "WAITING"


def test_money_that_only_a_person_can_send_is_not_left_to_a_gateway(unpaid):
    pay(unpaid, "25.00")
    with nothing_changes(), pytest.raises(RepaymentNotOpen):
        retry_repayment(repayment_id=unpaid.repayments.get().pk, by=ADA, at=NOON)


def test_what_is_too_much_for_an_edit_waits_for_a_person_too(settings):
    settings.STRIPE_SECRET_KEY = "sk_test"
    open_shop()
    order = order_of_tees()
    waits = edit(order, add())
    record_payment(number=order.number, receipt=of_stripe("10.00"), by=ADA, at=SOON)
    waits.refresh_from_db()
    assert waits.state == "COMMITTED"
    assert standing(order) == [("2.50", "BY_HAND", f"Edit {waits.pk}")]


def test_money_for_an_edit_that_was_given_up_waits_for_a_person():
    open_shop()
    order = order_of_tees()
    expire_edits(at=edit(order, add()).deadline)
    pay(order, "7.50")
    assert standing(order) == [("7.50", "BY_HAND", "Paid more than is owed")]


def test_an_excess_pays_for_the_next_edit_and_does_not_go_back():
    open_shop()
    order = order_of_tees()
    record_payment(number=order.number, receipt=receipt("7.50"), by=ADA, at=SOON)
    assert edit(order, add()).state == "COMMITTED"
    assert (standing(order), order.repayments.get().state) == ([], "WITHDRAWN")


def test_an_excess_is_settled_once(unpaid):
    pay(unpaid, "25.00")
    waits = unpaid.repayments.get()
    settle_by_hand(repayment_id=waits.pk, reference="bank-1", by=ADA, at=NOON + ONE_HOUR)
    unpaid.refresh_from_db()
    assert (unpaid.balance.amount, standing(unpaid)) == (0, [])
    with nothing_changes(), pytest.raises(RepaymentNotOpen):
        settle_by_hand(repayment_id=waits.pk, reference="bank-2", by=ADA, at=NOON + ONE_HOUR)


def test_there_is_no_such_order():
    with nothing_changes(), pytest.raises(OrderNotFound):
        record_payment(number="7", receipt=receipt(), by=ADA, at=NOON)
