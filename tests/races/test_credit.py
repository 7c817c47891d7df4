"""Two tills, one purse."""

from decimal import Decimal
from threading import Barrier

import pytest

from oms.models import EventRecord
from returns.actions.credit.authorizing import authorize_credit
from returns.actions.credit.capturing import capture_credit
from returns.actions.credit.clawing_back import claw_back
from returns.actions.credit.expiring import expire_credit
from returns.actions.credit.issuing import Gift, issue_credit
from returns.actions.credit.reversing import reverse_capture
from returns.actions.credit.voiding import void_authorization
from returns.errors import AuthorizationEnded, CreditShort
from returns.models import CreditAccount, CreditAuthorization, CreditEntry, CreditLot
from returns.queries.credit.drift import find_credit_drift
from tests.make.credit import account_of, balance, buyer, given, hold, spend
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import placed_order
from tests.races.together import PATIENCE, errors_of, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

TILLS = 8


@pytest.fixture(autouse=True)
def _books():
    yield
    assert find_credit_drift() == []


def test_eight_tills_at_once_hold_no_more_than_there_is():
    account = account_of(given("50.00", "5.00"))

    outcomes = run_together(*[lambda till=till: hold(account, "10.00", key=f"till-{till}") for till in range(TILLS)])

    assert [type(each) for each in errors_of(outcomes)] == [CreditShort] * 3
    assert balance(account) == ("50.00", "5.00", "50.00", "0.00")


def test_the_same_sale_at_eight_tills_is_held_once():
    account = account_of(given())

    outcomes = run_together(*[lambda: hold(account, "10.00", key="sale")] * TILLS)

    assert errors_of(outcomes) == []
    assert balance(account)[2] == "10.00"


def test_a_hold_is_captured_once_however_many_try():
    account = account_of(given())
    held = hold(account, "30.00")

    outcomes = run_together(*[lambda: capture_credit(authorization_key=held.key, by=ADA, at=NOON)] * TILLS)

    assert errors_of(outcomes) == []
    assert balance(account) == ("80.00", "0.00", "0.00", "0.00")
    assert EventRecord.objects.filter(type="credit.captured").count() == 1


def test_capture_against_void_has_one_winner():
    account = account_of(given())
    held = hold(account, "30.00")

    outcomes = run_together(
        *[lambda: capture_credit(authorization_key=held.key, by=ADA, at=NOON)] * 2,
        *[lambda: void_authorization(authorization_key=held.key, by=ADA, at=NOON)] * 2,
    )

    assert {type(each) for each in errors_of(outcomes)} == {AuthorizationEnded}
    state = CreditAuthorization.objects.get().state
    assert balance(account)[2] == "0.00"
    assert CreditEntry.objects.filter(kind="CAPTURE").exists() is (state == "CAPTURED")


def test_a_sale_that_was_captured_pays_for_one_order_however_many_name_it():
    sale = spend(account_of(given()), "30.00")
    orders = [placed_order() for _ in range(4)]

    outcomes = run_together(
        *[
            lambda order=order: capture_credit(authorization_key=sale.key, order=order, by=ADA, at=NOON)
            for order in orders
        ]
    )

    assert [type(each) for each in errors_of(outcomes)] == [AuthorizationEnded] * 3
    assert CreditAuthorization.objects.get().order in orders


def test_eight_refunds_of_one_sale_give_back_no_more_than_it_took():
    account = account_of(given())
    sale = spend(account, "30.00")

    run_together(
        *[
            lambda key=key: reverse_capture(
                authorization_key=sale.key, amount=Decimal("10.00"), key=f"{key}", by=ADA, at=NOON
            )
            for key in range(TILLS)
        ]
    )

    assert balance(account) == ("100.00", "10.00", "0.00", "0.00")


def test_credit_that_is_given_at_eight_doors_is_given_once():
    ada = buyer()
    gift = Gift(customer=ada, currency="EUR", base=Decimal(10), bonus=Decimal(1), key="R-1/1", source="return:R-1")

    outcomes = run_together(*[lambda: issue_credit(gift, by=ADA, at=NOON)] * TILLS)

    assert errors_of(outcomes) == []
    assert CreditLot.objects.count() == CreditAccount.objects.count() == 1
    assert balance(CreditAccount.objects.get())[:2] == ("10.00", "1.00")


def test_spending_while_it_is_taken_back_and_runs_out_leaves_books_that_balance():
    for turn in range(6):
        lot = given(earned=False, bonus_expires_at=NOON + ONE_DAY)
        account = account_of(lot)
        run_together(
            lambda account=account, turn=turn: spend(account, "20.00"),
            lambda lot=lot: claw_back(key_of_lot=lot.key, by=ADA, at=NOON),
            lambda: expire_credit(at=NOON + 2 * ONE_DAY),
        )
    now = CreditAccount.objects.get()
    assert now.receivable == 0 or now.available == 0


def test_control_a_purse_without_a_lock_pays_both_tills():
    """Each till looks, and finds enough; then both take."""
    both_have_looked = Barrier(2)
    with unguarded_table(1, purse=50):

        def pay():
            ((left,),) = say("SELECT purse FROM unguarded")
            both_have_looked.wait(PATIENCE)
            say("UPDATE unguarded SET purse = %s", left - 40)
            return left >= 40

        assert run_together(pay, pay) == [True, True]
        assert say("SELECT purse FROM unguarded") == [(10,)]


def test_a_till_whose_key_was_used_elsewhere_holds_nothing_more():
    account = account_of(given())
    asked = {"account_key": account.key, "currency": "EUR", "reference": "", "key": "sale", "by": ADA, "at": NOON}

    run_together(
        lambda: authorize_credit(amount=Decimal(10), **asked), lambda: authorize_credit(amount=Decimal(20), **asked)
    )

    assert balance(account)[2] in ("10.00", "20.00")
    assert CreditAuthorization.objects.count() == 1
