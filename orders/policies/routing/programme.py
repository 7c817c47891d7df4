"""Linear and mixed-integer programmes, as HiGHS is asked them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided, None when nothing was found in time; nothing costs less than `bound`."""

    decided: Array | None
    bound: float
    proven: bool


@dataclass(slots=True)
class Programme:
    """Columns and rows as they are written; HiGHS gets them as one sparse matrix."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def column(self, *, cost: float, upper: float = 1.0, whole: bool = True) -> int:
        """Something to decide: a number from 0 to `upper`."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def row(self, terms: Mapping[int, float], *, least: float = -math.inf, most: float = math.inf) -> int:
        """least ≤ the sum of the terms ≤ most."""
        self.rows += [len(self.least)] * len(terms)
        self.places += terms.keys()
        self.factors += terms.values()
        self.least.append(least)
        self.most.append(most)
        return len(self.least) - 1

    def solve(self, *, seconds: float, gap: float = 0.0) -> Answer:
        """`gap`: what is proven to be so close to the best, as a share of it, is good enough."""
        if not self.costs:
            return Answer(np.zeros(0), 0.0, proven=True)
        limits = LinearConstraint(self._matrix(), np.array(self.least), np.array(self.most))
        found = milp(
            np.array(self.costs),
            integrality=np.array(self.whole),
            bounds=Bounds(0, np.array(self.uppers)),
            constraints=limits if self.least else None,
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
        )
        bound = -math.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        return Answer(found.x, bound, proven=found.status == 0)

    def price_rows(self, *, seconds: float) -> tuple[Array, Array] | None:
        """What a unit more of each row's limit would save, were every column divisible, and how much of each column is
        then taken; None when time ran out.

        Rows are either sums that must be met (least = most) or sums with a most.
        """
        matrix, most = self._matrix(), np.array(self.most)
        met = np.array(self.least) == most
        found = linprog(
            np.array(self.costs),
            A_ub=matrix[~met],
            b_ub=most[~met],
            A_eq=matrix[met],
            b_eq=most[met],
            bounds=(0, None),
            method="highs",
            options={"time_limit": max(seconds, 0.01)},
        )
        if found.status != 0:
            return None
        prices = np.empty(len(most))
        prices[~met], prices[met] = -found.ineqlin.marginals, found.eqlin.marginals
        return prices, found.x

    def _matrix(self) -> csr_array:
        return csr_array((self.factors, (self.rows, self.places)), shape=(len(self.least), len(self.costs)))
