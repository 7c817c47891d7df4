"""A count says what is there; orders whose promise it breaks go short, the newest first."""

from decimal import Decimal

import pytest

from inventory.actions.counting import Count, count_stock
from inventory.actions.promising import Claim
from inventory.actions.reserving import reserve, reserve_or_queue
from inventory.errors import StockNotThere, StockPromised, UnknownStock
from inventory.models import StockLevel, StockMovement
from inventory.queries.drift import find_drift
from oms.errors import Invalid
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import LEJ, SKU, available, count, on_hand, promises, reservations, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def promise(variant, *wanted):
    """References "1", "2", … want so many, one minute after another."""
    claims = [
        Claim(str(place), variant.pk, Decimal(units), NOON + place * ONE_MINUTE)
        for place, units in enumerate(wanted, start=1)
    ]
    reserve(claims, by=ADA, at=NOON)


def test_a_count_sets_the_level_and_writes_the_difference_down():
    stocked_variant(on_hand=10)
    assert count(on_hand=7) is True
    assert on_hand() == 7
    assert promises() == (7, 0)
    row = StockMovement.objects.latest("id")
    assert (row.bucket, row.delta, row.cause, row.by) == ("on_hand", -3, "COUNT", ADA)
    assert facts_of("stock.counted", SKU) == {"warehouse": LEJ, "before": 10, "after": 7}


def test_a_count_that_finds_what_was_thought_changes_nothing():
    stocked_variant(on_hand=10, safety=2)
    with nothing_changes():
        assert count(on_hand=10, safety=2) is False
        assert count() is False


def test_a_count_may_set_the_safety_stock_alone():
    stocked_variant(on_hand=10)
    count(safety=4)
    assert (on_hand(), available()) == (10, 6)
    assert StockMovement.objects.latest("id").cause == "SAFETY"
    assert announced(SKU).count("stock.counted") == 1


def test_a_count_in_a_closed_warehouse_is_recorded_but_sells_nothing():
    stocked_variant(on_hand=10)
    warehouse("OLD", active=False)
    count(on_hand=5, place="OLD")
    assert on_hand(place="OLD") == 5
    assert promises() == (10, 0)
    assert find_drift() == []


def test_a_count_below_the_promises_takes_the_newest_ones_back():
    promise(stocked_variant(on_hand=10), 4, 3, 3)
    count(on_hand=5)
    assert [(r, state) for r, _, _, state in reservations()] == [("1", "PROMISED"), ("2", "SHORT"), ("3", "SHORT")]
    assert promises() == (5, 4)
    assert facts_of("stock.short", SKU) == {"references": ["2", "3"], "missing": 6}
    assert find_drift() == []


def test_a_count_leaves_every_promise_that_it_can():
    promise(stocked_variant(on_hand=10), 4, 3, 3)
    count(on_hand=7)
    assert [state for *_, state in reservations()] == ["PROMISED", "PROMISED", "SHORT"]
    assert promises() == (7, 7)


def test_more_safety_than_is_free_takes_promises_back_too():
    promise(stocked_variant(on_hand=10), 6, 3)
    count(safety=2)
    assert [state for *_, state in reservations()] == ["PROMISED", "SHORT"]
    assert promises() == (8, 6)


def test_what_a_broken_promise_leaves_over_goes_to_who_waited_before():
    tee = stocked_variant(on_hand=6)
    reserve(
        [Claim("old", tee.pk, Decimal(1), NOON), Claim("new", tee.pk, Decimal(5), NOON + 2 * ONE_MINUTE)],
        by=ADA,
        at=NOON,
    )
    reserve_or_queue([Claim("waits", tee.pk, Decimal(2), NOON + ONE_MINUTE)], by=ADA, at=NOON)
    count(on_hand=5)
    states = {reference: state for reference, _, _, state in reservations()}
    assert states == {"old": "PROMISED", "new": "SHORT", "waits": "PROMISED"}
    assert facts_of("stock.short") == {"references": ["new"], "missing": 5}
    assert facts_of("stock.promised") == {"references": ["waits"]}


def test_a_count_that_finds_more_serves_who_waits():
    tee = stocked_variant(on_hand=0)
    reserve_or_queue([Claim("1", tee.pk, Decimal(2), NOON)], by=ADA, at=NOON)
    count(on_hand=2)
    assert reservations() == [("1", SKU, 2, "PROMISED")]


def test_several_skus_are_counted_in_one_step():
    stocked_variant("TEE", 5), stocked_variant("CAP", 5)
    count_stock([Count("TEE", LEJ, Decimal(4)), Count("CAP", LEJ, Decimal(9))], by=ADA, at=NOON)
    assert (promises("TEE"), promises("CAP")) == ((4, 0), (9, 0))


def test_the_same_key_counts_once():
    stocked_variant(on_hand=10)
    counts = [Count(SKU, LEJ, Decimal(7), Decimal(1))]
    assert count_stock(counts, by=ADA, at=NOON, idempotency_key="inventory-2026") is True
    count(on_hand=9)
    with nothing_changes():
        assert count_stock(counts, by=ADA, at=NOON, idempotency_key="inventory-2026") is False


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ([Count(SKU, LEJ, Decimal(-1))], [("/0/on_hand", "negative")]),
        ([Count(SKU, LEJ, safety=Decimal(-1))], [("/0/safety", "negative")]),
        ([Count(SKU, LEJ, Decimal(1)), Count(SKU, LEJ, Decimal(2))], [("/1", "counted_twice")]),
    ],
)
def test_a_count_that_makes_no_sense_is_refused_and_changes_nothing(counts, found):
    stocked_variant()
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        count_stock(counts, by=ADA, at=NOON)
    assert [(error.pointer, error.code) for error in refusal.value.errors] == found


def test_an_unknown_place_is_refused_and_changes_nothing():
    stocked_variant()
    with nothing_changes(), pytest.raises(UnknownStock):
        count(sku="NONE", on_hand=1)
    with nothing_changes(), pytest.raises(UnknownStock):
        count(on_hand=1, place="NOWHERE")


def test_a_count_below_what_is_allocated_in_the_warehouse_is_refused():
    tee = stocked_variant(on_hand=10)
    allocate(tee, 4)
    with nothing_changes(), pytest.raises(StockNotThere) as refusal:
        count(on_hand=3)
    assert refusal.value.facts["bucket"] == "allocated"


def allocate(variant, units):
    """As routing will: a movement into `allocated`."""
    StockLevel.objects.filter(variant=variant).update(allocated=units)
    StockMovement.objects.create(
        variant=variant, warehouse=warehouse(), bucket="allocated", delta=units, cause="ALLOCATION", by=ADA, at=NOON
    )


def test_a_count_never_answers_that_units_are_promised():
    promise(stocked_variant(on_hand=3), 1, 1, 1)
    try:
        count(on_hand=0)
    except StockPromised:
        pytest.fail("What was counted is a fact.")
    assert promises() == (0, 0)
