"""What customers see of their store credit, and do with it."""

import pytest
from django.utils import timezone

from orders.models import Order, Payment
from returns.actions.credit.expiring import warn_of_ends
from returns.models import CreditAccount
from returns.queries.credit.codes import spell_code
from tests.make.credit import account_of, balance, buyer, given, spend
from tests.make.gateways import ask_to_pay, money, unpaid_order
from tests.make.moments import ONE_DAY
from tests.make.orders import placed_order
from tests.make.portal import customer, mails, page, visitor, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_days_later() -> None:
    """Not here: credit is looked at on the day on which it was given."""


@pytest.fixture
def order() -> Order:
    return placed_order()


@pytest.fixture
def account(order: Order) -> CreditAccount:
    now = timezone.now()
    return account_of(given("40.00", "4.00", at=now, bonus_expires_at=now + 90 * ONE_DAY, source="return:R-1001-1"))


def read(client, order: Order) -> str:
    return words_of(client.get(page(order, "credit/")))


def test_the_owner_sees_what_there_is_until_when_and_how_it_came(order, account):
    spend(account, "5.00", at=timezone.now())

    shown = read(customer(order), order)

    assert "€39.00" in shown
    assert "For your return R-1001-1" in shown
    assert "You paid with it" in shown
    assert "−€5.00" in shown
    assert spell_code(account) not in shown


def test_the_code_is_shown_when_it_is_asked_for(order, account):
    shown = customer(order).post(page(order, "credit/code"), {"account": account.key})

    assert spell_code(account) in shown.content.decode()


def test_in_chinese_it_is_said_in_chinese(order, account):
    shown = read(customer(order, "zh-hans"), order)

    assert "您的购物金" in shown
    assert "Your store credit" not in shown


def test_the_page_of_the_order_leads_to_it(order, account):
    assert page(order, "credit/") in customer(order).get(page(order)).content.decode()


def test_without_the_order_there_is_no_way_in(order, account):
    assert visitor().get(page(order, "credit/")).status_code == 404


def test_who_reads_the_mails_of_an_order_now_does_not_see_the_credit_of_who_bought_it(order, account):
    Order.objects.filter(pk=order.pk).update(email="eve@example.com")
    order.refresh_from_db()
    eve = customer(order)

    assert "You have no store credit yet" in read(eve, order)
    shown = eve.post(page(order, "credit/code"), {"account": account.key})
    assert spell_code(account) not in shown.content.decode()


def test_what_is_asked_for_can_be_paid_with_credit(account):
    unpaid = unpaid_order()
    ask_to_pay(unpaid, gateway="sandbox", at=timezone.now(), expires_at=timezone.now() + ONE_DAY)
    client = customer(unpaid)
    assert "Pay €19.90 with it" in read(client, unpaid)

    answer = client.post(page(unpaid, "credit/payment"), {"account": account.key})

    assert answer.status_code == 302
    assert money(unpaid) == ("19.90", "0.00", "0.00")
    assert Payment.objects.get(order=unpaid).gateway == "store_credit"
    assert unpaid.checkouts.get().state == "CANCELED"
    assert sum(map(float, balance(account)[:2])) == pytest.approx(24.10)


def test_the_credit_of_somebody_else_pays_for_nothing(account):
    theirs = account_of(given("100.00", "0", customer=buyer("eve@example.com")))
    unpaid = unpaid_order()
    ask_to_pay(unpaid, gateway="sandbox", at=timezone.now(), expires_at=timezone.now() + ONE_DAY)

    customer(unpaid).post(page(unpaid, "credit/payment"), {"account": theirs.key})

    assert money(unpaid)[0] == "0.00"
    assert balance(theirs) == ("100.00", "0.00", "0.00", "0.00")


def test_a_gift_and_an_end_that_comes_are_told_by_mail(order):
    now = timezone.now()
    given("10.00", "0", at=now, source="goodwill:late parcel")
    given("20.00", "2.00", at=now, bonus_expires_at=now + 10 * ONE_DAY, source="return:R-1001-1")
    warn_of_ends(at=now)

    subjects = [letter.subject for letter in mails()]
    assert "€10.00 of store credit for you" in subjects
    assert any(subject.startswith("€2.00 of your store credit runs out on") for subject in subjects)
    assert not any("€22.00" in subject for subject in subjects)
