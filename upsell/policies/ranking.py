"""What to offer with an order: scored by what is in it and by what this customer bought before, best first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from scipy import sparse

from upsell.policies.affinities import Affinities
from upsell.policies.blending import HABIT


@dataclass(frozen=True, slots=True)
class Ranked:
    """`because`: the item of the order that speaks for it most, "" where only the customer's habit does."""

    item: str
    score: float
    because: str


def rank_items(
    affinities: Affinities,
    basket: Collection[str],
    *,
    bought: Mapping[str, int] | None = None,
    excluded: Collection[str] = (),
    limit: int = 10,
) -> list[Ranked]:
    """At most `limit`, none of the basket or of `excluded`; equal scores by name. Unknown items say nothing."""
    table, strength = affinities.table, affinities.strength
    places = sorted(table.place[item] for item in set(basket) if item in table.place)
    spoken = _rows_of(strength, places)
    scores = np.bincount(spoken.about, weights=spoken.strength, minlength=len(table.items)).astype(float)
    for item, times in (bought or {}).items():
        if (place := table.place.get(item)) is not None:
            scores[place] += HABIT * log1p(times)
    barred = [table.place[item] for item in {*basket, *excluded} if item in table.place]
    scores[barred] = 0

    best = [place for place in _strongest(scores, limit) if scores[place] > 0]
    return [Ranked(table.items[place], float(scores[place]), _speaker(spoken, place, table.items)) for place in best]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What the items of a basket say: `speaker` speaks for `about`, so strongly."""

    speaker: np.ndarray
    about: np.ndarray
    strength: np.ndarray


def _rows_of(strength: sparse.csr_matrix, places: list[int]) -> _Spoken:
    """By hand: slicing a sparse matrix costs more than all the rest."""
    spans = [slice(strength.indptr[place], strength.indptr[place + 1]) for place in places]
    speaker = np.repeat(np.asarray(places, dtype=np.int64), [span.stop - span.start for span in spans])
    about = [strength.indices[span] for span in spans]
    said = [strength.data[span] for span in spans]
    nowhere, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return _Spoken(speaker, np.concatenate([nowhere, *about]), np.concatenate([nothing, *said]))


def _strongest(scores: np.ndarray, limit: int) -> list[int]:
    few = min(limit, len(scores))
    if not few:
        return []
    least = np.partition(scores, -few)[-few]
    candidates = np.flatnonzero(scores >= least)
    return [int(place) for place in candidates[np.argsort(-scores[candidates], kind="stable")][:few]]


def _speaker(spoken: _Spoken, place: int, items: Sequence[str]) -> str:
    """The strongest single reason; "" where none speaks for it."""
    mine = np.flatnonzero(spoken.about == place)
    return items[int(spoken.speaker[mine[spoken.strength[mine].argmax()]])] if len(mine) else ""
