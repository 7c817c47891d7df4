"""How good a ranking is: one item of each later basket is hidden, and the rest must find it.

HR@10 is the share of baskets whose hidden item is among the ten offered, MRR the mean of one over its place (0 where it
is none of them), coverage the share of all items that are offered to anybody. All of one run, on the same hidden items.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from upsell.policies.baskets import Basket

OFFERED = 10

Rank = Callable[["Case"], Sequence[str]]
"""The items that would be offered, best first."""


@dataclass(frozen=True, slots=True)
class Case:
    """A basket without its hidden item, and who bought it."""

    basket: frozenset[str]
    hidden: str
    customer: str


@dataclass(frozen=True, slots=True)
class Score:
    """Shares between 0 and 1; milliseconds of one ranking."""

    hit_rate: float
    reciprocal_rank: float
    coverage: float
    milliseconds_p95: float
    cases: int


def hide_items(baskets: Sequence[Basket], *, seed: int) -> list[Case]:
    """One case of each basket of two items or more; the same seed hides the same."""
    dice = random.Random(seed)  # noqa: S311 - nobody has to be unable to guess it
    cases = []
    for basket in baskets:
        items = sorted(basket.items)
        if len(items) > 1:
            hidden = dice.choice(items)
            cases.append(Case(basket.items - {hidden}, hidden, basket.customer))
    return cases


def score_ranking(rank: Rank, cases: Sequence[Case], *, catalogue: int) -> Score:
    """`catalogue`: how many items there are to be offered."""
    hits, reciprocals, offered, taken = 0, 0.0, set[str](), []
    for case in cases:
        began = time.perf_counter()
        answer = list(rank(case))[:OFFERED]
        taken.append(time.perf_counter() - began)
        offered.update(answer)
        if case.hidden in answer:
            hits += 1
            reciprocals += 1 / (1 + answer.index(case.hidden))
    many = max(1, len(cases))
    slowest = sorted(taken)[min(len(taken) - 1, int(0.95 * len(taken)))] if taken else 0.0
    return Score(hits / many, reciprocals / many, len(offered) / max(1, catalogue), 1000 * slowest, len(cases))


def compare_rankings(ranks: Mapping[str, Rank], cases: Sequence[Case], *, catalogue: int) -> dict[str, Score]:
    """Each by its name, in the order given."""
    return {name: score_ranking(rank, cases, catalogue=catalogue) for name, rank in ranks.items()}
