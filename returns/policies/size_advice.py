"""When the sizes that others sent back say something: enough of them, and nearly all the same."""

from dataclasses import dataclass
from typing import Literal

LEAST_CASES = 12
LEAST_SHARE = 0.8
"""Where both directions are equally likely, chance alone says so in one of twenty-five products with so many cases, and
ever more seldom with more of them (binomial, two-sided)."""


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """How many returns said that it was too small, and how many too large."""

    small: int
    large: int


@dataclass(frozen=True, slots=True)
class SizeAdvice:
    """`found` of `cases` say that it runs that way."""

    runs: Literal["SMALL", "LARGE"]
    found: int
    cases: int


def advise_on_size(figures: SizeFigures | None) -> SizeAdvice | None:
    """None where the figures say nothing."""
    if figures is None:
        return None
    cases, most = figures.small + figures.large, max(figures.small, figures.large)
    if cases < LEAST_CASES or most < LEAST_SHARE * cases:
        return None
    return SizeAdvice("SMALL" if figures.small > figures.large else "LARGE", most, cases)
