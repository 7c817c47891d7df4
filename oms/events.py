"""Events: what happened, said once, in the transaction in which it happened.

`publish` writes one EventRecord a event: that row is the audit trail, the timeline and the outbox. Who listens is
joined in one place, `config/wiring.py`: TOGETHER reactions run at once, in the same transaction; for AFTERWARDS
reactions a Delivery row is written beside the event and worked off after the commit (`oms/actions/delivering.py`).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import orjson
from django.db import transaction

from oms.errors import Raced
from oms.sql import fetch_all, fetch_one

Facts = Mapping[str, Any]


class OutsideTransaction(RuntimeError):
    """An event was published with no transaction to share its fate with."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to `subject`. Subclasses name it: a past participle and a dotted `type`.

    `public`: partners may hear of it, by webhook and in the log of events. What is not said to be, stays in the house.
    """

    type: ClassVar[str]
    subject_kind: ClassVar[str]
    public: ClassVar[bool] = False

    subject: str
    by: str
    at: datetime
    facts: Facts = field(default_factory=dict)


Reaction = Callable[[Sequence[Any]], None]
"""Takes events of one class, in the order they were published."""

Wiring = Mapping[type[Event], Sequence[Reaction]]


@dataclass
class _Board:
    """Who is connected to what; filled once, when the project starts."""

    classes: dict[str, type[Event]] = field(default_factory=dict)
    together: dict[str, list[Reaction]] = field(default_factory=dict)
    afterwards: dict[str, list[str]] = field(default_factory=dict)
    by_name: dict[str, Reaction] = field(default_factory=dict)
    at_once: set[str] = field(default_factory=set)
    wake: Callable[[], None] = lambda: None


_board = _Board()


def connect(
    *, together: Wiring, afterwards: Wiring, at_once: Collection[Reaction] = (), wake: Callable[[], None]
) -> None:
    """Join events to reactions; `wake` is called after a commit that left deliveries behind.

    Those of `at_once` are told of all that waits for them together, and must take any number of events.
    """
    _board.together = {cls.type: list(reactions) for cls, reactions in together.items()}
    _board.afterwards = {cls.type: list(map(name_of, reactions)) for cls, reactions in afterwards.items()}
    _board.by_name = {name_of(reaction): reaction for reactions in afterwards.values() for reaction in reactions}
    _board.at_once = set(map(name_of, at_once))
    _board.classes = {cls.type: cls for cls in [*together, *afterwards]}
    _board.wake = wake


def name_of(reaction: Reaction) -> str:
    """A reaction's name in the database: module and function."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


def reaction_named(name: str) -> Reaction | None:
    """The reaction a Delivery names, or None when the code no longer has it."""
    return _board.by_name.get(name)


def hears_all_at_once(name: str) -> bool:
    return name in _board.at_once


def event_class(type_: str) -> type[Event] | None:
    return _board.classes.get(type_)


def public_types() -> list[str]:
    """The types of which partners may hear, in alphabetical order."""
    return sorted(cls.type for cls in _kinds_of(Event) if "type" in vars(cls) and cls.public)


def _kinds_of(cls: type[Event]) -> Iterator[type[Event]]:
    for child in cls.__subclasses__():
        yield child
        yield from _kinds_of(child)


def as_json(value: Any) -> str:
    """Facts as they are stored: moments as RFC 3339, decimals as strings."""
    return orjson.dumps(value, default=str).decode()


def require_transaction(what: str) -> None:
    """Raises:
    OutsideTransaction: what follows could be left half done.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{what} must be written inside a transaction.")


def publish(events: Sequence[Event]) -> None:
    """Record the events, queue what must follow, and run what must happen together with them.

    Raises:
        OutsideTransaction: there is no open transaction.
        Raced: another transaction recorded an event of the same subject first.
    """
    if events:
        finish_telling(events, *fetch_one(_RECORD, recording_of(events)))


def finish_telling(events: Sequence[Event], recorded: int, queued: int) -> None:
    """What `publish` does once `RECORDING` was run for the events: wake who delivers, run what must happen together.

    Raises:
        Raced: as above.
    """
    if recorded != len(events):
        raise Raced("Another transaction recorded an event of the same subject first.")
    if queued:
        _wake_once()
    _react(events)


def first_rows(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The records of subjects that are being made by the same statement: the hot path writes them with their rows.

    Nobody can have said anything of them before, so their sequence counts from 1. `follow` must come after; or, where
    the records' ids were drawn before, `first_deliveries` goes along and `follow_first` comes after.
    """
    said: Counter[tuple[str, str]] = Counter()
    rows = []
    for event in events:
        said[event.subject_kind, event.subject] += 1
        rows.append(_row(event) | {"sequence": said[event.subject_kind, event.subject]})
    return rows


