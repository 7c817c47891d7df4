"""Rules that can never win, and rules that get in each other's way.

What is called dead here is dead for every order there can be. Not every dead rule is found: that several earlier rules
together leave nothing for a later one is not looked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any, Literal

from orders.policies.windows.editions import SETS, WORDS, Edition, Rule
from orders.policies.windows.rules import say_outcome

Kind = Literal["impossible", "covered", "contradicts", "overlaps"]

ONE_VALUED = ("channels", "countries", "shipping_methods", "velocity_tiers", "customer_tiers", "weekdays")
"""Conditions on what an order has one of; of tags, categories and SKUs it can have any number."""
FLOORS = ("available_above", "cover_above", "value_from")
CEILINGS = ("available_at_most", "cover_at_most", "value_below")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an operator should look at. `other` is the earlier rule, where two are concerned."""

    kind: Kind
    rule: Rule
    sentence: str
    other: Rule | None = None


def find_dead_rules(edition: Edition) -> list[Finding]:
    """Active rules that never win: their own conditions exclude each other, or an earlier rule takes all they fit.

    Of the latter, one that fits the same orders and gives them another window contradicts the earlier rule.
    """
    lists = [edition.rules, *(campaign.rules for campaign in edition.campaigns)]
    return [finding for rules in lists for finding in _find_dead(edition, _active(rules))]


def find_overlaps(edition: Edition) -> list[Finding]:
    """Pairs of living rules that fit some of the same orders, neither only what the other fits, with different
    windows: there the order of the list decides, which may be meant."""
    dead = {id(finding.rule) for finding in find_dead_rules(edition)}
    found = []
    for rules in (edition.rules, *(campaign.rules for campaign in edition.campaigns)):
        living = [rule for rule in _active(rules) if id(rule) not in dead]
        for place, rule in enumerate(living):
            found += [_overlap(rule, earlier) for earlier in living[:place] if _cross(earlier, rule)]
    return found


def _active(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.active]


def _find_dead(edition: Edition, rules: Sequence[Rule]) -> Iterator[Finding]:
    possible: list[Rule] = []
    for rule in rules:
        if reason := find_contradiction(edition, rule):
            yield Finding("impossible", rule, f"“{rule.name}” fits no order: {reason}.")
            continue
        if earlier := next((each for each in possible if covers(each, rule)), None):
            yield _covered(rule, earlier)
        possible.append(rule)


def _covered(rule: Rule, earlier: Rule) -> Finding:
    if covers(rule, earlier) and rule.outcome != earlier.outcome:
        said = f"“{rule.name}” contradicts “{earlier.name}”: the same orders, but {say_outcome(rule)} instead of "
        return Finding("contradicts", rule, f"{said}{say_outcome(earlier)}. The earlier one always wins.", earlier)
    said = f"“{rule.name}” never wins: “{earlier.name}” above it takes every order it fits."
    return Finding("covered", rule, said, earlier)


def _overlap(rule: Rule, earlier: Rule) -> Finding:
    said = f"Some orders fit both “{earlier.name}” and “{rule.name}”; they get {say_outcome(earlier)}, the earlier."
    return Finding("overlaps", rule, said, earlier)


def find_contradiction(edition: Edition, rule: Rule) -> str:
    """Why no order can fit the rule, "" when one might."""
    if rule.available_at_most is not None and rule.available_at_most <= 0:
        return "an order that takes the last unit is never given a window"
    if rule.cover_at_most is not None and rule.cover_at_most <= 0:
        return "an order that takes the last unit is never given a window"
    if _crossed(rule.available_above, rule.available_at_most):
        return "more than it asks for is more than it allows of available stock"
    if _crossed(rule.cover_above, rule.cover_at_most):
        return "more than it asks for is more than it allows of days of cover"
    if _crossed(rule.value_from, rule.value_below):
        return "its value ends before it begins"
    if rule.from_time is not None and rule.from_time == rule.until_time:
        return "its span of the day is empty"
    if rule.cut_off_within == 0:
        return "the next cut-off is always still to come"
    return _find_tier_contradiction(edition, rule)


