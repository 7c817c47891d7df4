"""What offers bring, against orders that were shown none."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from upsell.policies.effects import LEAST, Side, Verdict, compare_sides, mean_interval, t_quantile, wilson

SHOPS = 2000


def test_the_interval_covers_the_true_effect_in_nineteen_of_twenty_shops():
    """Skewed baskets, few takers, cancellations and returns, holdouts of a tenth to a half."""
    random = np.random.default_rng(20_111)

    covered = sum(_covers(random) for _ in range(SHOPS))

    assert 0.93 <= covered / SHOPS <= 0.97


def test_looking_every_day_and_stopping_when_it_pleases_seldom_finds_an_effect_that_is_not_there():
    """Thirty looks at shops whose offers bring nothing: those who stop at 1.96 errors are often wrong."""
    random = np.random.default_rng(7)

    naive, told = zip(*[_peek(random, looks=30) for _ in range(400)], strict=True)

    assert sum(naive) / 400 > 0.15
    assert sum(told) / 400 < 0.06


def test_what_orders_were_worth_before_makes_the_interval_narrower_and_leaves_the_effect():
    random = np.random.default_rng(3)
    before = random.lognormal(4, 0.8, 4000)
    after = before * (random.random(4000) > 0.05)
    held = random.random(4000) < 0.3
    after[~held] += 2.0

    told = compare_sides(side_of(before[~held], after[~held]), side_of(before[held], after[held]), days=30)
    blind = compare_sides(
        side_of(np.zeros((~held).sum()), after[~held]), side_of(np.zeros(held.sum()), after[held]), days=30
    )

    assert told.error < 0.5 * blind.error
    assert told.low < 2.0 < told.high


def test_without_a_holdout_there_is_nothing_to_compare_with():
    effect = compare_sides(Side(500, 10, 4, 9, 4, 3), None, days=10)

    assert (effect.verdict, effect.treated, effect.told) == (Verdict.NO_HOLDOUT, 500, False)
    assert effect.relative is None


def test_a_handful_of_orders_has_no_interval_and_says_how_many_it_waits_for():
    effect = compare_sides(Side(200, 10, 4, 9, 4, 3), Side(20, 9, 4, 9, 4, 3), days=10)

    assert effect.verdict == Verdict.TOO_FEW
    assert (effect.need.treated, effect.need.held_out, effect.need.days) == (0, LEAST - 20, 15)


def test_an_effect_is_told_only_when_the_sample_is_complete():
    small = compare_sides(Side(400, 11, 100, 10, 1, 0), Side(400, 10, 100, 10, 1, 0), days=20)
    large = compare_sides(Side(4000, 11, 100, 10, 1, 0), Side(4000, 10, 100, 10, 1, 0), days=20)

    assert small.verdict == Verdict.UNDECIDED
    assert small.need.treated == small.need.held_out == math.ceil(2 * 100 * 2.801585**2) - 400
    assert small.need.days == 59
    assert large.verdict == Verdict.MORE
    assert (large.need.treated, large.need.held_out) == (0, 0)


def test_a_loss_is_told_as_one():
    effect = compare_sides(Side(4000, 9, 100, 10, 1, 0), Side(4000, 10, 100, 10, 1, 0), days=20)

    assert effect.verdict == Verdict.LESS
    assert effect.total == pytest.approx(-4000)
    assert effect.relative == pytest.approx(-0.1)


def test_an_effect_too_small_for_two_years_of_orders_is_never_waited_for():
    effect = compare_sides(Side(900, 10.001, 100, 10, 1, 0), Side(100, 10, 100, 10, 1, 0), days=10)

    assert (effect.verdict, effect.need) == (Verdict.UNDECIDED, None)


def test_no_difference_at_all_is_undecided_for_ever():
    effect = compare_sides(Side(900, 10, 0, 10, 0, 0), Side(100, 10, 0, 10, 0, 0), days=10)

    assert (effect.verdict, effect.need, effect.low, effect.high) == (Verdict.UNDECIDED, None, 0, 0)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_rate_lies_within_its_interval_and_that_within_nothing_and_all(taken, more):
    rate = wilson(taken, taken + more)

    assert 0 <= rate.low <= rate.share <= rate.high <= 1


def test_the_rate_of_nothing_is_not_known():
    assert wilson(0, 0) is None


@given(st.floats(3, 10_000))
def test_quantiles_are_those_of_students_distribution(freedom):
    assert t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=2e-3)


def test_one_order_has_no_interval():
    assert mean_interval(1, 10, 0) is None
    assert mean_interval(4, 10, 4) == pytest.approx((6.8176, 13.1824), rel=1e-3)


def cents(least, most):
    return st.floats(least, most).map(lambda amount: round(amount, 2))


sides = st.builds(
    lambda count, mean, variance, before, spread, tie: Side(
        count, mean, variance, before, spread, tie * math.sqrt(variance * spread)
    ),
    st.integers(LEAST, 10_000),
    *[cents(-1000, 1000), cents(0, 1e6), cents(0, 1000), cents(0, 1e6), cents(-1, 1)],
)


@given(sides, sides)
def test_to_swap_the_sides_turns_the_effect_around(one, other):
    there, back = compare_sides(one, other, days=10), compare_sides(other, one, days=10)

    assert there.difference == pytest.approx(-back.difference, abs=1e-6)
    assert there.low == pytest.approx(-back.high, abs=1e-5)
    assert there.low <= there.difference <= there.high


@given(sides, sides, st.sampled_from([0.01, 100.0]))
def test_the_unit_of_money_changes_nothing_but_amounts(one, other, rate):
    there = compare_sides(one, other, days=10)
    converted = compare_sides(_convert(one, rate), _convert(other, rate), days=10)

    assert converted.difference == pytest.approx(there.difference * rate, rel=1e-6, abs=1e-6)
    assert converted.error == pytest.approx(there.error * rate, rel=1e-4, abs=1e-4)


def side_of(before, after):
    """As the database sums it."""
    return Side(
        len(after),
        float(after.mean()),
        float(after.var(ddof=1)),
        float(before.mean()),
        float(before.var(ddof=1)),
        float(np.cov(before, after)[0, 1]),
    )


def _covers(random):
    orders = int(random.integers(600, 4000))
    worth, spread = random.uniform(3, 4.5), random.uniform(0.4, 1.0)
    before = random.lognormal(worth, spread, orders)
    held = random.random(orders) < random.choice([0.1, 0.2, 0.3, 0.5])
    take, cancelled, returned = random.uniform(0.02, 0.15), random.uniform(0.01, 0.08), random.uniform(0.02, 0.3)
    extra = random.lognormal(worth - 1, 0.6, orders) * (~held & (random.random(orders) < take))
    own = random.lognormal(worth - 1, 0.6, orders) * (random.random(orders) < 0.04)
    kept = (1 - random.uniform(0.1, 1, orders) * (random.random(orders) < returned)) * (
        random.random(orders) >= cancelled
    )
    after = (before + own + extra) * kept

    effect = compare_sides(side_of(before[~held], after[~held]), side_of(before[held], after[held]), days=30)
    truth = take * math.exp(worth - 1 + 0.18) * (1 - cancelled) * (1 - 0.55 * returned)
    return effect.low <= truth <= effect.high


def _peek(random, *, looks):
    """Whether somebody finds an effect at one of the looks: at 1.96 errors, and by what is told here."""
    before = random.lognormal(4, 0.8, looks * 100)
    after = before * (random.random(looks * 100) > 0.05)
    held = random.random(looks * 100) < 0.5
    naive = told = False
    for look in range(3, looks + 1):
        seen = slice(0, look * 100)
        one, other = ~held[seen], held[seen]
        effect = compare_sides(
            side_of(before[seen][one], after[seen][one]), side_of(before[seen][other], after[seen][other]), days=look
        )
        naive |= effect.low > 0 or effect.high < 0
        told |= effect.verdict in (Verdict.MORE, Verdict.LESS)
    return naive, told


def _convert(side, rate):
    return Side(
        side.count,
        side.mean * rate,
        side.variance * rate**2,
        side.before * rate,
        side.before_variance * rate**2,
        side.covariance * rate**2,
    )
