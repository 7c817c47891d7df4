"""An offer that is taken, and something else at the same moment: one after the other, and nothing in between.

Thirty rounds each, or as many as RACE_ROUNDS says.
"""

import itertools
import os
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError

from inventory.actions.cataloguing import create_products
from inventory.actions.counting import Count, count_stock
from inventory.errors import StockShort
from inventory.incoming import IncomingProduct
from oms.models import EventRecord
from orders.actions.edits.editing import edit_order
from orders.actions.releasing import end_edit_window
from orders.errors import EditAlreadyOpen, EditWindowClosed
from orders.models import Edit, EditPermission, Order
from orders.models.order import OrderQuerySet
from orders.queries.edits import deals
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, incoming, line, place
from tests.make.stock import available, warehouse
from tests.make.upsell import accept, running_campaign, show
from tests.properties.edits import check_money, check_promises
from tests.races.together import PATIENCE, errors_of, race_over, run_together, say, unguarded_table
from upsell.actions.expiring import expire_offers
from upsell.actions.refusing import refuse_offer
from upsell.errors import EnoughAccepted, OfferEnded, OfferTaken
from upsell.models import Campaign, Consideration, Exposure, Offer, OfferShowing
from upsell.queries.deals import read_deals

pytestmark = pytest.mark.django_db(transaction=True)

HEAD_STARTS = ((0, 0), (0.25, 0), (0, 0.25), (0.01, 0), (0, 0.01), (0, 0.03))
"""Seconds by which the one and the other begin later."""
ROUNDS = int(os.environ.get("RACE_ROUNDS", "30"))
PRICE = {"amount": "10.00", "currency": "EUR"}


@dataclass(frozen=True)
class Bought:
    """An order of a tee of its own, TEE-<n>, that is not paid yet; `at`: a moment that no other order has."""

    number: str
    at: datetime
    sku: str
    offers: list[Offer] = field(default_factory=list)

    @property
    def order(self):
        return Order.objects.get(number=self.number)

    def show(self):
        self.offers[:] = show(self.order, at=self.at).offers
        return self.offers

    def take(self, place=0, **fields):
        return accept(self.offers[place], at=self.at, **fields)


def open_shop(rounds, *, mugs=1, shown=True, **order):
    """So many orders, each with an offer of mugs of its own: MUG-<n>-<m>."""
    channel(minutes=5 * 24 * 60), warehouse()
    EditPermission.objects.get_or_create(actor="CUSTOMER", stage="WINDOW_OPEN", verdict="ALLOW")
    goods = [f"{name}-{place}" for place in range(rounds) for name in ["TEE", *(f"MUG{each}" for each in range(mugs))]]
    products = [{"title": sku, "variants": [{"sku": sku, "price": PRICE}]} for sku in goods]
    create_products([IncomingProduct.model_validate(each) for each in products], by=ADA, at=NOON)
    count_stock([Count(sku, "LEJ", Decimal(10)) for sku in goods], by=ADA, at=NOON)
    bodies = {"payment": None} | order
    sent = [
        incoming([line(f"TEE-{each}", 1, unit_price="10.00")], **bodies, tags=[f"n{each}"]) for each in range(rounds)
    ]
    for each in range(rounds):
        running_campaign(*(f"MUG{mug}-{each}" for mug in range(mugs)), order_tags=[f"n{each}"], most_shown=mugs)
    bought = [
        Bought(placed.number, NOON + (1 + each) * ONE_MINUTE, f"MUG0-{each}")
        for each, placed in enumerate(place(*sent, at=NOON))
    ]
    for each in bought if shown else ():
        each.show()
    return bought


def lines_of(bought):
    rows = bought.order.lines.order_by("position")
    return [row.sku.split("-")[0] for row in rows if row.open_quantity]


def release(bought):
    return end_edit_window(number=bought.number, by=ADA, at=bought.at)


def stagger(one, other):
    """The two acts, as they race: now the one begins later, now the other, now both at once. So each comes first in
    some of the rounds, whichever of them is quicker.
    """
    return [_late(act, [starts[place] for starts in HEAD_STARTS]) for place, act in enumerate((one, other))]


def _late(act, pauses):
    rounds = itertools.count()

    def acted(item):
        time.sleep(pauses[next(rounds) % len(pauses)])
        return act(item)

    return acted


