"""The promise row: what may still be sold, and when it runs low."""

from decimal import Decimal

import pytest

from inventory.actions.promising import Claim, Shift, shift_availability
from inventory.actions.watching import set_threshold
from inventory.models import Availability, Reservation
from oms.errors import Invalid, NotFound
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_MINUTE
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import SKU, promises, stocked_variant

pytestmark = pytest.mark.django_db


def shift(variant, *, at=NOON, **change):
    return shift_availability([Shift(variant.pk, **change)], by=ADA, at=at)


def test_a_promise_is_counted_and_written_down_in_one_step():
    tee = stocked_variant(on_hand=10)
    claim = Claim("1001", tee.pk, Decimal(3), NOON)
    refusals = shift_availability([Shift(tee.pk, promised=Decimal(3))], claims=[claim], by=ADA, at=NOON)

    assert refusals == []
    assert promises() == (10, 3)
    kept = Reservation.objects.get()
    assert (kept.reference, kept.variant, kept.quantity, kept.state, kept.since) == ("1001", tee, 3, "PROMISED", NOON)


def test_what_is_not_there_is_promised_to_nobody_and_every_short_sku_is_named():
    tee, cap, mug = stocked_variant("TEE", 2), stocked_variant("CAP", 5), stocked_variant("MUG", 0)
    shifts = [Shift(tee.pk, promised=Decimal(3)), Shift(cap.pk, promised=Decimal(1)), Shift(mug.pk, Decimal(1))]
    claims = [Claim("1001", s.variant_id, s.promised, NOON) for s in shifts]
    with nothing_changes():
        refusals = shift_availability(shifts, claims=claims, by=ADA, at=NOON)

    assert [(r.sku, r.available, r.wanted) for r in refusals] == [("MUG", 0, 1), ("TEE", 2, 3)]


def test_several_shifts_of_one_sku_count_together():
    tee = stocked_variant(on_hand=5)
    with nothing_changes():
        refusals = shift_availability([Shift(tee.pk, Decimal(3)), Shift(tee.pk, Decimal(3))], by=ADA, at=NOON)
    assert [(r.available, r.wanted) for r in refusals] == [(5, 6)]
    assert shift_availability([Shift(tee.pk, Decimal(3)), Shift(tee.pk, Decimal(2))], by=ADA, at=NOON) == []
    assert promises() == (5, 5)


def test_a_sku_that_falls_to_its_threshold_is_announced_once():
    tee = stocked_variant(on_hand=10)
    set_threshold(sku=SKU, units=Decimal(4), days=None, by=ADA, at=NOON)
    for _ in range(8):
        shift(tee, promised=Decimal(1))

    assert announced(SKU).count("stock.low") == 1
    assert facts_of("stock.low") == {"available": 4, "threshold": 4.0}
    row = Availability.objects.get()
    assert (row.low, row.low_since) == (True, NOON)


def test_a_low_sku_recovers_only_when_it_is_clearly_above():
    tee = stocked_variant(on_hand=8)
    set_threshold(sku=SKU, units=Decimal(8), days=None, by=ADA, at=NOON)
    shift(tee, sellable=Decimal(1))
    assert announced(SKU)[-1] == "stock.low"

    shift(tee, sellable=Decimal(1), at=NOON + ONE_MINUTE)
    assert announced(SKU)[-1] == "stock.recovered"
    assert facts_of("stock.recovered") == {"available": 10}
    row = Availability.objects.get()
    assert (row.low, row.low_since) == (False, None)


def test_a_sku_without_threshold_is_low_when_it_is_sold_out():
    tee = stocked_variant(on_hand=2)
    shift(tee, promised=Decimal(1))
    assert "stock.low" not in announced(SKU)
    shift(tee, promised=Decimal(1))
    assert announced(SKU)[-1] == "stock.low"


def test_a_threshold_in_days_follows_how_fast_the_sku_sells():
    tee = stocked_variant(on_hand=100)
    set_threshold(sku=SKU, units=None, days=7, by=ADA, at=NOON)
    shift(tee, promised=Decimal(28), sold=28.0)
    assert Availability.objects.get().velocity == pytest.approx(2)
    assert "stock.low" not in announced(SKU)

    shift(tee, promised=Decimal(58))
    assert facts_of("stock.low") == {"available": 14, "threshold": pytest.approx(14)}


def test_moving_a_threshold_looks_at_once_on_which_side_the_sku_stands():
    stocked_variant(on_hand=5)
    set_threshold(sku=SKU, units=Decimal(5), days=None, by=ADA, at=NOON)
    assert announced(SKU)[-1] == "stock.low"
    set_threshold(sku=SKU, units=Decimal(2), days=None, by=ADA, at=NOON)
    assert announced(SKU)[-1] == "stock.recovered"


def test_a_negative_threshold_is_refused_and_changes_nothing():
    stocked_variant()
    for figures in ({"units": Decimal(-1), "days": None}, {"units": None, "days": -1.0}):
        with nothing_changes(), pytest.raises(Invalid) as refusal:
            set_threshold(sku=SKU, **figures, by=ADA, at=NOON)
        assert refusal.value.errors[0].code == "negative"


def test_an_unknown_sku_has_no_threshold():
    with nothing_changes(), pytest.raises(NotFound):
        set_threshold(sku="NONE", units=None, days=None, by=ADA, at=NOON)


def test_a_late_message_never_turns_the_clock_of_velocity_back():
    tee = stocked_variant()
    shift(tee, sold=14.0)
    shift(tee, sold=14.0, at=NOON - ONE_DAY)
    row = Availability.objects.get()
    assert row.velocity_at == NOON
    assert 1.9 < row.velocity < 2