def _crossed(floor: Any, ceiling: Any) -> bool:
    return floor is not None and ceiling is not None and floor >= ceiling


def _find_tier_contradiction(edition: Edition, rule: Rule) -> str:
    """Stock above a floor lasts at most so long only if something sells fast enough."""
    if not rule.velocity_tiers:
        return ""
    ends = [float("inf"), *(tier.from_units_a_day for tier in edition.tiers)]
    reach = [end for tier, end in zip(edition.tiers, ends, strict=False) if tier.code in rule.velocity_tiers]
    if not reach:
        return f"there is no tier {', '.join(sorted(rule.velocity_tiers))}"
    if rule.available_above is None or rule.cover_at_most is None:
        return ""
    if max(reach) * rule.cover_at_most * 1.000001 < float(rule.available_above):  # a float's breath away is not sure
        return "what sells so slowly, and is so plenty, lasts longer"
    return ""


def covers(earlier: Rule, later: Rule) -> bool:
    """True when every order that fits the later rule fits the earlier one: condition by condition."""
    return (
        all(_covers_set(getattr(earlier, name), getattr(later, name)) for name in (*SETS, *WORDS, "weekdays"))
        and all(_covers_floor(getattr(earlier, name), getattr(later, name)) for name in FLOORS)
        and all(_covers_ceiling(getattr(earlier, name), getattr(later, name)) for name in (*CEILINGS, "cut_off_within"))
        and (not earlier.asks_for_value or earlier.currency == later.currency)
        and _covers_span(earlier, later)
    )


def _covers_set(earlier: frozenset, later: frozenset) -> bool:
    """Any of some values is asked for; none named: all are right."""
    return not earlier or (bool(later) and later <= earlier)


def _covers_floor(earlier: Decimal | float | None, later: Decimal | float | None) -> bool:
    return earlier is None or (later is not None and later >= earlier)


def _covers_ceiling(earlier: Decimal | float | None, later: Decimal | float | None) -> bool:
    return earlier is None or (later is not None and later <= earlier)


def _covers_span(earlier: Rule, later: Rule) -> bool:
    if earlier.from_time is None:
        return True
    if later.from_time is None:
        return False
    wide = _parts(earlier)
    return all(any(begin <= start and end <= stop for begin, stop in wide) for start, end in _parts(later))


def _parts(rule: Rule) -> list[tuple[float, float]]:
    """The span in seconds of the day; one that passes midnight has two parts."""
    assert rule.from_time is not None and rule.until_time is not None, "the database keeps both or none"
    start, end = _seconds(rule.from_time), _seconds(rule.until_time)
    if start <= end:
        return [(start, end)]
    return [part for part in ((start, 86_400.0), (0.0, end)) if part[0] < part[1]]


def _seconds(clock: time) -> float:
    return clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6


def _cross(one: Rule, other: Rule) -> bool:
    """Different windows for some of the same orders, and each fits orders that the other does not."""
    return one.outcome != other.outcome and not covers(one, other) and not covers(other, one) and meet(one, other)


def meet(one: Rule, other: Rule) -> bool:
    """True unless it is plain that no order fits both."""
    for name in ONE_VALUED:
        left, right = getattr(one, name), getattr(other, name)
        if left and right and left.isdisjoint(right):
            return False
    if one.asks_for_value and other.asks_for_value and one.currency != other.currency:
        return False
    for floor, ceiling in zip(FLOORS, CEILINGS, strict=True):
        if _crossed(getattr(one, floor), getattr(other, ceiling)):
            return False
        if _crossed(getattr(other, floor), getattr(one, ceiling)):
            return False
    if one.from_time is None or other.from_time is None:
        return True
    return any(start < stop and begin < end for start, end in _parts(one) for begin, stop in _parts(other))
