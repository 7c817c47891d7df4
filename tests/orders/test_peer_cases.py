"""Cases that the tests of other shop systems encode, told in our words; docs/peer_cases.md says which and why."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from inventory.actions.moving import Kind
from inventory.errors import StockPromised, StockShort
from oms.errors import Refused
from oms.money import Money, round_amount
from orders.actions.cancelling import cancel_order
from orders.actions.edits.approving import expire_edits
from orders.errors import OrderAlreadyCancelled
from orders.models import Edit
from tests.make.edits import (
    LARGE,
    MEDIUM,
    SOCKS,
    SOON,
    add,
    cancel_line,
    edit,
    holds,
    money_of,
    open_shop,
    order_of_tees,
    preview,
    promised_to,
    set_quantity,
)
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.orders import channel, line, placed_order
from tests.make.plans import around, choice, line_state, order_state, planned, tax_row
from tests.make.snapshots import nothing_changes
from tests.make.stock import available, move, promises, stocked_variant

# --- stock ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_an_edit_takes_off_can_be_sold_again():
    """PC29"""
    stocked_variant("LINEN", "8.5", divisible=True)
    order = placed_order([line("LINEN", 5)])
    edit(order, set_quantity(order, 3.5, of="LINEN"))
    assert available("LINEN") == Decimal("5.0")


@pytest.mark.django_db
def test_safety_stock_is_not_for_sale():
    """PC30"""
    stocked_variant("LINEN", "8.5", safety=5, divisible=True)
    with pytest.raises(StockShort):
        placed_order([line("LINEN", 4)])
    placed_order([line("LINEN", 3)])
    assert available("LINEN") == Decimal("0.5")


@pytest.mark.django_db
@pytest.mark.parametrize(("divisible", "fits"), [(True, True), (False, False)])
def test_only_what_is_sold_by_measure_is_sold_in_parts(divisible, fits):
    """PC31"""
    stocked_variant("LINEN", 10, divisible=divisible)
    placed_order([line("LINEN", 2)])
    if fits:
        placed_order([line("LINEN", "2.5")])
    else:
        with nothing_changes(), pytest.raises(Refused):
            placed_order([line("LINEN", "2.5")])
    assert promises("LINEN")[1] == (Decimal("4.5") if fits else 2)


@pytest.mark.django_db
def test_a_line_is_raised_by_what_is_left_and_no_more():
    """PC35"""
    open_shop(units=100)
    order = order_of_tees(80, payment={"status": "PENDING"})
    with nothing_changes(), pytest.raises(StockShort):
        edit(order, set_quantity(order, 101), actor="STAFF")
    edit(order, set_quantity(order, 100), actor="STAFF")
    assert (holds(order), promises(MEDIUM)) == ({MEDIUM: 100}, (100, 100))


@pytest.mark.django_db
def test_what_is_promised_is_not_taken_off_the_shelf_until_its_order_is_cancelled():
    """PC38: a correction is refused. What somebody has counted is a fact, and never refused."""
    open_shop(units=5)
    order = order_of_tees(4)
    with nothing_changes(), pytest.raises(StockPromised):
        move(Kind.ADJUST, -3, sku=MEDIUM)
    cancel_order(number=order.number, reason="", by=ADA, at=SOON)
    move(Kind.ADJUST, -3, sku=MEDIUM)
    assert promises(MEDIUM) == (2, 0)


@pytest.mark.django_db
def test_what_is_kept_for_an_edit_is_for_nobody_else_until_it_is_given_up():
    """PC40"""
    open_shop(units=5)
    waiting = edit(order_of_tees(), add(SOCKS, 4))
    other = order_of_tees()
    with nothing_changes(), pytest.raises(StockShort):
        edit(other, add(SOCKS, 3))
    expire_edits(at=waiting.deadline)
    late = edit(other, add(SOCKS, 3), actor="STAFF", at=waiting.deadline)
    assert promised_to(late.stock_reference) == {SOCKS: 3}


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "minutes"), [({"payment_minutes": 7}, 7), ({}, 30)])
def test_an_edit_that_is_sent_twice_keeps_its_stock_once_and_as_long_as_the_channel_says(fields, minutes):
    """PC41"""
    open_shop(), channel(**fields)
    order = order_of_tees()
    first, second = (edit(order, add(), form="f1") for _ in range(2))
    assert (first, Edit.objects.count(), promises(SOCKS)[1]) == (second, 1, 1)
    assert first.deadline == SOON + minutes * ONE_MINUTE


@pytest.mark.django_db
def test_what_has_no_sku_keeps_no_stock():
    """PC41"""
    open_shop()
    gift = {"kind": "GIFT_CARD", "title": "Gift card", "quantity": 1, "unit_price": "25.00"}
    order = placed_order([line(MEDIUM), gift])
    assert promised_to(order.number) == {MEDIUM: 1}


# --- editing -------------------------------------------------------------------------------------------------


@pytest.fixture
def order_of_84(db):
    """Two at 25.00, and 34.00 of something else."""
    open_shop()
    return placed_order([line(MEDIUM, 2, unit_price="25.00"), line(LARGE, 1, unit_price="34.00")])


def total(order, units, price):
    operations = [
        set_quantity(order, units),
        {"op": "set_unit_price", "line": order.lines.get(sku=MEDIUM).pk, "unit_price": price},
    ]
    return str(preview(order, *operations, actor="STAFF").after.total)


def test_setting_a_line_to_what_it_is_changes_nothing(order_of_84):
    """PC44"""
    assert total(order_of_84, 2, "25.00") == "84.00 EUR"


def test_one_more_and_then_dearer(order_of_84):
    """PC45"""
    assert (total(order_of_84, 3, "25.00"), total(order_of_84, 3, "30.00")) == ("109.00 EUR", "124.00 EUR")


@pytest.mark.django_db
def test_each_unit_that_is_taken_off_lowers_the_total_by_its_price():
    """PC48: what becomes of a parcel comes with fulfillments."""
    open_shop()
    order = placed_order([line(MEDIUM, 4, unit_price="10.00"), line(SOCKS, 1, unit_price="7.50")])
    edit(order, set_quantity(order, 3))
    assert money_of(order)["total"] == "37.50"
    edit(order, cancel_line(order))
    assert (money_of(order)["total"], holds(order)) == ("7.50", {SOCKS: 1})


@pytest.mark.django_db
def test_a_cent_that_cannot_be_halved_is_neither_lost_nor_given_twice():
    """PC49"""
    open_shop()
    lines = [line(MEDIUM, 2, unit_price="0.83", tax="0.01"), line(SOCKS, 1, unit_price="5.00")]
    order = placed_order(lines, tax_included=False)
    totals = [Decimal(money_of(order)["total"])]
    for operation in (set_quantity(order, 1), cancel_line(order)):
        edit(order, operation)
        totals.append(Decimal(money_of(order)["total"]))
    assert [each - Decimal("5.00") for each in totals] == [Decimal("1.67"), Decimal("0.83"), Decimal("0.00")]


@pytest.mark.django_db
def test_a_cancelled_order_is_split_no_more():
    """PC51: of the order's part in it; parcels come with fulfillments."""
    open_shop()
    order = order_of_tees()
    edit(order, {"op": "swap_variant", "line": order.lines.get().pk, "sku": LARGE, "quantity": 1})
    assert money_of(order)["total"] == "44.70"
    cancel_order(number=order.number, reason="", by=ADA, at=SOON)
    with nothing_changes(), pytest.raises(OrderAlreadyCancelled):
        edit(order, set_quantity(order, 1))


