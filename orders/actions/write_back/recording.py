"""Writing down what other systems have answered: any number of answers in the same few statements.

An answer that comes after its lease has run out, and was given to somebody else, records nothing.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from oms import events
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.write_back.telling import Told, wait_asked_for
from orders.events import OrderEvent, WriteBackAcknowledged, WriteBackFailed, WriteBackMismatched
from orders.models import OrderLine, WriteBack, WriteBackTarget

State = WriteBack.State

BACKOFF = [timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200)]
"""Waits after each failure; after the last one the message is given up."""
LOOKS = [timedelta(seconds=seconds) for seconds in (15, 60, 180)]
"""What was done may take a while to show: a copy that differs is looked at again so often before it is called that."""
GIVEN_UP_AFTER = timedelta(days=3)

_COLUMNS = [
    *("state", "progress", "differences", "external_id", "attempts", "run_after", "leased_until", "last_error"),
    *("sent_at", "acknowledged_at"),
]
_LOCK_ORDERS = "SELECT id FROM orders_order WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def record_told(message: WriteBack, told: Told, *, at: datetime) -> bool:
    """Write down how far it came; False when somebody else has the message by now, or has settled it."""
    return record_answers([(message, told)], at=at) == 1


@transactional
def record_answers(answers: Sequence[tuple[WriteBack, Told]], *, at: datetime) -> int:
    """The same for many; how many were still ours to record."""
    fetch_all(_LOCK_ORDERS, [sorted({message.order_id for message, _ in answers})])
    given = {message.pk: (message, told) for message, told in answers}
    standing = WriteBack.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "order", "target", "shipment"
    )
    underway = standing.filter(id__in=given, state__in=WriteBack.UNDERWAY).defer("body").order_by("id")
    rows = [row for row in underway if row.lease == given[row.pk][0].lease]

    learn_names({key: name for row in rows for key, name in given[row.pk][1].names.items()})
    said = [event for row in rows for event in _record(row, given[row.pk][1], at=at)]
    update_rows(rows, _COLUMNS)
    _rest(rows, {key: told for key, (_, told) in given.items()}, at=at)
    settle_replaced([row for row in rows if row.state == State.ACKNOWLEDGED], at=at)
    events.publish(said)
    return len(rows)


def _record(row: WriteBack, told: Told, *, at: datetime) -> list[OrderEvent]:
    row.leased_until = None
    row.last_error = told.trouble.sentence[:2000] if told.trouble else ""
    row.differences = [difference.as_json() for difference in told.differences]
    row.external_id = told.reference or row.external_id
    if told.state != State.WAITING:
        row.sent_at = row.sent_at or at
    if told.state == State.ACKNOWLEDGED:
        return [acknowledge(row, by="system", at=at)]
    if told.state == State.MISMATCHED:
        return [] if _looks_again(row, at=at) else [mismatch(row, by="system", at=at)]
    if told.state == State.FAILED:
        return [give_up(row, by="system", at=at)]
    return _wait(row, told, at=at)


def acknowledge(row: WriteBack, *, by: str, at: datetime) -> WriteBackAcknowledged:
    """The other side has it. The row is not saved yet, and `settle_replaced` must follow."""
    row.state, row.acknowledged_at, row.differences = State.ACKNOWLEDGED, at, []
    facts = _facts(row) | {"reference": row.external_id}
    return WriteBackAcknowledged(subject=row.order.number, by=by, at=at, facts=facts)


def mismatch(row: WriteBack, *, by: str, at: datetime) -> WriteBackMismatched:
    """The other side has something else. The row is not saved yet."""
    row.state = State.MISMATCHED
    facts = _facts(row) | {"differences": row.differences}
    return WriteBackMismatched(subject=row.order.number, by=by, at=at, facts=facts)


def give_up(row: WriteBack, *, by: str, at: datetime) -> WriteBackFailed:
    """The other side will not, or cannot be reached. The row is not saved yet."""
    row.state = State.FAILED
    facts = _facts(row) | {"error": row.last_error}
    return WriteBackFailed(subject=row.order.number, by=by, at=at, facts=facts)


def settle_replaced(rows: Sequence[WriteBack], *, at: datetime) -> None:
    """With a message the other side knows what those said that it has replaced."""
    if rows:
        fetch_all(_SETTLE, {"ids": [row.pk for row in rows], "at": at})


_SETTLE = """
UPDATE orders_writeback b SET acknowledged_at = %(at)s
FROM orders_writeback w
WHERE w.id = ANY(%(ids)s) AND b.order_id = w.order_id AND b.target_id = w.target_id AND b.sequence < w.sequence
  AND b.state = 'SUPERSEDED' AND b.acknowledged_at IS NULL
"""


def _looks_again(row: WriteBack, *, at: datetime) -> bool:
    looks = row.progress.get("looks", 0)
    if looks >= len(LOOKS):
        return False
    row.state, row.run_after = State.SENT, at + LOOKS[looks]
    row.progress = row.progress | {"looks": looks + 1}
    return True


def _wait(row: WriteBack, told: Told, *, at: datetime) -> list[OrderEvent]:
    """Once more later. Being told to slow down does not count as a failure."""
    asked, tried = wait_asked_for(told.trouble), row.attempts
    if tried > len(BACKOFF) or at - row.made_at > GIVEN_UP_AFTER:
        row.last_error = row.last_error or "It was never acknowledged."
        return [give_up(row, by="system", at=at)]

    wait = BACKOFF[tried - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    if asked is not None:
        wait, row.attempts = timedelta(seconds=asked), tried - 1
    elif told.trouble is None:
        wait = max(wait, timedelta(minutes=row.target.acknowledge_within))
    row.state, row.run_after = State(told.state), at + wait
    return []


def _rest(rows: Sequence[WriteBack], told: Mapping[int, Told], *, at: datetime) -> None:
    """A target that is down, or wants us to slow down, is left alone for a while."""
    pauses: dict[int, datetime] = {}
    for row in rows:
        trouble = told[row.pk].trouble
        if trouble and row.state in WriteBack.UNDERWAY:
            most = row.run_after if wait_asked_for(trouble) is not None else at + BACKOFF[0]
            until = min(row.run_after, most)
            pauses[row.target_id] = max(until, pauses.get(row.target_id, until))
    for target_id, until in sorted(pauses.items()):
        WriteBackTarget.objects.filter(id=target_id).update(paused_until=until)


def learn_names(names: Mapping[int, str]) -> None:
    """Lines that an edit of ours has added or swapped get the id that the channel knows them by."""
    lines = list(OrderLine.objects.filter(id__in=names)) if names else []
    for line in lines:
        line.external_id = names[line.pk]
    OrderLine.objects.bulk_update(lines, ["external_id"])


def _facts(row: WriteBack) -> dict[str, Any]:
    said = {"target": row.target.code, "kind": row.kind, "sequence": row.sequence, "edit": row.edit_id}
    return said | name_parcel(row)


def name_credit(row: WriteBack) -> dict[str, str]:
    """The fact that says which credit a message is about, if it is about one."""
    return {"credit": row.body["credit"]["key"]} if row.kind == WriteBack.Kind.CREDIT else {}


def name_parcel(row: WriteBack) -> dict[str, str]:
    """The fact that says which parcel a message is about, if it is about one."""
    return {"shipment": row.shipment.number} if row.shipment else {}
