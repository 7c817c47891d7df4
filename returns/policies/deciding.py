"""Who decides on a return that is asked for: the first rule whose conditions all hold.

What the law grants is never declined by a rule: such a return goes to a person at worst.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Verdict = Literal["APPROVE", "REVIEW", "DECLINE", "KEEP_IT"]

WITHDRAWAL = "WITHDRAWAL"
LATE = "It is claimed beyond the terms: a person looks at it."
BY_LAW = "The law grants it: a person decides."
NO_RULE = "No rule fits: a person decides."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the operator's list. `conditions` is as `returns.policies.rule_conditions` checks it, `explanations`
    by language what the customer is told."""

    id: int | None
    name: str
    verdict: Verdict
    explanations: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What is asked for. `value` is what its items cost the customer, in `currency`; `score` that of abuse, up to 100.

    `statutory`: of some item the customer has a right by law that no rule may take. `suspect`: the score is one that
    calls for a person.
    """

    kind: str
    source: str
    method: str
    channel: str
    country: str
    tier: str
    currency: str
    value: Decimal
    units: Decimal
    earlier_returns: int
    reasons: frozenset[str]
    root_causes: frozenset[str]
    resolutions: frozenset[str]
    categories: tuple[frozenset[str], ...]
    """Of each item: its category and those above it."""
    photos: bool = False
    score: int = 0
    suspect: bool = False
    statutory: bool = False
    late: bool = False
    """Of some item the terms' own time is over: it is claimed that it came damaged or wrong."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by which rule (None: by none), and why."""

    verdict: Verdict
    rule: Rule | None
    because: tuple[str, ...]

    @property
    def explanations(self) -> Mapping[str, str]:
        """What the customer is told, by language."""
        return self.rule.explanations if self.rule and self.verdict == self.rule.verdict else {}


def decide_return(rules: Sequence[Rule], facts: RequestFacts) -> Decision:
    """The first rule that fits decides; where none does, a person.

    Who is suspected of abuse is looked at by a person, whatever a rule says. What the law grants is not declined, and
    a declared withdrawal needs nobody's leave: it may be looked at, no more.
    """
    rule = next((each for each in rules if fits_request(each, facts)), None)
    if rule is None:
        return Decision("REVIEW", None, (NO_RULE,))

    because = f"Rule “{rule.name}”."
    if rule.verdict == "DECLINE" and (facts.statutory or facts.kind == WITHDRAWAL):
        return Decision("REVIEW", rule, (because, BY_LAW))
    if rule.verdict != "REVIEW" and facts.late:
        return Decision("REVIEW", rule, (because, LATE))
    if rule.verdict in ("APPROVE", "KEEP_IT") and facts.suspect:
        return Decision("REVIEW", rule, (because, f"Its abuse score is {facts.score}: a person decides."))
    return Decision(rule.verdict, rule, (because,))


def fits_request(rule: Rule, facts: RequestFacts) -> bool:
    """All conditions hold.

    Of what each item has one of its own (reason, root cause, resolution, category) every item must be meant; where a
    person is called, any is enough: the cautious way in both cases.
    """
    any_item = rule.verdict == "REVIEW"
    return all(_holds(name, asked, facts, any_item=any_item) for name, asked in rule.conditions.items())


def _holds(name: str, asked: Any, facts: RequestFacts, *, any_item: bool) -> bool:
    if name in ONE_OF:
        return bool(getattr(facts, ONE_OF[name]) in asked)
    if name in OF_ITEMS:
        return _names(getattr(facts, OF_ITEMS[name]), frozenset(asked), any_item=any_item)
    if name == "category":
        return (any if any_item else all)(bool(path & frozenset(asked)) for path in facts.categories)
    if name in FLAGS:
        return _flag(name, facts) is asked
    if name == "value" and asked.get("currency") != facts.currency:
        return False
    figure = Decimal(getattr(facts, BETWEEN[name]))
    return Decimal(asked.get("at_least", figure)) <= figure <= Decimal(asked.get("at_most", figure))


def _names(had: frozenset[str], asked: frozenset[str], *, any_item: bool) -> bool:
    return bool(had & asked) if any_item else bool(had) and had <= asked


def _flag(name: str, facts: RequestFacts) -> bool:
    return facts.earlier_returns == 0 if name == "first_return" else facts.photos


ONE_OF = {name: name for name in ("kind", "source", "method", "channel", "country", "tier")}
OF_ITEMS = {"reason": "reasons", "root_cause": "root_causes", "resolution": "resolutions"}
BETWEEN = {"value": "value", "units": "units", "score": "score", "earlier_returns": "earlier_returns"}
FLAGS = ("first_return", "photo")
