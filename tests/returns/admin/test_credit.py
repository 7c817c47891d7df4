"""Staff and store credit."""

import pytest
from django.urls import reverse

from oms.models import EventRecord
from returns.actions.credit.clawing_back import claw_back
from returns.models import CreditAccount, CreditLot
from returns.queries.credit.codes import find_by_code, spell_code
from tests.make.admin import at_noon, fresh_cache, text_of
from tests.make.credit import account_of, balance, books, buyer, given, spend
from tests.make.moments import ADA, NOON
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said

__all__ = ["at_noon", "fresh_cache"]

pytestmark = pytest.mark.django_db

GIFT = {"email": "Ada@example.com", "amount": "10.00", "currency": "eur", "reason": "late parcel", "key": "k1"}


def address(name: str, *rest: object) -> str:
    return reverse(f"admin:returns_creditaccount_{name}", args=rest)


def test_the_list_and_the_statement_say_what_there_is():
    account = account_of(given("100.00", "10.00", source="return:R-1"))
    spend(account, "30.00")
    desk = browser()

    listed = text_of(desk.get(address("changelist")))
    page = text_of(desk.get(address("change", account.pk)))

    assert "ada@example.com" in listed
    assert "return:R-1" in page
    assert "spent" in page


def test_a_gift_is_bonus_that_never_becomes_money_and_a_second_click_gives_nothing():
    buyer()
    desk = browser()
    for _ in range(2):
        desk.post(address("give"), GIFT)

    account = CreditAccount.objects.get()
    assert balance(account) == ("0.00", "10.00", "0.00", "0.00")
    assert books(account) == {"goodwill": "-10.00"}
    assert CreditLot.objects.get().source == "goodwill:late parcel"
    assert EventRecord.objects.get(type="credit.issued").by == "staff:ada"


def test_what_is_owed_is_given_as_base():
    buyer()
    browser().post(address("give"), GIFT | {"owed": "on"})

    assert balance(CreditAccount.objects.get())[:2] == ("10.00", "0.00")


@pytest.mark.parametrize("wrong", [{"email": "nobody@example.com"}, {"currency": "XXZ"}, {"amount": "-1"}])
def test_a_gift_to_nobody_or_of_nothing_is_not_given(wrong):
    buyer()

    answer = browser().post(address("give"), GIFT | wrong)

    assert answer.status_code == 422
    assert not CreditAccount.objects.exists()
    assert not EventRecord.objects.exists()


def test_an_account_is_frozen_and_thawed_with_a_reason():
    account = account_of(given())
    desk = browser()

    desk.post(address("freeze", account.pk), {"reason": "a stolen code"})
    account.refresh_from_db()
    assert account.frozen_because == "a stolen code"
    desk.post(address("thaw", account.pk), {})

    account.refresh_from_db()
    assert account.frozen_at is None


def test_paying_out_says_how_much_to_send_once_the_bonus_is_given_up():
    account = account_of(given("100.00", "10.00"))
    spend(account, "10.00")
    desk = browser()

    answer = desk.post(address("pay_out", account.pk), {"amount": "100.00", "reason": "moved away", "key": "k1"})

    assert said(answer) == ["Send 90.00 EUR to ada@example.com."]
    assert balance(account) == ("0.00", "0.00", "0.00", "0.00")
    assert books(account) == {"goods_back": "-100.00", "sales": "10.00", "paid_out": "90.00"}


def test_more_than_the_base_is_not_paid_out():
    account = account_of(given("10.00", "1.00"))

    answer = browser().post(address("pay_out", account.pk), {"amount": "10.50", "reason": "asked", "key": "k1"})

    assert said(answer) == ["There is 10.00 EUR of credit left."]
    assert balance(account)[:2] == ("10.00", "1.00")
    assert not EventRecord.objects.filter(type="credit.paid_out").exists()


def test_who_may_only_read_gives_nothing_and_freezes_nobody():
    account = account_of(given())
    reader = browser("eve", role="read-only")

    assert reader.get(address("change", account.pk)).status_code == 200
    assert reader.post(address("give"), GIFT).status_code == 403
    assert reader.post(address("freeze", account.pk), {"reason": "x"}).status_code == 403
    assert balance(account)[:2] == ("100.00", "10.00")
    account.refresh_from_db()
    assert account.frozen_at is None


def test_the_dashboard_says_what_we_owe_and_how_it_has_grown():
    given("100.00", "10.00")

    page = text_of(browser().get(reverse("admin:index")))

    assert "110.00 EUR" in page
    assert "Store credit that we owe, EUR" in page


def test_a_code_that_was_seen_is_renewed_and_the_old_one_finds_nothing():
    account = account_of(given())
    old = spell_code(account)

    browser().post(address("renew", account.pk), {})

    account.refresh_from_db()
    assert find_by_code(old) is None
    assert find_by_code(spell_code(account)) == account
    assert balance(account)[:2] == ("100.00", "10.00")


def owing(amount: str = "30.00") -> CreditAccount:
    """So much of an advance was spent, and its goods never came."""
    lot = given(earned=False)
    spend(account_of(lot), amount)
    claw_back(key_of_lot=lot.key, by=ADA, at=NOON)
    return account_of(lot)


def test_what_is_owed_is_forgiven_with_a_reason_and_the_figures_say_so():
    account, desk = owing(), browser()
    page = text_of(desk.get(address("change", account.pk)))
    assert "Forgive it" in page
    assert 'value="30.00"' in desk.get(address("forgive", account.pk)).content.decode()

    answer = desk.post(address("forgive", account.pk), {"amount": "30.00", "reason": "Moved abroad", "key": "k1"})

    assert said(answer) == ["30.00 EUR are forgiven."]
    assert balance(account) == ("0.00", "0.00", "0.00", "0.00")
    given("5.00", "0")
    board = text_of(desk.get(reverse("admin:index")))
    assert "Customers owe us 0.00 EUR of advances" in board
    assert "30.00 EUR of such were forgiven" in board


def test_forgiving_without_a_reason_or_by_whoever_may_only_read_changes_nothing():
    account, desk, reader = owing(), browser(), browser("eve", role="read-only")
    answer = {"amount": "30.00", "key": "k1"}

    with nothing_changes():
        unreasoned = desk.post(address("forgive", account.pk), answer)
        forbidden = reader.post(address("forgive", account.pk), answer | {"reason": "x"})

    assert (unreasoned.status_code, forbidden.status_code) == (422, 403)
