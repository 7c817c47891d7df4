"""A rule's conditions in words, as operators read them in lists."""

from collections.abc import Iterator
from decimal import Decimal

from oms.quantities import plain
from orders.policies.windows.editions import Rule

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_NAMED = 4


def say_conditions(rule: Rule) -> list[str]:
    """Each condition as a phrase; none: the rule fits every order."""
    return [*_say_buyer(rule), *_say_goods(rule), *_say_moment(rule)]


def _say_buyer(rule: Rule) -> Iterator[str]:
    if rule.channels:
        yield f"channel {_or(rule.channels)}"
    if rule.countries:
        yield f"to {_or(rule.countries)}"
    if rule.shipping_methods:
        yield f"sent by {_or(rule.shipping_methods)}"
    if rule.tags:
        yield f"tagged {_or(rule.tags)}"
    if rule.customer_tiers:
        yield f"customer tier {_or(rule.customer_tiers)}"
    if rule.asks_for_value:
        yield f"value {_say_range(rule.value_from, rule.value_below, 'from', 'below')} {rule.currency}"


def _say_goods(rule: Rule) -> Iterator[str]:
    if rule.categories:
        yield f"in category {_or(rule.categories)}"
    if rule.skus:
        yield f"with {_or(rule.skus)}"
    if rule.velocity_tiers:
        yield f"tier {_or(rule.velocity_tiers)}"
    if rule.available_above is not None or rule.available_at_most is not None:
        yield f"{_say_range(rule.available_above, rule.available_at_most, 'more than', 'at most')} available"
    if rule.cover_above is not None or rule.cover_at_most is not None:
        yield f"{_say_range(rule.cover_above, rule.cover_at_most, 'more than', 'at most')} days of cover"


def _say_moment(rule: Rule) -> Iterator[str]:
    if rule.weekdays:
        yield "on " + ", ".join(WEEKDAYS[day - 1] for day in sorted(rule.weekdays))
    if rule.from_time is not None and rule.until_time is not None:
        yield f"{rule.from_time:%H:%M} to {rule.until_time:%H:%M}"
    if rule.cut_off_within is not None:
        yield f"cut-off within {rule.cut_off_within} minutes"


def _or(names: frozenset[str]) -> str:
    """Some names, the rest counted."""
    said = sorted(names)
    shown, more = said[:MOST_NAMED], len(said) - MOST_NAMED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _say_range(floor: Decimal | float | None, ceiling: Decimal | float | None, above: str, below: str) -> str:
    parts = [(above, floor), (below, ceiling)]
    return " and ".join(f"{word} {_figure(bound)}" for word, bound in parts if bound is not None)


def _figure(bound: Decimal | float) -> str:
    return f"{plain(bound) if isinstance(bound, Decimal) else bound:g}"
