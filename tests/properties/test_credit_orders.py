"""Somebody who tries to make more of their money by the shop's own doors: buys, returns for credit at 110 %, buys with
it, exchanges, cancels, has credit advanced and keeps the goods, and does it again.

What they hold as money and base, and what they could still have back, is never more than what they paid; a bonus is
earned once by money and never by credit.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from oms.errors import Refused
from orders.actions.cancelling import cancel_order
from orders.actions.releasing import end_edit_window
from orders.events import OrderCancelled
from orders.models import Order, Payment, Refund
from returns.actions.advancing import advance_return, mark_overdue
from returns.actions.canceling import cancel_return
from returns.actions.charging import charge_advance
from returns.actions.credit.expiring import expire_credit
from returns.actions.credit.paying import pay_with_credit
from returns.actions.deciding import approve_return
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.receiving import receive_return
from returns.actions.remedies import crediting
from returns.models import Advance, CreditAccount, CreditLot, Return
from returns.policies.receiving import Arrived
from returns.reactions.settling import refund_cancelled_exchanges
from tests.make.credit import hold
from tests.make.fulfillments import fulfillment, route, ship
from tests.make.gateways import pay_more
from tests.make.moments import ADA, NOON
from tests.make.orders import line, placed_order
from tests.make.returns import ask_return, deliver, item, terms_in_force
from tests.make.settled import pay_back
from tests.make.stock import count, warehouse
from tests.properties.profiles import LONG, STORIES
from tests.properties.returning import CHECKS, INTERNAL, sum_of

PRICES = {"TEE-M": "20.00", "TEE-L": "20.00", "TEE-SILK": "33.33"}
SKUS = st.sampled_from(sorted(PRICES))
WHICH = st.integers(0, 5)
UNITS = st.integers(1, 2)
SHARES = st.sampled_from([0, 0, 50, 100])
MOSTLY = st.sampled_from([True, True, False])
RESOLUTIONS = st.sampled_from(["STORE_CREDIT", "STORE_CREDIT", "REFUND"])
BEGINS = NOON - timedelta(days=900)
"""No order is from tomorrow, however long a story lasts."""
LIMITS = {"EUR": ["80.00", "120.00"]}
BLIND = "blind"
"""What credit would be called where nobody tells it from money."""

BOUNDED = STORIES if LONG else hypothesis_settings(STORIES, max_examples=8)
NO_SHRINKING = hypothesis_settings(BOUNDED, max_examples=8, phases=[Phase.generate])


class Gained(AssertionError):
    """They have more than they came with."""


class Buyer(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.now = BEGINS
        self.kept = settings.RETURN_ADVANCE_LIMITS
        settings.RETURN_ADVANCE_LIMITS = LIMITS

    def teardown(self):
        settings.RETURN_ADVANCE_LIMITS = self.kept
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    @initialize()
    def the_shop_opens(self):
        terms_in_force({"days": 60}, since=BEGINS)
        variants = [{"sku": sku, "price": {"amount": price, "currency": "EUR"}} for sku, price in PRICES.items()]
        create_products([IncomingProduct.model_validate({"title": "Tee", "variants": variants})], by=ADA, at=NOON)
        warehouse()
        for sku in PRICES:
            count(sku, 60)

    def pass_time(self, minutes: int = 5) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    def try_to(self, act, **said):
        with suppress(Refused):
            return act(**said, by=ADA, at=self.pass_time())

    def one(self, rows, which: int):
        found = list(rows.order_by("-id")[:4])
        return found[which % len(found)] if found else None

    @rule(sku=SKUS, units=UNITS, share=SHARES, discount=st.integers(0, 300), arrives=MOSTLY)
    def buys(self, sku, units, share, discount, arrives):
        """So much of it on credit, in percent, as far as there is any."""
        off = Decimal(discount) / 100
        total = Decimal(PRICES[sku]) * units - off
        account = CreditAccount.objects.first()
        by_credit = min((total * share / 100).quantize(Decimal("0.01")), account.available if account else 0)
        by_card = total - by_credit
        payments = [{"status": "PAID", "gateway": "sandbox", "reference": f"ch-{self.now}", "amount": str(by_card)}]
        payments = payments if by_card else []
        if by_credit:
            held = hold(account, str(by_credit), at=self.pass_time())
            payments.append(
                {"status": "PAID", "gateway": "store_credit", "reference": held.key, "amount": str(by_credit)}
            )
        goods = line(sku, units, unit_price=PRICES[sku])
        order = placed_order([goods], at=self.pass_time(), discount=str(off), payment=None, payments=payments)
        if arrives:
            self.send(order)

    @precondition(lambda self: Order.objects.filter(status="HELD").exists())
    @rule(which=WHICH)
    def an_order_is_sent_and_arrives(self, which):
        self.send(self.one(Order.objects.filter(status__in=["HELD", "RELEASED"]), which))

    def send(self, order):
        with suppress(Refused):
            end_edit_window(number=order.number, by=ADA, at=self.pass_time())
            route(at=self.pass_time())
        if order.fulfillments.filter(status="OPEN").exists():
            ship(fulfillment(order).number, at=self.pass_time())
            deliver(order, at=self.pass_time())

    @precondition(lambda self: Order.objects.filter(fulfillment_status="FULFILLED").exists())
    @rule(which=WHICH, units=UNITS, resolution=RESOLUTIONS, comes=MOSTLY)
    def asks(self, which, units, resolution, comes):
        made = self.ask(which, units, resolution=resolution)
        if made and made.status == Return.Status.REQUESTED:  # who sends back so much is looked at by a person
            self.try_to(approve_return, number=made.number)
        if made and comes:
            self.come_back(made, "ACCEPTED")

    @rule(sku=SKUS, share=SHARES)
    def goes_round(self, sku, share):
        self.buys(sku=sku, units=1, share=share, discount=0, arrives=True)
        self.asks(which=0, units=1, resolution="STORE_CREDIT", comes=True)

    @precondition(lambda self: Order.objects.filter(fulfillment_status="FULFILLED").exists())
    @rule(which=WHICH, units=UNITS, sku=SKUS)
    def asks_for_something_else(self, which, units, sku):
        self.ask(which, units, resolution="EXCHANGE", exchange_sku=sku)

    def ask(self, which, units, **said):
        order = self.one(Order.objects.filter(fulfillment_status="FULFILLED"), which)
        wanted = item(order.lines.first(), units, **said)
        return self.try_to(lambda by, at: ask_return(order, wanted, at=at))

    @precondition(lambda self: Return.objects.filter(status="OPEN").exists())
    @rule(which=WHICH, verdict=st.sampled_from(["ACCEPTED", "ACCEPTED", "ACCEPTED", "REJECTED"]))
    def the_goods_come_back(self, which, verdict):
        self.come_back(self.one(Return.objects.filter(status="OPEN"), which), verdict)

    def come_back(self, found, verdict):
        arrived = [Arrived(each.pk, "", each.quantity) for each in found.items.all()]
        self.try_to(receive_return, number=found.number, arrivals=arrived)
        findings = [Finding(each.pk, each.quantity, verdict, "A") for each in found.items.all()]
        self.try_to(inspect_return, number=found.number, findings=findings)

    @precondition(lambda self: Return.objects.filter(status="OPEN").exists())
    @rule(which=WHICH)
    def has_it_advanced(self, which):
        self.try_to(advance_return, number=self.one(Return.objects.filter(status="OPEN"), which).number)

    @precondition(lambda self: Advance.objects.exists())
    @rule(which=WHICH)
    def keeps_what_was_to_come_back(self, which):
        self.try_to(charge_advance, advance_id=self.one(Advance.objects, which).pk)

    @precondition(lambda self: Return.objects.exists())
    @rule(which=WHICH)
    def cancels_a_return(self, which):
        self.try_to(cancel_return, number=self.one(Return.objects, which).number)

    @precondition(lambda self: Order.objects.exists())
    @rule(which=WHICH)
    def cancels_an_order(self, which):
        order = self.one(Order.objects, which)
        if self.try_to(cancel_order, number=order.number, reason="Changed my mind"):
            refund_cancelled_exchanges([OrderCancelled(subject=order.number, by=ADA, at=self.now)])

    @precondition(lambda self: Order.objects.filter(made_here=True).exists())
    @rule(which=WHICH, by_credit=st.booleans())
    def pays_the_difference(self, which, by_credit):
        new = self.one(Order.objects.filter(made_here=True).exclude(status="CANCELLED"), which)
        account = CreditAccount.objects.first()
        if new is None or new.balance.amount <= 0:
            return
        if by_credit and account:
            self.try_to(pay_with_credit, number=new.number, account_key=account.key)
        else:
            words = {"gateway": "sandbox", "reference": f"more-{self.now}"}
            pay_more(new, str(new.balance.amount), at=self.pass_time(), **words)

    @rule()
    def money_goes_out(self):
        pay_back(at=self.pass_time())

    @rule(days=st.sampled_from([1, 10, 35]))
    def time_passes(self, days):
        mark_overdue(at=self.pass_time(days * 24 * 60))
        expire_credit(at=self.now)

    @invariant()
    def nothing_was_gained(self):
        """Money and base, and what orders still owe back, against what came from outside."""
        outside = (*INTERNAL, BLIND)
        paid_in = sum_of(Payment.objects.filter(status="CAPTURED").exclude(gateway__in=outside))
        out = sum_of(Refund.objects.exclude(gateway__in=outside))
        account = CreditAccount.objects.first()
        base, bonus, owed = (account.base, account.bonus, account.receivable) if account else (0, 0, 0)
        if out + base - owed > paid_in:
            raise Gained(f"{out} of money and {base} of base from {paid_in}")
        in_orders = Order.objects.aggregate(sum=Sum("paid") - Sum("refunded"))["sum"] or 0
        earned = sum_of(CreditLot.objects.exclude(entries__kind="CLAW_BACK"), "bonus")
        if out + in_orders + base + bonus - owed > paid_in + earned:
            raise Gained(f"{out} of money, {in_orders} in orders, {base} + {bonus} of credit from {paid_in}")
        if earned > paid_in / 10 + CreditLot.objects.count() * Decimal("0.01"):
            raise Gained(f"{earned} of bonus by {paid_in} of money")


class HonestBuyer(Buyer):
    @invariant()
    def everything_adds_up(self):
        for check in CHECKS:
            check()


@pytest.mark.django_db
def test_by_the_shop_s_own_doors_nobody_gains():
    run_state_machine_as_test(HonestBuyer, settings=hypothesis_settings(BOUNDED, phases=[Phase.generate]))


@pytest.mark.django_db
def test_they_would_gain_if_credit_for_goods_bought_on_credit_were_credit_for_money(monkeypatch):
    """The search finds what it looks for: the same stories with the deduction taken away."""
    monkeypatch.setattr(crediting, "GATEWAY", BLIND)
    with pytest.raises(Gained):
        run_state_machine_as_test(Buyer, settings=NO_SHRINKING)