def assert_both_came_first(wins):
    """Rounds of which one outcome was never seen raced with nobody."""
    assert len(wins) == 2, wins


def everything_adds_up():
    check_money(), check_promises()
    for offer in Offer.objects.filter(state="ACCEPTED").prefetch_related("items"):
        taken = offer.order.lines.filter(offer_item__in=[item.pk for item in offer.items.all()])
        assert sorted(taken.values_list("sku", flat=True)) == sorted(item.sku for item in offer.items.all())
    free = Offer.objects.exclude(state="ACCEPTED").values("items")
    assert not Order.objects.filter(lines__offer_item__in=free).exists()


def tell(name, wins):
    print(f"{name}: {ROUNDS} rounds, {dict(wins)}")


def test_accepting_against_the_release_is_in_time_or_refused():
    orders, wins = open_shop(ROUNDS), Counter()
    for bought, (edit, released) in zip(orders, race_over(orders, *stagger(Bought.take, release)), strict=True):
        assert not isinstance(released, Exception)
        in_time = isinstance(edit, Edit)
        wins["taken" if in_time else "refused"] += 1
        assert in_time or isinstance(edit, EditWindowClosed)
        assert lines_of(bought) == (["TEE", "MUG0"] if in_time else ["TEE"])
        assert Offer.objects.get(order=bought.order).state == ("ACCEPTED" if in_time else "OPEN")
    everything_adds_up(), assert_both_came_first(wins), tell("accepting against release", wins)


def test_accepted_in_two_tabs_it_is_one_line_and_one_charge():
    orders, wins = open_shop(ROUNDS), Counter()
    for bought, pair in zip(orders, race_over(orders, Bought.take, Bought.take), strict=True):
        (refusal,) = errors_of(pair)
        assert isinstance(refusal, OfferTaken)
        wins["first" if pair[1] is refusal else "second"] += 1
        assert (lines_of(bought), bought.order.total) == (["TEE", "MUG0"], 20)
    assert Edit.objects.count() == ROUNDS
    everything_adds_up(), tell("two tabs", wins)


def test_a_double_click_is_one_edit():
    orders = open_shop(ROUNDS)
    click = lambda bought: bought.take(form=f"form-{bought.number}")  # noqa: E731
    for bought, (one, other) in zip(orders, race_over(orders, click, click), strict=True):
        assert one == other
        assert lines_of(bought) == ["TEE", "MUG0"]
    assert Edit.objects.count() == EventRecord.objects.filter(type="offer.accepted").count() == ROUNDS
    everything_adds_up()


def test_accepted_in_two_tabs_of_a_paid_order_one_page_is_opened():
    orders = open_shop(ROUNDS, payment={"status": "PAID", "gateway": "sandbox", "reference": "ch_1"})
    for pair in race_over(orders, Bought.take, Bought.take):
        (refusal,) = errors_of(pair)
        assert isinstance(refusal, OfferEnded | EditAlreadyOpen)
    assert Edit.objects.open().count() == Edit.objects.count() == ROUNDS
    assert set(Offer.objects.values_list("state", flat=True)) == {"AWAITING_PAYMENT"}
    everything_adds_up()


def test_the_last_unit_goes_by_the_offer_or_by_another_edit():
    orders, wins = open_shop(2 * ROUNDS), Counter()
    pairs = list(zip(orders[:ROUNDS], orders[ROUNDS:], strict=True))
    count_stock([Count(one.sku, "LEJ", Decimal(1)) for one, _ in pairs], by=ADA, at=NOON)

    def take(pair):
        return pair[0].take()

    def buy(pair):
        one, other = pair
        operation = {"op": "add_item", "sku": one.sku, "quantity": 1}
        return edit_order(number=other.number, operations=[operation], actor="CUSTOMER", by="customer", at=other.at)

    for (one, _), outcome in zip(pairs, race_over(pairs, *stagger(take, buy)), strict=True):
        (refusal,) = errors_of(outcome)
        assert isinstance(refusal, StockShort)
        wins["offer" if outcome[1] is refusal else "edit"] += 1
        assert available(one.sku) == 0
    everything_adds_up(), assert_both_came_first(wins), tell("last unit", wins)


