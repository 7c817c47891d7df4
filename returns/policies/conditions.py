"""What becomes of goods that are not as the terms ask.

Opened, what may come back only sealed is not taken back: the law grants nothing of it (Directive 2011/83/EU, article
16(e)). What else is missing lessens what goods are worth, and not the right to return them (article 14(2)): a person
decides.
"""

from collections.abc import Collection
from dataclasses import dataclass

from returns.choices import Condition

ACCEPTED, REJECTED, NEEDS_PERSON = "ACCEPTED", "REJECTED", "NEEDS_PERSON"


@dataclass(frozen=True, slots=True)
class Asked:
    """In what state an item must come back. `sealed_only`: once opened, nothing is taken back of it."""

    conditions: Collection[str]
    sealed_only: bool


def judge_state(asked: Asked, *, unmet: Collection[str], acceptance: str, despite: bool) -> str:
    """What the inspector's word comes to. `despite`: somebody who may decides that it is taken back all the same."""
    broken = set(unmet) & set(asked.conditions)
    if acceptance != ACCEPTED or not broken or despite:
        return acceptance
    return REJECTED if asked.sealed_only and Condition.SEAL_UNBROKEN in broken else NEEDS_PERSON
