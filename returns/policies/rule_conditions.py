"""Conditions of a return rule as data: what may stand there, and how a person reads it.

{"value": {"at_most": "20.00", "currency": "EUR"}, "root_cause": ["DAMAGED_IN_TRANSIT"], "photo": true}
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from oms.currencies import MINOR_UNITS
from returns.choices import Method, Resolution, RootCause
from returns.policies.deciding import BETWEEN, FLAGS, OF_ITEMS, ONE_OF

Known = Mapping[str, Collection[str]]
"""By condition, the words there are: codes of channels, reasons, categories; none: any word will do."""

WORDS: Known = {
    "kind": ("RETURN", "WITHDRAWAL", "CLAIM"),
    "source": ("PORTAL", "STAFF", "API", "CHANNEL", "IMPORT"),
    "method": tuple(Method),
    "root_cause": tuple(RootCause),
    "resolution": tuple(Resolution),
}
_LISTS = (*ONE_OF, *OF_ITEMS, "category")


def check_conditions(conditions: Any, *, known: Known) -> list[str]:
    """What is wrong, in plain sentences; nothing, where a rule can be asked like that."""
    if not isinstance(conditions, Mapping):
        return ["Conditions are an object in braces."]
    return [fault for name, asked in conditions.items() for fault in _check(name, asked, {**WORDS, **known})]


def _check(name: str, asked: Any, known: Known) -> Iterator[str]:
    if name in _LISTS:
        yield from _check_words(name, asked, known.get(name, ()))
    elif name in FLAGS:
        if not isinstance(asked, bool):
            yield f"“{name}” is true or false."
    elif name in BETWEEN:
        yield from _check_span(name, asked)
    else:
        yield f"There is no condition “{name}”: {', '.join(sorted({*_LISTS, *FLAGS, *BETWEEN}))}."


def _check_words(name: str, asked: Any, known: Collection[str]) -> Iterator[str]:
    if not (isinstance(asked, list) and asked and all(isinstance(word, str) and word for word in asked)):
        yield f"“{name}” is a list of words."
        return
    for word in asked:
        if known and word not in known:
            yield f"“{name}”: there is no {word}."


def _check_span(name: str, asked: Any) -> Iterator[str]:
    allowed = {"at_least", "at_most"} | ({"currency"} if name == "value" else set())
    if not isinstance(asked, Mapping) or not {"at_least", "at_most"} & asked.keys() or asked.keys() - allowed:
        yield f"“{name}” takes “at_least”, “at_most” or both."
        return
    if name == "value" and asked.get("currency") not in MINOR_UNITS:
        yield "“value” needs its “currency”: EUR, USD, …"

    ends = [_read_number(asked[end]) for end in ("at_least", "at_most") if end in asked]
    if None in ends:
        yield f'“{name}”: write numbers, as text: "20.00".'
    elif len(ends) == 2 and ends[0] > ends[1]:  # type: ignore[operator]
        yield f"“{name}” ends before it begins."


def _read_number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def say_conditions(conditions: Mapping[str, Any]) -> str:
    """ "value at most 20.00 EUR; root cause: damaged in transit" """
    return "; ".join(_say(name.replace("_", " "), asked) for name, asked in conditions.items()) or "every return"


def _say(name: str, asked: Any) -> str:
    if isinstance(asked, bool):
        return name if asked else f"no {name}"
    if isinstance(asked, Mapping):
        ends = [f"at {end} {asked[f'at_{end}']}" for end in ("least", "most") if f"at_{end}" in asked]
        return f"{name} {' and '.join(ends)} {asked.get('currency', '')}".strip()
    return f"{name}: {', '.join(map(_say_word, asked))}"


def _say_word(word: str) -> str:
    """A country stays in capitals; a word of ours is read like any other."""
    return word.replace("_", " ").lower() if word.isupper() and len(word) > 3 else word
