"""Whatever is done to orders and stock, in any order: everything adds up after every step."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inventory.actions.counting import Count, count_stock
from inventory.actions.moving import Kind, Move, move_stock
from inventory.actions.opening import close_warehouse, open_warehouse
from inventory.errors import StockNotThere, StockPromised, StockShort
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order, lift_hold
from orders.actions.intake.updating import update_order
from orders.actions.releasing import end_edit_window, release_due_orders
from orders.errors import OrderAlreadyCancelled
from orders.models import Hold, Order
from tests.make.moments import ADA
from tests.make.orders import incoming, line, place
from tests.properties.profiles import STORIES
from tests.properties.shop import SKUS, WAREHOUSES, Sold, compare, free_units, open_shop

SKU, PLACE, UNITS = st.sampled_from(SKUS), st.sampled_from(WAREHOUSES), st.integers(1, 4)
LINES = st.lists(st.tuples(SKU, st.integers(1, 6)), min_size=1, max_size=3)
MEMBERS = st.lists(st.tuples(st.sampled_from(["web", "amazon"]), LINES), min_size=1, max_size=4)
NEWEST = st.integers(0, 5)
LATE = st.integers(0, 30)


class Shop(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.model = open_shop()

    def teardown(self):
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    def order(self, back):
        """One of the newest orders: those are the ones that most can happen to."""
        return list(self.model.orders.values())[-1 - back % len(self.model.orders)]

    def status_of(self, sold):
        return Order.objects.values_list("status", flat=True).get(number=sold.number)

    @initialize(members=MEMBERS)
    def some_have_bought_already(self, members):
        self.place_a_batch(members, 0)

    @rule(lines=LINES, late=LATE)
    def an_order_comes_from_elsewhere(self, lines, late):
        self.place_a_batch([("amazon", lines)], late)

    @rule(lines=LINES)
    def somebody_buys(self, lines):
        self.place_a_batch([("web", lines)], 0)

    @rule(members=MEMBERS, late=LATE)
    def a_batch_comes(self, members, late):
        self.place_a_batch(members, late)

    def place_a_batch(self, members, late):
        at = self.model.pass_time()
        free, batch = free_units(), []
        for code, lines in members:
            told = [line(sku, units, external_id=f"l{place}") for place, (sku, units) in enumerate(lines)]
            bought_at = at if code == "web" else at.replace(hour=11, minute=late)
            batch.append(incoming(told, channel=code, placed_at=bought_at.isoformat()))
        placements = place(*batch, at=at)

        together = list(zip(members, batch, placements, strict=True))
        for (code, lines), order, placement in sorted(together, key=lambda each: each[0][0] == "web"):
            wanted = {sku: sum(units for other, units in lines if other == sku) for sku, _ in lines}
            fits = all(free[sku] >= units for sku, units in wanted.items())
            if code == "web":
                assert placement.status == ("placed" if fits else "refused"), (wanted, free)
                self.expect_named(placement, {sku for sku in wanted if free[sku] < wanted[sku]})
            if fits or code == "amazon":  # sold already comes before the buyers; behind one that waits nothing is free
                left = {sku: free[sku] - units for sku, units in wanted.items()}
                free |= {sku: max(units, Decimal(0)) for sku, units in left.items()}
            if placement.status == "placed":
                kept = {f"l{at}": pair for at, pair in enumerate(lines)}
                self.model.orders[placement.number] = Sold(
                    placement.number, order.external_id, code, kept, order.placed_at
                )

    def expect_named(self, placement, short):
        if placement.refusal:
            assert isinstance(placement.refusal, StockShort)
            assert {each["sku"] for each in placement.refusal.facts["skus"]} == short

    @precondition(lambda self: self.model.orders)
    @rule(back=NEWEST)
    def cancel(self, back):
        sold = self.order(back)
        cancel_order(number=sold.number, reason="", by=ADA, at=self.model.pass_time())
        sold.cancelled = True

    @precondition(lambda self: self.model.orders)
    @rule(back=NEWEST, reason=st.sampled_from(["STAFF", "FRAUD_REVIEW"]))
    def hold(self, back, reason):
        self.unless_cancelled(self.order(back), lambda n, at: hold_order(number=n, reason=reason, by=ADA, at=at))

    @precondition(lambda self: self.model.orders)
    @rule(back=NEWEST)
    def end_the_window(self, back):
        self.unless_cancelled(self.order(back), lambda number, at: end_edit_window(number=number, by=ADA, at=at))

    def unless_cancelled(self, sold, act):
        at = self.model.pass_time()
        if sold.cancelled:
            with pytest.raises(OrderAlreadyCancelled):
                act(sold.number, at)
        else:
            act(sold.number, at)

    @precondition(lambda self: self.model.orders)
    @rule()
    def lift_the_newest_hold(self):
        hold = Hold.objects.filter(reason__in=["STAFF", "FRAUD_REVIEW"], closed_at=None).order_by("-id").first()
        if hold:
            lift_hold(number=hold.order.number, hold_id=hold.pk, by=ADA, at=self.model.pass_time())

    @rule(minutes=st.integers(1, 12))
    def time_passes(self, minutes):
        release_due_orders(by="system", at=self.model.pass_time(minutes))
        assert not Hold.objects.filter(until__lte=self.model.now, closed_at=None).exists()

    @precondition(lambda self: self.model.orders)
    @rule(back=NEWEST, lines=LINES)
    def the_channel_changes_its_order(self, back, lines):
        sold, at = self.order(back), self.model.pass_time()
        told = [line(sku, units, external_id=f"l{place}") for place, (sku, units) in enumerate(lines)]
        said = {"channel": sold.code, "external_id": sold.external_id, "placed_at": sold.placed_at.isoformat()}
        message = incoming(told, **said, updated_at=at.isoformat())
        wanted = {f"l{place}": pair for place, pair in enumerate(lines)}

        run_transaction(lambda: update_order(sold.number, message, by=ADA, at=at))
        sold.lines = sold.lines if sold.cancelled else wanted

    @rule(sku=SKU, place=PLACE, units=UNITS)
    def receive(self, sku, place, units):
        move_stock([Move(Kind.RECEIVE, sku, place, Decimal(units))], by=ADA, at=self.model.pass_time())
        self.model.on_hand[sku, place] += units

    @rule(sku=SKU, place=PLACE, found=st.integers(0, 8), safety=st.integers(0, 3))
    def count(self, sku, place, found, safety):
        count_stock([Count(sku, place, Decimal(found), Decimal(safety))], by=ADA, at=self.model.pass_time())
        self.model.on_hand[sku, place], self.model.safety[sku, place] = found, safety

    @rule(sku=SKU, place=PLACE, units=UNITS, kind=st.sampled_from([Kind.ADJUST, Kind.DAMAGE, Kind.TRANSFER]))
    def take_away(self, sku, place, units, kind):
        """All or nothing: when it is refused, every shelf stays as it was."""
        other = next(code for code in WAREHOUSES if code != place)
        move = Move(kind, sku, place, Decimal(-units if kind is Kind.ADJUST else units), other)
        try:
            move_stock([move], by=ADA, at=self.model.pass_time())
        except StockNotThere:
            assert self.model.on_hand[sku, place] < units
        except StockPromised as refusal:
            assert refusal.facts["skus"][0]["available"] < units
        else:
            self.model.on_hand[sku, place] -= units
            self.model.on_hand[sku, other] += units if kind is Kind.TRANSFER else 0

    @rule()
    def open_or_close(self):
        act = open_warehouse if "MUC" in self.model.closed else close_warehouse
        act(code="MUC", by=ADA, at=self.model.pass_time())
        self.model.closed ^= {"MUC"}

    @invariant()
    def everything_adds_up(self):
        compare(self.model)


@pytest.mark.django_db
def test_every_story_adds_up():
    run_state_machine_as_test(Shop, settings=STORIES)
