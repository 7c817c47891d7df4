"""How much speaks for offering something with an order: what was learned, and what the day and the customer add."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log1p
from typing import TypeVar

HABIT = 0.1
"""What having bought an item n times before adds: HABIT · ln(1 + n)."""
RECENT = 0.3
"""What pairs since the last training can add at most, together."""
RECENT_HALF = 5.0
"""At this weight they add half of it: one basket of two adds little, ten of them nearly all."""
CATEGORY = 0.05
"""What a category that always goes with one of the order's adds."""
PACE = 0.001
"""What selling fast adds, by ln(1 + units a day): it decides where nothing else does."""


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
class Said:
    """Why something is offered: `code` is bought_with (then of what), bought_before, same_kind or popular."""

    code: str
    sku: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Blend:
    """`score` sorts, and means nothing else."""

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


Candidate = TypeVar("Candidate")


def sort_blended(blended: Iterable[tuple[Blend, str, Candidate]]) -> list[tuple[Blend, str, Candidate]]:
    """Best first; equal scores by SKU, which is the second."""
    return sorted(blended, key=lambda each: (-each[0].score, each[1]))
