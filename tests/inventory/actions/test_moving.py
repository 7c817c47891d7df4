"""Goods that move between shelves and states, each movement with its cause."""

from decimal import Decimal

import pytest

from inventory.actions.moving import Kind, Move, move_stock
from inventory.actions.promising import Claim
from inventory.actions.reserving import reserve, reserve_or_queue
from inventory.errors import StockNotThere, StockPromised, UnknownStock
from inventory.models import StockLevel, StockMovement
from inventory.queries.drift import find_drift
from oms.errors import Invalid
from tests.make.moments import ADA, NOON
from tests.make.snapshots import announced, nothing_changes
from tests.make.stock import (
    LEJ,
    SKU,
    available,
    move,
    on_hand,
    promises,
    receive,
    reservations,
    stocked_variant,
    variant,
    warehouse,
)

pytestmark = pytest.mark.django_db


def level(place=LEJ):
    names = ("on_hand", "allocated", "safety", "damaged", "quality_control", "incoming")
    return StockLevel.objects.values(*names).get(variant__sku=SKU, warehouse__code=place)


def movements():
    rows = StockMovement.objects.order_by("id").values_list("bucket", "delta", "cause")
    return [(bucket, int(delta), cause) for bucket, delta, cause in rows]


def test_goods_received_can_be_sold():
    warehouse(), variant()
    assert receive(12) is True
    assert level()["on_hand"] == 12
    assert promises() == (12, 0)
    row = StockMovement.objects.get()
    assert (row.delta, row.cause, row.by, row.at) == (12, "RECEIPT", ADA, NOON)


@pytest.mark.parametrize(
    ("kind", "expected", "sold"),
    [
        (Kind.ANNOUNCE, {"incoming": 9}, 10),
        (Kind.RECEIVE_INCOMING, {"incoming": 3, "on_hand": 13}, 13),
        (Kind.DAMAGE, {"on_hand": 7, "damaged": 9}, 7),
        (Kind.SET_ASIDE, {"on_hand": 7, "quality_control": 9}, 7),
        (Kind.PASS_INSPECTION, {"quality_control": 3, "on_hand": 13}, 13),
        (Kind.FAIL_INSPECTION, {"quality_control": 3, "damaged": 9}, 10),
        (Kind.WRITE_OFF_DAMAGED, {"damaged": 3}, 10),
    ],
)
def test_each_kind_moves_between_its_states_and_only_selling_condition_is_sold(kind, expected, sold):
    stocked_variant(on_hand=22)
    for made, units in ((Kind.ANNOUNCE, 6), (Kind.DAMAGE, 6), (Kind.SET_ASIDE, 6)):
        move(made, units)
    before = level()
    assert before == {"on_hand": 10, "allocated": 0, "safety": 0, "damaged": 6, "quality_control": 6, "incoming": 6}

    move(kind, 3)
    assert level() == before | expected
    assert available() == sold
    assert find_drift() == []


def test_a_transfer_takes_from_one_shelf_what_it_puts_on_another():
    stocked_variant(on_hand=10)
    warehouse("MUC")
    move(Kind.TRANSFER, 4, to="MUC")
    assert (on_hand(), on_hand(place="MUC")) == (6, 4)
    assert promises() == (10, 0)
    assert movements()[-2:] == [("on_hand", -4, "TRANSFER"), ("on_hand", 4, "TRANSFER")]


def test_a_transfer_into_a_closed_warehouse_can_no_longer_be_sold():
    stocked_variant(on_hand=10)
    warehouse("OLD", active=False)
    move(Kind.TRANSFER, 4, to="OLD")
    assert promises() == (6, 0)
    assert find_drift() == []


def test_promised_units_cannot_be_taken_away_and_nothing_changes():
    tee = stocked_variant(on_hand=10)
    reserve([Claim("1", tee.pk, Decimal(8), NOON)], by=ADA, at=NOON)
    for kind, units in ((Kind.ADJUST, -3), (Kind.DAMAGE, 3), (Kind.SET_ASIDE, 3)):
        with nothing_changes(), pytest.raises(StockPromised) as refusal:
            move(kind, units)
        assert refusal.value.facts == {"skus": [{"sku": SKU, "available": 2}]}
    move(Kind.ADJUST, -2)
    assert promises() == (8, 8)


