"""Forgiving what was spent of an advance that was never earned."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from oms.models import EventRecord
from returns.actions.credit.clawing_back import claw_back
from returns.actions.credit.forgiving import forgive_receivable
from returns.errors import NothingOwed
from returns.models import CreditAccount
from returns.queries.credit.drift import find_credit_drift
from tests.make.credit import account_of, balance, books, given, hold, spend
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.snapshots import facts_of, nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> CreditAccount:
    """30 are owed."""
    lot = given(earned=False)
    spend(account_of(lot), "30.00")
    claw_back(key_of_lot=lot.key, by=ADA, at=NOON)
    return account_of(lot)


def forgive(account: CreditAccount, amount: str, *, key: str = "k1", reason: str = "Moved abroad") -> None:
    words = {"amount": Decimal(amount), "reason": reason, "key": key}
    forgive_receivable(account_key=account.key, by=ADA, at=NOON + ONE_DAY, **words)


def test_what_is_forgiven_is_goodwill_in_the_books_and_the_next_credit_is_whole(account):
    before = books(account)
    for _ in range(2):
        forgive(account, "30.00")

    assert balance(account) == ("0.00", "0.00", "0.00", "0.00")
    assert books(account) == {name: value for name, value in before.items() if name != "receivable"} | {
        "goodwill": "-30.00"
    }
    facts = facts_of("credit.forgiven")
    assert (facts["amount"], facts["receivable"], facts["reason"]) == ("30.00", "0.00", "Moved abroad")
    assert EventRecord.objects.filter(type="credit.forgiven").count() == 1
    given("100.00", "10.00")
    assert balance(account)[:2] == ("100.00", "10.00")
    assert find_credit_drift() == []


def test_of_what_is_forgiven_in_part_the_rest_is_still_owed(account):
    forgive(account, "10.00")
    assert balance(account)[3] == "20.00"
    given("100.00", "0")
    assert balance(account)[0] == "80.00"
    assert find_credit_drift() == []


@pytest.mark.parametrize(("amount", "reason"), [("0", "x"), ("-1", "x"), ("0.001", "x"), ("30.00", " ")])
def test_nothing_is_forgiven_for_no_reason_and_in_no_parts_of_a_cent(account, amount, reason):
    with nothing_changes(), pytest.raises(Invalid):
        forgive(account, amount, reason=reason)


def test_more_than_is_owed_is_not_forgiven(account):
    with nothing_changes(), pytest.raises(NothingOwed) as refusal:
        forgive(account, "30.01")
    assert Decimal(refusal.value.facts["owed"]) == 30


def test_what_a_till_still_holds_is_not_forgiven():
    lot = given(earned=False)
    hold(account_of(lot), "30.00")
    claw_back(key_of_lot=lot.key, by=ADA, at=NOON)
    with nothing_changes(), pytest.raises(NothingOwed):
        forgive(account_of(lot), "30.00")
