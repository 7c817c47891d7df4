"""Exceptions: what is not clean and waits for a person, in one queue for all apps.

Each type has a question, "what is wrong now": a query over its own rows. It is asked every minute, and at once when
something was announced that may have changed the answer. What is new is opened, what is gone closes itself, so nothing
is lost and nothing stays for ever. `config/wiring.py` alone says which types there are; this app knows none of them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from oms.events import Event


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row's trouble in words. `subject` is what people call it, `cause` one sentence."""

    subject_kind: str
    subject: str
    cause: str
    since: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ExceptionType:
    """One kind of trouble. `hours` are the working hours within which it should be solved.

    `find` gives the rows that are in trouble at a moment, however many, with all that `describe` needs: it is asked
    for each of them, and must not ask the database. `heard` are the events after which one looks at once. Of a
    `dismissible` one a person may say that nothing need be done; the others end with their cause alone.
    """

    code: str
    title: str
    hours: float
    find: Callable[[datetime], QuerySet[Any]]
    describe: Callable[[Any], Trouble]
    heard: Collection[type[Event]] = ()
    dismissible: bool = False


_types: dict[str, ExceptionType] = {}


def connect(types: Sequence[ExceptionType]) -> None:
    """Say which types there are, in the order in which they are shown."""
    _types.clear()
    _types.update({each.code: each for each in types})


def known_types() -> list[ExceptionType]:
    return list(_types.values())


def find_type(code: str) -> ExceptionType | None:
    """The type, or None when the code no longer has it."""
    return _types.get(code)


def types_that_hear(events: Collection[type[Event]]) -> list[ExceptionType]:
    return [each for each in _types.values() if set(each.heard) & set(events)]


def say_type(code: str) -> str:
    """Its title; of one that the code no longer has, its bare name."""
    return _types[code].title if code in _types else code.replace("_", " ").capitalize()