def test_more_than_is_there_cannot_leave_and_nothing_changes():
    stocked_variant(on_hand=2)
    warehouse("MUC")
    for kind in (Kind.ADJUST, Kind.TRANSFER, Kind.DAMAGE, Kind.RECEIVE_INCOMING, Kind.WRITE_OFF_DAMAGED):
        with nothing_changes(), pytest.raises(StockNotThere) as refusal:
            move(kind, -3 if kind is Kind.ADJUST else 3, to="MUC")
        assert refusal.value.facts["there"] == (2 if kind in (Kind.ADJUST, Kind.TRANSFER, Kind.DAMAGE) else 0)


def test_safety_stock_below_which_the_shelf_falls_is_not_sold_twice():
    stocked_variant(on_hand=10, safety=4)
    assert promises() == (6, 0)
    move(Kind.ADJUST, -8)
    assert promises() == (0, 0)
    move(Kind.RECEIVE, 3)
    assert promises() == (1, 0)
    assert find_drift() == []


@pytest.mark.parametrize(
    ("kind", "units", "code"),
    [
        (Kind.RECEIVE, 0, "quantity_not_positive"),
        (Kind.RECEIVE, -1, "quantity_not_positive"),
        (Kind.ADJUST, 0, "quantity_not_positive"),
        (Kind.TRANSFER, 1, "transfer_to_itself"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(kind, units, code):
    stocked_variant()
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        move(kind, units)
    assert [error.code for error in refusal.value.errors] == [code]


def test_unknown_names_are_pointed_at_and_nothing_moves():
    stocked_variant()
    moves = [
        Move(Kind.RECEIVE, SKU, LEJ, Decimal(1)),
        Move(Kind.RECEIVE, "NONE", LEJ, Decimal(1)),
        Move(Kind.RECEIVE, SKU, "NOWHERE", Decimal(1)),
        Move(Kind.TRANSFER, SKU, LEJ, Decimal(1), "NOWHERE"),
    ]
    with nothing_changes(), pytest.raises(UnknownStock) as refusal:
        move_stock(moves, by=ADA, at=NOON)
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [
        ("/1/sku", "unknown_sku"),
        ("/2/warehouse", "unknown_warehouse"),
        ("/3/to_warehouse", "unknown_warehouse"),
    ]


def test_all_moves_are_made_or_none():
    stocked_variant(on_hand=5)
    with nothing_changes(), pytest.raises(StockNotThere):
        move_stock([Move(Kind.RECEIVE, SKU, LEJ, Decimal(1)), Move(Kind.DAMAGE, SKU, LEJ, Decimal(7))], by=ADA, at=NOON)


def test_the_same_key_moves_once():
    stocked_variant(on_hand=5)
    moves = [Move(Kind.RECEIVE, SKU, LEJ, Decimal(3))]
    assert move_stock(moves, by=ADA, at=NOON, idempotency_key="po-17") is True
    with nothing_changes():
        assert move_stock(moves, by=ADA, at=NOON, idempotency_key="po-17") is False
    assert on_hand() == 8


def test_one_delivery_may_bring_a_sku_in_two_boxes():
    stocked_variant(on_hand=5)
    boxes = [Move(Kind.RECEIVE, SKU, LEJ, Decimal(3), note="box 1"), Move(Kind.RECEIVE, SKU, LEJ, Decimal(4))]
    move_stock(boxes, by=ADA, at=NOON, idempotency_key="po-17")
    with nothing_changes():
        move_stock(boxes, by=ADA, at=NOON, idempotency_key="po-17")
    assert on_hand() == 12
    assert find_drift() == []


def test_goods_that_arrive_go_to_who_waits():
    tee = stocked_variant(on_hand=0)
    reserve_or_queue([Claim("1", tee.pk, Decimal(2), NOON)], by=ADA, at=NOON)
    receive(3)
    assert reservations() == [("1", SKU, 2, "PROMISED")]
    assert announced(SKU)[-1] == "stock.promised"
    assert available() == 1
