"""Is what was learned good enough to be used? Tried on the newest baskets, which it did not learn from."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from heapq import nlargest
from math import sqrt
from typing import Any

import numpy as np
from scipy import sparse

from upsell.policies.affinities import Affinities
from upsell.policies.baselines import cosine_of_items, rank_by_popularity
from upsell.policies.baskets import Basket, BasketTable, count_purchases
from upsell.policies.blending import FEW, MOST_LEARNED, Layers, blend
from upsell.policies.evaluating import OFFERED, Case, Rank, compare_rankings, hide_items

LATER_SHARE = 0.1
"""Of all baskets: the newest are put to the test."""
MOST_CASES = 500
SEED = 6
MARGIN = 0.8
"""Of the hit rate of another: below it, and by more than chance, a recommender is clearly worse."""
ERRORS = 2.0
"""Standard errors that chance is given."""
OURS = "ours"

Figures = Mapping[str, Any]
"""By ranking: hit_rate, reciprocal_rank, coverage, milliseconds_p95, cases."""


def try_out(
    learn: Callable[[BasketTable], Affinities], table: BasketTable, taught: Sequence[Basket], later: Sequence[Basket]
) -> Figures:
    """What is learned of the table, against popularity and item cosine; {} where nothing later can be asked."""
    cases = hide_items(later[-MOST_CASES:], seed=SEED)
    if not cases:
        return {}
    ranks: dict[str, Rank] = {
        "popularity": rank_all_alike(table),
        "item cosine": rank_by(table, cosine_of_items(table)),
        OURS: rank_as_product(learn(table), count_purchases(taught)),
    }
    scores = compare_rankings(ranks, cases, catalogue=len(table.items))
    return {name: asdict(score) for name, score in scores.items()}


def is_clearly_worse(figures: Figures, than: Figures) -> bool:
    """Both as rankings have them: a fifth fewer hits, and by more than chance. Nothing is worse than no figures."""
    if not figures or not than:
        return False
    mine, theirs = figures["hit_rate"], than["hit_rate"]
    spread = sqrt(_variance(figures) + _variance(than))
    return bool(mine < MARGIN * theirs and theirs - mine > ERRORS * spread)


def _variance(figures: Figures) -> float:
    rate, cases = figures["hit_rate"], max(1, figures["cases"])
    return float(rate * (1 - rate) / cases)


def rank_as_product(affinities: Affinities, bought: Mapping[str, Mapping[str, int]]) -> Rank:
    """Just as offers are ranked (`upsell/queries/ranked.py`), but for stock, prices and what is excluded."""
    table, strength = affinities.table, affinities.strength
    indices, data = strength.indices.tolist(), strength.data.tolist()
    spans = {item: slice(strength.indptr[place], strength.indptr[place + 1]) for item, place in table.place.items()}

    def rank(case: Case) -> list[str]:
        learned: dict[int, float] = {}
        for item in sorted(case.basket):
            if span := spans.get(item):
                for about, said in zip(indices[span], data[span], strict=True):
                    learned[about] = learned.get(about, 0.0) + said
        habits = bought.get(case.customer, Counter[str]())
        chosen = {table.items[place] for place in nlargest(MOST_LEARNED, learned, key=lambda place: learned[place])}
        chosen |= set(nlargest(FEW, habits, key=lambda item: (habits[item], item)))
        scores = {
            item: blend(Layers(learned.get(table.place.get(item, -1), 0.0), bought=habits.get(item, 0))).score
            for item in chosen - case.basket
        }
        return nlargest(OFFERED, sorted(scores), key=lambda item: scores[item])

    return rank


def rank_by(table: BasketTable, strength: sparse.csr_matrix) -> Rank:
    """By the sum of what each item of the basket says."""

    def rank(case: Case) -> list[str]:
        places = [table.place[item] for item in case.basket if item in table.place]
        scores = np.asarray(strength[places].sum(axis=0)).ravel() if places else np.zeros(len(table.items))
        return _best(table, scores, places)

    return rank


def rank_all_alike(table: BasketTable) -> Rank:
    """By popularity."""
    scores = rank_by_popularity(table).toarray().ravel()
    return lambda case: _best(table, scores, [table.place[item] for item in case.basket if item in table.place])


def _best(table: BasketTable, scores: np.ndarray, places: list[int]) -> list[str]:
    left = scores.copy()
    left[places] = 0
    return [table.items[place] for place in np.argsort(-left, kind="stable")[:OFFERED] if left[place] > 0]
