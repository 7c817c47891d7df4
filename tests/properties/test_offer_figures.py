"""Whatever becomes of an order with offers: what they are said to have brought is what the events of the order say."""

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from django.db import transaction
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from inventory.models import Variant
from oms.errors import Refused
from oms.models import EventRecord
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from orders.actions.intake.refunding import record_refunds
from orders.actions.releasing import end_edit_window
from orders.channels.incoming import IncomingRefund
from orders.models import Fulfillment, Order, OrderLine
from returns.actions.canceling import cancel_return
from returns.models import Return, ReturnItem
from tests.make.edits import LARGE, MEDIUM, SMALL, SOCKS, edit, open_shop, order_of_tees, rate, set_quantity, swap
from tests.make.fulfillments import route, ship
from tests.make.gateways import pay_more
from tests.make.moments import ADA, NOON
from tests.make.orders import line, placed_order
from tests.make.returns import deliver, item, open_return, terms_in_force
from tests.make.settled import come_back
from tests.make.upsell import accept, show, ten_percent
from tests.make.ways_back import react
from tests.properties.profiles import LONG, STORIES
from upsell.actions.rolling_up import roll_up_figures
from upsell.models import Campaign, Exposure, Offer, OfferDay
from upsell.queries.day_drift import find_day_drift
from upsell.queries.figures import Span, read_figures

COSTS = {MEDIUM: "8.00", SMALL: "8.00", LARGE: "9.00", SOCKS: "2.50"}
LONG_STORIES = STORIES if LONG else hypothesis_settings(STORIES, max_examples=5, stateful_step_count=12)
CENT = Decimal("0.01")
NOTHING = Decimal(0)


