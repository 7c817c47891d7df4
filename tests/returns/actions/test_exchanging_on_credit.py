"""Bought with credit and money, exchanged, and what came instead sent back, too: every cent finds its way home."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from orders.actions.cancelling import cancel_order
from orders.actions.releasing import end_edit_window
from orders.models import Checkout, Order, Refund
from returns.actions.credit.paying import pay_with_credit
from returns.models import CreditAccount, Return, ReturnItem, Settlement
from returns.queries.credit.drift import find_credit_drift
from tests.make.credit import account_of, balance, given, hold
from tests.make.fulfillments import fulfillment, route, ship
from tests.make.gateways import pay_more
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import line
from tests.make.returns import BOUGHT, deliver, delivered_order, item, line_of, open_return, terms_in_force
from tests.make.settled import ARRIVED, come_back, pay_back
from tests.make.stock import count, warehouse
from tests.properties.returning import CHECKS, INTERNAL, sum_of

pytestmark = pytest.mark.django_db

PRICES = {"TEE-M": "20.00", "TEE-L": "20.00", "TEE-SILK": "30.00", "TEE-RAG": "12.00"}
BACK_AGAIN = ARRIVED + 5 * ONE_DAY
CREDIT, CARD = Decimal("11.00"), Decimal("9.00")


@pytest.fixture(autouse=True)
def _shirts() -> None:
    terms_in_force({})
    variants = [
        {"sku": sku, "options": {"size": sku}, "price": {"amount": price, "currency": "EUR"}}
        for sku, price in PRICES.items()
    ]
    create_products([IncomingProduct.model_validate({"title": "Tee", "variants": variants})], by=ADA, at=NOON)
    warehouse()
    for sku in PRICES:
        count(sku, 9)


@pytest.fixture
def account() -> CreditAccount:
    """30 of the customer's own and 3 of bonus."""
    return account_of(given("30.00", "3.00", at=BOUGHT, bonus_expires_at=BOUGHT + timedelta(days=90), source="gift:1"))


@pytest.fixture
def bought(account: CreditAccount) -> Order:
    """A shirt of 20: 11 by credit, its bonus first, and 9 by card."""
    held = hold(account, str(CREDIT), at=BOUGHT)
    by_credit = {"status": "PAID", "gateway": "store_credit", "reference": held.key, "amount": str(CREDIT)}
    by_card = {"status": "PAID", "gateway": "sandbox", "reference": "ch_1", "amount": str(CARD)}
    return delivered_order([line("TEE-M", unit_price="20.00")], payment=None, payments=[by_credit, by_card])


def exchanged(order: Order, sku: str, *, by_credit: bool = False) -> Order:
    """What came instead, in its buyer's hands; what it cost more they paid, by card or with credit."""
    found = open_return(order, item(line_of(order), resolution="EXCHANGE", exchange_sku=sku))
    come_back(found)
    pay_back()
    new = Order.objects.get(made_here=True)
    if new.balance.amount > 0 and by_credit:
        pay_with_credit(number=new.number, account_key=CreditAccount.objects.get().key, by="customer", at=ARRIVED)
    elif new.balance.amount > 0:
        pay_more(new, str(new.balance.amount), gateway="sandbox", reference="ch_2", at=ARRIVED)
    end_edit_window(number=new.number, by=ADA, at=ARRIVED)
    route(at=ARRIVED)
    ship(fulfillment(new).number, at=ARRIVED + ONE_HOUR)
    deliver(new, at=ARRIVED + ONE_DAY)
    new.refresh_from_db()
    return new


def send_back(order: Order, resolution: str = "REFUND") -> Return:
    asked = ARRIVED + 2 * ONE_DAY
    found = open_return(order, item(line_of(order), resolution=resolution), at=asked)
    come_back(found, at=BACK_AGAIN)
    pay_back(at=BACK_AGAIN)
    return found


def sent_to_the_card() -> Decimal:
    return sum_of(Refund.objects.exclude(gateway__in=INTERNAL))


def everything_adds_up() -> None:
    for check in CHECKS:
        check()
    assert find_credit_drift() == []


DIFFERENCES = [("TEE-L", False), ("TEE-RAG", False), ("TEE-SILK", False), ("TEE-SILK", True)]


@pytest.mark.parametrize(("sku", "by_credit"), DIFFERENCES)
def test_once_all_is_back_everybody_has_what_they_began_with(account, bought, sku, by_credit):
    new = exchanged(bought, sku, by_credit=by_credit)
    everything_adds_up()
    send_back(new)

    card = CARD + (Decimal("10.00") if sku == "TEE-SILK" and not by_credit else 0)
    assert sent_to_the_card() == card
    assert balance(account) == ("30.00", "3.00", "0.00", "0.00")
    everything_adds_up()
    now = Order.objects.get(pk=new.pk)
    assert (now.credited, now.balance.amount) == (now.total, 0)


@pytest.mark.parametrize(("sku", "by_credit"), DIFFERENCES)
def test_as_credit_only_what_was_money_brings_a_bonus(account, bought, sku, by_credit):
    new = exchanged(bought, sku, by_credit=by_credit)
    already = sent_to_the_card()
    send_back(new, "STORE_CREDIT")

    money = CARD + (Decimal("10.00") if sku == "TEE-SILK" and not by_credit else 0) - already
    now = CreditAccount.objects.get(pk=account.pk)
    assert sent_to_the_card() == already
    assert (now.base, now.bonus) == (30 + money, 3 + (money / 10).quantize(Decimal("0.01")))
    assert Settlement.objects.latest("id").bonus == (money / 10).quantize(Decimal("0.01"))
    everything_adds_up()


def test_what_costs_less_sends_the_rest_back_the_way_it_was_paid(account, bought):
    new = exchanged(bought, "TEE-RAG")
    assert (new.total, new.paid) == (Decimal("12.00"), Decimal("12.00"))
    spent = 33 - sum(CreditAccount.objects.filter(pk=account.pk).values_list("base", "bonus").get())
    assert spent + CARD - sent_to_the_card() == Decimal("12.00")
    everything_adds_up()


def test_an_exchange_on_credit_that_is_cancelled_gives_the_credit_back(account, bought):
    found = open_return(bought, item(line_of(bought), resolution="EXCHANGE", exchange_sku="TEE-L"))
    come_back(found)
    cancel_order(number=Order.objects.get(made_here=True).number, reason="", by=ADA, at=ARRIVED)
    pay_back()
    assert sent_to_the_card() == CARD
    assert balance(account) == ("30.00", "3.00", "0.00", "0.00")
    everything_adds_up()


def test_an_exchange_of_an_exchange_still_finds_home(account, bought):
    first = exchanged(bought, "TEE-L")
    found = open_return(
        first, item(line_of(first), resolution="EXCHANGE", exchange_sku="TEE-SILK"), at=ARRIVED + 2 * ONE_DAY
    )
    come_back(found, at=BACK_AGAIN)
    second = Order.objects.filter(made_here=True).latest("id")
    pay_more(second, "10.00", gateway="sandbox", reference="ch_3", at=BACK_AGAIN)
    cancel_order(number=second.number, reason="", by=ADA, at=BACK_AGAIN)
    pay_back(at=BACK_AGAIN)

    assert sent_to_the_card() == CARD + 10
    assert balance(account) == ("30.00", "3.00", "0.00", "0.00")
    assert not ReturnItem.objects.filter(settlement=None).exists()
    assert not Checkout.objects.filter(state__in=Checkout.LIVE).exists()
    everything_adds_up()
