"""Which terms an item falls under: the most specific row that fits it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from returns.policies.terms.rows import SCOPE, ItemFacts, Terms

Specificity = tuple[int, ...]
Paths = Mapping[str, tuple[str, ...]]
"""Each category's code with its path from the top down to itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The row that governs, None where none fits. `ties` are others as specific as it: an operator's oversight."""

    terms: Terms | None
    ties: tuple[Terms, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rows that fit some of the same goods. `tied`: neither is more specific; else `winner` is, though neither
    is a case of the other."""

    winner: Terms
    loser: Terms
    tied: bool


def choose_terms(terms: Sequence[Terms], item: ItemFacts) -> Choice:
    """The most specific row that fits; among rows as specific as each other the one that gives the customer more."""
    return choose_ranked(rank_terms(terms, item), item)


def rank_terms(terms: Sequence[Terms], item: ItemFacts) -> list[tuple[Specificity, Terms]]:
    """The rows that fit where and to whom it was sold, not looking at the goods; for `choose_ranked`, many times.

    How specific a row's category is depends on how deep it lies, which only an item below it tells: it is not in it.
    """
    rows = [(count_scope(each), each) for each in terms if _fits_sale(each, item)]
    return sorted(rows, key=lambda row: (tuple(-part for part in row[0]), _generosity(row[1])))


def choose_ranked(ranked: Sequence[tuple[Specificity, Terms]], item: ItemFacts) -> Choice:
    """As `choose_terms`, of rows that `rank_terms` has put in order for this sale."""
    fitting: list[Terms] = []
    best: Specificity = ()
    for specificity, each in ranked:
        if fitting and specificity != best:
            break
        if _fits_goods(each, item):
            best = specificity
            fitting.append(each)
    if not fitting:
        return Choice(None)
    depth = max(_depth(each, item) for each in fitting)
    deepest = [each for each in fitting if _depth(each, item) == depth]
    return Choice(deepest[0], tuple(deepest[1:]))


def count_scope(terms: Terms) -> Specificity:
    """How specific a row is: how many fields its scope names, then which, the most telling first."""
    named = tuple(int(bool(getattr(terms, name))) for name in SCOPE)
    return (sum(named), *named)


def find_conflicts(terms: Sequence[Terms], paths: Paths) -> Iterator[Conflict]:
    """Pairs with different outcomes where an operator may be surprised which one wins; ties first."""
    pairs = [(one, other) for place, one in enumerate(terms) for other in terms[:place] if _meet(one, other, paths)]
    found = [_compare(one, other, paths) for one, other in pairs if say_outcome(one) != say_outcome(other)]
    yield from sorted((each for each in found if each), key=lambda each: not each.tied)


def covers(wide: Terms, narrow: Terms, paths: Paths) -> bool:
    """True when all that fits the narrow row fits the wide one."""
    return all(_covers_field(name, getattr(wide, name), getattr(narrow, name), paths) for name in SCOPE)


def say_outcome(terms: Terms) -> tuple[object, ...]:
    """All that a row gives, apart from its name and scope."""
    return tuple(getattr(terms, name) for name in Terms.__dataclass_fields__ if name not in {"id", "name", *SCOPE})


def _compare(one: Terms, other: Terms, paths: Paths) -> Conflict | None:
    """Nothing is in conflict where one row is plainly a case of the other."""
    key = {each.id: (*count_scope(each), len(paths.get(each.category, ()))) for each in (one, other)}
    winner, loser = sorted((one, other), key=lambda each: (tuple(-part for part in key[each.id]), _generosity(each)))
    tied = key[one.id] == key[other.id]
    if not tied and covers(loser, winner, paths):
        return None
    return Conflict(winner, loser, tied)


def _fits_sale(terms: Terms, item: ItemFacts) -> bool:
    return (
        terms.channel in ("", item.channel)
        and terms.country in ("", item.country)
        and terms.customer_tier.casefold() in ("", item.tier.casefold())
    )


def _fits_goods(terms: Terms, item: ItemFacts) -> bool:
    return (not terms.category or terms.category in item.category) and (
        not terms.product_tag or terms.product_tag in item.tags
    )


def _depth(terms: Terms, item: ItemFacts) -> int:
    return item.category.index(terms.category) if terms.category else 0


def _generosity(terms: Terms) -> tuple[object, ...]:
    """Sorts the row first that gives more: unclear terms are read for whoever did not write them."""
    return (not terms.takes_back, -terms.days, terms.restocking_percent, terms.label_fee, terms.id)


def _meet(one: Terms, other: Terms, paths: Paths) -> bool:
    """True when some goods fit both: a product can have two tags, but all else only once."""
    for name in ("channel", "country", "customer_tier"):
        if getattr(one, name) and getattr(other, name) and getattr(one, name) != getattr(other, name):
            return False
    above, below = paths.get(one.category, (one.category,)), paths.get(other.category, (other.category,))
    return not one.category or not other.category or one.category in below or other.category in above


def _covers_field(name: str, wide: str, narrow: str, paths: Paths) -> bool:
    if not wide or wide == narrow:
        return True
    return name == "category" and bool(narrow) and wide in paths.get(narrow, ())
