"""Giving credit."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from oms.models import EventRecord
from returns.actions.credit.clawing_back import claw_back
from returns.actions.credit.expiring import expire_credit
from returns.actions.credit.issuing import earn_credit
from returns.errors import CreditKeyReused
from returns.models import CreditAccount, CreditEntry, CreditLot
from returns.queries.credit.codes import find_by_code, spell_code
from returns.queries.credit.drift import find_credit_drift
from tests.make.credit import account_of, balance, books, given, spend
from tests.make.moments import ADA, NOON, ONE_DAY

pytestmark = pytest.mark.django_db


def test_credit_has_base_and_bonus_apart_and_is_announced():
    lot = given("100.00", "10.00", source="return:RMA-1")

    account = account_of(lot)
    assert balance(account) == ("100.00", "10.00", "0.00", "0.00")
    assert books(account) == {"goods_back": "-100.00", "bonus_expense": "-10.00"}
    (event,) = EventRecord.objects.about("credit_account", account.key)
    assert (event.type, event.facts["base"], event.facts["bonus"]) == ("credit.issued", "100.00", "10.00")
    assert (event.facts["balance"], event.facts["currency"], event.facts["source"]) == ("110.00", "EUR", "return:RMA-1")


def test_the_same_key_again_gives_nothing():
    first = given(key="RMA-1")

    assert given(key="RMA-1", at=NOON + ONE_DAY) == first
    assert balance(account_of(first)) == ("100.00", "10.00", "0.00", "0.00")
    assert EventRecord.objects.count() == CreditEntry.objects.count() == 1


def test_the_same_key_for_another_amount_is_refused_and_changes_nothing():
    lot = given(key="RMA-1")

    with pytest.raises(CreditKeyReused):
        given("90.00", "9.00", key="RMA-1")

    assert balance(account_of(lot)) == ("100.00", "10.00", "0.00", "0.00")
    assert EventRecord.objects.count() == CreditLot.objects.count() == 1


@pytest.mark.parametrize(("base", "bonus"), [("0", "0"), ("-1.00", "0"), ("1.00", "-0.50"), ("1.005", "0")])
def test_what_is_no_amount_is_refused_and_opens_no_account(base: str, bonus: str):
    with pytest.raises(Invalid):
        given(base, bonus)

    assert not CreditAccount.objects.exists()
    assert not EventRecord.objects.exists()


def test_each_currency_has_an_account_of_its_own():
    euros, yen = given(), given("1000", "100", currency="JPY")

    assert euros.account_id != yen.account_id
    assert balance(account_of(yen))[:2] == ("1000.00", "100.00")


def test_a_gift_is_goodwill_in_the_books():
    lot = given("5.00", "0", source="goodwill:late parcel")

    assert books(account_of(lot)) == {"goodwill": "-5.00"}


def test_its_owner_can_read_the_code_and_a_till_finds_the_account_by_it():
    account = account_of(given())

    code = spell_code(account)
    assert find_by_code(code.lower().replace("-", " ")) == account
    assert find_by_code("0000-0000-0000-0000") is None
    assert find_by_code("no code") is None
    assert code.replace("-", "") not in str(vars(account))


def test_base_does_not_end_where_no_law_is_known_to_allow_it():
    lot = given(base_expires_at=NOON + ONE_DAY, bonus_expires_at=NOON + ONE_DAY)

    assert (lot.base_expires_at, lot.bonus_expires_at) == (None, NOON + ONE_DAY)
    assert lot.base == Decimal("100.00")


def test_what_is_given_in_advance_has_cost_nothing_until_it_is_earned():
    lot = given(earned=False)
    account = account_of(lot)
    assert books(account) == {"advanced": "-110.00"}
    spend(account, "30.00")

    for _ in range(2):
        earn_credit(key_of_lot=lot.key, by=ADA, at=NOON)

    assert books(account) == {"goods_back": "-100.00", "bonus_expense": "-10.00", "sales": "30.00"}
    assert balance(account) == ("80.00", "0.00", "0.00", "0.00")
    told = EventRecord.objects.get(type="credit.advance_earned").facts
    assert (told["lot"], told["base"], told["bonus"]) == (lot.key, "100.00", "10.00")
    assert find_credit_drift() == []


def test_what_is_forgiven_of_an_advance_is_goodwill():
    lot = given(earned=False)
    earn_credit(key_of_lot=lot.key, forgiven=(Decimal(60), Decimal(6)), by=ADA, at=NOON)
    assert books(account_of(lot)) == {"goods_back": "-40.00", "bonus_expense": "-4.00", "goodwill": "-66.00"}
    assert CreditLot.objects.get().earned


def test_an_advance_that_ran_out_and_is_taken_back_has_brought_us_nothing():
    lot = given(earned=False, bonus_expires_at=NOON + ONE_DAY)
    expire_credit(at=NOON + 2 * ONE_DAY)
    assert books(account_of(lot)) == {"advanced": "-110.00", "breakage": "10.00"}
    claw_back(key_of_lot=lot.key, by=ADA, at=NOON + 3 * ONE_DAY)
    assert books(account_of(lot)) == {}
    assert find_credit_drift() == []


def test_a_flag_that_somebody_turned_by_hand_is_found():
    given(earned=False)
    CreditLot.objects.update(earned=True)
    (drift,) = find_credit_drift()
    assert (drift.figure, drift.kept, drift.ledger) == ("advanced", 0, 110)
