"""Two things done to one order at the same moment: one after the other in some order, and nothing in between.

Sixty rounds each, or as many as RACE_ROUNDS says.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from threading import Barrier

import pytest

from inventory.actions.cataloguing import create_products
from inventory.actions.counting import Count, count_stock
from inventory.errors import StockShort
from inventory.incoming import IncomingProduct
from oms.models import EventRecord
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from orders.actions.edits.approving import expire_edits
from orders.actions.edits.editing import edit_order
from orders.actions.intake.updating import update_order
from orders.actions.money.hearing import record_gateway_news
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.releasing import end_edit_window
from orders.actions.windows.ending_low import end_windows_for
from orders.channels.incoming import IncomingOrder
from orders.errors import EditAlreadyOpen, EditWindowClosed
from orders.models import Checkout, Edit, EditPermission, Hold, Order, Repayment
from orders.models.order import OrderQuerySet
from orders.payments.port import GatewayNews, NewsKind
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, incoming, line, place
from tests.make.stock import available, warehouse
from tests.properties.edits import check_money, check_promises
from tests.races.together import PATIENCE, errors_of, race_over, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("RACE_ROUNDS", "60"))
SOON = NOON + ONE_MINUTE
PRICE = {"amount": "10.00", "currency": "EUR"}


@dataclass(frozen=True)
class Bought:
    """An order of two medium tees of a product of its own, TEE-<n>; `at`: a moment that no other order has."""

    number: str
    tee: str
    line: int
    at: datetime
    sent: IncomingOrder = field(repr=False)

    def edit(self, operation, actor="CUSTOMER"):
        return edit_order(number=self.number, operations=[operation], actor=actor, by=actor.lower(), at=self.at)

    def swap(self, actor="CUSTOMER"):
        return self.edit({"op": "swap_variant", "line": self.line, "sku": f"{self.tee}-L"}, actor)

    def add_socks(self, actor="CUSTOMER"):
        return self.edit({"op": "add_item", "sku": "SOCKS", "quantity": 1}, actor)


def open_shop(rounds, *, medium=10, large=100, **order):
    """So many orders, bought a minute apart and all within their windows."""
    channel(minutes=5 * 24 * 60), warehouse()
    EditPermission.objects.get_or_create(actor="CUSTOMER", stage="WINDOW_OPEN", verdict="ALLOW")
    EditPermission.objects.get_or_create(actor="STAFF", verdict="ALLOW")
    tees = [f"TEE-{place}" for place in range(rounds)]
    products = [
        {"title": tee, "variants": [{"sku": f"{tee}-{size}", "price": PRICE} for size in "ML"]} for tee in tees
    ] + [{"title": "Socks", "variants": [{"sku": "SOCKS", "price": PRICE}]}]
    create_products([IncomingProduct.model_validate(each) for each in products], by=ADA, at=NOON)
    shelves = {f"{tee}-{size}": units for tee in tees for size, units in (("M", medium), ("L", large))}
    recount(shelves | {"SOCKS": 5 * rounds})
    return buy(tees, **order)


def recount(shelves):
    count_stock([Count(sku, "LEJ", Decimal(units)) for sku, units in shelves.items()], by=ADA, at=NOON)


def buy(tees, **fields):
    sent = [incoming([line(f"{tee}-M", 2, unit_price="10.00", external_id="l1")], **fields) for tee in tees]
    placements = place(*sent, at=NOON)
    orders = Order.objects.in_bulk([placement.number for placement in placements], field_name="number")
    return [
        Bought(each.number, tee, orders[each.number].lines.get().pk, SOON + minute * ONE_MINUTE, message)
        for minute, (tee, each, message) in enumerate(zip(tees, placements, sent, strict=True))
    ]


def release(bought):
    return end_edit_window(number=bought.number, by=ADA, at=bought.at)


def pay(bought, amount="20.00"):
    receipt = Receipt(amount=Decimal(amount), currency="EUR", gateway="bank", reference=f"t-{bought.number}")
    return record_payment(number=bought.number, receipt=receipt, by=ADA, at=bought.at)


def cancel(bought):
    return cancel_order(number=bought.number, reason="", by=ADA, at=bought.at)


def end_low(bought):
    return end_windows_for(skus=[f"{bought.tee}-M"], by="system", at=bought.at)


def hear(bought):
    """The channel says that it is only one tee."""
    fewer = [bought.sent.lines[0].model_copy(update={"quantity": Decimal(1)})]
    message = bought.sent.model_copy(update={"lines": fewer, "updated_at": bought.at})
    return run_transaction(lambda: update_order(bought.number, message, by="channel:web", at=bought.at))


def units_of(bought):
    """What the order holds now, by the end of the SKU."""
    rows = Order.objects.get(number=bought.number).lines.all()
    return {row.sku.removeprefix(f"{bought.tee}-"): int(row.open_quantity) for row in rows if row.open_quantity}


def story_of(bought):
    return list(EventRecord.objects.filter(subject=bought.number).order_by("id").values_list("type", flat=True))


def everything_adds_up():
    check_money(), check_promises()
    assert not EventRecord.objects.filter(subject_kind="order", sequence__gt=20).exists()


def tell(name, wins):
    print(f"{name}: {ROUNDS} rounds, {dict(wins)}")


def test_an_edit_against_the_release_is_in_time_or_refused():
    orders, wins = open_shop(ROUNDS), Counter()
    for bought, (edit, released) in zip(orders, race_over(orders, Bought.swap, release), strict=True):
        assert not isinstance(released, Exception)
        in_time = isinstance(edit, Edit)
        wins["edited" if in_time else "refused"] += 1
        assert in_time or (isinstance(edit, EditWindowClosed) and edit.facts["because"] == "released")
        assert units_of(bought) == ({"L": 2} if in_time else {"M": 2})
        expected = ["order.placed", *(["order.edited"] if in_time else []), "order.window_ended", "order.released"]
        assert story_of(bought) == expected
    assert set(Order.objects.values_list("status", flat=True)) == {"RELEASED"}
    everything_adds_up(), tell("edit against release", wins)


def test_of_two_edits_that_cost_more_one_waits_and_the_other_is_told():
    orders, wins = open_shop(ROUNDS), Counter()
    for pair in race_over(orders, Bought.add_socks, Bought.add_socks):
        (refusal,) = errors_of(pair)
        assert isinstance(refusal, EditAlreadyOpen)
        wins["first" if pair[1] is refusal else "second"] += 1
    assert Edit.objects.count() == Edit.objects.open().count() == Checkout.objects.count() == ROUNDS
    everything_adds_up(), tell("edit against edit", wins)


def test_of_two_customers_who_swap_to_the_last_one_exactly_one_gets_it():
    orders = open_shop(ROUNDS, large=2)
    others = {bought.tee: bought for bought in buy([bought.tee for bought in orders])}
    wins = Counter()
    for bought, pair in zip(orders, race_over(orders, Bought.swap, lambda each: others[each.tee].swap()), strict=True):
        (refusal,) = errors_of(pair)
        assert isinstance(refusal, StockShort)
        winner, loser = (bought, others[bought.tee])[:: 1 if pair[1] is refusal else -1]
        assert (units_of(winner), units_of(loser)) == ({"L": 2}, {"M": 2})
        assert (available(f"{bought.tee}-L"), available(f"{bought.tee}-M")) == (0, 8)
        wins["first" if winner is bought else "second"] += 1
    everything_adds_up(), tell("two swaps to the last", wins)


def test_a_payment_against_the_cancellation_is_sent_back_once():
    orders, wins = open_shop(ROUNDS, payment=None), Counter()
    outcomes = race_over(orders, cancel, pay)
    assert [error for pair in outcomes for error in errors_of(pair)] == []
    for bought in orders:
        order = Order.objects.get(number=bought.number)
        (back,) = order.repayments.standing()
        assert (order.status, order.paid, back.amount) == ("CANCELLED", 20, 20)
        story = story_of(bought)
        first = min("order.cancelled", "order.payment_recorded", key=story.index)
        wins[first] += 1
    assert Repayment.objects.count() == ROUNDS
    everything_adds_up(), tell("cancellation against payment", wins)


def test_an_edit_against_low_stock_keeps_the_window_or_comes_too_late():
    orders, wins = open_shop(ROUNDS), Counter()
    recount({f"{bought.tee}-M": 2 for bought in orders})
    for bought, (edit, ended) in zip(orders, race_over(orders, Bought.swap, end_low), strict=True):
        in_time = isinstance(edit, Edit)
        wins["edited" if in_time else "released"] += 1
        assert in_time or (isinstance(edit, EditWindowClosed) and edit.facts["because"] == "low_stock")
        status = Order.objects.values_list("status", flat=True).get(number=bought.number)
        assert (ended, status, units_of(bought)) == ((0, "HELD", {"L": 2}) if in_time else (1, "RELEASED", {"M": 2}))
    everything_adds_up(), tell("edit against low stock", wins)


def test_a_change_by_the_channel_overtakes_an_edit_or_comes_before_it():
    orders, wins = open_shop(ROUNDS), Counter()
    outcomes = race_over(orders, Bought.add_socks, hear)
    assert [error for pair in outcomes for error in errors_of(pair)] == []
    for bought in orders:
        edit = Edit.objects.get(order__number=bought.number)
        assert units_of(bought) == {"M": 1}
        wins[edit.state] += 1
        assert edit.state == ("SUPERSEDED" if edit.base_version == 1 else "AWAITING_PAYMENT")
    everything_adds_up(), tell("edit against the channel", wins)


def pay_at_gateway(page):
    news = GatewayNews(
        external_id=f"evt_{page.pk}",
        type="paid",
        kind=NewsKind.CHECKOUT_PAID,
        key=str(page.key),
        reference=f"cs_{page.pk}",
        payment_reference=f"pay_{page.pk}",
        amount=page.amount,
        currency=page.currency,
    )
    return record_gateway_news(page.gateway, news, at=page.expires_at)


def test_a_payment_at_the_deadline_is_in_time_or_goes_back_once():
    wins = Counter()
    for bought in open_shop(ROUNDS):
        bought.add_socks()
    pages = list(Checkout.objects.order_by("expires_at"))
    outcomes = race_over(pages, pay_at_gateway, lambda page: expire_edits(at=page.expires_at))
    assert [error for pair in outcomes for error in errors_of(pair)] == []
    for order in Order.objects.prefetch_related("edits", "repayments"):
        (edit,), back = order.edits.all(), [each.amount for each in order.repayments.all()]
        wins[edit.state] += 1
        assert order.paid == 30
        assert (edit.state, back) in (("COMMITTED", []), ("EXPIRED", [Decimal(10)]))
        assert order.balance.amount == (0 if edit.state == "COMMITTED" else -10)
    assert not Hold.objects.filter(reason="EDIT_OPEN", closed_at=None).exists()
    everything_adds_up(), tell("payment against expiry", wins)


# --- controls: the same without the order's lock -------------------------------------------------------------


@contextmanager
def unlocked(meanwhile) -> Iterator[None]:
    """Whoever comes first reads the order without its lock, and `meanwhile` happens before it is written."""
    locked, came = OrderQuerySet.locked, []

    def read(self, number):
        if came:
            return locked(self, number)
        came.append(number)
        order = self.select_related("channel").get(number=number)
        assert errors_of(run_together(meanwhile)) == []
        return order

    OrderQuerySet.locked = read
    try:
        yield
    finally:
        OrderQuerySet.locked = locked


def staff_swap(bought):
    return bought.swap("STAFF")


def staff_add(bought):
    return bought.add_socks("STAFF")


def expire(bought):
    return expire_edits(at=Edit.objects.get(order__number=bought.number).deadline)


def late_payment(bought):
    return pay(bought, "10.00")


@pytest.mark.parametrize(
    ("act", "meanwhile"),
    [
        (release, staff_swap),
        (staff_add, staff_swap),
        (cancel, pay),
        (staff_swap, end_low),
        (staff_add, hear),
        (hear, staff_swap),
        (late_payment, expire),
    ],
)
def test_control_who_reads_an_order_without_its_lock_loses_what_happens_meanwhile(act, meanwhile):
    """Two changes, one version: the second has not seen the first. One after the other each is counted."""
    alone, raced = open_shop(2, payment=None if pay in (act, meanwhile) else {"status": "PAID"})
    if meanwhile is expire:
        alone.add_socks(), raced.add_socks()
    if meanwhile is end_low:
        recount({f"{bought.tee}-M": 2 for bought in (alone, raced)})
    meanwhile(alone), act(alone)
    with unlocked(lambda: meanwhile(raced)):
        act(raced)
    versions = [Order.objects.values_list("version", flat=True).get(number=each.number) for each in (alone, raced)]
    assert versions[1] < versions[0]


def test_control_who_looks_for_the_last_one_and_takes_it_afterwards_sells_it_twice():
    def take_it():
        ((left,),) = say("SELECT units FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if left > 0:
            say("UPDATE unguarded SET units = units - 1 WHERE id = 1")

    looked = Barrier(2)
    with unguarded_table(1, units=1):
        assert errors_of(run_together(take_it, take_it)) == []
        assert say("SELECT units FROM unguarded") == [(-1,)]
