"""Which item goes with which: learned from baskets, kept as the strongest neighbours of each item.

For the items that are sold most, a linear model of the whole basket is solved in closed form (H. Steck, "Embarrassingly
Shallow Autoencoders for Sparse Data", WWW 2019): what two items have in common only because both go with a third is
taken out, which plain co-purchase cannot do. Its ridge is the shrinkage; weighting a basket by one over the square root
of its size keeps wholesale orders of hundreds of lines from deciding everything; dividing each column by its own
diagonal corrects for popularity. The long tail, too large for a closed form, has cosines of the same weighted counts.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from upsell.policies.baskets import BasketTable

RIDGE = 5.0
DENSEST = 4_000
"""Items in the closed form: its memory grows with their square (64 MB for each of three matrices), its time with the
cube (about ten seconds on one core).
"""
NEIGHBORS = 30
BAND = 256
"""Rows that are looked through together."""
HALF_LIFE_DAYS = 730.0
"""A basket counts half after so long: fashions pass, and season's goods come again after a year."""


@dataclass(frozen=True, slots=True)
class Affinities:
    """`strength[i, j]`: how much having i speaks for j; 0 where it says nothing. At most `NEIGHBORS` a row."""

    table: BasketTable
    strength: sparse.csr_matrix


def learn_affinities(
    table: BasketTable, *, ages: np.ndarray | None = None, ridge: float = RIDGE, densest: int = DENSEST
) -> Affinities:
    """`ages`: days since each basket was bought; None: all count the same."""
    weights = _weigh(table, ages)
    weighted = sparse.diags(weights) @ table.matrix
    together = (weighted.T @ table.matrix).tocsr()

    popular = np.sort(np.argsort(-table.counts, kind="stable")[:densest])
    strength = _solve(together, popular, ridge) if len(popular) else sparse.csr_matrix(together.shape, dtype=np.float32)
    if len(popular) < len(table.items):
        strength = strength + _cosines(together, leave_out=popular)
    return Affinities(table, strength.tocsr())


def _weigh(table: BasketTable, ages: np.ndarray | None) -> np.ndarray:
    weights: np.ndarray = 1 / np.sqrt(np.maximum(table.sizes, 1))
    return weights if ages is None else weights * np.exp2(-np.asarray(ages, dtype=np.float32) / HALF_LIFE_DAYS)


def _solve(together: sparse.csr_matrix, popular: np.ndarray, ridge: float) -> sparse.csr_matrix:
    """The closed form among the popular items: B = I − P · diag(1 / diag P), where P = (XᵀWX + ridge · I)⁻¹."""
    size = together.shape[0]
    gram = np.asfortranarray(together[popular][:, popular].toarray())
    gram[np.diag_indices_from(gram)] += ridge
    factor, _ = linalg.lapack.spotrf(gram, lower=1, overwrite_a=1)
    inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    found = _keep_strongest(inverse)
    return sparse.csr_matrix((found.data, (popular[found.row], popular[found.col])), shape=(size, size))


def _keep_strongest(inverse: np.ndarray) -> sparse.coo_matrix:
    """Of each row of B the strongest above zero, a band of rows at a time. Of P only the lower half is given."""
    size = len(inverse)
    diagonal = np.diag(inverse).copy()
    kept = min(NEIGHBORS, size)
    rows, columns, values = [], [], []
    for start in range(0, size, BAND):
        band = slice(start, min(start + BAND, size))
        strength = -np.where(np.tri(band.stop - start, size, start, dtype=bool), inverse[band], inverse[:, band].T)
        strength /= diagonal
        strength[np.arange(band.stop - start), np.arange(start, band.stop)] = 0
        strongest = np.argpartition(-strength, kept - 1, axis=1)[:, :kept]
        values.append(np.take_along_axis(strength, strongest, axis=1).ravel())
        columns.append(strongest.ravel())
        rows.append(np.repeat(np.arange(start, band.stop), kept))
    row, column, value = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    good = value > 0
    return sparse.coo_matrix((value[good], (row[good], column[good])), shape=inverse.shape)


def _cosines(together: sparse.csr_matrix, *, leave_out: np.ndarray) -> sparse.csr_matrix:
    """For pairs of which not both are in the closed form."""
    pairs = together.tocoo()
    scale = np.sqrt(together.diagonal())
    inside = np.zeros(together.shape[0], dtype=bool)
    inside[leave_out] = True
    wanted = (pairs.row != pairs.col) & ~(inside[pairs.row] & inside[pairs.col])
    row, col = pairs.row[wanted], pairs.col[wanted]
    values = pairs.data[wanted] / (scale[row] * scale[col])
    order = np.lexsort((col, -values, row))
    row, col, values = row[order], col[order], values[order]
    first = np.searchsorted(row, row)
    kept = np.arange(len(row)) - first < NEIGHBORS
    return sparse.csr_matrix((values[kept], (row[kept], col[kept])), shape=together.shape)
