"""A figure: what was measured in several rounds, and what it was to be."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class Target:
    """At least so much, aiming at more; for costs, at most so much, aiming at less."""

    least: float
    aim: float
    better: Better = "higher"

    def judge(self, value: float) -> str:
        sign = 1 if self.better == "higher" else -1
        if sign * value >= sign * self.aim:
            return "aim"
        return "least" if sign * value >= sign * self.least else "missed"

    def share(self, value: float) -> float:
        """How much of the aim was reached: 1 is all of it, whichever direction is better."""
        if self.better == "higher":
            return value / self.aim if self.aim else 0.0
        return self.aim / value if value else 0.0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the report. With `floor`, its values are the ratios of its rounds to the floor's."""

    name: str
    unit: str
    rounds: Sequence[float]
    floor: Sequence[float] | None = None
    target: Target | None = None
    note: str = ""

    @property
    def measured(self) -> float:
        return statistics.median(self.rounds)

    @property
    def floor_measured(self) -> float | None:
        return statistics.median(self.floor) if self.floor else None

    @property
    def values(self) -> list[float]:
        if self.floor is None:
            return list(self.rounds)
        return [product / floor for product, floor in zip(self.rounds, self.floor, strict=True)]

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        return min(self.values), max(self.values)

    @property
    def verdict(self) -> str:
        return self.target.judge(self.value) if self.target else ""


@dataclass(frozen=True)
class Table:
    """Something to show as it is: where time goes, what the steps were."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


Findings = Sequence[Figure | Table]
