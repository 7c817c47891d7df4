"""What offers bring: orders that could be shown them against orders that could not, side against side.

The method. Orders fall on a side by a stable hash before anything is shown, and each is compared by what it brought,
whether it took an offer or not (intention to treat). What an order was worth when it was assigned is known before the
offers could do anything, so it may be used to take away what made orders differ anyway: the difference is that of means
adjusted by the common slope within the sides (analysis of covariance; Deng et al. 2013 call it CUPED). Its interval is
Welch's, for sides of unequal size and spread (Welch 1947, degrees of freedom after Satterthwaite).

The interval is right for one look at a moment that was chosen beforehand. Who looks every day and stops when it pleases
sees effects that are not there. So nothing is called an effect before the sample is complete that would find an effect
as large as the observed one in four of five trials: the difference is then 2.8 standard errors or more, not 1.96.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import NormalDist

CONFIDENCE = 0.95
POWER = 0.8
LEAST = 50
"""Orders a side: with fewer, skewed amounts make any interval a lie."""
LONGEST = 730
"""Days: what would take longer is not waited for."""

_NOTHING = 1e-9
"""Amounts are in whole minor units: less than that is an error of arithmetic."""
_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf((1 + CONFIDENCE) / 2)
_REACH = _Z + _NORMAL.inv_cdf(POWER)


@dataclass(frozen=True, slots=True)
class Side:
    """Orders of one side: means and sample variances of what each brought, and of what it was worth `before`."""

    count: int
    mean: float
    variance: float
    before: float
    before_variance: float
    covariance: float

    @classmethod
    def of_sums(cls, orders: Decimal | int, *sums: Decimal) -> "Side":
        """From the exact sums of what each brought, its squares, what each was worth before, its squares, and the
        products of both: nothing is lost to cancellation.
        """
        count = int(orders)
        net, net_squares, before, before_squares, products = map(Fraction, sums)

        def spread(squares: Fraction, one: Fraction, other: Fraction) -> float:
            return float((squares - one * other / count) / max(count - 1, 1))

        return cls(
            count,
            float(net / count),
            spread(net_squares, net, net),
            float(before / count),
            spread(before_squares, before, before),
            spread(products, net, before),
        )


class Verdict(StrEnum):
    """NO_HOLDOUT: nothing to compare with. TOO_FEW: not even an interval. UNDECIDED: the sample is not complete."""

    NO_HOLDOUT = "NO_HOLDOUT"
    TOO_FEW = "TOO_FEW"
    UNDECIDED = "UNDECIDED"
    MORE = "MORE"
    LESS = "LESS"


@dataclass(frozen=True, slots=True)
class Need:
    """Orders still needed on each side before the observed effect can be told from chance; None: never at this rate.

    `days`: at the pace of the orders so far.
    """

    treated: int
    held_out: int
    days: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """Extra an order of the treated side, with its interval; all amounts are an order's, in one currency."""

    verdict: Verdict
    treated: int
    held_out: int
    treated_mean: float = 0.0
    held_out_mean: float = 0.0
    difference: float = 0.0
    error: float = 0.0
    low: float = 0.0
    high: float = 0.0
    need: Need | None = None

    @property
    def relative(self) -> float | None:
        """The difference as a share of what an order brings without offers."""
        return self.difference / self.held_out_mean if self.told and self.held_out_mean > 0 else None

    @property
    def told(self) -> bool:
        """There is an interval."""
        return self.verdict not in (Verdict.NO_HOLDOUT, Verdict.TOO_FEW)

    @property
    def total(self) -> float:
        """What all treated orders brought more than they would have."""
        return self.difference * self.treated

    @property
    def total_error(self) -> float:
        return self.error * self.treated


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval."""

    share: float
    low: float
    high: float


def compare_sides(treated: Side | None, held_out: Side | None, *, days: float) -> Effect:
    """The effect on an order. `days`: over which the orders came."""
    counts = (treated.count if treated else 0, held_out.count if held_out else 0)
    if not counts[1]:
        return Effect(Verdict.NO_HOLDOUT, *counts)
    if treated is None or held_out is None or min(counts) < LEAST:
        return Effect(Verdict.TOO_FEW, *counts, need=_need_to_begin(*counts, days=days))

    slope = _slope(treated, held_out)
    means = _adjusted_means(treated, held_out, slope)
    spread_treated, spread_held = _left_over(treated, slope), _left_over(held_out, slope)
    parts = (spread_treated / treated.count, spread_held / held_out.count)
    error = math.sqrt(sum(parts))
    difference = means[0] - means[1]
    reach = error * t_quantile((1 + CONFIDENCE) / 2, _freedom(parts, counts))
    need = _need(difference, (spread_treated, spread_held), counts, days)
    return Effect(
        _judge(difference, error, need),
        *counts,
        *means,
        difference,
        error,
        difference - reach,
        difference + reach,
        need,
    )


def wilson(taken: int, of: int) -> Rate | None:
    """A rate with Wilson's interval (1927), which stays within 0 and 1 for rates near them; None of nothing."""
    if of <= 0:
        return None
    share, square = taken / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Rate(share, min(max(middle - reach, 0.0), share), max(min(middle + reach, 1.0), share))


