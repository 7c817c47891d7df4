"""What a recommender is measured against: the usual three."""

import numpy as np
from scipy import sparse

from upsell.policies.baskets import BasketTable


def rank_by_popularity(table: BasketTable) -> sparse.csr_matrix:
    """Whatever is in the basket: what is sold most. One row, to be given to all."""
    return sparse.csr_matrix(table.counts[None, :])


def count_together(table: BasketTable) -> sparse.csr_matrix:
    """Baskets that hold both."""
    together = (table.matrix.T @ table.matrix).tocsr()
    together.setdiag(0)
    return together


def cosine_of_items(table: BasketTable) -> sparse.csr_matrix:
    """Baskets that hold both, over the geometric mean of those that hold either."""
    scale = sparse.diags(1 / np.sqrt(np.maximum(table.counts, 1)))
    return (scale @ count_together(table) @ scale).tocsr()
