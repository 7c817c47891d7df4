"""Whatever is sent back, in whatever order and state: nothing is given twice, and everything adds up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction
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
from orders.events import OrderCancelled
from orders.models import Order
from returns.actions.advancing import advance_return, mark_overdue
from returns.actions.canceling import cancel_return
from returns.actions.charging import charge_advance, forgive_advance
from returns.actions.closing import close_return
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.losing import mark_lost
from returns.actions.receiving import receive_return
from returns.actions.surplus import adopt_surplus, hand_back
from returns.models import Advance, Return
from returns.policies.receiving import Arrived
from returns.reactions.settling import refund_cancelled_exchanges
from tests.make.gateways import pay_more
from tests.make.moments import ADA, NOON
from tests.make.orders import line
from tests.make.returns import ASKED, ask_return, delivered_order, item, terms_in_force
from tests.make.settled import pay_back
from tests.make.stock import count, warehouse
from tests.properties.profiles import LONG, STORIES
from tests.properties.returning import CHECKS

PRICES = {"TEE-M": "19.99", "TEE-L": "19.99", "TEE-SILK": "33.33", "TEE-RAG": "7.77"}
WHICH = st.integers(0, 5)
UNITS = st.integers(1, 3)
DISPOSITIONS = st.sampled_from(["", "RESTOCK", "REFURBISH", "QUARANTINE", "SCRAP", "DONATE", "MISSING"])
RESOLUTIONS = st.sampled_from(["REFUND", "STORE_CREDIT", "REPLACEMENT"])
VERDICTS = st.sampled_from(["ACCEPTED", "ACCEPTED", "REJECTED", "NEEDS_PERSON"])
LIMITS = {"EUR": ["60.00", "90.00"]}

LONG_STORIES = STORIES if LONG else hypothesis_settings(STORIES, max_examples=8)
"""Each has an order routed, sent and delivered before anything comes back."""


class Returns(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.now = ASKED
        self.kept = settings.RETURN_ADVANCE_LIMITS, settings.RETURN_EXCHANGE_GOES
        settings.RETURN_ADVANCE_LIMITS = LIMITS

    def teardown(self):
        settings.RETURN_ADVANCE_LIMITS, settings.RETURN_EXCHANGE_GOES = self.kept
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    @initialize(discount=st.integers(0, 700), goes=st.sampled_from(["AT_ONCE", "SCAN", "RECEIPT", "ACCEPTANCE"]))
    def somebody_has_bought(self, discount, goes):
        settings.RETURN_EXCHANGE_GOES = goes
        terms_in_force({})
        variants = [{"sku": sku, "price": {"amount": price, "currency": "EUR"}} for sku, price in PRICES.items()]
        create_products([IncomingProduct.model_validate({"title": "Tee", "variants": variants})], by=ADA, at=NOON)
        warehouse()
        for sku in PRICES:
            count(sku, 6)
        told = [line("TEE-M", 3, unit_price="19.99", discount="1.00", tax="9.42"), line("TEE-SILK", unit_price="33.33")]
        shipping = {"method": "standard", "amount": "4.90", "tax": "0.78"}
        self.bought = delivered_order(told, discount=str(Decimal(discount) / 100), shipping=shipping)

    def pass_time(self, minutes=1):
        self.now += timedelta(minutes=minutes)
        return self.now

    def try_to(self, act, **said):
        """A refusal changes nothing: everything must add up after it, too."""
        try:
            return act(**said, by=ADA, at=self.pass_time())
        except Refused:
            return None

    def one(self, back):
        found = list(Return.objects.order_by("-id")[:3])
        return found[back % len(found)] if found else None

    @rule(
        units=UNITS, position=st.integers(0, 1), resolution=st.sampled_from(["REFUND", "STORE_CREDIT", "REPLACEMENT"])
    )
    def ask(self, units, position, resolution):
        self.ask_for(position, units, resolution=resolution)

    @rule(units=UNITS, position=st.integers(0, 1), sku=st.sampled_from(sorted(PRICES)))
    def ask_for_something_else(self, units, position, sku):
        self.ask_for(position, units, resolution="EXCHANGE", exchange_sku=sku)

    def ask_for(self, position, units, **said):
        wanted = item(self.bought.lines.order_by("position")[position], units, **said)
        self.try_to(lambda by, at: ask_return(self.bought, wanted, at=at))

    @precondition(lambda self: Return.objects.exists())
    @rule(back=WHICH)
    def cancel(self, back):
        self.try_to(cancel_return, number=self.one(back).number)

    @precondition(lambda self: Return.objects.exists())
    @rule(back=WHICH, sku=st.sampled_from(["TEE-M", "TEE-SILK", "BOOK"]), units=UNITS)
    def receive(self, back, sku, units):
        arrived = [Arrived(None, sku, Decimal(units))]
        self.try_to(receive_return, number=self.one(back).number, arrivals=arrived)

    @precondition(lambda self: Return.objects.exists())
    @rule(back=WHICH)
    def receive_all(self, back):
        found = self.one(back)
        arrived = [Arrived(each.pk, "", each.quantity) for each in found.items.exclude(reception="SURPLUS")]
        self.try_to(receive_return, number=found.number, arrivals=arrived)

    @precondition(lambda self: Return.objects.filter(items__reception="RECEIVED").exists())
    @rule(
        back=WHICH,
        verdicts=st.lists(
            st.sampled_from(["ACCEPTED", "ACCEPTED", "REJECTED", "NEEDS_PERSON"]), min_size=1, max_size=3
        ),
        grade=st.sampled_from(["A", "B", "C", "D"]),
        disposition=DISPOSITIONS,
    )
    def inspect(self, back, verdicts, grade, disposition):
        here = list(Return.objects.filter(items__reception="RECEIVED").distinct().order_by("-id"))
        found = here[back % len(here)]
        (key,) = found.items.filter(reception="RECEIVED").order_by("-id").values_list("id", flat=True)[:1]
        findings = [Finding(key, Decimal(1), verdict, grade, disposition) for verdict in verdicts]
        self.try_to(inspect_return, number=found.number, findings=findings)

    @precondition(lambda self: Return.objects.filter(status="OPEN").exists())
    @rule(back=WHICH)
    def advance(self, back):
        self.try_to(advance_return, number=self.one(back).number)

    @precondition(lambda self: Return.objects.filter(status="OPEN").exists())
    @rule(back=WHICH, ours=st.booleans())
    def lose(self, back, ours):
        self.try_to(mark_lost, number=self.one(back).number, ours=ours)

    @precondition(lambda self: Return.objects.filter(status="OPEN").exists())
    @rule(back=WHICH)
    def close(self, back):
        self.try_to(close_return, number=self.one(back).number, because="Enough.")

    @precondition(lambda self: Return.objects.filter(items__acceptance="REJECTED").exists())
    @rule(back=WHICH)
    def hand_back(self, back):
        found = self.one(back)
        rejected = list(found.items.filter(acceptance="REJECTED", disposition="").values_list("id", flat=True))
        self.try_to(hand_back, number=found.number, item_ids=rejected)

    @precondition(lambda self: Return.objects.filter(items__reception="SURPLUS").exists())
    @rule(position=st.integers(0, 1))
    def adopt(self, position):
        found = Return.objects.filter(items__reception="SURPLUS").order_by("-id").first()
        surplus = found.items.filter(reception="SURPLUS").order_by("-id").first()
        of = self.bought.lines.order_by("position")[position]
        self.try_to(adopt_surplus, number=found.number, item_id=surplus.pk, line_id=of.pk)

    @precondition(lambda self: Advance.objects.exists())
    @rule(charged=st.booleans())
    def end_an_advance(self, charged):
        newest = Advance.objects.order_by("-id").first().pk
        if charged:
            self.try_to(charge_advance, advance_id=newest)
        else:
            self.try_to(forgive_advance, advance_id=newest, because="Never mind.")

    @precondition(lambda self: Order.objects.filter(made_here=True).exists())
    @rule()
    def cancel_a_new_order(self):
        new = Order.objects.filter(made_here=True).order_by("-id").first()
        if self.try_to(cancel_order, number=new.number, reason="Changed my mind"):
            refund_cancelled_exchanges([OrderCancelled(subject=new.number, by=ADA, at=self.now)])

    @precondition(lambda self: Order.objects.filter(made_here=True).exists())
    @rule()
    def pay_what_a_new_order_costs_more(self):
        new = Order.objects.filter(made_here=True).order_by("-id").first()
        if new.status != Order.Status.CANCELLED and new.balance.amount > 0:
            pay_more(new, str(new.balance.amount), reference=f"pay-{self.now.isoformat()}", at=self.pass_time())

    @rule()
    def money_goes_out(self):
        pay_back(at=self.pass_time())

    @rule(days=st.integers(1, 12))
    def time_passes(self, days):
        mark_overdue(at=self.pass_time(days * 24 * 60))

    @invariant()
    def everything_adds_up(self):
        for check in CHECKS:
            check()


@pytest.mark.django_db
def test_every_story_of_returns_adds_up():
    run_state_machine_as_test(Returns, settings=LONG_STORIES)
