"""What changed terms would mean for what was bought lately: the same few statements for any number of orders."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orders.models import Order, OrderLine
from orders.queries.windows.facts import read_category_tree
from returns.policies.terms.choosing import choose_terms, say_outcome
from returns.policies.terms.rows import ItemFacts, Terms, read_terms
from returns.policies.terms.statutes import Statute, find_statute
from returns.policies.terms.summaries import say_difference
from returns.queries.eligibility import remember_choices
from returns.queries.terms import path_of
from returns.queries.terms_rows import Document, describe_terms

RECENT = 500
MOST_NAMED = 5


@dataclass(slots=True)
class TermsChange:
    """Lines that would get other terms: which they get now, which then, and some of their orders."""

    before: str
    after: str
    lines: int = 0
    orders: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TermsPreview:
    """`ties`: pairs of rows between which nothing but generosity decides, with the lines they fit."""

    orders: int
    lines: int
    changes: Sequence[TermsChange]
    ties: Mapping[tuple[str, str], int]

    @property
    def changed(self) -> int:
        return sum(change.lines for change in self.changes)


@dataclass(frozen=True, slots=True)
class _Sold:
    number: str
    facts: ItemFacts
    statute: Statute | None


def preview_terms(proposed: Document, *, at: datetime, limit: int = RECENT) -> TermsPreview:
    """The lines of the newest orders, as if they were bought now, with goods filed as they are; three statements."""
    now, then = read_terms(describe_terms()["terms"]), read_terms(proposed["terms"])
    sold = _read_sold(at=at, limit=limit)
    changes: dict[tuple[str, str], TermsChange] = {}
    ties: dict[tuple[str, str], int] = defaultdict(int)
    judged: dict[ItemFacts, tuple[Terms, Terms, Sequence[Terms]]] = {}
    for each in sold:
        if each.facts not in judged:
            judged[each.facts] = _judge(now, then, each)
        before, after, tied = judged[each.facts]
        for other in tied:
            ties[after.name, other.name] += 1
        if say_outcome(before) != say_outcome(after):
            _count(changes, before, after, each.number)
    ordered = sorted(changes.values(), key=lambda change: -change.lines)
    return TermsPreview(len({each.number for each in sold}), len(sold), ordered, dict(ties))


def _judge(now: Sequence[Terms], then: Sequence[Terms], sold: _Sold) -> tuple[Terms, Terms, Sequence[Terms]]:
    before = remember_choices(now, sold.statute)(sold.facts)
    choice = choose_terms(then, sold.facts)
    return before, choice.terms or remember_choices((), sold.statute)(sold.facts), choice.ties


def _count(changes: dict[tuple[str, str], TermsChange], before: Terms, after: Terms, number: str) -> None:
    key = say_difference(before, after)
    change = changes.setdefault(key, TermsChange(*key))
    change.lines += 1
    if number not in change.orders and len(change.orders) < MOST_NAMED:
        change.orders.append(number)


def _read_sold(*, at: datetime, limit: int) -> list[_Sold]:
    recent = Order.objects.filter(test=False).order_by("-placed_at", "-id").values_list("id", flat=True)[:limit]
    rows = (
        OrderLine.objects.filter(order__in=list(recent), variant__isnull=False)
        .order_by("-order__placed_at", "-order", "position")
        .values(
            "order__number", "order__country", "order__channel__code", "order__customer__tier",
            "variant__product__category_id", "variant__product__tags",
        )
    )  # fmt: skip
    tree = read_category_tree()
    return [_Sold(row["order__number"], facts := _facts(row, tree), find_statute(facts.country, at)) for row in rows]


def _facts(row: Mapping[str, Any], tree: Mapping[int, tuple[str, int | None]]) -> ItemFacts:
    return ItemFacts(
        path_of(row["variant__product__category_id"], tree),
        frozenset(row["variant__product__tags"]),
        row["order__channel__code"],
        row["order__country"],
        row["order__customer__tier"] or "",
    )
