"""Taking back what was given in advance."""

import pytest

from oms.models import EventRecord
from returns.actions.credit.clawing_back import claw_back
from returns.actions.credit.issuing import earn_credit
from returns.actions.credit.reversing import reverse_capture
from returns.actions.credit.voiding import void_authorization
from returns.errors import CreditEarned
from returns.models import CreditLot
from tests.make.credit import account_of, balance, books, given, hold, spend
from tests.make.moments import ADA, NOON, ONE_DAY

pytestmark = pytest.mark.django_db


def take_back(lot: CreditLot) -> None:
    claw_back(key_of_lot=lot.key, by=ADA, at=NOON + ONE_DAY)


def test_an_advance_that_nobody_spent_is_gone_and_nothing_is_owed():
    lot = given(earned=False)

    take_back(lot)
    take_back(lot)

    assert balance(account_of(lot)) == ("0.00", "0.00", "0.00", "0.00")
    assert books(account_of(lot)) == {}
    assert EventRecord.objects.filter(type="credit.clawed_back").count() == 1


def test_what_was_spent_of_an_advance_is_owed_and_paid_by_the_next_credit():
    lot = given(earned=False)
    spend(account_of(lot), "30.00")

    take_back(lot)
    assert balance(account_of(lot)) == ("0.00", "0.00", "0.00", "30.00")
    given("100.00", "10.00")

    assert balance(account_of(lot)) == ("80.00", "0.00", "0.00", "0.00")
    event = EventRecord.objects.get(type="credit.clawed_back")
    assert (event.facts["base"], event.facts["bonus"], event.facts["receivable"]) == ("80.00", "0.00", "30.00")


def test_what_is_held_of_an_advance_is_owed_until_the_hold_ends_unused():
    lot = given(earned=False)
    held = hold(account_of(lot), "30.00")

    take_back(lot)
    assert balance(account_of(lot)) == ("20.00", "10.00", "30.00", "30.00")
    void_authorization(authorization_key=held.key, by=ADA, at=NOON + ONE_DAY)

    assert balance(account_of(lot)) == ("0.00", "0.00", "0.00", "0.00")
    assert books(account_of(lot)) == {}


def test_goods_bought_with_an_advance_that_come_back_pay_what_is_owed_for_it():
    lot = given(earned=False)
    bought = spend(account_of(lot), "30.00")
    take_back(lot)

    reverse_capture(authorization_key=bought.key, amount=bought.captured, key="RMA-2", by=ADA, at=NOON + ONE_DAY)

    assert balance(account_of(lot)) == ("0.00", "0.00", "0.00", "0.00")
    assert books(account_of(lot)) == {}


def test_what_was_earned_is_not_taken_back():
    lot = given(earned=False)
    earn_credit(key_of_lot=lot.key, by=ADA, at=NOON)

    with pytest.raises(CreditEarned):
        take_back(lot)

    assert balance(account_of(lot)) == ("100.00", "10.00", "0.00", "0.00")
    assert not EventRecord.objects.filter(type="credit.clawed_back").exists()