# --- money ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, (1, 1, 1), [34, 33, 33]),
        (101, (3, 7), [30, 71]),
        (5, (7, 0, 3), [4, 0, 1]),
        (-5, (7, 3), [-3, -2]),
        (2, (1, 1, 1), [1, 1, 0]),
        (300, (4300, 1400, 2300), [162, 52, 86]),
        (-299, (4300, 1400, 2300), [-161, -52, -86]),
    ],
)
def test_shares_sum_to_the_whole(amount, weights, shares):
    """PC68, PC69"""
    assert [int(share.amount) for share in Money(Decimal(amount), "JPY").split(weights)] == shares


def test_each_rate_taxes_its_own_goods():
    """PC72"""
    taxes = (tax_row(23, category_id=1), tax_row(5, category_id=2))
    using = around(choice("DEAR", 100, category_id=1), choice("CHEAP", 50, category_id=2), taxes=taxes)
    order = order_state(line_state("DEAR", 1, 0), included=False)
    asked = [{"op": "add_item", "sku": sku, "quantity": units} for sku, units in (("DEAR", 3), ("CHEAP", 4))]
    plan = planned(order, *asked, using=using)
    assert (plan.total, plan.tax_total) == (Decimal("579.00"), Decimal("79.00"))


@pytest.mark.parametrize(("exact", "even"), [("2.5", 2), ("3.5", 4), ("-2.5", -2)])
def test_a_half_goes_to_the_even_neighbor(exact, even):
    """PC73"""
    assert round_amount(Decimal(exact), "JPY") == even


@pytest.mark.parametrize(("exact", "away"), [("2.5", 3), ("-2.5", -3), ("-8328.5", -8329)])
def test_a_half_goes_away_from_zero_where_that_is_asked_for(exact, away):
    """PC73"""
    assert round_amount(Decimal(exact), "JPY", ROUND_HALF_UP) == away
