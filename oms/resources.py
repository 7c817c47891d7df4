"""What events are about, as partners see it: the order, a SKU's stock.

A lower app that tells of an event does not know what its subject looks like; `config/wiring.py` joins each kind of
subject to whoever does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from oms.events import Facts


@dataclass(frozen=True, slots=True)
class Limits:
    """Whose eyes see it; empty: all of them."""

    channels: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.channels or self.warehouses)


@dataclass(frozen=True, slots=True)
class Resource:
    """The JSON of one subject as it is now. `version` is None where the kind counts none."""

    document: orjson.Fragment
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An event as seen by somebody: what it is about, what it says, and the limits of the one who looks."""

    subject: str
    facts: Facts
    limits: Limits


Wanted = tuple[str, Limits]
"""A subject, and for whose eyes."""

Read = Callable[[Sequence[Wanted], datetime], Mapping[Wanted, Resource]]
"""What these look like, in few statements however many they are; what there is not, or is not seen, is left out."""

See = Callable[[Sequence[Mention]], Sequence[bool]]
"""Which of these may be told, in few statements however many they are. Asked only of those that have limits."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is what the resource is called in a message."""

    name: str
    read: Read
    see: See


_kinds: dict[str, Kind] = {}


def connect(kinds: Mapping[str, Kind]) -> None:
    """Say by kind of subject who knows it."""
    _kinds.clear()
    _kinds.update(kinds)


def name_of_kind(subject_kind: str) -> str:
    """What the resource of such a subject is called; "" when nobody knows it."""
    return _kinds[subject_kind].name if subject_kind in _kinds else ""


def read_resources(wanted: Mapping[str, Sequence[Wanted]], *, at: datetime) -> dict[tuple[str, Wanted], Resource]:
    """What is wanted, and given, by kind of subject."""
    return {
        (kind, each): resource
        for kind, named in wanted.items()
        if kind in _kinds
        for each, resource in _kinds[kind].read(named, at).items()
    }


def see_mentions(kind: str, mentions: Sequence[Mention]) -> list[bool]:
    """Who has limits is told of nothing of which nobody knows whether it lies within them."""
    limited = [mention for mention in mentions if mention.limits]
    seen = _kinds[kind].see(limited) if limited and kind in _kinds else [False] * len(limited)
    verdicts = iter(seen)
    return [next(verdicts) if mention.limits else True for mention in mentions]