def test_two_tabs_take_no_more_offers_than_an_order_may_have():
    orders, wins = open_shop(ROUNDS, mugs=2), Counter()
    Campaign.objects.update(most_accepted=1)
    second = lambda bought: bought.take(1)  # noqa: E731
    for bought, pair in zip(orders, race_over(orders, Bought.take, second), strict=True):
        (refusal,) = errors_of(pair)
        assert isinstance(refusal, EnoughAccepted)
        wins["first" if pair[1] is refusal else "second"] += 1
        assert len(lines_of(bought)) == 2
    everything_adds_up(), tell("most accepted", wins)


def test_refused_in_one_tab_and_accepted_in_another_it_is_one_of_the_two():
    orders, wins = open_shop(ROUNDS), Counter()

    def refuse(bought):
        return refuse_offer(offer_id=bought.offers[0].pk, scope="PRODUCT", by="customer", at=bought.at)

    for bought, pair in zip(orders, race_over(orders, Bought.take, refuse), strict=True):
        (refusal,) = errors_of(pair)
        state = Offer.objects.get(order__number=bought.number).state
        wins[state] += 1
        assert isinstance(refusal, OfferTaken if state == "ACCEPTED" else OfferEnded)
        assert lines_of(bought) == (["TEE", "MUG0"] if state == "ACCEPTED" else ["TEE"])
    everything_adds_up(), tell("refusing against accepting", wins)


def test_the_sweep_takes_no_offer_that_is_being_accepted():
    orders, wins = open_shop(ROUNDS), Counter()
    sweep = lambda bought: expire_offers(at=bought.at)  # noqa: E731
    for bought, (edit, swept) in zip(orders, race_over(orders, Bought.take, sweep), strict=True):
        assert isinstance(edit, Edit)
        assert swept == 0
        wins[Offer.objects.get(order__number=bought.number).state] += 1
    assert wins == {"ACCEPTED": ROUNDS}
    everything_adds_up()


def test_shown_in_two_tabs_at_once_it_is_one_offer_on_one_side_and_told_once():
    orders = open_shop(ROUNDS, shown=False)
    outcomes = race_over(orders, lambda each: show(each.order, at=each.at), lambda each: show(each.order, at=each.at))
    for one, other in outcomes:
        assert [offer.pk for offer in one.offers] == [offer.pk for offer in other.offers] != []
    assert Offer.objects.count() == Exposure.objects.count() == OfferShowing.objects.count() == ROUNDS
    assert Consideration.objects.filter(unoffered="").count() == ROUNDS
    assert EventRecord.objects.filter(type="offer.shown").count() == ROUNDS


# --- controls: the same without the order's lock -------------------------------------------------------------


@contextmanager
def unlocked(meanwhile):
    """Whoever comes first reads the order without its lock, and `meanwhile` happens once its offer is judged."""
    locked, met = OrderQuerySet.locked, []

    def judge(*asked):
        judged = read_deals(*asked)
        if not met:
            met.append(True)
            OrderQuerySet.locked = locked
            assert errors_of(run_together(meanwhile)) == []
        return judged

    OrderQuerySet.locked = lambda self, number: self.select_related("channel").get(number=number)
    deals.connect(judge)
    try:
        yield
    finally:
        OrderQuerySet.locked = locked
        deals.connect(read_deals)


def test_control_without_the_orders_lock_nobody_learns_that_the_order_has_enough():
    """Only the table's own constraint, of lines in their places, keeps the second from being taken."""
    (bought,) = open_shop(1, mugs=2)
    Campaign.objects.update(most_accepted=1)
    with unlocked(lambda: bought.take(1)), pytest.raises(IntegrityError):
        bought.take(0)
    with pytest.raises(EnoughAccepted):
        bought.take(0)


def test_control_who_looks_for_an_offer_and_makes_it_afterwards_makes_it_twice():
    def make_it():
        ((made,),) = say("SELECT offers FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if not made:
            say("UPDATE unguarded SET offers = offers + 1 WHERE id = 1")

    looked = Barrier(2)
    with unguarded_table(1, offers=0):
        assert errors_of(run_together(make_it, make_it)) == []
        assert say("SELECT offers FROM unguarded") == [(2,)]