def follow(events: Sequence[Event], record_ids: Sequence[int]) -> None:
    """What `publish` does once the records stand: queue what must follow, run what must happen together with them."""
    if waiting := first_deliveries(events, record_ids):
        records, reactions = zip(*(row.values() for row in waiting), strict=True)
        fetch_all(_QUEUE, {"records": list(records), "reactions": list(reactions)})
    follow_first(events)


def first_deliveries(events: Sequence[Event], record_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The deliveries of records with these ids, to be written with them."""
    return [
        {"event_id": record, "reaction": reaction}
        for event, record in zip(events, record_ids, strict=True)
        for reaction in _board.afterwards.get(event.type, ())
    ]


def follow_first(events: Sequence[Event]) -> None:
    """What `publish` does once records and deliveries stand: wake who delivers, run what must happen together."""
    if any(_board.afterwards.get(event.type) for event in events):
        _wake_once()
    _react(events)


def _react(events: Sequence[Event]) -> None:
    for type_ in dict.fromkeys(event.type for event in events):
        for reaction in _board.together.get(type_, ()):
            reaction([event for event in events if event.type == type_])


def _wake_once() -> None:
    """One wake a commit, however many events: unless one is due that is sure to outlive what we do now."""
    connection = transaction.get_connection()
    here = set(connection.savepoint_ids)
    surviving = [func for savepoints, func, _ in connection.run_on_commit if savepoints <= here]
    if _board.wake not in surviving:
        transaction.on_commit(_board.wake, robust=True)


_QUEUE = """
INSERT INTO oms_delivery (event_id, reaction)
SELECT * FROM unnest(%(records)s::bigint[], %(reactions)s::text[])
"""
RECORDING = """said AS (
    SELECT * FROM ROWS FROM (
        json_to_recordset(%s::json)
        AS (type text, subject_kind text, subject text, by text, at timestamptz, facts jsonb)
    ) WITH ORDINALITY AS e(type, subject_kind, subject, by, at, facts, place)
), recorded AS (
    INSERT INTO oms_eventrecord (type, subject_kind, subject, by, at, facts, sequence, turn)
    SELECT type, subject_kind, subject, by, at, facts,
           row_number() OVER (PARTITION BY subject_kind, subject ORDER BY place) + coalesce(earlier.sequence, 0),
           greatest(earlier.turn, pg_current_xact_id()::text::bigint)
    FROM said LEFT JOIN LATERAL (
        SELECT e.sequence, e.turn FROM oms_eventrecord e
        WHERE e.subject_kind = said.subject_kind AND e.subject = said.subject
        ORDER BY e.sequence DESC LIMIT 1
    ) AS earlier ON TRUE
    ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING id, type
), queued AS (
    INSERT INTO oms_delivery (event_id, reaction)
    SELECT recorded.id, wanted.reaction
    FROM recorded JOIN json_to_recordset(%s::json) AS wanted(type text, reaction text) USING (type)
    RETURNING 1
)"""
"""Parts of a WITH that record events and queue what must follow; `recording_of` has their parameters."""
RECORDED = "(SELECT count(*) FROM recorded), (SELECT count(*) FROM queued)"
"""What `finish_telling` asks for, of the same statement."""
_RECORD = f"WITH {RECORDING}\nSELECT {RECORDED}"


def recording_of(events: Sequence[Event]) -> list[str]:
    """Raises:
    OutsideTransaction: there is no open transaction.
    """
    require_transaction(events[0].type)
    wanted = [{"type": t, "reaction": r} for t in {e.type for e in events} for r in _board.afterwards.get(t, ())]
    return [as_json([_row(event) for event in events]), as_json(wanted)]


def _row(event: Event) -> dict[str, Any]:
    return {
        "type": event.type,
        "subject_kind": event.subject_kind,
        "subject": event.subject,
        "by": event.by,
        "at": event.at,
        "facts": event.facts,
    }
