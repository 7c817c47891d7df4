"""Many workers, many messages, one sum of money."""

from collections import Counter
from decimal import Decimal
from itertools import chain
from threading import Barrier

import pytest

from oms.transactions import run_transaction
from orders.actions.intake.updating import update_order
from orders.actions.money.asking import ask_gateways
from orders.actions.money.hearing import record_gateway_news
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.money.reimbursing import settle_by_hand
from orders.errors import RepaymentNotOpen
from orders.models import Checkout, Order, Refund, Repayment
from orders.payments.stripe_gateway import StripeGateway
from tests.fakes.stripe_server import SECRET_KEY, signed_event
from tests.make.gateways import (
    LATER,
    SOON,
    ask_to_pay,
    cancelled,
    money,
    open_page,
    paid_by_stripe,
    repay,
    stripe,
    take_question_back,
    unpaid_order,
)
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming
from tests.make.stock import SKU, stocked_variant
from tests.races.together import PATIENCE, errors_of, race_over, run_together, say, unguarded_table

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 12


@pytest.fixture(autouse=True)
def shop():
    channel()
    stocked_variant(SKU, 1_000)


def news_of(event):
    return StripeGateway(SECRET_KEY).read_news(signed_event(event)[0])[0]


def test_four_workers_send_each_repayment_once(stripe):
    for _ in range(ORDERS):
        cancelled(paid_by_stripe(stripe))
    done = run_together(*[lambda: ask_gateways(at=LATER)] * 4)
    assert (errors_of(done), sum(done)) == ([], ORDERS)
    assert stripe.account.returned() == ORDERS * 1990
    assert Refund.objects.count() == Repayment.objects.filter(state="DONE").count() == ORDERS


def test_four_workers_open_each_page_once(stripe):
    for _ in range(ORDERS):
        ask_to_pay(unpaid_order())
    assert errors_of(run_together(*[lambda: ask_gateways(at=NOON)] * 4)) == []
    assert len(stripe.account.sessions) == Checkout.objects.filter(state="OPEN").count() == ORDERS


def test_one_message_told_at_four_doors_at_once_is_one_payment(stripe):
    orders = [unpaid_order() for _ in range(ORDERS)]
    told = [news_of(stripe.account.pay(open_page(order).reference)) for order in orders]
    hear = [lambda news: record_gateway_news("stripe", news, at=LATER)] * 4
    assert errors_of(chain(*race_over(told, *hear))) == []
    assert {money(order) for order in orders} == {("19.90", "0.00", "0.00")}


def test_paid_while_it_is_taken_back_is_kept_or_sent_back_never_lost(stripe):
    orders = [paid_by_stripe(stripe) for _ in range(ORDERS)]
    told = [(order, news_of(stripe.account.pay(open_page(order, "7.50").reference))) for order in orders]
    outcomes = race_over(
        told,
        lambda pair: take_question_back(pair[0], at=SOON),
        lambda pair: record_gateway_news("stripe", pair[1], at=LATER),
    )
    assert errors_of(chain(*outcomes)) == []
    run_together(*[lambda: ask_gateways(at=LATER)] * 2)
    assert {money(order) for order in orders} == {("27.40", "7.50", "0.00")}
    assert stripe.account.returned() == ORDERS * 750


def test_a_surplus_asked_for_at_four_doors_at_once_goes_back_once(stripe):
    orders = [paid_by_stripe(stripe) for _ in range(ORDERS)]
    Order.objects.update(credited=5)
    assert errors_of(chain(*race_over(orders, *[repay] * 4))) == []
    assert Repayment.objects.count() == ORDERS


def test_the_same_excess_recorded_at_four_desks_at_once_waits_to_go_back_once():
    orders = [unpaid_order() for _ in range(ORDERS)]
    receipt = Receipt(amount=Decimal("25.00"), currency="EUR", gateway="bank", reference="t-1")
    record = [lambda order: record_payment(number=order.number, receipt=receipt, by=ADA, at=SOON)] * 4
    assert errors_of(chain(*race_over(orders, *record))) == []
    assert list(Repayment.objects.values_list("state", "amount")) == [("BY_HAND", Decimal("5.10"))] * ORDERS


def test_an_excess_that_two_clerks_settle_at_once_goes_back_once():
    orders = [unpaid_order() for _ in range(ORDERS)]
    for order in orders:
        receipt = Receipt(amount=Decimal("25.00"), currency="EUR", gateway="bank", reference="t-1")
        record_payment(number=order.number, receipt=receipt, by=ADA, at=SOON)
    waiting = list(Repayment.objects.values_list("id", flat=True))
    clerks = [
        lambda pk, name=name: settle_by_hand(repayment_id=pk, reference=name, by=name, at=LATER)
        for name in ("ada", "bob")
    ]
    refused = errors_of(chain(*race_over(waiting, *clerks)))
    assert [type(each) for each in refused] == [RepaymentNotOpen] * ORDERS
    assert Refund.objects.count() == ORDERS
    assert {money(order) for order in orders} == {("25.00", "5.10", "0.00")}


def cancelled_by_channel(order):
    """What the channel says, which gives back by itself what it took."""
    told = {"external_id": order.external_id, "cancelled_at": LATER.isoformat(), "updated_at": LATER.isoformat()}
    message = incoming(payment=None, **told)
    return run_transaction(lambda: update_order(order.number, message, by="channel:web", at=LATER))


def test_what_the_channel_cancels_while_it_goes_back_has_gone_or_stays_never_both(stripe):
    orders = [paid_by_stripe(stripe) for _ in range(ORDERS)]
    Order.objects.update(credited=5)
    for order in orders:
        repay(order)
    outcomes = race_over(orders, cancelled_by_channel, lambda order: ask_gateways(at=LATER, limit=1))
    assert errors_of(chain(*outcomes)) == []
    ended = Counter(Repayment.objects.values_list("state", flat=True))
    assert set(ended) <= {"DONE", "WITHDRAWN"}
    assert stripe.account.returned() == ended["DONE"] * 500
    assert Refund.objects.count() == ended["DONE"]


def test_control_without_the_lock_two_doors_send_the_same_surplus():
    def send():
        ((surplus,),) = say("SELECT surplus FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        say("UPDATE unguarded SET sent = sent + %s, surplus = 0 WHERE id = 1", surplus)

    looked = Barrier(2)
    with unguarded_table(1, surplus=5, sent=0):
        run_together(send, send)
        assert say("SELECT sent FROM unguarded") == [(10,)]