def mean_interval(count: int, mean: float, variance: float) -> tuple[float, float] | None:
    """The interval of one mean; None of fewer than two."""
    if count < 2:
        return None
    reach = t_quantile((1 + CONFIDENCE) / 2, count - 1) * math.sqrt(max(variance, 0.0) / count)
    return mean - reach, mean + reach


def t_quantile(share: float, freedom: float) -> float:
    """Student's t from the normal quantile by its expansion (Abramowitz and Stegun 26.7.5); good from 3 degrees on."""
    z = _NORMAL.inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom ** (place + 1) for place, term in enumerate(terms))


def _slope(treated: Side, held_out: Side) -> float:
    """How far what orders bring follows what they were worth before, within the sides."""
    sides = (treated, held_out)
    spread = sum((side.count - 1) * side.before_variance for side in sides)
    together = sum((side.count - 1) * side.covariance for side in sides)
    return together / spread if spread > 0 else 0.0


def _adjusted_means(treated: Side, held_out: Side, slope: float) -> tuple[float, float]:
    """The means that the sides would have, had both been worth the same before."""
    whole = treated.count + held_out.count
    common = (treated.count * treated.before + held_out.count * held_out.before) / whole
    return (
        treated.mean - slope * (treated.before - common),
        held_out.mean - slope * (held_out.before - common),
    )


def _left_over(side: Side, slope: float) -> float:
    """The variance that is left once what orders were worth before is taken away."""
    return max(side.variance - 2 * slope * side.covariance + slope * slope * side.before_variance, 0.0)


def _freedom(parts: tuple[float, float], counts: tuple[int, int]) -> float:
    below = sum(part * part / (count - 1) for part, count in zip(parts, counts, strict=True))
    return sum(parts) ** 2 / below if below > 0 else float(sum(counts) - 2)


def _need(difference: float, spreads: tuple[float, float], counts: tuple[int, int], days: float) -> Need | None:
    """The sides keep the proportion that they have; so the smaller one decides how long it takes."""
    if abs(difference) < _NOTHING:
        return None
    whole = sum(counts)
    shares = [count / whole for count in counts]
    wanted = _REACH**2 * sum(spread / share for spread, share in zip(spreads, shares, strict=True)) / difference**2
    missing = max(wanted - whole, 0.0)
    wait = missing / (whole / days) if days > 0 else math.inf
    if wait > LONGEST:
        return None
    return Need(math.ceil(missing * shares[0]), math.ceil(missing * shares[1]), math.ceil(wait))


def _need_to_begin(treated: int, held_out: int, *, days: float) -> Need:
    missing = (max(LEAST - treated, 0), max(LEAST - held_out, 0))
    waits = [gap / (count / days) for gap, count in zip(missing, (treated, held_out), strict=True) if count and days]
    return Need(*missing, days=math.ceil(max(waits)) if waits and treated else None)


def _judge(difference: float, error: float, need: Need | None) -> Verdict:
    complete = need is not None and not need.treated and not need.held_out
    if not complete or abs(difference) < _REACH * error:
        return Verdict.UNDECIDED
    return Verdict.MORE if difference > 0 else Verdict.LESS