class OfferFigures(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.now = NOON

    def teardown(self):
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    @initialize(bonus=st.sampled_from([100, 110, 125]), socks=st.booleans(), sent=st.booleans())
    def somebody_has_bought(self, bonus, socks, sent):
        terms_in_force({"credit_rate": bonus})
        rate("4.90")
        open_shop(units=30, large_price="24.90")
        ten_percent(SOCKS, LARGE)
        for sku, cost in COSTS.items():
            Variant.objects.filter(sku=sku).update(unit_cost=cost)
        self.order = order_of_socks() if socks else order_of_tees(payment=None)
        if sent:
            self.take(0)
            self.pay(0)
            self.send(0)

    @rule(place=st.integers(0, 1))
    def take(self, place):
        offers = self.try_to(lambda at: show(self.order, at=at).offers)
        if offers:
            self.try_to(lambda at: accept(offers[place % len(offers)], at=at))

    @rule(units=st.integers(0, 3), sku=st.sampled_from([SOCKS, SMALL, MEDIUM, LARGE]))
    def change_units(self, units, sku):
        if OrderLine.objects.filter(order=self.order, sku=sku).count() == 1:
            self.try_to(lambda at: edit(self.order, set_quantity(self.order, units, of=sku), at=at))

    @rule(sku=st.sampled_from([SMALL, MEDIUM, LARGE]), into=st.sampled_from([SMALL, MEDIUM, LARGE]))
    def swap_one(self, sku, into):
        if OrderLine.objects.filter(order=self.order, sku=sku).count() == 1:
            self.try_to(lambda at: edit(self.order, swap(self.order, into, of=sku, quantity=1), at=at))

    @rule(place=st.integers(0, 3))
    def pay(self, place):
        order = self.any_order(place)
        balance = order.balance.amount
        if balance > 0:
            self.try_to(lambda at: pay_more(order, str(balance.quantize(CENT)), at=at))

    @rule(place=st.integers(0, 3))
    def send(self, place):
        self.try_to(lambda at: self.send_all(self.any_order(place), at))

    def send_all(self, order, at):
        if order.status == "HELD" and order.balance.amount <= 0:
            end_edit_window(number=order.number, by=ADA, at=at)
        route(at=at)
        for each in Fulfillment.objects.filter(order=order, status="OPEN"):
            ship(each.number, at=self.later())
            deliver(order, at=self.later())

    @rule(
        place=st.integers(0, 3),
        which=st.integers(0, 3),
        resolution=st.sampled_from(["REFUND", "STORE_CREDIT", "EXCHANGE", "EXCHANGE"]),
        into=st.sampled_from([SMALL, MEDIUM, LARGE]),
        accepted=st.booleans(),
    )
    def send_back(self, place, which, resolution, into, accepted):
        order = self.any_order(which)
        lines = list(order.lines.filter(fulfilled_quantity__gt=0))
        if resolution == "EXCHANGE":
            lines = [each for each in lines if each.sku != SOCKS]
        if not lines:
            return
        instead = {"exchange_sku": into} if resolution == "EXCHANGE" else {}
        wish = item(lines[place % len(lines)], resolution=resolution, **instead)
        found = self.try_to(lambda at: open_return(order, wish, at=at))
        if found and accepted:
            self.try_to(lambda at: come_back(found, at=at))

    @rule()
    def let_it_come(self):
        found = Return.objects.filter(status="OPEN").first()
        if found:
            self.try_to(lambda at: come_back(found, at=at))

    @rule()
    def keep_it_after_all(self):
        found = Return.objects.filter(status="OPEN").first()
        if found:
            self.try_to(lambda at: cancel_return(number=found.number, by=ADA, at=at))

    @rule(cents=st.integers(1, 900))
    def give_back_out_of_goodwill(self, cents):
        refund = {"external_id": f"r{self.later().timestamp()}", "amount": str(Decimal(cents) / 100)}
        told = IncomingRefund.model_validate(refund | {"refunded_at": self.now.isoformat()})
        self.try_to(
            lambda at: run_transaction(
                lambda: record_refunds(Order.objects.locked(self.order.number), [told], by=ADA, at=at)
            )
        )

    @rule(sure=st.integers(0, 4), place=st.integers(0, 3))
    def cancel(self, sure, place):
        if not sure:
            number = self.any_order(place).number
            self.try_to(lambda at: cancel_order(number=number, reason="", by=ADA, at=at))

    @rule()
    def keep_the_days(self):
        roll_up_figures(zone="UTC")

    def later(self):
        self.now += timedelta(minutes=1)
        return self.now

    def try_to(self, act):
        """A refusal changes nothing: the figures must be true after it, too."""
        try:
            with transaction.atomic():
                return act(self.later())
        except Refused:
            return None

    def any_order(self, place):
        """The first, or an exchange."""
        orders = list(Order.objects.order_by("id"))
        return orders[place % len(orders)]

    @invariant()
    def figures_are_what_the_events_say(self):
        react()
        first, *later = told = [Story(order) for order in Order.objects.order_by("id")]
        for exposure in Exposure.objects.filter(order=self.order):
            assert exposure.given == sum(each.bonus for each in told)
            brought = sum((each.net_of_order(no_more_than_paid=True) for each in later), NOTHING)
            assert exposure.net_revenue == first.net_of_order() + brought - exposure.given
        for offer in Offer.objects.filter(order=self.order, state="ACCEPTED"):
            nets = [each.net_of(offer) for each in told]
            assert (offer.kept_quantity, offer.net_revenue, offer.net_margin) == tuple(
                map(sum, zip(*nets, strict=True))
            )

    @invariant()
    def what_is_kept_of_days_is_what_their_offers_say(self):
        assert not list(find_day_drift(zone="UTC"))
        kept = read_days()
        with transaction.atomic():
            OfferDay.objects.update(zone="Elsewhere")  # so that nobody looks at it
            assert kept == read_days()
            transaction.set_rollback(True)


class Story:
    """The order retold from its events: what it cost in the end, what was credited for what, and which units are left.

    Tax is that of the order's lines, for no event tells it.
    """

    def __init__(self, order):
        self.order = Order.objects.get(pk=order.pk)
        records = EventRecord.objects.filter(subject_kind="order", subject=order.number).order_by("sequence")
        self.records = list(records)
        self.returns = list(EventRecord.objects.filter(subject_kind="return", facts__order=order.number).order_by("id"))
        self.settled = [each.facts for each in self.returns if each.type == "return.settled"]
        self.bonus = sum((Decimal(each["bonus"]) for each in self.settled), NOTHING)
        self.cancelled = any(each.type == "order.cancelled" for each in self.records)
        self.total = self._total()
        self.credited = self._credited()

    def _total(self):
        totals = [each.facts["total"]["after"] for each in self.records if each.type == "order.edited"]
        return Decimal(totals[-1]) if totals else Decimal(self.records[0].facts["total"]["amount"])

    def _credited(self):
        """Beyond what the order owed back anyway a refund credits it; the order itself knows how much that was."""
        if self.cancelled:
            return self.total
        if any(each.type == "refund.issued" for each in self.records):
            return self.order.credited
        return sum((Decimal(each["given"]) for each in self.settled), NOTHING)

    def left(self, line):
        """Units: what stands on the line, less those asked back and not given up."""
        if self.cancelled:
            return NOTHING
        given_up = {each.subject for each in self.returns if each.type in ("return.canceled", "return.refused")}
        back = sum(
            Decimal(each["quantity"])
            for record in self.returns
            if record.type == "return.requested" and record.subject not in given_up
            for each in record.facts["items"]
            if str(each["line"]) in (str(line.pk), str(line.position))
        )
        return line.quantity - back

    def worth(self, line):
        return line.quantity * line.unit_price - line.discount

    def net_of_order(self, *, no_more_than_paid=False):
        """Before the bonus on credit."""
        share = 1 - self.order.tax_total / self.total if self.total else Decimal(1)
        counts = self.total - self.credited
        return cents((min(counts, self._paid()) if no_more_than_paid else counts) * share)

    def _paid(self):
        came = self.order.payments.filter(status="CAPTURED").values_list("amount", flat=True)
        return sum(came, NOTHING) - sum(self.order.refunds.values_list("amount", flat=True), NOTHING)

    def net_of(self, offer):
        lines = list(self.order.lines.all())
        gone = sum((self.worth(line) * (1 - self.part(line)) for line in lines), NOTHING)
        beyond = max(self.credited - gone, NOTHING)
        left = self.total - gone
        borne = 1 - min(beyond / left, Decimal(1)) if left > 0 else Decimal(1)
        items = set(offer.items.values_list("id", flat=True))
        mine = [line for line in lines if self.came_from(line).offer_item in items]
        revenue = sum(((self.worth(line) - line.tax) * self.part(line) * borne for line in mine), NOTHING)
        cost = sum((Decimal(COSTS[line.sku]) * self.left(line) for line in mine), NOTHING)
        return sum((self.left(line) for line in mine), NOTHING), cents(revenue), cents(revenue - cost)

    def came_from(self, line):
        """The line of the first order in whose stead it is, by what was sent back for it; what an edit split off keeps
        to the line that it was part of.
        """
        while True:
            item = ReturnItem.objects.filter(pk=int(line.external_id or 0)).first() if line.offer_item is None else None
            before = item.line if item else line.follows
            if before is None:
                return line
            line = before

    def part(self, line):
        return self.left(line) / line.quantity if line.quantity else NOTHING


def order_of_socks():
    """So that the tee which is offered can be exchanged for another."""
    return placed_order([line(SOCKS, tax="3.18")], shipping={"method": "standard", "amount": "4.90"}, payment=None)


def read_days():
    campaigns = tuple(Campaign.objects.values_list("id", flat=True))
    return read_figures(Span(NOON.date(), NOON.date() + timedelta(days=1), campaigns, "UTC"))


def cents(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


@pytest.mark.django_db
def test_net_figures_equal_a_recomputation_from_the_events():
    run_state_machine_as_test(OfferFigures, settings=LONG_STORIES)
