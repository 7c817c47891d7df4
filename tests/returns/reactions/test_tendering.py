"""Orders that are paid with store credit."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.actions.cancelling import cancel_order
from orders.actions.money.asking import ask_gateways
from orders.actions.money.paying import Receipt, record_payment
from orders.models import Payment, Repayment
from returns.errors import AuthorizationEnded, CurrencyMismatch
from returns.models import CreditAuthorization
from tests.make.credit import account_of, balance, given, hold
from tests.make.gateways import money, unpaid_order
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import open_holds, placed_order

pytestmark = pytest.mark.django_db


def paid_with(reference: str, **fields: object) -> dict[str, object]:
    return {"status": "PAID", "gateway": "store_credit", "reference": reference, "amount": "19.90"} | fields


def test_an_order_that_is_paid_with_credit_takes_it():
    account = account_of(given("30.00", "0"))
    held = hold(account, "19.90")

    order = placed_order(payment=paid_with(held.key))

    held.refresh_from_db()
    assert (held.state, held.order_id, held.captured) == ("CAPTURED", order.pk, Decimal("19.90"))
    assert balance(account) == ("10.10", "0.00", "0.00", "0.00")
    assert "FRAUD_REVIEW" not in open_holds(order)


def test_an_order_whose_credit_is_not_there_is_taken_and_held_for_a_person():
    order = placed_order(payment=paid_with("hold_nobody_made"))

    assert "FRAUD_REVIEW" in open_holds(order)
    assert "no such authorization" in order.holds.get(reason="FRAUD_REVIEW").detail


def test_one_authorization_pays_one_order():
    account = account_of(given("30.00", "0"))
    held = hold(account, "19.90")
    first, second = placed_order(payment=paid_with(held.key)), placed_order(payment=paid_with(held.key))

    assert "FRAUD_REVIEW" not in open_holds(first)
    assert "FRAUD_REVIEW" in open_holds(second)
    assert balance(account)[0] == "10.10"


def test_a_payment_with_credit_that_is_not_there_is_none():
    held = hold(account_of(given("3000", "0", currency="JPY")), "1990")
    order = unpaid_order()

    for reference, refusal in (("hold_x", Exception), (held.key, CurrencyMismatch)):
        receipt = Receipt(amount=Decimal("19.90"), currency="EUR", gateway="store_credit", reference=reference)
        with pytest.raises(refusal):
            record_payment(number=order.number, receipt=receipt, by=ADA, at=NOON)

    assert not Payment.objects.exists()
    assert CreditAuthorization.objects.get().state == "AUTHORIZED"


def test_a_cancelled_order_gives_the_credit_back_to_where_it_came_from():
    account = account_of(given("15.00", "5.00", bonus_expires_at=NOON + timedelta(days=90)))
    order = placed_order(payment=paid_with(hold(account, "19.90").key))
    assert balance(account) == ("0.10", "0.00", "0.00", "0.00")

    cancel_order(number=order.number, reason="", by=ADA, at=NOON + ONE_MINUTE)
    ask_gateways(at=NOON + ONE_MINUTE)

    repayment = Repayment.objects.get(order=order)
    assert (repayment.gateway, repayment.state) == ("store_credit", "DONE"), repayment.last_error
    assert balance(account) == ("15.00", "5.00", "0.00", "0.00")
    assert money(order) == ("19.90", "19.90", "0.00")


def test_the_credit_of_another_order_pays_for_nothing_else():
    held = hold(account_of(given("30.00", "0")), "19.90")
    placed_order(payment=paid_with(held.key))
    order = unpaid_order()
    receipt = Receipt(amount=Decimal("19.90"), currency="EUR", gateway="store_credit", reference=held.key)

    with pytest.raises(AuthorizationEnded):
        record_payment(number=order.number, receipt=receipt, by=ADA, at=NOON)

    assert money(order)[0] == "0.00"
