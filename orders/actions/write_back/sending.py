"""Sending what is queued for other systems: leased, told outside of any transaction, recorded by a second one.

A worker that dies in between leaves its lease behind; whoever comes next asks the other side what was done. An answer
that comes after its lease has run out, and was given to somebody else, records nothing.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from oms import events
from oms.transactions import transactional
from orders.actions.write_back.telling import Told, tell_target, wait_asked_for
from orders.events import WriteBackAcknowledged, WriteBackFailed, WriteBackMismatched
from orders.models import Order, OrderLine, WriteBack, WriteBackTarget

State = WriteBack.State

LEASE = timedelta(minutes=15)
"""Longer than the longest conversation about one order."""
BACKOFF = [timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200)]
"""Waits after each failure; after the last one the message is given up."""
LOOKS = [timedelta(seconds=seconds) for seconds in (15, 60, 180)]
"""What was done may take a while to show: a copy that differs is looked at again so often before it is called that."""
GIVEN_UP_AFTER = timedelta(days=3)


def send_next_write_back(*, at: datetime) -> bool:
    """Send the message that has waited longest; False when none is due. Must run outside of a transaction."""
    message = lease_next(at=at)
    if message is None:
        return False
    told = tell_target(message, keep=lambda noted: _keep(message, noted), at=at)
    record_told(message, told, at=at)
    return True


@transaction.atomic
def lease_next(*, at: datetime) -> WriteBack | None:
    """Take one so that nobody else takes it too."""
    due = WriteBack.objects.due(at).order_by("run_after", "id").select_for_update(skip_locked=True, of=("self",))
    message = due.select_related("order", "target").first()
    if message is None:
        return None
    message.lease += 1
    message.attempts += 1
    message.leased_until = at + LEASE
    message.save(update_fields=["lease", "attempts", "leased_until"])
    return message


@transactional
def record_told(message: WriteBack, told: Told, *, at: datetime) -> bool:
    """Write down how far it came; False when somebody else has the message by now, or has settled it."""
    order = Order.objects.locked(message.order.number)
    standing = WriteBack.objects.select_for_update(no_key=True, of=("self",)).select_related("target")
    row = standing.filter(id=message.pk, lease=message.lease, state__in=WriteBack.UNDERWAY).first()
    if row is None:
        return False

    _learn_names(order, told.names)
    row.leased_until = None
    row.last_error = told.trouble.sentence[:2000] if told.trouble else ""
    row.differences = [difference.as_json() for difference in told.differences]
    if told.state != State.WAITING:
        row.sent_at = row.sent_at or at
    if told.state == State.ACKNOWLEDGED:
        acknowledge(row, order, by="system", at=at)
    elif told.state == State.MISMATCHED and not _looks_again(row, at=at):
        mismatch(row, order, by="system", at=at)
    elif told.state == State.FAILED:
        give_up(row, order, by="system", at=at)
    elif told.state in (State.WAITING, State.SENT):
        _wait(row, order, told, at=at)
    row.save()
    return True


def acknowledge(row: WriteBack, order: Order, *, by: str, at: datetime) -> None:
    """The other side has it, and with it what the messages said that it replaced. The row is not saved yet."""
    row.state, row.acknowledged_at, row.differences = State.ACKNOWLEDGED, at, []
    replaced = order.write_backs.filter(target=row.target_id, sequence__lt=row.sequence, state=State.SUPERSEDED)
    replaced.filter(acknowledged_at=None).update(acknowledged_at=at)
    facts = _facts(row) | {"reference": row.external_id}
    events.publish([WriteBackAcknowledged(subject=order.number, by=by, at=at, facts=facts)])


def mismatch(row: WriteBack, order: Order, *, by: str, at: datetime) -> None:
    """The other side has something else. The row is not saved yet."""
    row.state = State.MISMATCHED
    facts = _facts(row) | {"differences": row.differences}
    events.publish([WriteBackMismatched(subject=order.number, by=by, at=at, facts=facts)])


def give_up(row: WriteBack, order: Order, *, by: str, at: datetime) -> None:
    """The other side will not, or cannot be reached. The row is not saved yet."""
    row.state = State.FAILED
    facts = _facts(row) | {"error": row.last_error}
    events.publish([WriteBackFailed(subject=order.number, by=by, at=at, facts=facts)])


def _looks_again(row: WriteBack, *, at: datetime) -> bool:
    looks = row.progress.get("looks", 0)
    if looks >= len(LOOKS):
        return False
    row.state, row.run_after = State.SENT, at + LOOKS[looks]
    row.progress = row.progress | {"looks": looks + 1}
    return True


def _wait(row: WriteBack, order: Order, told: Told, *, at: datetime) -> None:
    """Once more later. Being told to slow down does not count as a failure, but a target that is down rests."""
    asked, tried = wait_asked_for(told.trouble), row.attempts
    if tried > len(BACKOFF) or at - row.made_at > GIVEN_UP_AFTER:
        row.last_error = row.last_error or "It was never acknowledged."
        give_up(row, order, by="system", at=at)
        return

    wait = BACKOFF[tried - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    if asked is not None:
        wait, row.attempts = timedelta(seconds=asked), tried - 1
    elif told.trouble is None:
        wait = max(wait, timedelta(minutes=row.target.acknowledge_within))
    row.state, row.run_after = told.state, at + wait
    if told.trouble:
        pause = at + min(wait, BACKOFF[0]) if asked is None else row.run_after
        WriteBackTarget.objects.filter(id=row.target_id).update(paused_until=pause)


def _learn_names(order: Order, names: Mapping[int, str]) -> None:
    """Lines that an edit of ours has added or swapped get the id that the channel knows them by."""
    lines = list(OrderLine.objects.filter(order=order, id__in=names))
    for line in lines:
        line.external_id = names[line.pk]
    OrderLine.objects.bulk_update(lines, ["external_id"])


def _keep(message: WriteBack, noted: Mapping[str, Any]) -> None:
    message.progress = {**message.progress, **noted}
    WriteBack.objects.filter(id=message.pk, lease=message.lease).update(progress=message.progress)


def _facts(row: WriteBack) -> dict[str, Any]:
    return {"target": row.target.code, "kind": row.kind, "sequence": row.sequence, "edit": row.edit_id}
