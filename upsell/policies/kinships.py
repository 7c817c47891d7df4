"""Which category goes with which: what stands for goods that nobody bought yet."""

import numpy as np
from scipy import sparse

Pull = tuple[int, int, float]
"""A category, one that it speaks for, and how strongly, above 0 and at most 1."""

SHRINKAGE = 10.0
"""Baskets in which nothing would have gone with it: few coincidences say little."""
LEAST = 0.01
MOST = 10
"""Of one category."""


def learn_pulls(orders: np.ndarray, categories: np.ndarray) -> list[Pull]:
    """By how much a basket with something of one category is likelier than any basket to hold something of another:
    P(b | a) − P(b), shrunk. For its own category: something else of it. Lines without a category have 0.
    """
    known = categories > 0
    if not known.any():
        return []
    names, column = np.unique(categories[known], return_inverse=True)
    _, row = np.unique(orders[known], return_inverse=True)
    held = sparse.csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)))
    some, several = held.sign(), (held > 1).astype(np.float32)
    baskets = np.asarray(some.sum(axis=0)).ravel()
    together = np.asarray((some.T @ some).todense())
    np.fill_diagonal(together, np.asarray(several.sum(axis=0)).ravel())

    base = np.diag(together).copy() if some.shape[0] else baskets
    share = baskets / some.shape[0]
    usual = np.tile(share, (len(names), 1))
    np.fill_diagonal(usual, base / some.shape[0])
    pulls = (together - baskets[:, None] * usual) / (baskets[:, None] + SHRINKAGE)
    return [pull for place in range(len(names)) for pull in _strongest(names, pulls[place], place)]


def _strongest(names: np.ndarray, pulls: np.ndarray, place: int) -> list[Pull]:
    best = np.argsort(-pulls, kind="stable")[:MOST]
    return [(int(names[place]), int(names[each]), float(pulls[each])) for each in best if pulls[each] >= LEAST]
