"""The contract of a gateway, held against every one of them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.channels.outgoing.port import ChannelOrder
from orders.payments.channel_gateway import ChannelGateway
from orders.payments.manual import ManualGateway
from orders.payments.port import (
    ByHand,
    GatewayRefused,
    GatewayUnavailable,
    NewsKind,
    NotNews,
    Refunded,
)
from orders.payments.sandbox import SandboxGateway
from orders.payments.stripe_gateway import StripeGateway
from returns.actions.credit.tendering import StoreCreditGateway
from returns.models import CreditAuthorization
from tests.fakes.stripe_server import SECRET_KEY
from tests.make.credit import account_of, given, spend
from tests.orders.payments.asks import (
    AWAY,
    BUSY,
    MemoryLedger,
    TillOfAChannel,
    checkout_ask,
    now,
    refund_ask,
)


class AtStripe:
    """Stripe, with a payment of 19.90 EUR in it."""

    def __init__(self, stripe):
        self.server = stripe
        self.gateway = StripeGateway(SECRET_KEY, api_base=stripe.url)
        self.payment = stripe.account.take(1990, "eur")["id"]

    def pay(self, reference):
        self.server.account.pay(reference)

    def returned(self):
        return Decimal(self.server.account.returned()) / 100


class AtSandbox:
    def __init__(self):
        self.ledger = MemoryLedger()
        self.gateway = SandboxGateway(self.ledger, page="https://shop.example/sandbox/{}".format, at=now())
        self.payment = "ch_1"

    def pay(self, reference):
        self.gateway.answer(reference, paid=True)

    def returned(self):
        return sum((each.amount - each.left for each in self.ledger.charges.values()), Decimal(0))


class AtChannel:
    def __init__(self):
        self.till = TillOfAChannel()
        self.gateway = ChannelGateway(self.till, ChannelOrder("5001", "1001", "EUR"))
        self.payment = "gid-1"

    def returned(self):
        return Decimal("19.90") - self.till.left


class ByPerson:
    gateway, payment = ManualGateway(), "cash"

    def returned(self):
        return Decimal(0)


class InCredit:
    """19.90 EUR that were paid with store credit."""

    def __init__(self):
        self.gateway = StoreCreditGateway(now())
        self.payment = spend(account_of(given("30.00", "3.00", at=now())), "19.90", at=now()).key

    def returned(self):
        return CreditAuthorization.objects.get(key=self.payment).reversed


@pytest.fixture(params=["stripe", "sandbox", "channel", "manual", "store_credit"])
def house(request, stripe):
    if request.param == "store_credit":
        request.getfixturevalue("db")
        return InCredit()
    made = {"stripe": lambda: AtStripe(stripe), "sandbox": AtSandbox, "channel": AtChannel, "manual": ByPerson}
    return made[request.param]()


@pytest.fixture
def charging(house):
    if not house.gateway.can_charge:
        pytest.skip("It has no page.")
    return house


@pytest.fixture
def refunding(house):
    if not house.gateway.can_refund:
        pytest.skip("A person gives the money back.")
    return house


def test_opening_gives_a_reference_and_a_page_where_there_is_one(house):
    ask = checkout_ask()
    opened = house.gateway.open_checkout(ask)
    assert opened.reference
    assert bool(opened.url) is house.gateway.can_charge
    assert opened.expires_at >= ask.expires_at


def test_opening_again_under_the_same_key_is_the_same_page(house):
    ask = checkout_ask()
    assert house.gateway.open_checkout(ask) == house.gateway.open_checkout(ask)


def test_the_same_key_for_another_amount_is_refused(charging):
    ask = checkout_ask()
    charging.gateway.open_checkout(ask)
    with pytest.raises(GatewayRefused):
        charging.gateway.open_checkout(checkout_ask(key=ask.key, amount=Decimal("20.00")))


def test_a_page_says_nothing_until_it_is_paid_and_then_how_much_and_by_what(charging):
    ask = checkout_ask()
    reference = charging.gateway.open_checkout(ask).reference
    assert charging.gateway.read_checkout(reference) is None

    charging.pay(reference)

    news = charging.gateway.read_checkout(reference)
    assert (news.kind, news.reference, news.key) == (NewsKind.CHECKOUT_PAID, reference, ask.key)
    assert (news.amount, news.currency) == (Decimal("19.90"), "EUR")
    assert news.payment_reference


def test_a_closed_page_cannot_be_paid_and_closing_twice_is_harmless(charging):
    reference = charging.gateway.open_checkout(checkout_ask()).reference
    assert charging.gateway.close_checkout(reference) is None
    closed_again = charging.gateway.close_checkout(reference)
    assert closed_again is None or closed_again.kind == NewsKind.CHECKOUT_EXPIRED
    with pytest.raises(Exception, match=r"run out|expired"):
        charging.pay(reference)


def test_closing_a_page_that_was_paid_tells_of_the_payment(charging):
    reference = charging.gateway.open_checkout(checkout_ask()).reference
    charging.pay(reference)
    assert charging.gateway.close_checkout(reference).kind == NewsKind.CHECKOUT_PAID


def test_what_was_paid_on_a_page_goes_back_by_the_payment_that_it_names(charging):
    reference = charging.gateway.open_checkout(checkout_ask()).reference
    charging.pay(reference)
    payment = charging.gateway.read_checkout(reference).payment_reference
    assert isinstance(charging.gateway.refund(refund_ask(payment, amount=Decimal("19.90"))), Refunded)


def test_a_refund_moves_the_money_once_however_often_it_is_asked(refunding):
    ask = refund_ask(refunding.payment)
    answers = {refunding.gateway.refund(ask) for _ in range(3)}
    assert len(answers) == 1
    assert isinstance(answers.pop(), Refunded)
    assert refunding.returned() == Decimal("5.00")


def test_two_refunds_of_a_payment_are_two(refunding):
    answers = {refunding.gateway.refund(refund_ask(refunding.payment)) for _ in range(2)}
    assert len(answers) == 2
    assert refunding.returned() == Decimal("10.00")


def test_never_more_goes_back_than_is_left(refunding):
    refunding.gateway.refund(refund_ask(refunding.payment, amount=Decimal("15.00")))
    with pytest.raises(GatewayRefused):
        refunding.gateway.refund(refund_ask(refunding.payment, amount=Decimal("4.91")))
    assert refunding.returned() == Decimal("15.00")


def test_a_gateway_without_hands_leaves_it_to_a_person():
    answer = ManualGateway().refund(refund_ask("cash"))
    assert isinstance(answer, ByHand)
    assert answer.sentence.endswith(".")


def test_nobody_can_speak_for_a_gateway_without_a_secret(house):
    assert house.gateway.verify_webhook(b"{}", {}, "") is False
    assert house.gateway.verify_webhook(b"{}", {"Stripe-Signature": "t=1,v1=abc"}, "") is False
    with pytest.raises(NotNews):
        house.gateway.read_news(b"[]")


def test_a_busy_channel_and_a_silent_one_are_asked_again_and_one_that_refuses_is_not():
    house = AtChannel()
    house.till.trouble = BUSY
    with pytest.raises(GatewayUnavailable) as busy:
        house.gateway.refund(refund_ask("gid-1"))
    assert busy.value.retry_after == 3
    house.till.trouble = AWAY
    with pytest.raises(GatewayUnavailable):
        house.gateway.refund(refund_ask("gid-1"))
    assert house.returned() == 0


def test_a_sandbox_that_is_switched_off_refuses_everything():
    off = SandboxGateway(MemoryLedger(), page=str, at=now(), allowed=False)
    with pytest.raises(GatewayRefused, match="switched off"):
        off.open_checkout(checkout_ask())
    with pytest.raises(GatewayRefused, match="switched off"):
        off.refund(refund_ask("ch_1"))


def test_a_page_of_the_sandbox_runs_out_at_its_time():
    ledger, ask = MemoryLedger(), checkout_ask()
    reference = SandboxGateway(ledger, page=str, at=now()).open_checkout(ask).reference
    later = SandboxGateway(ledger, page=str, at=ask.expires_at + timedelta(seconds=1))
    assert later.read_checkout(reference).kind == NewsKind.CHECKOUT_EXPIRED
    with pytest.raises(GatewayRefused, match="run out"):
        later.answer(reference, paid=True)
