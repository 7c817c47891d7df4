"""1,500 buyers of 500 units on 16 connections, by several channels: exactly 500 get one."""

from collections import Counter
from threading import Barrier

import pytest

from inventory.errors import StockShort
from inventory.queries.drift import find_drift
from orders.models import Hold, Order
from tests.make.orders import channel, incoming, place
from tests.make.snapshots import announced
from tests.make.stock import SKU, promises, reservations, stocked_variant
from tests.races.together import PATIENCE, errors_of, run_together, say, share_out, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

UNITS, BUYERS = 500, 1_500


def buy(batch):
    """The outcome of each member: placed, refused, or the refusal of one that came alone."""
    try:
        return [placement.refusal or placement.status for placement in place(*batch)]
    except StockShort as refusal:
        return [refusal]


def batches_of(orders):
    """Most come alone, some in batches of ten, as from a partner's nightly run."""
    alone, together = orders[: len(orders) // 2], orders[len(orders) // 2 :]
    return [[order] for order in alone] + [together[at : at + 10] for at in range(0, len(together), 10)]


def test_1500_buyers_of_500_units_leave_exactly_500_promised():
    channel("web"), channel("partner"), channel("amazon", already_sold=True), stocked_variant(on_hand=UNITS)
    codes = ["web", "partner", "amazon"]
    orders = [
        incoming(channel=codes[place % 3], customer={"email": f"b{place}@example.com"}) for place in range(BUYERS)
    ]
    outcomes = share_out(batches_of(orders), buy)
    assert errors_of(outcomes) == []

    said = [each for outcome in outcomes for each in outcome]
    refused = [each for each in said if isinstance(each, StockShort)]
    states = Counter(state for *_, state in reservations())
    short = Hold.objects.filter(reason="STOCK_SHORT", closed_at=None)
    assert (len(said), promises()) == (BUYERS, (UNITS, UNITS))
    assert states["PROMISED"] == UNITS
    assert len(refused) == BUYERS - UNITS - states["SHORT"] == BUYERS - Order.objects.count()
    assert {refusal.facts["skus"][0]["sku"] for refusal in refused} == {SKU}
    assert {hold.order.channel.code for hold in short.select_related("order__channel")} == {"amazon"}
    assert (short.count(), find_drift()) == (states["SHORT"], [])
    assert announced(SKU).count("stock.low") == 1


def test_control_who_looks_first_and_takes_afterwards_sells_twice():
    def take_one():
        ((left,),) = say("SELECT units FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if left > 0:
            say("UPDATE unguarded SET units = units - 1 WHERE id = 1")

    looked = Barrier(2)
    with unguarded_table(1, units=1):
        assert errors_of(run_together(take_one, take_one)) == []
        assert say("SELECT units FROM unguarded") == [(-1,)]
