"""Chance that falls the same way whenever the same words ask for it."""

from collections.abc import Mapping
from random import Random


def roll(*words: object) -> Random:
    """Dice for one thing that is left to chance: what is rolled for it leaves everything else alone."""
    return Random("/".join(str(word) for word in words))  # noqa: S311 - it invents, it guards nothing


def pick(dice: Random, weights: Mapping[str, int]) -> str:
    """One of the names, as often as its weight says."""
    return dice.choices(list(weights), list(weights.values()))[0]
