"""What cannot be given back: another app's terms say so, and `config/wiring.py` which."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from orders.models import Order
from upsell.policies.excluding import CandidateFacts

Goods = tuple[tuple[str, ...], frozenset[str]]
"""What terms are chosen by: the codes of its categories from the top down, and its tags."""

Read = Callable[[Order, Mapping[int, Goods], datetime], Mapping[int, str]]
"""Of these variants those that the order's buyer could not give back, with the reason's code."""

_reads: list[Read] = []


def connect(read: Read) -> None:
    """Say who knows the terms."""
    _reads[:] = [read]


def read_final_sales(order: Order, candidates: Collection[CandidateFacts], *, at: datetime) -> Mapping[int, str]:
    """By variant; nothing where nobody knows of terms."""
    goods = {each.variant_id: (each.category_path, each.tags) for each in candidates}
    return _reads[0](order, goods, at) if _reads and goods else {}
