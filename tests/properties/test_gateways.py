"""Whatever a gateway does, and in whatever order it is told: no cent goes back twice, none beyond what came."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orders.actions.money.asking import ask_gateways
from orders.actions.money.repaying import retry_repayment
from orders.errors import NothingOwedBack
from orders.models import Checkout, Order, Refund, Repayment
from tests.fakes.serving import GONE, LOST
from tests.fakes.stripe_rules import ApiError
from tests.fakes.stripe_server import DOWN, SECRET_KEY, TOO_MANY, StripeServer
from tests.make.gateways import ask_to_pay, hear, repay, take_question_back, unpaid_order
from tests.make.moments import ADA, NOON
from tests.properties.profiles import STORIES

CENTS = st.integers(50, 3_000).map(lambda cents: Decimal(cents) / 100)
TROUBLES = st.lists(st.sampled_from([None, LOST, LOST, GONE, DOWN, TOO_MANY]), max_size=3)
ANY = st.integers(0, 20)
STILL_TO_GO = ["WAITING", "BY_HAND", "PENDING", "FAILED"]


class BadDays(StripeServer):
    """Its troubles happen where it hurts: when something is to be done, not when it is only asked."""

    def _serve(self, handler, asked):
        waiting = list(self.troubles)
        if asked.method == "GET":
            self.troubles.clear()
        super()._serve(handler, asked)
        if asked.method == "GET":
            self.troubles.extend(waiting)


class Till(RuleBasedStateMachine):
    """One order, one Stripe that has bad days, and messages that come late, twice and out of order."""

    def __init__(self):
        super().__init__()
        self.stripe = BadDays()
        self.stripe.__enter__()
        self.settings = override_settings(STRIPE_SECRET_KEY=SECRET_KEY, STRIPE_API_BASE=self.stripe.url)
        self.settings.enable()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.now = NOON
        self.stripe.account.now = self.clock
        self.order = unpaid_order()

    def clock(self):
        return self.now.timestamp()

    def teardown(self):
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)
        self.settings.disable()
        self.stripe.__exit__(None, None, None)

    @initialize(amounts=st.lists(CENTS, min_size=1, max_size=2))
    def some_pages_are_paid(self, amounts):
        for amount in amounts:
            self.somebody_is_asked_to_pay(amount)
            self.the_worker_comes([], 1)
            self.the_customer_pays(-1)
            self.news_comes(-1)

    @rule(amount=CENTS)
    def somebody_is_asked_to_pay(self, amount):
        ask_to_pay(self.order, str(amount), at=self.now, expires_at=self.now + timedelta(minutes=30))

    @rule()
    def the_question_is_taken_back(self):
        take_question_back(self.order, at=self.now)

    @precondition(lambda self: self.stripe.account.sessions)
    @rule(which=ANY)
    def the_customer_pays(self, which):
        sessions = list(self.stripe.account.sessions)
        with suppress(ApiError):  # it has run out, or was paid
            self.stripe.account.pay(sessions[which % len(sessions)])

    @rule(share=st.integers(0, 100), troubles=TROUBLES)
    def an_edit_changes_what_is_owed(self, share, troubles):
        order = Order.objects.get(pk=self.order.pk)
        Order.objects.filter(pk=order.pk).update(credited=(order.total * share / 100).quantize(Decimal("0.01")))
        repay(self.order, at=self.now)
        self.the_worker_comes(troubles, 0)

    @rule(ends=st.sampled_from(["succeeded", "succeeded", "pending", "failed"]))
    def refunds_end_as(self, ends):
        self.stripe.account.refunds_end_as = ends

    @rule(troubles=TROUBLES, minutes=st.sampled_from([1, 10, 61, 600]), forgotten=st.booleans())
    def the_worker_comes(self, troubles, minutes, forgotten=False):
        """Stripe may have forgotten its keys meanwhile."""
        self.now += timedelta(minutes=minutes)
        if forgotten:
            self.stripe.forget_keys()
        self.stripe.have_trouble(*troubles)
        ask_gateways(at=self.now)
        self.stripe.troubles.clear()

    @precondition(lambda self: self.stripe.account.events)
    @rule(which=ANY)
    def news_comes(self, which):
        hear(self.stripe.account.events[which % len(self.stripe.account.events)], at=self.now)

    @rule(which=ANY, status=st.sampled_from(["succeeded", "failed"]))
    def a_refund_that_took_its_time_ends(self, which, status):
        pending = [each for each in self.stripe.account.refunds.values() if each["status"] == "pending"]
        if pending:
            self.stripe.account.end_refund(pending[which % len(pending)]["id"], status, reason="declined")

    @rule()
    def staff_send_again_what_failed(self):
        for repayment in Repayment.objects.filter(state="FAILED"):
            try:
                retry_repayment(repayment_id=repayment.pk, by=ADA, at=self.now)
            except NothingOwedBack:
                repay(self.order, at=self.now)

    @invariant()
    def no_more_went_back_than_came(self):
        account = self.stripe.account
        assert all(account._returned(each["id"]) <= each["amount"] for each in account.intents.values())
        order = Order.objects.get(pk=self.order.pk)
        assert (
            0 <= order.refunded <= order.paid <= sum(each["amount"] for each in account.intents.values()) / Decimal(100)
        )

    @invariant()
    def what_is_done_has_gone_and_what_has_gone_is_named(self):
        """No refund at Stripe without a repayment of ours, and no two for one."""
        gone = [each for each in self.stripe.account.refunds.values() if each["status"] not in ("failed", "canceled")]
        named = [each["metadata"]["repayment"] for each in gone]
        assert len(named) == len(set(named))
        meant = Repayment.objects.filter(state__in=["DONE", *STILL_TO_GO]).values_list("key", flat=True)
        assert set(named) <= {str(key) for key in meant}
        assert Refund.objects.count() == Repayment.objects.filter(state="DONE").count()

    @invariant()
    def nothing_is_owed_twice(self):
        """Unless it is in doubt and cannot be taken back: that is settled once the doubt is over."""
        standing = list(Repayment.objects.filter(state__in=STILL_TO_GO))
        if all(each.is_retractable for each in standing):
            owed_back = max(-Order.objects.get(pk=self.order.pk).balance.amount, Decimal(0))
            assert sum((each.amount for each in standing), Decimal(0)) <= owed_back

    def settle(self):
        """The bad days end: all messages come, all workers come, staff send again what failed."""
        self.stripe.account.refunds_end_as = "succeeded"
        for _ in range(4):
            self.now += timedelta(days=1)
            ask_gateways(at=self.now)
            for refund in list(self.stripe.account.refunds.values()):
                if refund["status"] == "pending":
                    self.stripe.account.end_refund(refund["id"], "succeeded")
            for event in list(self.stripe.account.events):
                hear(event, at=self.now)
            self.staff_send_again_what_failed()
            repay(self.order, at=self.now)


class SettledTill(Till):
    """The same stories, told to their end: then the books here and there are the same."""

    def teardown(self):
        try:
            self.settle()
            account, order = self.stripe.account, Order.objects.get(pk=self.order.pk)
            assert order.paid * 100 == sum(each["amount"] for each in account.intents.values())
            assert order.refunded * 100 == account.returned()
            assert order.balance.amount >= 0 or not Repayment.objects.standing().exists()
            assert not Checkout.objects.filter(state__in=Checkout.LIVE).exists()
        finally:
            super().teardown()


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [Till, SettledTill])
def test_money_at_the_till(machine):
    run_state_machine_as_test(machine, settings=STORIES)
