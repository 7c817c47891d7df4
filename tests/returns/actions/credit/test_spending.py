"""Setting credit aside, spending it, letting it go."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from oms.models import EventRecord
from returns.absences import AuthorizationNotFound, CreditAccountNotFound
from returns.actions.credit.authorizing import LASTS, authorize_credit
from returns.actions.credit.capturing import capture_credit
from returns.actions.credit.expiring import expire_credit, warn_of_ends
from returns.actions.credit.freezing import freeze_account, thaw_account
from returns.actions.credit.voiding import void_authorization
from returns.errors import AuthorizationEnded, CreditFrozen, CreditKeyReused, CreditShort, CurrencyMismatch
from returns.models import CreditAccount, CreditAuthorization, CreditEntry
from tests.make.credit import account_of, balance, books, given, hold, spend
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_SECOND

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> CreditAccount:
    """100.00 and a bonus of 10.00 that ends in sixty days."""
    return account_of(given(bonus_expires_at=NOON + 60 * ONE_DAY))


def refused(account: CreditAccount, refusal: type[Exception], **asked: object) -> None:
    """Asking for this is refused, changes nothing and is not announced."""
    before, told = balance(account), EventRecord.objects.count()
    asked = {"account_key": account.key, "amount": Decimal(5), "currency": "EUR", "key": "sale", "at": NOON} | asked
    with pytest.raises(refusal):
        authorize_credit(reference="", by=ADA, **asked)  # type: ignore[arg-type]
    assert balance(account) == before
    assert EventRecord.objects.count() == told


def test_what_is_held_cannot_be_held_again(account):
    hold(account, "100.00")

    assert balance(account) == ("100.00", "10.00", "100.00", "0.00")
    refused(account, CreditShort, amount=Decimal("10.01"))


def test_the_same_key_holds_once_and_another_amount_under_it_is_refused(account):
    first = hold(account, "20.00", key="sale")

    assert hold(account, "20.00", key="sale") == first
    refused(account, CreditKeyReused, amount=Decimal("21.00"))
    assert balance(account)[2] == "20.00"


def test_credit_of_another_currency_or_of_nobody_is_refused(account):
    refused(account, CurrencyMismatch, currency="USD")
    refused(account, CreditAccountNotFound, account_key="credit_x")
    refused(account, Invalid, amount=Decimal(0))
    refused(account, Invalid, amount=Decimal("0.001"))


def test_a_capture_spends_the_bonus_that_ends_first_and_is_announced(account):
    sale = spend(account, "30.00")

    assert balance(account) == ("80.00", "0.00", "0.00", "0.00")
    assert books(account) == {"goods_back": "-100.00", "bonus_expense": "-10.00", "sales": "30.00"}
    event = EventRecord.objects.get(type="credit.captured")
    assert (event.facts["amount"], event.facts["authorization"], event.facts["balance"]) == ("30.00", sale.key, "80.00")


def test_a_capture_of_a_part_frees_the_rest_and_happens_once(account):
    held = hold(account, "50.00")
    for _ in range(2):
        capture_credit(authorization_key=held.key, amount=Decimal("20.00"), by=ADA, at=NOON)

    assert balance(account) == ("90.00", "0.00", "0.00", "0.00")
    with pytest.raises(AuthorizationEnded):
        capture_credit(authorization_key=held.key, amount=Decimal("30.00"), by=ADA, at=NOON)
    assert balance(account) == ("90.00", "0.00", "0.00", "0.00")


@pytest.mark.parametrize("amount", ["0", "-1.00", "50.01", "1.005"])
def test_more_than_was_held_or_nothing_is_not_captured(account, amount):
    held = hold(account, "50.00")

    with pytest.raises(Invalid):
        capture_credit(authorization_key=held.key, amount=Decimal(amount), by=ADA, at=NOON)

    assert balance(account) == ("100.00", "10.00", "50.00", "0.00")
    assert not EventRecord.objects.filter(type="credit.captured").exists()


def test_what_was_let_go_can_be_spent_and_not_captured(account):
    held = hold(account, "50.00")
    for _ in range(2):
        void_authorization(authorization_key=held.key, by=ADA, at=NOON)

    assert balance(account)[2] == "0.00"
    with pytest.raises(AuthorizationEnded):
        capture_credit(authorization_key=held.key, by=ADA, at=NOON)
    assert not CreditEntry.objects.filter(kind="CAPTURE").exists()


def test_a_capture_cannot_be_let_go(account):
    sale = spend(account, "50.00")

    with pytest.raises(AuthorizationEnded):
        void_authorization(authorization_key=sale.key, by=ADA, at=NOON)
    assert balance(account) == ("60.00", "0.00", "0.00", "0.00")


def test_an_authorization_that_nobody_made_is_not_found():
    with pytest.raises(AuthorizationNotFound):
        capture_credit(authorization_key="hold_x", by=ADA, at=NOON)


def test_a_hold_ends_by_itself_and_is_captured_no_more(account):
    held = hold(account, "50.00")

    assert expire_credit(at=NOON + LASTS - ONE_SECOND) == 0
    assert expire_credit(at=NOON + LASTS) == 1
    assert expire_credit(at=NOON + LASTS) == 0
    assert balance(account) == ("100.00", "10.00", "0.00", "0.00")
    assert CreditAuthorization.objects.get().state == "EXPIRED"
    with pytest.raises(AuthorizationEnded):
        capture_credit(authorization_key=held.key, by=ADA, at=NOON + LASTS)


def test_a_bonus_ends_on_its_day_and_is_breakage(account):
    assert expire_credit(at=NOON + 60 * ONE_DAY) == 1

    assert balance(account) == ("100.00", "0.00", "0.00", "0.00")
    assert books(account)["breakage"] == "10.00"
    assert EventRecord.objects.get(type="credit.expired").facts["bonus"] == "10.00"


def test_a_bonus_that_is_held_outlives_its_day_until_the_hold_ends(account):
    held = hold(account, "10.00", at=NOON + 59 * ONE_DAY)

    assert expire_credit(at=NOON + 61 * ONE_DAY) == 0
    void_authorization(authorization_key=held.key, by=ADA, at=NOON + 61 * ONE_DAY)
    assert expire_credit(at=NOON + 61 * ONE_DAY) == 1
    assert balance(account) == ("100.00", "0.00", "0.00", "0.00")


def test_what_ended_cannot_be_spent_even_before_the_sweep(account):
    with pytest.raises(CreditShort):
        spend(account, "105.00", at=NOON + 60 * ONE_DAY)


def test_an_end_is_announced_three_weeks_before_and_once(account):
    assert warn_of_ends(at=NOON + 38 * ONE_DAY) == 0
    assert warn_of_ends(at=NOON + 39 * ONE_DAY) == 1
    assert warn_of_ends(at=NOON + 40 * ONE_DAY) == 0

    event = EventRecord.objects.get(type="credit.running_out")
    assert (event.facts["amount"], event.facts["expires_at"][:10]) == ("10.00", "2027-01-20")


def test_a_frozen_account_keeps_its_promises_and_makes_no_new_ones(account):
    held = hold(account, "20.00")
    freeze_account(account_key=account.key, reason="a stolen code", by=ADA, at=NOON)

    refused(account, CreditFrozen)
    capture_credit(authorization_key=held.key, by=ADA, at=NOON)
    assert balance(account) == ("90.00", "0.00", "0.00", "0.00")


def test_nothing_runs_out_while_it_is_frozen_and_the_days_are_given_back(account):
    freeze_account(account_key=account.key, reason="a stolen code", by=ADA, at=NOON + 50 * ONE_DAY)
    assert expire_credit(at=NOON + 70 * ONE_DAY) == 0

    thaw_account(account_key=account.key, by=ADA, at=NOON + 70 * ONE_DAY)

    assert expire_credit(at=NOON + 80 * ONE_DAY - ONE_SECOND) == 0
    assert expire_credit(at=NOON + 80 * ONE_DAY) == 1


def test_freezing_wants_a_reason(account):
    with pytest.raises(Invalid):
        freeze_account(account_key=account.key, reason=" ", by=ADA, at=NOON)

    assert CreditAccount.objects.get().frozen_at is None
    assert not EventRecord.objects.filter(type="credit.frozen").exists()
