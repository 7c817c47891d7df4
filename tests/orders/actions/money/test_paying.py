"""Money that came in elsewhere is recorded once; a paid order goes."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from orders.actions.cancelling import cancel_order
from orders.actions.money.paying import Receipt, record_payment
from orders.errors import OrderNotFound, PaymentConflict
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import channel, open_holds, placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes

pytestmark = pytest.mark.django_db


def receipt(amount="19.90", *, reference="ch_9", currency="EUR", status="CAPTURED"):
    return Receipt(amount=Decimal(amount), currency=currency, gateway="bank", reference=reference, status=status)


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


def test_more_than_was_owed_is_recorded_and_owed_back(unpaid):
    pay(unpaid, "25.00")
    unpaid.refresh_from_db()
    assert (unpaid.financial_status, unpaid.balance.amount) == ("PAID", Decimal("-5.10"))


def test_there_is_no_such_order():
    with nothing_changes(), pytest.raises(OrderNotFound):
        record_payment(number="7", receipt=receipt(), by=ADA, at=NOON)
