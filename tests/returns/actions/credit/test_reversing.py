"""Goods that were bought with credit come back."""

from decimal import Decimal

import pytest

from oms.models import EventRecord
from returns.actions.credit.expiring import expire_credit
from returns.actions.credit.reversing import reverse_capture
from returns.errors import CreditKeyReused, ReversedTooMuch
from returns.models import CreditAuthorization
from tests.make.credit import account_of, balance, books, given, spend
from tests.make.moments import ADA, NOON, ONE_DAY

pytestmark = pytest.mark.django_db


def bring_back(sale: CreditAuthorization, amount: str, *, key: str = "RMA-9", days: int = 1) -> CreditAuthorization:
    return reverse_capture(
        authorization_key=sale.key, amount=Decimal(amount), key=key, by=ADA, at=NOON + days * ONE_DAY
    )


def test_bonus_comes_back_as_bonus_and_base_as_base_in_the_proportion_that_was_spent():
    account = account_of(given())
    sale = spend(account, "55.00")

    bring_back(sale, "27.50")
    assert balance(account) == ("77.50", "5.00", "0.00", "0.00")
    bring_back(sale, "27.50", key="RMA-10")

    assert balance(account) == ("100.00", "10.00", "0.00", "0.00")
    assert books(account) == {"goods_back": "-100.00", "bonus_expense": "-10.00"}


def test_the_same_key_gives_back_once_and_another_amount_under_it_is_refused():
    account = account_of(given())
    sale = spend(account, "55.00")
    for _ in range(2):
        bring_back(sale, "11.00")

    with pytest.raises(CreditKeyReused):
        bring_back(sale, "12.00")
    assert balance(account) == ("64.00", "2.00", "0.00", "0.00")
    assert EventRecord.objects.filter(type="credit.reversed").count() == 1
    assert CreditAuthorization.objects.get().reversed == Decimal("11.00")


def test_never_more_comes_back_than_was_captured():
    account = account_of(given())
    sale = spend(account, "55.00")
    bring_back(sale, "50.00")
    before = balance(account)

    with pytest.raises(ReversedTooMuch):
        bring_back(sale, "5.01", key="RMA-10")

    assert balance(account) == before
    assert EventRecord.objects.filter(type="credit.reversed").count() == 1


def test_a_bonus_that_comes_back_after_its_end_lives_for_thirty_days():
    account = account_of(given(bonus_expires_at=NOON + 5 * ONE_DAY))
    sale = spend(account, "10.00")

    bring_back(sale, "10.00", days=20)

    assert expire_credit(at=NOON + 49 * ONE_DAY) == 0
    assert balance(account) == ("100.00", "10.00", "0.00", "0.00")
    assert expire_credit(at=NOON + 50 * ONE_DAY) == 1
