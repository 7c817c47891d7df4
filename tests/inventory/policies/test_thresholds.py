"""Low and recovered, with room between them."""

import pytest

from inventory.policies.thresholds import Threshold, judge_low


@pytest.mark.parametrize(
    ("threshold", "velocity", "level"),
    [
        (Threshold(), 9.0, 0),
        (Threshold(units=5), 9.0, 5),
        (Threshold(days=2), 3.0, 6),
        (Threshold(units=5, days=2), 3.0, 6),
        (Threshold(units=7, days=2), 3.0, 7),
        (Threshold(days=2), 0.0, 0),
    ],
)
def test_the_higher_of_units_and_days_counts(threshold, velocity, level):
    assert threshold.level(velocity=velocity) == level


@pytest.mark.parametrize(
    ("was_low", "available", "low"),
    [
        (False, 9, False),
        (False, 8, True),
        (True, 9, True),
        (True, 9.999, True),
        (True, 10, False),
    ],
)
def test_a_sku_is_low_at_its_threshold_until_it_is_a_quarter_above(was_low, available, low):
    assert judge_low(was_low=was_low, available=available, threshold=Threshold(units=8), velocity=0) is low


@pytest.mark.parametrize(("available", "low"), [(0, True), (0.5, True), (1, False)])
def test_a_small_threshold_needs_one_whole_unit_to_recover(available, low):
    assert judge_low(was_low=True, available=available, threshold=Threshold(), velocity=0) is low
