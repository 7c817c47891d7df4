"""Units a day, kept up to date by one sale at a time."""

import math

import pytest

from inventory.policies.velocity import Velocity, add_sale, days_of_cover, decay, weigh_sale
from tests.make.moments import NOON, ONE_DAY, ONE_HOUR


def test_one_sale_a_day_settles_at_one_unit_a_day():
    velocity = Velocity()
    for day in range(365):
        velocity = add_sale(velocity, quantity=1, at=NOON + day * ONE_DAY)
    assert velocity.units == pytest.approx(1, abs=0.05)


def test_a_sku_that_stops_selling_slows_down_by_a_factor_e_in_two_weeks():
    velocity = add_sale(Velocity(), quantity=28, at=NOON)
    assert velocity == Velocity(2, NOON)
    assert decay(velocity, at=NOON + 14 * ONE_DAY) == pytest.approx(2 / math.e)


def test_looking_at_the_past_shows_no_more_than_now():
    velocity = add_sale(Velocity(), quantity=28, at=NOON)
    assert decay(velocity, at=NOON - ONE_DAY) == velocity.units
    assert decay(Velocity(), at=NOON) == 0


def test_a_sale_that_is_told_late_counts_as_if_it_had_been_told_in_time():
    in_time = add_sale(add_sale(Velocity(), quantity=3, at=NOON - ONE_HOUR), quantity=5, at=NOON)
    late = add_sale(add_sale(Velocity(), quantity=5, at=NOON), quantity=3, at=NOON - ONE_HOUR)
    assert late.units == pytest.approx(in_time.units)
    assert late.at == NOON


def test_adding_a_weighed_sale_now_is_adding_it_then():
    weight = weigh_sale(quantity=14, sold_at=NOON - 14 * ONE_DAY, at=NOON)
    assert add_sale(Velocity(), quantity=weight, at=NOON).units == pytest.approx(1 / math.e)


def test_a_sale_of_the_future_weighs_no_more_than_one_of_now():
    assert weigh_sale(quantity=3, sold_at=NOON + ONE_DAY, at=NOON) == 3


def test_cover_is_how_long_stock_lasts():
    assert days_of_cover(10, 2.5) == 4
    assert days_of_cover(10, 0) is None
