"""How much speaks for offering something with an order: what was learned, and what the day and the customer add."""

from dataclasses import dataclass
from math import log1p

HABIT = 0.1
"""What having bought an item n times before adds: HABIT · ln(1 + n)."""
RECENT = 0.1
"""What pairs since the last training can add at most, together: enough for goods that are new since. With more, what
was learned of all others got worse on UCI.
"""
RECENT_HALF = 5.0
"""At this weight they add half of it: one basket of two adds little, ten of them nearly all."""
CATEGORY = 0.05
"""What a category that always goes with one of the order's adds."""
PACE = 0.001
"""What selling fast adds, by ln(1 + units a day): it decides where nothing else does."""

MOST_LEARNED, FEW = 40, 15
"""Candidates that are looked at: of those that were learned the strongest, and of each other layer."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What speaks for a candidate. `learned`: the sum of its strengths; `recent`: of the weights of baskets since;
    `category`: between 0 and 1; `bought`: baskets of this customer; `pace`: units a day.
    """

    learned: float = 0.0
    recent: float = 0.0
    category: float = 0.0
    bought: int = 0
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Blend:
    """`score` sorts, and means nothing else. `code` says why: bought_with, bought_before, same_kind or popular."""

    score: float
    code: str


def blend(layers: Layers) -> Blend:
    """All layers together, and the code of the strongest; what was bought together says it first."""
    together = layers.learned + RECENT * layers.recent / (layers.recent + RECENT_HALF)
    habit = HABIT * log1p(layers.bought)
    category = CATEGORY * layers.category
    code = "bought_with"
    if together < max(habit, category):
        code = "bought_before" if habit >= category else "same_kind"
    if not together and not habit and not category:
        code = "popular"
    return Blend(together + habit + category + PACE * log1p(layers.pace), code)
