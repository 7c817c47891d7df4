"""Somebody who tries to make more of their money: buys, returns at 110 %, buys with that, returns, has it paid out.

Whatever they do and in whatever order: money, goods and credit together are never worth more than what they came with,
and the bonus of the share that stayed credit.
"""

from contextlib import suppress
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from oms.errors import Invalid
from returns.actions.credit.capturing import capture_credit
from returns.actions.credit.clawing_back import claw_back
from returns.actions.credit.expiring import expire_credit
from returns.actions.credit.issuing import earn_credit
from returns.actions.credit.opening import open_account
from returns.actions.credit.paying_out import pay_out_credit
from returns.actions.credit.reversing import reverse_capture
from returns.actions.credit.voiding import void_authorization
from returns.errors import AuthorizationEnded, CreditShort
from returns.models import CreditAccount, CreditAuthorization, CreditEntry, CreditLot
from returns.queries.credit.drift import find_credit_drift
from tests.make.credit import buyer, given, hold, spend
from tests.make.moments import ADA, NOON
from tests.properties.profiles import STORIES

PURSE = Decimal("1000.00")
PRICES = st.integers(1, 15_000).map(lambda cents: Decimal(cents) / 100)
SHARES = st.integers(1, 100) | st.just(100)
ANY = st.integers(0, 50)


class Schemer(RuleBasedStateMachine):
    """One customer with a purse. Goods are worth what was paid for them."""

    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.now = NOON
        self.money = PURSE
        self.bought: list[Decimal] = []  # with money
        self.advanced: list[tuple[Decimal, CreditLot]] = []  # goods that are said to be on their way back
        self.sales: list[CreditAuthorization] = []  # with credit
        self.held: list[CreditAuthorization] = []
        self.account = open_account(buyer(), "EUR", at=NOON)
        self.deeds = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    def credit_for(self, price, **fields):
        bonus = (price / 10).quantize(Decimal("0.01"), ROUND_DOWN)
        ends = self.now + timedelta(days=90)
        return given(str(price), str(bonus), at=self.now, bonus_expires_at=ends, **fields)

    @rule(price=PRICES)
    def buys_with_money(self, price):
        if price <= self.money:
            self.money -= price
            self.bought.append(price)

    @precondition(lambda self: self.bought)
    @rule(which=ANY)
    def returns_what_was_bought_with_money(self, which):
        self.credit_for(self.bought.pop(which % len(self.bought)))

    @precondition(lambda self: self.bought)
    @rule(which=ANY)
    def has_credit_advanced(self, which):
        price = self.bought.pop(which % len(self.bought))
        self.advanced.append((price, self.credit_for(price, earned=False)))

    @precondition(lambda self: self.advanced)
    @rule(which=ANY, comes=st.booleans())
    def the_goods_come_or_do_not(self, which, comes):
        price, lot = self.advanced.pop(which % len(self.advanced))
        if comes:
            earn_credit(key_of_lot=lot.key, by=ADA, at=self.now)
        else:
            claw_back(key_of_lot=lot.key, by=ADA, at=self.now)
            self.bought.append(price)

    @rule(share=SHARES)
    def buys_with_credit(self, share):
        if price := self.share_of("available", share):
            with suppress(CreditShort):  # some of it has run out
                self.sales.append(spend(self.account, str(price), at=self.now))

    @rule(share=SHARES)
    def has_credit_held(self, share):
        if price := self.share_of("available", share):
            with suppress(CreditShort):
                self.held.append(hold(self.account, str(price), at=self.now))

    @precondition(lambda self: self.held)
    @rule(which=ANY, share=st.integers(0, 100))
    def the_till_captures_or_lets_go(self, which, share):
        held = self.held.pop(which % len(self.held))
        amount = (held.amount * share / 100).quantize(Decimal("0.01"))
        with suppress(AuthorizationEnded):
            if amount:
                self.sales.append(capture_credit(authorization_key=held.key, amount=amount, by=ADA, at=self.now))
            else:
                void_authorization(authorization_key=held.key, by=ADA, at=self.now)

    @precondition(lambda self: self.sales)
    @rule(which=ANY, share=SHARES)
    def returns_what_was_bought_with_credit(self, which, share):
        sale = CreditAuthorization.objects.get(pk=self.sales[which % len(self.sales)].pk)
        amount = ((sale.captured - sale.reversed) * share / 100).quantize(Decimal("0.01"))
        self.deeds += 1
        if amount:
            reverse_capture(authorization_key=sale.key, amount=amount, key=f"{self.deeds}", by=ADA, at=self.now)

    @rule(share=SHARES)
    def has_it_paid_out(self, share):
        self.deeds += 1
        words = {"reason": "asked for it", "reference": "", "key": f"{self.deeds}"}
        amount = self.share_of("base", share)
        with suppress(CreditShort, Invalid):
            paid = pay_out_credit(account_key=self.account.key, amount=amount, by=ADA, at=self.now, **words)
            self.money += paid.money

    @rule(days=st.sampled_from([1, 8, 40, 100]))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        expire_credit(at=self.now)

    @invariant()
    def nothing_was_gained(self):
        account = CreditAccount.objects.get(pk=self.account.pk)
        goods = CreditAuthorization.objects.aggregate(sum=Sum("captured") - Sum("reversed"))["sum"] or 0
        advanced = sum(lot.base + lot.bonus for _, lot in self.advanced)
        goods += sum(self.bought) + sum(price for price, _ in self.advanced)
        worth = self.money + goods + account.balance - account.receivable - advanced
        assert worth <= PURSE + self.bonus_of_what_stayed_credit()
        base = account.base - min(account.receivable, account.held)  # held, and owed to us all the same
        assert base + self.money + sum(self.bought) <= PURSE + sum(lot.base for _, lot in self.advanced)

    @invariant()
    def the_books_balance(self):
        assert find_credit_drift() == []

    @invariant()
    def what_is_out_for_goods_that_are_not_back_stands_apart(self):
        out = -(CreditEntry.objects.aggregate(sum=Sum("advanced"))["sum"] or 0)
        assert out == sum(lot.base + lot.bonus for _, lot in self.advanced)

    @invariant()
    def whoever_owes_us_has_nothing_to_spend(self):
        account = CreditAccount.objects.get(pk=self.account.pk)
        assert account.receivable == 0 or account.available == 0

    def share_of(self, figure, share):
        """In percent of what the account has."""
        whole = getattr(CreditAccount.objects.get(pk=self.account.pk), figure)
        return (whole * share / 100).quantize(Decimal("0.01"))

    def bonus_of_what_stayed_credit(self):
        rest = Decimal(0)
        for lot in CreditLot.objects.filter(earned=True):
            paid = -(lot.entries.filter(kind="PAY_OUT").aggregate(sum=Sum("liability_base"))["sum"] or 0)
            rest += lot.bonus * (lot.base - paid) / lot.base
        return rest


@pytest.mark.django_db(transaction=True)
def test_nobody_gains_by_returning_buying_and_returning():
    run_state_machine_as_test(Schemer, settings=STORIES)
